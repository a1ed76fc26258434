"""SMTP: one conversation with a mail server, encrypted unless it is this machine, each step limited.

The standard library speaks the protocol; what stands here is what it leaves open. By itself it looks up
names without a limit, sends a whole mail within the limit of one step, and takes passwords in ASCII alone.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from threading import Timer

from partnerctl.delivery.composing import compose
from partnerctl.delivery.connecting import connected, is_this_machine, looked_up, own_name
from partnerctl.delivery.message import Mail
from partnerctl.delivery.refusing import broken, said, status, too_large, unencrypted, unwilling
from partnerctl.delivery.transport import Limits, Refusal, Server
from partnerctl.errors import NotAllowed, Unavailable

_PIECE = 65536  # bytes of a mail that one step sends
_PARTING = 2.0  # seconds for an answer to QUIT: the mail is accepted by then


def send_by_server(
    mail: Mail, server: Server, password: str | None, context: ssl.SSLContext | None, limits: Limits
) -> tuple[Refusal, ...]:
    """Send a mail to a server, and return the receivers that it refused while it took others.

    To another machine nothing goes in the clear, and its certificate must be trusted by `context` (None: by
    the system). To this machine, smtp:// is not encrypted. Raises Unavailable, TimedOut, NotAllowed,
    TooLarge, MachineFault (for the certificate).
    """
    message = compose(mail)
    addresses = looked_up(server, limits.step)
    context = context or ssl.create_default_context()
    try:
        line = _Line(connected(addresses, limits.step))
    except OSError as fault:
        raise broken(fault, server, limits, overdue=False) from fault
    watch = Timer(limits.whole, line.hang_up)
    watch.daemon = True
    watch.start()
    try:
        line.open(server, context, clear=is_this_machine(server, addresses))
        if server.user is not None:
            _sign_in(line, server, password or "")
        return _hand_over(line, server, mail, message, limits)
    except (OSError, smtplib.SMTPException) as fault:
        raise broken(fault, server, limits, line.overdue) from fault
    finally:
        watch.cancel()
        line.close()


class _Line(smtplib.SMTP):
    """A connection to a mail server. `overdue` once ``hang_up`` was called, which any thread may do."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(local_hostname=own_name(connection))
        self.sock = connection
        self.overdue = False

    def open(self, server: Server, context: ssl.SSLContext, *, clear: bool) -> None:
        """Hear the greeting, and encrypt before it or after it, unless the line may stay clear."""
        if server.tls_first:
            self._encrypt(server, context)
        code, reply = self.getreply()
        if code != 220:
            raise unwilling(server, "did not greet", code, reply)
        if not server.tls_first and not clear:
            self.ehlo_or_helo_if_needed()
            if not self.has_extn("starttls") or self.docmd("STARTTLS")[0] != 220:
                raise unencrypted(server)
            self._encrypt(server, context)
        self.ehlo_or_helo_if_needed()

    def _encrypt(self, server: Server, context: ssl.SSLContext) -> None:
        assert self.sock is not None
        self.sock = context.wrap_socket(self.sock, server_hostname=server.host)
        # whatever was said before may have been said by somebody else (RFC 3207, 4.2)
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def send_message_text(self, message: bytes) -> None:
        """Send what follows DATA, in pieces: the limit of a step is that of one, however long the mail is."""
        data = memoryview(re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")  # RFC 5321, 4.5.2
        for start in range(0, len(data), _PIECE):
            self.send(data[start : start + _PIECE])

    def hang_up(self) -> None:
        """End the conversation from another thread: whoever waits for an answer gets none."""
        self.overdue = True
        if self.sock is not None:
            with suppress(OSError):  # of an encrypted connection too, without its ceremonies
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def _sign_in(line: _Line, server: Server, password: str) -> None:
    """Give user and password; of a refusal only the numbers are told, for its words might repeat them."""
    user = server.user or ""
    offered = line.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:  # RFC 4616
        code, reply = line.docmd("AUTH", "PLAIN " + _coded("\0".join(("", user, password))))
    elif "LOGIN" in offered:
        code, reply = line.docmd("AUTH", f"LOGIN {_coded(user)}")
        if code == 334:
            code, reply = line.docmd(_coded(password))
    else:
        hint = "leave the user out of mail.transport where the server wants none"
        raise NotAllowed(f"{server.place} offers no sign-in with a password (PLAIN or LOGIN)", hint)
    if code == 235:
        return
    reason = f"{server.place} refused the user and the password of mail.transport: {status(code, reply)}"
    if 500 <= code < 600:
        raise NotAllowed(
            reason, "some providers want a password made for programs: `partnerctl mail password`"
        )
    raise Unavailable(reason, "try again later")


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _hand_over(
    line: _Line, server: Server, mail: Mail, message: bytes, limits: Limits
) -> tuple[Refusal, ...]:
    """Name sender and receivers, and send the message to those that were taken."""
    most = line.esmtp_features.get("size", "")
    if most.isascii() and most.isdigit() and 0 < int(most) < len(message):
        raise too_large(server, len(message), int(most))
    options = [f"SIZE={len(message)}"] if line.has_extn("size") else []
    code, reply = line.mail(mail.sender, options)
    if code != 250:
        raise unwilling(server, f"takes no mail from {mail.sender}", code, reply)
    refusals = _name_receivers(line, server, mail.to)
    code, reply = line.docmd("DATA")
    if code != 354:
        raise unwilling(server, "does not want the mail", code, reply)
    line.send_message_text(message)
    assert line.sock is not None
    line.sock.settimeout(limits.accept)
    code, reply = line.getreply()
    if code != 250:
        raise unwilling(server, "did not accept the mail", code, reply)
    line.sock.settimeout(min(_PARTING, limits.step))
    with suppress(smtplib.SMTPException, OSError):
        line.quit()
    return refusals


def _name_receivers(line: _Line, server: Server, to: tuple[str, ...]) -> tuple[Refusal, ...]:
    """Return the receivers that the server refused; raises where it took none."""
    refused: list[tuple[int, bytes]] = []
    refusals = []
    for address in to:
        code, reply = line.rcpt(address)
        if code not in {250, 251}:
            refused.append((code, reply))
            refusals.append(Refusal(address, said(code, reply)))
    if len(refusals) == len(to):
        later = next((answer for answer in refused if answer[0] < 500), refused[0])
        raise unwilling(server, f"refused {', '.join(to)}", *later)
    return tuple(refusals)
