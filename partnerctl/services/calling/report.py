"""The report Calling usage: per customer and location, and per customer (PH-R5; ``docs/calling.md``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from partnerctl.domain.calling.kinds import USAGE_FIGURES
from partnerctl.domain.calling.weeks import last_completed_week
from partnerctl.domain.figures import tenths
from partnerctl.domain.records.calling_report import CustomerUsage, LocationUsage, UsageFigures
from partnerctl.errors import UsageError
from partnerctl.services.calling.asking import Clientele, by_name, clientele, coverage_notes
from partnerctl.services.calling.queue_figures import Queued
from partnerctl.services.calling.report_sources import (
    TYPES,
    Imported,
    Measured,
    Name,
    Organization,
    Site,
    folded,
    known_total,
    organizations,
)

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

MOST_DAYS = 31
"""The longest period that the report covers."""

_QUEUE_COLUMNS = {
    "queue_total_calls": "calls",
    "queue_timed_out_calls": "timed_out",
    "queue_overflowed_calls": "overflowed",
    "queue_transferred_calls": "transferred",
    "queue_abandoned_calls": "abandoned",
}
_IMPORTED_ALONE = ("queue_timed_out_calls", "queue_overflowed_calls", "spark_calls")
_FROM_MEDIA = ("poor_quality_calls", "call_minutes_video", "call_legs_audio", "call_legs_video")


@dataclass(frozen=True, slots=True)
class UsageReport:
    """The rows of the report, in its order, and what is to be said of them."""

    rows: tuple[Any, ...]
    notes: tuple[str, ...]


def report_span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """Return the days that the report covers, both included: the last completed week where nobody says.

    Of one day alone that is given, a week from or up to it. Raises UsageError for more than 31 days, an end
    before the start or a day to come.
    """
    if since is None and until is None:
        since = last_completed_week(today)
    first = since if since is not None else (until or today) - timedelta(days=6)
    last = until if until is not None else min(first + timedelta(days=6), today)
    if first > last:
        raise UsageError(f"--since {first} is after --until {last}", "give the first and the last day")
    if last > today:
        raise UsageError(f"--until {last} is yet to come", f"give a day up to {today}")
    days = (last - first).days + 1
    if days > MOST_DAYS:
        raise UsageError(
            f"--since {first} to --until {last} are {days} days: the most is {MOST_DAYS}",
            "run it for each month alone",
        )
    return first, last


def usage_rows(store: Store, place: CallingPlace, asked: Asked, since: date, until: date) -> UsageReport:
    """Return a row for each customer and location, sorted by customer, organization id and location.

    Raises UsageError for a bad query and without the extra, NotAllowed, Locked, MachineFault.
    """
    customers, notes = clientele(store, asked)
    found = _counted(place, customers, since, until)
    rows = [row for org_id, one in found.items() for row in _locations(org_id, one, customers)]
    rows.sort(key=lambda row: (*by_name(row), row.location is None, row.location or ""))
    return UsageReport(tuple(rows), (*notes, *_notes(place, customers, found, since, until)))


def customer_rows(store: Store, place: CallingPlace, asked: Asked, since: date, until: date) -> UsageReport:
    """Return a row for each customer, sorted by customer and organization id; raises as `usage_rows`."""
    customers, notes = clientele(store, asked)
    found = _counted(place, customers, since, until)
    rows = [_customer(org_id, one, customers) for org_id, one in found.items()]
    rows.sort(key=by_name)
    return UsageReport(tuple(rows), (*notes, *_notes(place, customers, found, since, until)))


def _counted(place: CallingPlace, customers: Clientele, since: date, until: date) -> dict[str, Organization]:
    found = organizations(place, since, until)
    return {org_id: one for org_id, one in found.items() if customers.counts(org_id)}


def _notes(
    place: CallingPlace, customers: Clientele, found: dict[str, Organization], since: date, until: date
) -> Iterator[str]:
    yield from customers.strangers_note(found)
    if not found or not all(one.imported for one in found.values()):
        yield from coverage_notes(place, since, until)
    if any(one.measured is None and one.imported is None for one in found.values()):
        yield (
            "columns that no record tells are empty for customers without Calling Media Quality, Call Queue"
            " Stats or Calling usage files of exactly this period"
        )


def _locations(org_id: str, one: Organization, customers: Clientele) -> list[LocationUsage]:
    """Return the rows of one organization: its locations with records, then those that files alone name."""
    client = customers.of(org_id)
    rows: list[LocationUsage] = []
    told: set[Name] = set()
    for site in one.sites:
        name = folded(site.name)
        fresh = name not in told  # two locations of one name: what files say goes to the first
        told.add(name)
        figures = _figures(site, one, name if fresh else ..., one.imported if fresh else None)
        rows.append(LocationUsage(**figures, customer=client.name, org_id=org_id, location=site.name))
    for name, row in (one.imported or {}).items():
        if name not in told:
            told.add(name)
            rows.append(LocationUsage(**row.figures, customer=client.name, org_id=org_id, location=row.name))
    for name in {**(one.measured or {}), **(one.stats or {})}:
        if name not in told:
            told.add(name)
            empty = Site(name, 0, 0, 0, 0, 0, 0, 0, 0, Queued(0, 0, 0, transferred=0), {})
            figures = _figures(empty, one, name, None)
            location = one.spelled.get(name)
            rows.append(LocationUsage(**figures, customer=client.name, org_id=org_id, location=location))
    return rows


def _figures(
    site: Site, one: Organization, name: Name | Any, imported: dict[Name, Imported] | None
) -> dict[str, Any]:
    """Return columns 4 to 33 of a location with records; `name` is what files call it, ``...`` nothing."""
    row = (imported or {}).get(name)
    known = row.figures if row is not None else dict.fromkeys(USAGE_FIGURES)
    figures: dict[str, Any] = {
        "total_calls": site.total_calls,
        "total_call_legs": site.legs,
        "call_minutes": tenths(Fraction(site.seconds, 60)),
        "call_legs_desk_phone": site.desk_phone,
        "call_legs_room_device": site.room_device,
        "call_legs_other_devices": site.other_devices,
        "hunt_group_calls": site.hunt_group,
        "auto_attendant_calls": site.auto_attendant,
        **{column: site.types.get(column, 0) for column in TYPES.values()},
        **{column: getattr(site.queued, field) for column, field in _QUEUE_COLUMNS.items()},
        **{column: known[column] for column in (*_IMPORTED_ALONE, *_FROM_MEDIA)},
    }
    if one.measured is not None:
        measured = one.measured.get(name, Measured())
        minutes = tenths(measured.video_seconds / 60)
        heard = (measured.poor, minutes, measured.audio, measured.video)
        figures.update(zip(_FROM_MEDIA, heard, strict=True))
    if one.stats is not None:
        figures.update(_of_stats(one.stats, name))
    return figures


def _of_stats(stats: dict[Name, Queued], name: Name | Any) -> dict[str, int | None]:
    """Return columns 16 to 20 as Call Queue Stats have them; a location that they do not name has none."""
    found: dict[str, int | None] = {}
    for column, field in _QUEUE_COLUMNS.items():
        known = any(getattr(one, field) is not None for one in stats.values())
        found[column] = getattr(stats[name], field) if name in stats else (0 if known else None)
    return found


def _customer(org_id: str, one: Organization, customers: Clientele) -> CustomerUsage:
    """Return the row of a customer: the sums over its locations, but each call once for its type."""
    rows = _locations(org_id, one, customers)
    figures = {
        field.name: known_total(getattr(row, field.name) for row in rows) for field in fields(UsageFigures)
    }
    with_records = len(one.sites)
    for column in TYPES.values():
        others = known_total(getattr(row, column) for row in rows[with_records:])
        own = one.types.get(column, 0) if with_records else None
        figures[column] = known_total((own, others))
    client = customers.of(org_id)
    return CustomerUsage(
        **figures, customer=client.name, org_id=org_id, region=client.region, locations=len(rows)
    )
