"""What changed: one record per thing, day and field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One change (``cli.md``, changes): from `day` on, `field` is `after`.

    `seq` grows in the order in which the store learned of changes, `learned_at` is when its run started.
    `before` and `after` are a word, a number, true or false, a list of words, or None for unknown and for
    nothing; days are ISO text.
    """

    seq: int
    day: date
    learned_at: datetime
    customer: str | None
    org_id: str | None
    subscription_id: str | None
    kind: str
    field: str
    before: str | int | bool | tuple[str, ...] | None
    after: str | int | bool | tuple[str, ...] | None
