"""Where a browser comes back to: a server on this machine that takes one answer and is gone."""

from __future__ import annotations

import hmac
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET6
from socketserver import TCPServer
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit

from partnerctl.errors import MachineFault, NotAllowed, TimedOut, UsageError
from partnerctl.remote.hosts import place_of
from partnerctl.remote.saying import plain

if TYPE_CHECKING:
    from partnerctl.clock import Stopwatch

_GLANCE = 0.2  # seconds between two looks at the time
_SLOW = 10.0  # seconds that a browser may take to say what it wants
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>partnerctl</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
_BACK = ("Go back to the terminal", "You can close this page.")
_REFUSED = ("Not signed in", "The sign-in was refused. You can close this page.")
_STRANGE = ("This does not belong to your sign-in", "It was not started by the sign-in that waits here.")
_NOTHING = ("There is nothing here", "partnerctl waits for the answer of a sign-in at another address.")


class _Answer(NamedTuple):
    """What the browser came back with: a code, or what went wrong."""

    code: str | None
    error: str


class Redirect:
    """Waits at `uri` for a browser that brings the `state` of this sign-in; a block closes it.

    Entering raises UsageError for an address that is not on this machine, MachineFault where something else
    has the port.
    """

    def __init__(self, uri: str, state: str) -> None:
        self._uri, self._state = uri, state
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        place = place_of(self._uri)
        if place is None or place.scheme != "http" or not place.loopback:
            raise UsageError("auth.redirect_uri is no address on this machine", _REGISTER)
        # a browser that tries ::1 for localhost first comes to 127.0.0.1 next
        host = "127.0.0.1" if place.host == "localhost" else place.host.strip("[]")
        try:
            self._server = _server((host, place.port), urlsplit(self._uri).path or "/", self._state)
        except OSError as fault:
            raise MachineFault(
                f"cannot wait for the browser at {self._uri}: {fault.strerror or fault}",
                f"end what uses the port, or {_REGISTER}",
            ) from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.server_close()

    def code(self, stopwatch: Stopwatch, limit: float) -> str:
        """Return the code that the browser brings.

        Raises NotAllowed where the person said no, TimedOut after `limit` seconds.
        """
        server = self._server
        assert server is not None
        deadline = stopwatch.elapsed() + limit
        while not server.over.is_set():
            left = deadline - stopwatch.elapsed()
            if left <= 0:
                raise TimedOut(
                    f"nobody came back from the browser within {limit:g} seconds",
                    "sign in again, and give it longer with --timeout, or use --device",
                )
            server.timeout = min(_GLANCE, left)
            server.handle_request()
        answer = server.answer
        assert answer is not None
        if answer.code is None:
            raise NotAllowed(
                f"Webex did not let you sign in: {answer.error}",
                "see that the integration has the redirect URI and the scopes: docs/signing-in.md",
            )
        return answer.code


_REGISTER = "register another redirect URI and set auth.redirect_uri to it"


class _Server(ThreadingHTTPServer):
    """A thread for each connection: browsers open some on which they say nothing."""

    allow_reuse_address = os.name == "posix"  # on Windows two programs could then have the port
    daemon_threads = True
    answer: _Answer | None = None
    path = "/"
    state = ""
    over: Event

    def server_bind(self) -> None:
        """Bind, and do not ask a name server for this machine's name as HTTPServer does."""
        self.over = Event()
        TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away."""


class _ServerOf6(_Server):
    address_family = AF_INET6


def _server(address: tuple[str, int], path: str, state: str) -> _Server:
    server = (_ServerOf6 if ":" in address[0] else _Server)(address, _Visit)
    server.path, server.state = path, state
    return server


class _Visit(BaseHTTPRequestHandler):
    """One request of a browser; nothing of it is logged, for it may hold the code."""

    timeout = _SLOW
    server_version = "partnerctl"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a small page, and keep the answer that belongs to the sign-in."""
        server = self.server
        assert isinstance(server, _Server)
        path, _, query = self.path.partition("?")
        if path != server.path:
            self._show(404, *_NOTHING)
            return
        fields = dict(parse_qsl(query))
        if not hmac.compare_digest(fields.get("state", "").encode(), server.state.encode()):
            self._show(400, *_STRANGE)
            return
        code = fields.get("code")
        error = plain(": ".join(filter(None, (fields.get("error"), fields.get("error_description")))))
        try:
            self._show(200, *(_BACK if code and not error else _REFUSED))
        finally:
            if not server.over.is_set():
                server.answer = _Answer(None if error else code or None, error or "it sent no code")
                server.over.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
        """Say nothing."""

    def _show(self, status: int, title: str, text: str) -> None:
        page = _PAGE.format(title=title, text=text).encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Content-Security-Policy", "default-src 'none'"),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)
