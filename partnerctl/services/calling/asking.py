"""From what is asked of calling analytics to weeks and customers (``docs/calling.md``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from partnerctl.calling.folder import day_files
from partnerctl.domain.calling.kinds import CALLS
from partnerctl.domain.calling.weeks import TREND_WEEKS, last_completed_week, week_of, weeks_until
from partnerctl.errors import StaleData, UsageError
from partnerctl.services.questions import left_out_note, question_for
from partnerctl.services.rights import RUN_REPORTS, require

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

CUSTOMER, WEEK, ENDPOINT = "customer", "week", "endpoint"
MOST_WEEKS = 520
_FIRST_WEEK = date(1900, 1, 7)  # records may have times from 1900 on

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked of the weeks: any day of the last one, how many, and what a row is about."""

    week: date | None = None
    weeks: int | None = None
    by: str | None = None

    def resolved(self, today: date) -> tuple[date, ...]:
        """Return the Sundays of the weeks, oldest first; raises UsageError for a week that has not ended."""
        last = last_completed_week(today)
        if self.week is not None and self.week < _FIRST_WEEK:
            raise UsageError(f"--week: there were no calls in {self.week.year}", "give a day of a later week")
        week = last if self.week is None else week_of(self.week)
        if week > last:
            raise UsageError(
                f"--week: the week of {week} has not ended",
                f"the last completed week is that of {last}",
            )
        count = self.weeks or (TREND_WEEKS if self.by == WEEK else 1)
        if not 1 <= count <= MOST_WEEKS:
            raise UsageError(f"--weeks: {count} is not from 1 to {MOST_WEEKS}")
        return weeks_until(week, count)


def _refuse_by(by: str | None, possible: Sequence[str], noun: str) -> None:
    """Raise UsageError where rows of `noun` cannot be about that."""
    if by is not None and by not in possible:
        raise UsageError(f"--by: {noun} cannot be told by {by}", f"choose from: {', '.join(possible)}")


class Client(NamedTuple):
    """What the store knows of the customer of some records; nothing of one that it does not know."""

    name: str | None
    region: str | None


class Clientele:
    """The customers whose records count: those that the query leaves; everybody where it asks for nothing."""

    def __init__(self, known: dict[str, Client], narrowed: bool) -> None:
        self._known = known
        self._narrowed = narrowed

    def counts(self, org_id: str) -> bool:
        """Tell whether the records of that organization count."""
        return not self._narrowed or org_id in self._known

    def of(self, org_id: str | None) -> Client:
        """Return what is known of an organization; None stands for all of them together."""
        return Client(None, None) if org_id is None else self._known.get(org_id, Client(None, None))

    def strangers_note(self, org_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the note on organizations that have records and that the store does not know."""
        count = len({one for one in org_ids if one not in self._known})
        if not count or self._narrowed:
            return ()
        which = "1 organization has" if count == 1 else f"{count} organizations have"
        return (f"{which} calling records, and the store does not know them: import or sync the customers",)


def clientele(store: Store, asked: Asked) -> tuple[Clientele, tuple[str, ...]]:
    """Return the customers that are meant, and the note on those left out for what is unknown.

    Raises UsageError for a bad query, NotAllowed where the role may not see analytics.
    """
    require(store, asked.me, RUN_REPORTS)
    question = question_for(store, "customers", replace(asked, sort=(), limit=None))
    found = store.customers(question)
    known = {one.org_id: Client(one.name, one.region) for one in found.records}
    narrowed = bool(asked.where or asked.also or asked.region or asked.name_part or asked.options)
    notes = (left_out_note(found.left_out, question.where.unknown_fields),) if found.left_out else ()
    return Clientele(known, narrowed), notes


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked, ready to be answered: the weeks, oldest first, the customers that count, the notes.

    `newest` is the day of the newest call record.
    """

    place: CallingPlace
    weeks: tuple[date, ...]
    customers: Clientele
    notes: tuple[str, ...]
    newest: date | None

    @property
    def until(self) -> date:
        """The last day of the last week."""
        return self.weeks[-1] + timedelta(days=6)

    def said(self, org_ids: Iterable[str], *more: str) -> tuple[str, ...]:
        """Return all notes: on what was left out, `more`, days without records, organizations not known."""
        gaps = coverage_notes(self.place, self.weeks[0], self.until)
        return (*self.notes, *more, *gaps, *self.customers.strangers_note(org_ids))


def inquire(
    store: Store, place: CallingPlace, asked: Asked, span: Span, noun: str, possible: Sequence[str]
) -> Inquiry:
    """Return what is asked of `noun`, whose rows can be about what is `possible`.

    Raises UsageError for a bad query or week, NotAllowed where the role may not see analytics, StaleData.
    """
    _refuse_by(span.by, possible, noun)
    weeks = span.resolved(asked.today)
    customers, notes = clientele(store, asked)
    newest = newest_record_day(place)
    check_records_age(newest, asked)
    return Inquiry(place, weeks, customers, notes, newest)


def coverage_notes(place: CallingPlace, since: date, until: date) -> tuple[str, ...]:
    """Return the note on days of the period of which there are no call records at all."""
    files = day_files(place.path, CALLS, since, until)
    days = (until - since).days + 1
    if not files:
        hint = "import them: partnerctl import FILE, or: partnerctl sync --only calls"
        return (f"there are no call records of {since} to {until}; {hint}",)
    if len(files) == days:
        return ()
    present = {file.day for file in files}
    missing = [one for one in map(since.__add__, map(timedelta, range(days))) if one not in present]
    shown = ", ".join(map(str, missing[:3])) + (", ..." if len(missing) > 3 else "")
    return (f"there are no call records of {len(missing)} of the {days} days: {shown}",)


def check_records_age(newest: date | None, asked: Asked) -> None:
    """Raise StaleData where the newest call record is older than ``--max-age``, or where there is none."""
    if asked.max_age is None:
        return
    hint = "import newer ones, or: partnerctl sync --only calls"
    if newest is None:
        raise StaleData("there are no call records yet", hint)
    if asked.today - newest > asked.max_age:
        days = asked.max_age.days
        raise StaleData(f"the newest call records are of {newest}, more than {days} days old", hint)


def newest_record_day(place: CallingPlace) -> date | None:
    """Return the day of the newest call record, None where there is none."""
    files = day_files(place.path, CALLS)
    return files[-1].day if files else None


class Named(Protocol):
    """A row that may be about a customer."""

    @property
    def customer(self) -> str | None:
        """The customer's name."""

    @property
    def org_id(self) -> str | None:
        """The organization id."""


def by_name(row: Named) -> tuple[bool, str, str]:
    """Return what sorts rows by customer, those without a name last, then by organization id."""
    return row.customer is None, row.customer or "", row.org_id or ""


def in_order(rows: list[T], by: str | None, key: Callable[[T], object], week: Callable[[T], date]) -> list[T]:
    """Return rows by week: oldest first with ``--by week``, else newest first; then by `key`."""
    ordered = sorted(rows, key=key)  # type: ignore[arg-type]
    return sorted(ordered, key=week, reverse=by != WEEK)
