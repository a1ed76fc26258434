"""How mail leaves this machine: through a program, or to a server."""

from __future__ import annotations

from dataclasses import dataclass

from partnerctl.errors import UsageError

SUBMISSION_PORT = 587
"""Where servers take mail from people, encrypted after a greeting (RFC 6409)."""

TLS_PORT = 465
"""Where they take it encrypted from the start (RFC 8314)."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program ``sendmail``, or one that takes the same words; `path` is None where it is looked for."""

    path: str | None = None

    def __str__(self) -> str:
        return f"sendmail:{self.path}" if self.path else "sendmail"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `tls_first`: encrypted from the start; else after STARTTLS, which it must offer."""

    host: str
    port: int
    user: str | None = None
    tls_first: bool = False

    @property
    def account(self) -> str | None:
        """Return whose password it wants, ``USER@HOST``; None where it wants none."""
        return f"{self.user}@{self.host}" if self.user else None

    @property
    def place(self) -> str:
        """Return host and port, for words about it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        return f"{'smtps' if self.tls_first else 'smtp'}://{user}{self.place}"


Transport = Program | Server


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds at most: for any one step, for the server to accept a whole mail, for everything together.

    A server may look for viruses before it accepts a mail: who does not wait for that sends it twice.
    """

    step: float = 20.0
    accept: float = 120.0
    whole: float = 600.0


LIMITS = Limits()
"""What mail servers get. A step is one look-up, one connection, one answer, or one piece of the mail."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A receiver that the server did not take, and what it said."""

    address: str
    said: str


def parse_transport(text: str) -> Transport:
    """Return what the setting ``mail.transport`` means; raises UsageError, which does not repeat it."""
    if text == "sendmail":
        return Program()
    if text.startswith("sendmail:"):
        return Program(text.removeprefix("sendmail:"))
    from urllib.parse import unquote, urlsplit

    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as fault:
        raise _no_transport() from fault
    if url.scheme not in {"smtp", "smtps"} or not url.hostname or url.password is not None or port == 0:
        raise _no_transport()
    tls_first = url.scheme == "smtps"
    default = TLS_PORT if tls_first else SUBMISSION_PORT
    user = unquote(url.username) if url.username else None
    return Server(url.hostname, port or default, user, tls_first)


def _no_transport() -> UsageError:
    return UsageError(
        "mail.transport names no mail server", "such as smtp://ana@smtp.acme.example:587, without a password"
    )
