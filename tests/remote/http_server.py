"""A web server on this machine for tests: it says just what it is told, well-formed or not."""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).parents[1] / "delivery" / "tls" / "test-only.pem"
"""The certificate of the server, and its key; it names localhost and mail.acme.example."""


@dataclass(frozen=True)
class Heard:
    """One request that came: its first line, its headers in lower case, its body, on which connection."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass
class Server:
    """What the server heard, and how it replies: with the pieces of an answer, of which None ends the line.

    A piece that is a function is called, to wait for something; then the answer goes on.
    """

    reply: Callable[[Heard], list[Piece]]
    port: int = 0
    connections: int = 0
    heard: list[Heard] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Return the URL of a path at this server."""
        return f"{scheme}://{host}:{self.port}{path}"


Piece = bytes | Callable[[], object] | None

RESET = b"(reset)"
"""The piece that breaks the connection without a good-bye."""


def whole(body: bytes = b"", status: str = "200 OK", *headers: str) -> list[Piece]:
    """Return a well-formed answer, after which the connection stays open."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return ["\r\n".join([*lines, "", ""]).encode() + body]


@contextmanager
def serving(reply: Callable[[Heard], list[Piece]] | list[Piece], *, tls: bool = False) -> Iterator[Server]:
    """Run a server that replies like that, on a port of its own, for the length of a block."""
    server = Server(reply if callable(reply) else lambda _: list(reply))

    class Conversation(_Conversation):
        behaviour = server
        encrypted = tls

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as listener:
        listener.daemon_threads = True
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


class _Conversation(socketserver.BaseRequestHandler):
    behaviour: Server
    encrypted: bool

    def handle(self) -> None:
        line: socket.socket = self.request
        self.behaviour.connections += 1
        number = self.behaviour.connections
        with suppress(OSError):
            if self.encrypted:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATE)
                line = context.wrap_socket(line, server_side=True)
            with line, line.makefile("rb") as file:
                while first := file.readline().decode().strip():
                    headers: dict[str, str] = {}
                    while header := file.readline().decode().strip():
                        name, _, value = header.partition(":")
                        headers[name.lower()] = value.strip()
                    body = file.read(int(headers.get("content-length", "0")))
                    heard = Heard(first, headers, body, number)
                    self.behaviour.heard.append(heard)
                    if not self.answered(line, heard):
                        return

    def answered(self, line: socket.socket, heard: Heard) -> bool:
        """Send the pieces, and return whether the connection stays open."""
        for piece in self.behaviour.reply(heard):
            if piece is None:
                return False
            if piece is RESET:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            if callable(piece):
                piece()
            else:
                line.sendall(piece)
        return True
