"""What goes wrong with Webex and has to be told apart; all else is as ``partnerctl.errors`` has it."""

from __future__ import annotations

from partnerctl.errors import NotAllowed, Unavailable


class SignedOut(NotAllowed):
    """The token is not taken, or there is none: nothing that is asked will be answered."""


class Unconfirmed(Unavailable):
    """A change was sent, and nobody knows whether it was carried out: look before it is sent again."""


class Unexpected(Unavailable):
    """An answer came whole, and cannot be used: the next question may have a better one."""


class Elsewhere(Unavailable):
    """Another region has it (451). `endpoint` is the URL to ask instead; None where the answer names none."""

    def __init__(self, reason: str, hint: str | None = None, endpoint: str | None = None) -> None:
        super().__init__(reason, hint)
        self.endpoint = endpoint


class Unreadable(ValueError):
    """An answer that is not the JSON that it should be; its text says what it is instead."""
