"""A mail server on this machine for tests: it keeps what it gets, and misbehaves as it is told."""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).parent / "tls" / "test-only.pem"
"""The certificate of the server, and its key; it names localhost and mail.acme.example."""


def trusting() -> ssl.SSLContext:
    """Return the context of a client that trusts the server's certificate."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


@dataclass(frozen=True)
class Received:
    """A mail that the server took: the addresses, the bytes, who had signed in, whether it was encrypted."""

    sender: str
    to: tuple[str, ...]
    data: bytes
    user: tuple[str, str] | None
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.data, policy=default)


@dataclass
class Server:
    """How the server behaves, what it heard, what it took.

    `replies` are said instead of the usual ones, by a verb or by ``RCPT address``; GREETING and END (of the
    data) are verbs too. At the verb `drop_at` it closes the line, at `silent_at` it says nothing any more,
    at `drip_at` it never ends its answer.
    """

    extensions: tuple[str, ...] = ("AUTH PLAIN LOGIN", "SIZE 30000000", "8BITMIME")
    starttls: bool = True
    tls_first: bool = False
    user: tuple[str, str] | None = None
    replies: Mapping[str, str] = field(default_factory=dict)
    drop_at: str | None = None
    silent_at: str | None = None
    drip_at: str | None = None
    port: int = 0
    heard: list[str] = field(default_factory=list)
    mails: list[Received] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def mail(self) -> Received:
        """The only mail that it took."""
        (mail,) = self.mails
        return mail


@contextmanager
def serving(**behaviour: Any) -> Iterator[Server]:
    """Run a server that behaves like that, on a port of its own, for the length of a block."""
    server = Server(**behaviour)

    class Conversation(_Conversation):
        behaviour = server

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as listener:
        listener.daemon_threads = True
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            listener.shutdown()
            thread.join()


class _Gone(Exception):
    """The conversation is over."""


class _Conversation(socketserver.BaseRequestHandler):
    behaviour: Server

    def handle(self) -> None:
        self.line: socket.socket = self.request
        self.encrypted = False
        self.signed_in: tuple[str, str] | None = None
        with suppress(_Gone, OSError):
            self.converse()
        with suppress(OSError):
            self.line.close()

    def converse(self) -> None:
        if self.behaviour.tls_first:
            self.encrypt()
        self.file = self.line.makefile("rb")
        self.say("GREETING", "220 mail.acme.example ready")
        while line := self.file.readline():
            words = line.decode().rstrip("\r\n")
            self.behaviour.heard.append(words)
            verb, _, rest = words.partition(" ")
            handler = getattr(self, f"on_{verb.lower()}", None)
            if handler is None:
                self.say(verb, "500 what?")
            else:
                handler(rest)

    def say(self, verb: str, usual: str) -> bool:
        """Answer a verb, and return whether with yes."""
        behaviour = self.behaviour
        if behaviour.drop_at == verb:
            raise _Gone
        if behaviour.silent_at == verb:
            behaviour.over.wait(30)
            raise _Gone
        while behaviour.drip_at == verb and not behaviour.over.wait(0.01):
            self.line.sendall(b"250-and so on\r\n")
        answer = behaviour.replies.get(verb, usual)
        self.line.sendall(answer.encode() + b"\r\n")
        return answer[0] in "23"

    def encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.line = context.wrap_socket(self.line, server_side=True)
        self.encrypted = True

    def on_ehlo(self, _rest: str) -> None:
        offered = [f"mail.acme.example at {self.line.getsockname()[0]}", *self.behaviour.extensions]
        if self.behaviour.starttls and not self.encrypted:
            offered.append("STARTTLS")
        lines = [f"250-{name}" for name in offered[:-1]] + [f"250 {offered[-1]}"]
        self.say("EHLO", "\r\n".join(lines))

    def on_starttls(self, _rest: str) -> None:
        if self.say("STARTTLS", "220 go on"):
            self.encrypt()
            self.file = self.line.makefile("rb")

    def on_auth(self, rest: str) -> None:
        kind, _, first = rest.partition(" ")
        if kind == "PLAIN":
            _, name, password = base64.b64decode(first).decode().split("\0")
        else:
            self.line.sendall(b"334 UGFzc3dvcmQ6\r\n")
            name, password = (base64.b64decode(text).decode() for text in (first, self.file.readline()))
        if (name, password) == self.behaviour.user:
            self.signed_in = (name, password)
            self.say("AUTH", "235 2.7.0 welcome")
        else:
            # a server that repeats what it was given: nobody must see that
            self.say("AUTH", f"535 5.7.8 {name} with {password} ({first}) is not known")

    def on_mail(self, rest: str) -> None:
        self.to: list[str] = []
        if self.say("MAIL", "250 ok"):
            self.sender = rest.partition("<")[2].partition(">")[0]

    def on_rcpt(self, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        verb = f"RCPT {address}" if f"RCPT {address}" in self.behaviour.replies else "RCPT"
        if self.say(verb, "250 ok"):
            self.to.append(address)

    def on_data(self, _rest: str) -> None:
        if not self.say("DATA", "354 go on"):
            return
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise _Gone
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.say("END", "250 2.0.0 taken"):
            data = b"".join(lines)
            self.behaviour.mails.append(
                Received(self.sender, tuple(self.to), data, self.signed_in, self.encrypted)
            )

    def on_quit(self, _rest: str) -> None:
        self.say("QUIT", "221 bye")
        raise _Gone
