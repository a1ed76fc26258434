"""A mail as a value: addresses that are some, a subject, a text, perhaps a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from partnerctl.domain.addresses import check_address
from partnerctl.errors import UsageError


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail: the name that the receiver sees, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent: addresses, a subject of one line, plain text, and perhaps a file.

    `identity` stays the same for what is the same mail, such as one that is sent again after a crash:
    receivers may drop the second copy. Raises UsageError for an address that cannot be one.
    """

    to: tuple[str, ...]
    sender: str
    subject: str
    text: str
    at: datetime
    identity: str
    attachment: Attachment | None = None

    def __post_init__(self) -> None:
        if not self.to:
            raise UsageError("the mail has no receiver", "name an address, such as ana@acme.example")
        for address in (self.sender, *self.to):
            check_address(address)


def identity_of(*parts: str) -> str:
    """Return the same short text for the same parts, which it does not tell."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:32]


def one_line(text: str) -> str:
    """Return a text without line ends and without characters that nobody sees."""
    return " ".join(seen(text).split())


def seen(text: str) -> str:
    """Return a text with a space for every character that nobody sees, line ends too."""
    return "".join(character if character.isprintable() else " " for character in text)
