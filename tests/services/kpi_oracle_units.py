"""Units, and which of them are meant, by the words of ``kpis.md``; no line is shared with the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from tests.services.kpi_oracle_known import (
    NEWEST,
    Figures,
    Files,
    Sub,
    figure_days,
    known_subs,
    sightings,
    snapshot,
)

FAMILIES = {"meetings": ["meetings"], "calling": ["calling_professional", "calling_standard"]}

WHERE: dict[str, Callable[[Sub], bool]] = {
    "kind:trial": lambda sub: sub.kind == "trial",
    "-kind:trial": lambda sub: sub.kind != "trial",
    "status:active": lambda sub: sub.status == "active",
    "acao": lambda sub: sub.customer == "Ação",
}
"""The queries that the comparisons ask, and what they mean among the made stores."""


@dataclass(frozen=True)
class Inquiry:
    """What is asked, in plain values."""

    today: date
    as_of: date | None = None
    region: tuple[str, ...] = ()
    where: str | None = None
    product: str = "all"
    days: int | None = None
    factor: str = "0.5"

    @property
    def day(self) -> date:
        """Return the day of all date arithmetic."""
        return self.as_of or self.today

    @property
    def until(self) -> str:
        """Return the day up to which files are heard; without --as-of all are, those of a later day too."""
        return NEWEST if self.as_of is None else self.as_of.isoformat()

    @property
    def families(self) -> list[str]:
        """Return the families that are meant."""
        return ["meetings", "calling"] if self.product == "all" else [self.product]


@dataclass(frozen=True)
class Unit:
    """One subscription or trial in one family, with those of its rows that belong to the family."""

    sub: Sub
    product: str
    rows: dict[str, Figures]

    @property
    def total(self) -> int | None:
        """Return what was bought."""
        return add(row.total for row in self.rows.values())

    @property
    def assigned(self) -> int | None:
        """Return what is assigned."""
        return add(row.assigned for row in self.rows.values())

    @property
    def used_7d(self) -> int | None:
        """Return what was used within seven days."""
        return add(row.used_7d for row in self.rows.values())

    @property
    def used_3m(self) -> int | None:
        """Return what was used within three months."""
        return add(row.used_3m for row in self.rows.values())

    @property
    def used_ever(self) -> int | None:
        """Return what was ever used."""
        return add(row.used_ever for row in self.rows.values())

    @property
    def available(self) -> int | None:
        """Return what is not assigned, never below 0."""
        if self.total is None or self.assigned is None:
            return None
        return max(0, self.total - self.assigned)

    @property
    def overage(self) -> int | None:
        """Return what is assigned above what was bought."""
        if self.total is None or self.assigned is None:
            return None
        return max(0, self.assigned - self.total)

    @property
    def ratio(self) -> Fraction | None:
        """Return assigned / total; None where that cannot be said."""
        if self.total is None or self.assigned is None or self.total == 0:
            return None
        return Fraction(self.assigned, self.total)


def add(terms: Iterable[int | None]) -> int | None:
    """Return the sum, 0 of nothing, None where any term is unknown."""
    total = 0
    for term in terms:
        if term is None:
            return None
        total += term
    return total


def units_of(files: Files, subs: Iterable[Sub], families: Iterable[str], until: str) -> list[Unit]:
    """Return the units among these subscriptions, by the snapshot of a day.

    Decided: an unknown total or assigned is not above 0.
    """
    found = []
    for sub in subs:
        standing = snapshot(files, sub.subscription_id, until)
        for family in families:
            rows = {product: row for product, row in standing.items() if product in FAMILIES[family]}
            if any((row.total or 0) > 0 or (row.assigned or 0) > 0 for row in rows.values()):
                found.append(Unit(sub, family, rows))
    return found


def chosen(files: Files, asked: Inquiry) -> list[Sub]:
    """Return the subscriptions that --region and --where leave, by what is known on the day asked for."""
    found = []
    for sub in known_subs(files, asked.until):
        in_region = not asked.region or (sub.region or "unknown") in asked.region
        if in_region and (asked.where is None or WHERE[asked.where](sub)):
            found.append(sub)
    return found


def is_running(sub: Sub, day: date) -> bool:
    """Tell whether a subscription runs on a day."""
    started = sub.start_date is None or sub.start_date <= day
    not_over = sub.end_date is None or sub.end_date >= day
    return sub.status == "active" and started and not_over


def renews(sub: Sub) -> bool:
    """Tell whether a subscription renews by itself: a trial never does, whatever its row says."""
    return sub.kind == "subscription" and sub.auto_renew is True


def days_left(sub: Sub, day: date) -> int | None:
    """Return the whole days until the end, None where that is unknown."""
    return None if sub.end_date is None else (sub.end_date - day).days


def ends_within(sub: Sub, day: date, horizon: int) -> bool:
    """Tell whether the end lies within the horizon, the day itself and the last one included."""
    left = days_left(sub, day)
    return left is not None and 0 <= left <= horizon


def added_day(files: Files, sub: Sub) -> tuple[date, str] | None:
    """Return when a subscription was added and how that is known; None where it is not known.

    Decided: the first day of the store is that of every subscription it knows, before --region and --where.
    """
    if sub.start_date is not None:
        return sub.start_date, "start_date"
    everyone = known_subs(files, NEWEST)
    first_of_store = min(sightings(files, one.subscription_id)[0] for one in everyone)
    if sub.first_seen > date.fromisoformat(first_of_store):
        return sub.first_seen, "first_seen"
    return None


def months(earlier: date, later: date) -> int:
    """Return the whole calendar months between two days."""
    between = relativedelta(later, earlier)
    return between.years * 12 + between.months


def median(values: Iterable[Fraction]) -> Fraction:
    """Return the middle value; of an even count, the mean of the middle two."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def threshold(of_one_family: Iterable[Unit], factor: str) -> Fraction | None:
    """Return f * m over the running units of one family; None where there are fewer than 4 with a total.

    Decided: a unit whose assigned is unknown counts among the 4 (its total is above 0) but has no ratio, so
    the median is that of the others; where no ratio at all is known there is no median and no threshold.
    """
    bought = [unit for unit in of_one_family if (unit.total or 0) > 0]
    ratios = [unit.ratio for unit in bought if unit.ratio is not None]
    if len(bought) < 4 or not ratios:
        return None
    return Fraction(factor) * median(ratios)


def weekly_change(files: Files, unit: Unit, asked: Inquiry, figure: str) -> int | None:
    """Return how much assigned or used_7d changed within the week; None where that cannot be said.

    Decided: figures of any product of the subscription show that figures were taken within the week;
    without --as-of the newer snapshot is the unit's own, the newest knowledge.
    """
    week_ago = (asked.day - timedelta(days=7)).isoformat()
    taken = figure_days(files, unit.sub.subscription_id, None)
    if not any(week_ago < day <= asked.day.isoformat() for day in taken):
        return None
    if not any(day <= week_ago for day in taken):
        return None
    standing = snapshot(files, unit.sub.subscription_id, week_ago)
    before = Unit(unit.sub, unit.product, {p: r for p, r in standing.items() if p in FAMILIES[unit.product]})
    if set(before.rows) != set(unit.rows):
        return None
    newer, older = getattr(unit, figure), getattr(before, figure)
    return None if newer is None or older is None else newer - older
