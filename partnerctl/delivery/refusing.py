"""What goes wrong with a mail server, in words, and as the error that says whether to try again."""

from __future__ import annotations

import re
import smtplib
import ssl

from partnerctl.delivery.message import one_line
from partnerctl.delivery.transport import Limits, Server
from partnerctl.errors import Conflict, MachineFault, NotAllowed, PartnerctlError, TimedOut, Unavailable

_LATER = "try again later"
_STATUS = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")


class TooLarge(Conflict):
    """The server takes no mail of that size; without its file it may go through (exit 6)."""


def said(code: int, reply: bytes) -> str:
    """Return what a server said as harmless text on one line, of a length that fits a message."""
    return one_line(f"{code} {reply.decode('utf-8', 'replace')}")[:300].rstrip()


def status(code: int, reply: bytes) -> str:
    """Return the bare numbers of an answer: its words might repeat what was sent."""
    match = _STATUS.match(reply)
    return f"{code} {match[0].decode()}" if match else str(code)


def unwilling(server: Server, what: str, code: int, reply: bytes) -> PartnerctlError:
    """Return the error for an answer that is no yes: 4xx means later, 5xx never (RFC 5321, 4.2.1)."""
    if not 100 <= code < 600:
        return Unavailable(f"{server.place} {what}: it does not speak SMTP", "check host and port")
    reason = f"{server.place} {what}: {said(code, reply)}"
    if 500 <= code < 600:
        if code == 552 or reply.startswith(b"5.3.4"):
            return TooLarge(reason, "send a smaller file")
        return NotAllowed(reason, "check mail.from, the receivers, and whether the server wants a user")
    return Unavailable(reason, _LATER)


def too_large(server: Server, size: int, limit: int) -> TooLarge:
    """Return the error for a mail that is larger than the server says it takes; both in bytes."""
    return TooLarge(f"{server.place} takes mail of {limit} bytes, this one has {size}", "send a smaller file")


def unencrypted(server: Server) -> NotAllowed:
    """Return the error for a server that offers no encryption: nothing is sent to it in the clear."""
    return NotAllowed(
        f"{server.place} offers no encryption (STARTTLS), so nothing was sent to it",
        "name a port that does, such as 587, or smtps:// for one that is encrypted from the start",
    )


def broken(fault: Exception, server: Server, limits: Limits, overdue: bool) -> PartnerctlError:
    """Return the error for a conversation that broke off; `overdue`: it was ended by its limit as a whole."""
    if overdue:
        return TimedOut(f"{server.place} took longer than {limits.whole:g} seconds for a mail", _LATER)
    if isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError):
        hint = f"{_LATER}; port 465 wants smtps://" if server.port == 465 and not server.tls_first else _LATER
        return TimedOut(f"{server.place} did not answer in time", hint)
    if isinstance(fault, smtplib.SMTPResponseException):
        reply = fault.smtp_error
        raw = reply if isinstance(reply, bytes) else reply.encode("utf-8", "replace")
        return unwilling(server, "refused", fault.smtp_code, raw)
    if isinstance(fault, ssl.SSLCertVerificationError):
        return MachineFault(
            f"the certificate of {server.place} is not trusted here: {fault.verify_message}",
            "check the name of the server in mail.transport, and the authorities that this machine trusts",
        )
    if isinstance(fault, ssl.SSLError) and not isinstance(fault, ssl.SSLEOFError):
        why = fault.reason or "no agreement"
        return Unavailable(
            f"{server.place} and this machine found no encryption: {why}",
            "smtps:// is for ports such as 465, smtp:// for ports such as 587",
        )
    if isinstance(fault, OSError) and not isinstance(fault, smtplib.SMTPException) and fault.strerror:
        return Unavailable(f"cannot talk to {server.place}: {fault.strerror}", _LATER)
    return Unavailable(f"{server.place} broke the connection", _LATER)
