"""Who changes something, when, and whether for real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Acting:
    """The person as the audit names them, the instant in UTC; with `dry_run` nothing is written.

    `me` is the address that the profile says is the person's own; None is the owner of the store, who may
    do everything (``partner-hub.md``, Roles).
    """

    actor: str
    at: datetime
    dry_run: bool = False
    me: str | None = None
