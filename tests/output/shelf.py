"""Records to show: made for these tests, with every kind of value that a record may hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Seats:
    product: str
    total: int | None
    assigned: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    value: int


@dataclass(frozen=True, slots=True)
class Shelf:
    name: str | None
    org_id: str
    tags: tuple[str, ...] = ()
    licenses: tuple[Seats, ...] = ()
    reasons: tuple[Reason, ...] = ()
    end_date: date | None = None
    learned_at: datetime | None = None
    auto_renew: bool | None = None
    total: int | None = None
    assigned_pct: float | None = None


FULL = Shelf(
    "Ação Ltda",
    "1111",
    ("renewal", "vip"),
    (Seats("meetings", 100, 40), Seats("messaging", 10, None)),
    (Reason("expiring", 3),),
    date(2026, 12, 1),
    datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC),
    True,
    110,
    36.5,
)
"""A record in which everything is known."""

EMPTY = Shelf(None, "2222")
"""A record in which only the id is known."""
