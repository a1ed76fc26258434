"""A made-up Webex without a network, and a store that is synced with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from partnerctl.clock import timestamp
from partnerctl.domain.entities import ENTITIES
from partnerctl.remote.client import Client
from partnerctl.remote.pacing import Pace
from partnerctl.remote.sending import Patience, Sender
from partnerctl.remote.transport import Request, Response, Transport
from partnerctl.sandbox.faults import Faults
from partnerctl.sandbox.world import World
from partnerctl.services.syncing.options import SyncOptions
from partnerctl.services.syncing.parts import read_parts
from partnerctl.services.syncing.sync import Synced, sync
from partnerctl.stores.contract import Store
from partnerctl.stores.opening import open_store
from tests.sandbox.in_process import API_URL, FakeTime, SandboxTransport

Watch = Callable[[Request], Response | None]
"""Looks at a request before it is sent; what it returns is the answer, None lets it pass."""


class FixedToken:
    """A token that is always good."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        """Return it."""
        return self._token

    def renewed(self, refused: str) -> str:
        """Return it again: the sandbox refuses one for once where a fault is drawn."""
        return self._token


class WatchedTransport:
    """Passes requests on to another transport, unless somebody has an answer of their own."""

    def __init__(self, inner: Transport, watch: Watch | None) -> None:
        self._inner = inner
        self._watch = watch

    def send(self, request: Request, sink: BinaryIO | None = None, /) -> Response:
        """Return the answer of whoever has one."""
        answer = self._watch(request) if self._watch is not None else None
        return self._inner.send(request, sink) if answer is None else answer


class Partner:
    """A partner: their Webex, their store, and the time by which both go."""

    def __init__(self, folder: Path, *, customers: int = 25, seed: int = 7, **world: Any) -> None:
        self.folder = folder
        self.time = FakeTime()
        day = self.time.now().date()
        self.world = World(seed, customers, as_of=day, clock=self.time, **world)
        self.watch: Watch | None = None
        self.token = FixedToken(self.world.issue_token())
        folder.mkdir(exist_ok=True)
        self.store: Store = open_store(
            f"sqlite:///{folder / 'store.db'}", wait=5, create=True, at=timestamp(self.time.now())
        )

    def client(self, budget: float = 7200.0, transport: Transport | None = None) -> Client:
        """Return a client of this Webex, over another transport where one is given."""
        transport = transport or WatchedTransport(SandboxTransport(self.world, self.time), self.watch)
        pace = Pace(self.time, 10_000)
        return Client(Sender(transport, self.time, pace, Patience(budget=budget)), self.token, API_URL)

    def sync(
        self,
        *only: str,
        confirm: Callable[[str], None] = lambda question: None,
        budget: float = 7200.0,
        connections: int = 4,
        **options: Any,
    ) -> Synced:
        """Sync the parts named, all without any."""
        order = SyncOptions(
            "default",
            self.folder / "state",
            "ines@partner.example",
            self.time,
            self.time,
            read_parts(only),
            connections=connections,
            **options,
        )
        return sync(lambda: self.store, self.client(budget), order, confirm)

    def asked(self, method: str, prefix: str = "") -> list[str]:
        """Return the paths that were asked for with that method, in their order."""
        return [
            f"{one.path}" for one in self.world.calls if one.method == method and one.path.startswith(prefix)
        ]


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a store says, with its history: what two stores are compared by."""
    return {
        name: sorted(store.exported(entity, history=entity.history), key=repr)
        for name, entity in ENTITIES.items()
    }


def present(store: Store, name: str) -> list[tuple[Any, ...]]:
    """Return what a store says of one entity now."""
    return list(store.exported(ENTITIES[name], history=False))


def statuses(done: Synced) -> dict[str, str]:
    """Return what came of each part; of reports, of each template and region."""
    return {
        "/".join(word for word in (one.part, one.template, one.region) if word): one.status
        for one in done.parts
    }


def faults(words: str, **options: Any) -> Faults:
    """Return faults as the command takes them, with a Retry-After of nothing: the clock is a fake."""
    return Faults.parse(words, **options)


def refuse(method: str, part: str, status: int = 403, body: bytes = b"{}") -> Watch:
    """Return what answers requests of which the URL holds `part`, as Webex refuses them."""

    def watch(request: Request) -> Response | None:
        if request.method == method and part in request.url:
            return Response(status, {"trackingid": "T1"}, body, request.url)
        return None

    return watch
