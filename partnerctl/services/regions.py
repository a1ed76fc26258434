"""The regions in which customer data lives, and how many customers live in each (PH-O5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from partnerctl.domain.regions import REGIONS
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.services.questions import EMPTY_STORE, check_age
from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class RegionCount:
    """A region and the number of customers whose data lives there; ``unknown`` is where no file said it."""

    region: str
    name: str
    customers: int


def list_regions(
    store: Store,
    today: date,
    sort: tuple[str, ...] = (),
    limit: int | None = None,
    max_age: timedelta | None = None,
) -> Answer[RegionCount]:
    """Return every region in Partner Hub's order, then ``unknown``.

    Raises UsageError for an unknown field in `sort`, StaleData where the data is older than `max_age`.
    """
    newest = store.newest_day(None, None)
    check_age(newest, max_age, today)
    counts = store.regions()
    rows = [RegionCount(code, name, counts.get(code, 0)) for code, name in REGIONS.items()]
    rows.append(RegionCount("unknown", "Unknown", counts.get(None, 0)))
    notes = EMPTY_STORE if newest is None else ()
    return arranged(RegionCount, rows, sort, limit, notes, newest)
