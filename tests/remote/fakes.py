"""Webex and the time, played from memory: what tests of the remote side hand to the client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from threading import Lock
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

from partnerctl.errors import NotAllowed
from partnerctl.remote.client import Client
from partnerctl.remote.pacing import Pace
from partnerctl.remote.sending import Patience, Sender
from partnerctl.remote.transport import NetworkFault, Request, Response, Transport

BASE = "https://webexapis.com/v1"

TOKEN = "sandbox-access-0123456789abcdef"
NEXT_TOKEN = "sandbox-access-fedcba9876543210"

Reply = Response | NetworkFault | Callable[[Request], Response]
"""What a request gets: an answer, no answer, or whatever a function makes of the request."""


def json_answer(value: Any, status: int = 200, **headers: str) -> Response:
    """Return an answer with JSON; ``retry_after="5"`` is the header ``retry-after``."""
    return answer(status, json.dumps(value).encode(), content_type="application/json", **headers)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Response:
    """Return an answer with just these headers."""
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


class FakeStopwatch:
    """Time that passes only while somebody waits, and then at once."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._elapsed = 1000.0
        self._lock = Lock()

    def elapsed(self) -> float:
        with self._lock:
            return self._elapsed

    def wait(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(round(seconds, 3))
            self._elapsed += max(seconds, 0.0)


class AnsweringTransport:
    """Answers each request by a function, and remembers the requests."""

    def __init__(self, reply: Callable[[Request], Response | NetworkFault]) -> None:
        self._reply = reply
        self._lock = Lock()
        self.requests: list[Request] = []

    @property
    def asked(self) -> list[str]:
        """The requests, as ``GET /v1/people?max=100``."""
        return [_words(request) for request in self.requests]

    def send(self, request: Request, sink: BinaryIO | None = None, /) -> Response:
        with self._lock:
            self.requests.append(request)
        reply = self._reply(request)
        if isinstance(reply, NetworkFault):
            raise reply
        if sink is not None and reply.status == 200:
            sink.write(reply.body)
            reply = replace(reply, body=b"")
        return replace(reply, url=request.url)


class ScriptedTransport(AnsweringTransport):
    """Answers just the requests that a test expects, in order: ``("GET /v1/people", json_answer({}))``.

    Another request fails the test, and so does, at the end of a ``with`` block, one that never came.
    """

    def __init__(self, *script: tuple[str, Reply]) -> None:
        super().__init__(self._next)
        self._script = list(script)

    def _next(self, request: Request) -> Response | NetworkFault:
        with self._lock:
            assert self._script, f"nobody expected {_words(request)}"
            expected, reply = self._script.pop(0)
        assert _words(request) == expected
        return reply(request) if callable(reply) else reply

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if fault is None:
            assert not self._script, f"never asked: {[expected for expected, _ in self._script]}"


def _words(request: Request) -> str:
    url = urlsplit(request.url)
    return f"{request.method} {url.path}" + (f"?{url.query}" if url.query else "")


class FixedTokens:
    """Gives one token after the other: the next one each time one is refused."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens or (TOKEN,))
        self.refused: list[str] = []
        self._lock = Lock()

    def access(self) -> str:
        with self._lock:
            return self._tokens[0]

    def renewed(self, refused: str) -> str:
        with self._lock:
            self.refused.append(refused)
            if self._tokens[0] == refused:
                if len(self._tokens) == 1:
                    raise NotAllowed("there is no other token", "sign in again: partnerctl auth login")
                self._tokens.pop(0)
            return self._tokens[0]


def sender_for(
    transport: Transport,
    stopwatch: FakeStopwatch | None = None,
    *,
    rate: float = 1000.0,
    patience: Patience | None = None,
    trace: Callable[[str], None] | None = None,
) -> Sender:
    """Return a sender that always does the same: no real time, and chance from a seed."""
    stopwatch = stopwatch or FakeStopwatch()
    return Sender(transport, stopwatch, Pace(stopwatch, rate), patience or Patience(), trace, Random(7))


def client_for(
    transport: Transport, *tokens: str, base: str = BASE, trace: Callable[[str], None] | None = None
) -> Client:
    """Return a client of a transport, with these tokens."""
    return Client(sender_for(transport, trace=trace), FixedTokens(*tokens), base)


def in_turn(replies: Iterable[Response | NetworkFault]) -> Callable[[Request], Response | NetworkFault]:
    """Return a function that answers with one reply after the other, whatever is asked."""
    rest = iter(replies)
    return lambda _: next(rest)
