"""Handing a mail over, by whatever way it leaves this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerctl.delivery.transport import LIMITS, Limits, Program, Refusal, Transport

if TYPE_CHECKING:
    from ssl import SSLContext

    from partnerctl.delivery.message import Mail


def deliver(
    mail: Mail,
    transport: Transport,
    password: str | None = None,
    context: SSLContext | None = None,
    limits: Limits = LIMITS,
) -> tuple[Refusal, ...]:
    """Send a mail, and return the receivers that were refused while others were not.

    `context` says which certificates are trusted; None: those that the system trusts. Raises Unavailable
    where it may work later, TimedOut, NotAllowed where the server refuses, TooLarge, MachineFault.
    """
    if isinstance(transport, Program):
        from partnerctl.delivery.sendmail import send_by_program

        send_by_program(mail, transport)
        return ()
    from partnerctl.delivery.smtp import send_by_server

    return send_by_server(mail, transport, password, context, limits)
