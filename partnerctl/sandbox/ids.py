"""Ids as Webex writes them, and made UUIDs that are the same whenever they are asked for."""

from __future__ import annotations

import base64
import hashlib
from random import Random


def encode(kind: str, value: str) -> str:
    """Return the base64 form of an id without padding; `kind` is such as ``PEOPLE`` or ``LOCATION``."""
    return base64.urlsafe_b64encode(f"ciscospark://us/{kind}/{value}".encode()).decode().rstrip("=")


def uuid_of(*words: object) -> str:
    """Return the UUID that belongs to those words."""
    digits = hex_of(*words)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def rng_of(*words: object) -> Random:
    """Return a source of chance that gives the same whenever it is made from those words."""
    return Random(_joined(words))


def hex_of(*words: object) -> str:
    """Return 32 hex digits that belong to those words."""
    return hashlib.blake2b(_joined(words).encode(), digest_size=16).hexdigest()


def _joined(words: tuple[object, ...]) -> str:
    return ":".join(str(word) for word in words)
