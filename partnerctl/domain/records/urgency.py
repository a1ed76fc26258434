"""Who needs a person now, and why (``today``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words; `value` is its figure: days, licenses, percent or subscriptions, by its code."""

    code: str
    text: str
    value: int | float


@dataclass(frozen=True, slots=True)
class Urgent:
    """One customer that needs a person; `since` is the first day on which the oldest of its reasons held."""

    org_id: str
    customer: str | None
    score: float
    reasons: tuple[Reason, ...]
    since: date | None
