"""The sandbox without a network: a transport that asks a `World`, and the time by which both go."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit

from partnerctl.clock import Stopwatch
from partnerctl.remote.transport import NetworkFault, Request, Response
from partnerctl.sandbox.exchange import BASE, Call, Reply, below_base
from partnerctl.sandbox.world import World

ROOT = "http://127.0.0.1:8099"
API_URL = f"{ROOT}{BASE}"
"""What ``api_url`` is for a client of the sandbox."""


class FakeTime:
    """A clock and a stopwatch in one that nobody waits for: waiting moves both on, and is written down."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._lock = threading.Lock()
        self.waits: list[float] = []

    def now(self) -> datetime:
        """Return the present instant."""
        return self._start + timedelta(seconds=self._elapsed)

    def elapsed(self) -> float:
        """Return seconds since the start."""
        return self._elapsed

    def wait(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self.waits.append(seconds)
            self._elapsed += max(seconds, 0.0)


class SandboxTransport:
    """Sends requests to a world instead of the network; may be called by several threads at once.

    What takes a slow answer long passes on `stopwatch`; longer than the request's timeout, it is a fault.
    """

    def __init__(self, world: World, stopwatch: Stopwatch | None = None) -> None:
        self.world = world
        self._stopwatch = stopwatch or FakeTime()

    def send(self, request: Request, sink: BinaryIO | None = None, /) -> Response:
        """Return the world's answer; raises NetworkFault where it is cut, dropped, or comes too late."""
        reply = self.world.answer(call_of(request))
        if reply.wait > request.timeout:
            self._stopwatch.wait(request.timeout)
            raise NetworkFault("the answer took too long", timed_out=True)
        if reply.wait:
            self._stopwatch.wait(reply.wait)
        return _received(request, reply, sink)


def call_of(request: Request) -> Call:
    """Return a request as the sandbox takes it, without the base."""
    url = urlsplit(request.url)
    return Call(
        request.method,
        below_base(url.path),
        tuple(parse_qsl(url.query, keep_blank_values=True)),
        {name.lower(): value for name, value in request.headers.items()},
        request.body,
        f"{url.scheme}://{url.netloc}",
    )


def _received(request: Request, reply: Reply, sink: BinaryIO | None) -> Response:
    if reply.drop:
        raise NetworkFault("the connection was closed without an answer")
    body = reply.body if reply.cut is None else reply.body[: reply.cut]
    into = sink if reply.status == 200 else None
    if into is not None:
        into.write(body)
    if reply.cut is not None:
        raise NetworkFault("the answer was cut")
    return Response(reply.status, reply.headers, b"" if into is not None else body, request.url)
