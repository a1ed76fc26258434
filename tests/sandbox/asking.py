"""Asking a world by hand: short calls, and answers that are read already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from partnerctl.sandbox.exchange import Call, Reply, below_base
from partnerctl.sandbox.faults import Faults
from partnerctl.sandbox.world import World
from tests.sandbox.in_process import ROOT, FakeTime

AS_OF = date(2026, 11, 23)
"""The newest day of the data of a world of tests."""


@dataclass(frozen=True)
class Answer:
    """What a world answered."""

    reply: Reply

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def json(self) -> Any:
        return json.loads(self.reply.body)

    @property
    def items(self) -> list[Any]:
        """The list within, whatever it is called."""
        read = self.json
        found = read if isinstance(read, list) else next(v for v in read.values() if isinstance(v, list))
        return list(found)

    @property
    def next(self) -> str | None:
        """The address of the next page."""
        text = self.reply.headers.get("link")
        return text.partition(">")[0].strip("<") if text else None


class Talk:
    """One person's talk with a world: every call carries the token."""

    def __init__(self, world: World, token: str | None = None) -> None:
        self.world = world
        self.token = token or world.issue_token()

    def get(self, path: str, **query: object) -> Answer:
        return self.ask("GET", path, query)

    def post(self, path: str, body: Any = None, **query: object) -> Answer:
        return self.ask("POST", path, query, json.dumps(body).encode() if body is not None else b"")

    def delete(self, path: str) -> Answer:
        return self.ask("DELETE", path, {})

    def ask(self, method: str, path: str, query: Mapping[str, object], body: bytes = b"") -> Answer:
        """Ask for a path below the base, or for a whole URL."""
        url = urlsplit(path)
        told = tuple(parse_qsl(url.query, keep_blank_values=True))
        told += tuple((name, str(value)) for name, value in query.items())
        below = below_base(url.path) if url.netloc else url.path
        headers = {"authorization": f"Bearer {self.token}"}
        return Answer(self.world.answer(Call(method, below, told, headers, body, ROOT)))

    def pages(self, path: str, **query: object) -> Iterator[Answer]:
        """Yield a page, and those that follow it."""
        answer = self.get(path, **query)
        yield answer
        while answer.next is not None:
            answer = self.get(answer.next)
            yield answer


def form(world: World, path: str, /, basic: str = "", **fields: str) -> Answer:
    """Post a form without a token, as signing in does; `basic` is what a Basic header holds."""
    headers = {"authorization": f"Basic {basic}"} if basic else {}
    return Answer(world.answer(Call("POST", path, (), headers, urlencode(fields).encode(), ROOT)))


def make_world(time: FakeTime | None = None, *, faults: str = "", customers: int = 30, **how: Any) -> World:
    """Return a small world that goes by a time of its own."""
    retry_after = how.pop("retry_after", 0)
    parsed = Faults.parse(faults, retry_after=retry_after)
    return World(7, customers, as_of=AS_OF, clock=time or FakeTime(), faults=parsed, **how)
