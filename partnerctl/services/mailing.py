"""Sending mail: a report to those who wait for it, and a test that mail can be sent at all."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from partnerctl.clock import Clock
from partnerctl.config.settings import Settings
from partnerctl.delivery.announcing import Occasion, announce
from partnerctl.delivery.delivering import deliver
from partnerctl.delivery.message import Mail, identity_of
from partnerctl.delivery.refusing import TooLarge
from partnerctl.delivery.transport import Refusal, Server, parse_transport
from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import DONE
from partnerctl.errors import PartlyDone, UsageError


@dataclass(frozen=True, slots=True)
class MailSent:
    """A mail that was handed over: to whom, from whom, how, and when."""

    to: tuple[str, ...]
    sender: str
    transport: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class MailResult:
    """A mail that was handed over, and the receivers that the server refused while it took others."""

    sent: MailSent
    refused: tuple[Refusal, ...]

    def check(self) -> None:
        """Raise PartlyDone that names the receivers who were refused, where there are any."""
        if self.refused:
            whom = "; ".join(f"{one.address} ({one.said})" for one in self.refused)
            raise PartlyDone(f"the mail server refused {whom}", f"the mail went to {', '.join(self.sent.to)}")


def send_report(
    run: ReportRun,
    title: str,
    to: Sequence[str],
    settings: Settings,
    clock: Clock,
    zone: str | None = None,
) -> MailSent | None:
    """Send the file of a run to addresses, and return what was sent; None for a run that left no file.

    `zone` names the time zone of the day in the subject, that of the schedule; None: that of the settings.
    A file that is too large, for us or for the server, stays where it is, and the mail says where. Raises
    what ``deliver`` raises, PartlyDone where some receivers were refused (the others have it), UsageError
    where there is no sender or an address is none, what ``find_mail_password`` raises, and MachineFault
    where the file cannot be read.
    """
    if run.status != DONE or run.path is None:
        return None
    now = clock.now()
    occasion = Occasion(
        title=title,
        day=_day(run.due or run.started or now, zone or settings.timezone),
        sender=_sender(settings),
        to=tuple(dict.fromkeys(to)),
        at=now,
        host=socket.gethostname(),
        profile=settings.profile,
    )
    mail = announce(run, occasion)
    try:
        result = _send(mail, settings, clock)
    except TooLarge:
        if mail.attachment is None:
            raise
        result = _send(announce(run, occasion, attach=False), settings, clock)
    result.check()
    return result.sent


def check_mail(settings: Settings) -> None:
    """Raise UsageError where mail could not be sent for want of a sender or of a server's name."""
    parse_transport(settings.mail_transport)
    _sender(settings)


def send_test(to: Sequence[str], settings: Settings, clock: Clock) -> MailResult:
    """Send a small mail, to `me` where `to` names nobody, and return how that went.

    Raises like ``send_report``, but for PartlyDone: the result tells who was refused.
    """
    receivers = tuple(dict.fromkeys(to)) or ((settings.me,) if settings.me else ())
    if not receivers:
        raise UsageError(
            "nobody is named to send to", "give --to ADDRESS, or `partnerctl config set me ADDRESS`"
        )
    now, place = clock.now(), f"{socket.gethostname()}, profile {settings.profile}"
    text = (
        f"This is a test: partnerctl can send mail from here ({place}).\n\n"
        "The reports of schedules that have --mail-to come the same way.\n"
    )
    # every test is another mail, also within one second: a receiver must not drop it
    identity = identity_of("test", os.urandom(16).hex())
    mail = Mail(receivers, _sender(settings), "partnerctl: test of mail", text, now, identity)
    return _send(mail, settings, clock)


def mail_account(settings: Settings) -> str:
    """Return whose password the mail server wants, ``USER@HOST``; raises UsageError where it wants none."""
    transport = parse_transport(settings.mail_transport)
    account = transport.account if isinstance(transport, Server) else None
    if account is None:
        raise UsageError(
            f"mail.transport is {transport}: no password is needed for it",
            "a server that wants one: `partnerctl config set mail.transport smtp://USER@HOST`",
        )
    return account


def _send(mail: Mail, settings: Settings, clock: Clock) -> MailResult:
    transport = parse_transport(settings.mail_transport)
    password = None
    if isinstance(transport, Server) and transport.account is not None:
        from partnerctl.config.credentials import find_mail_password

        password = find_mail_password(settings.mail_password, transport.account, os.environ)
    refused = deliver(mail, transport, password)
    missed = {one.address for one in refused}
    reached = tuple(address for address in mail.to if address not in missed)
    return MailResult(MailSent(reached, mail.sender, str(transport), clock.now()), refused)


def _sender(settings: Settings) -> str:
    sender = settings.mail_from or settings.me
    if sender is None:
        raise UsageError("the mail has no sender", "`partnerctl config set mail.from ADDRESS` names one")
    return sender


def _day(instant: datetime, zone: str | None) -> date:
    """Return the day of an instant in a time zone, None for this machine's own."""
    if zone is None:
        return instant.astimezone().date()
    from zoneinfo import ZoneInfo

    return instant.astimezone(ZoneInfo(zone)).date()
