"""License analytics, a second time: a slow, obvious reading of ``kpis.md``, to hold the program against.

It shares no code with the program. Records are plain dictionaries, with the keys and in the order of the
page. What the page leaves open is marked "decided".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.services.kpi_oracle_known import Files, figure_days, known_subs, newest_day
from tests.services.kpi_oracle_units import (
    FAMILIES,
    Inquiry,
    Unit,
    add,
    added_day,
    chosen,
    days_left,
    ends_within,
    is_running,
    months,
    renews,
    threshold,
    units_of,
    weekly_change,
)

Record = dict[str, Any]

SECTIONS = ("added", "expiring", "renewing", "low-assignment", "unassigned", "overage")
HORIZON = 90


def tenth(exact: Fraction) -> float:
    """Return a number to one decimal, half-even, as the float that prints so; `round` is exact."""
    return float(Fraction(round(exact * 10), 10))


def pct(part: int | None, whole: int | None) -> float | None:
    """Return 100 * part / whole to one decimal, None where it is unknown or of 0."""
    if part is None or whole is None or whole == 0:
        return None
    return tenth(Fraction(100 * part, whole))


class Oracle:
    """What `files` say about one inquiry."""

    def __init__(self, files: Files, asked: Inquiry) -> None:
        self.files, self.asked, self.day = files, asked, asked.day
        self.horizon = HORIZON if asked.days is None else asked.days
        self.subs = chosen(files, asked)
        self.units = units_of(files, self.subs, asked.families, asked.until)
        self.running = [unit for unit in self.units if is_running(unit.sub, self.day)]
        self.thresholds = {
            family: threshold((u for u in self.running if u.product == family), asked.factor)
            for family in asked.families
        }

    def overview(self) -> Record:
        """Return the KPIs over all customers.

        Decided: --product leaves the units of that family alone, those of `total_customers` too.
        """
        return {
            "as_of": self.day,
            "region": ",".join(self.asked.region) or None,
            "horizon_days": self.horizon,
            "total_customers": customers(self.units),
            "near_expiry": customers(self.listed("expiring")),
            "near_renewal": customers(self.listed("renewing")),
            "low_assignment": customers(self.listed("low-assignment")),
            "over_limit": customers(self.listed("overage")),
            "low_assignment_factor": float(self.asked.factor),
            "data_as_of": newest_day(self.files, self.asked.until),
        }

    def section(self, name: str) -> Record:
        """Return one section: its KPIs and its rows, in order."""
        listed = self.listed(name)
        more = {
            "added": self.more_of_added,
            "expiring": self.more_of_ending,
            "renewing": self.more_of_ending,
            "low-assignment": self.more_of_low,
            "unassigned": self.more_of_unassigned,
            "overage": self.more_of_overage,
        }[name]
        in_order = sorted(listed, key=lambda unit: (self.rank(name, unit), *tie(unit)))
        return {
            "section": name,
            "product": self.asked.product,
            "as_of": self.day,
            "region": ",".join(self.asked.region) or None,
            "horizon_days": self.horizon if name in ("added", "expiring", "renewing") else None,
            "data_as_of": newest_day(self.files, self.asked.until),
            "kpis": self.kpis(name, listed),
            "subscriptions": tuple({**every(unit), **more(unit)} for unit in in_order),
        }

    def listed(self, name: str) -> list[Unit]:
        """Return the units of a section, in no order; only running ones count."""
        belongs: dict[str, Callable[[Unit], bool]] = {
            "added": self.is_added,
            "expiring": lambda u: not renews(u.sub) and ends_within(u.sub, self.day, self.horizon),
            "renewing": lambda u: renews(u.sub) and ends_within(u.sub, self.day, self.horizon),
            "low-assignment": self.is_low,
            "unassigned": lambda u: u.total is not None and u.total > 0 and u.assigned == 0,
            "overage": lambda u: u.overage is not None and u.overage > 0,
        }
        return [unit for unit in self.running if belongs[name](unit)]

    def is_added(self, unit: Unit) -> bool:
        """Tell whether a unit was added within the horizon."""
        added = added_day(self.files, unit.sub)
        return added is not None and 0 <= (self.day - added[0]).days <= self.horizon

    def is_low(self, unit: Unit) -> bool:
        """Tell whether few of a unit's licenses are assigned, compared with the others of its family."""
        limit = self.thresholds[unit.product]
        return unit.ratio is not None and limit is not None and unit.ratio < limit

    def rank(self, name: str, unit: Unit) -> tuple[bool, Fraction]:
        """Return the section's own order: its sort column, unknown last."""
        added = added_day(self.files, unit.sub)
        value: Fraction | int | None = {
            "added": None if added is None else (self.day - added[0]).days,
            "expiring": days_left(unit.sub, self.day),
            "renewing": days_left(unit.sub, self.day),
            "low-assignment": unit.ratio,
            "unassigned": None if unit.total is None else -unit.total,
            "overage": None if unit.overage is None else -unit.overage,
        }[name]
        return value is None, Fraction(value or 0)

    def kpis(self, name: str, units: list[Unit]) -> Record:
        """Return the KPIs of a section over the units that it lists."""
        total, assigned = add(u.total for u in units), add(u.assigned for u in units)
        used, available = add(u.used_7d for u in units), add(u.available for u in units)
        if name == "added":
            return {"new_customers": customers(units), "total_licenses": total}
        if name in ("expiring", "renewing"):
            return {
                "customers": customers(units),
                "assigned_pct": pct(assigned, total),
                "used_pct": pct(used, total),
                "used_ever_pct": pct(add(u.used_ever for u in units), total),
            }
        if name == "low-assignment":
            return {
                "customers": customers(units),
                "assigned_pct": pct(assigned, total),
                "used_when_assigned_pct": pct(used, total),
                "used_of_assigned_pct": pct(used, assigned),
                "unassigned_licenses": available,
                "threshold_pct": None
                if self.asked.product == "all"
                else self.threshold_pct(self.asked.product),
            }
        if name == "unassigned":
            return {"customers": customers(units), "unassigned_licenses": available}
        overage = add(u.overage for u in units)
        assert overage is not None
        return {
            "customers": customers(units),
            "total_overage": overage,
            "average_overage": tenth(Fraction(overage, customers(units))) if units else 0.0,
        }

    def threshold_pct(self, family: str) -> float | None:
        """Return 100 * f * m of a family to one decimal."""
        limit = self.thresholds[family]
        return None if limit is None else tenth(100 * limit)

    def more_of_added(self, unit: Unit) -> Record:
        """Return what the section `added` shows besides."""
        added = added_day(self.files, unit.sub)
        assert added is not None
        return {
            "days_since_added": (self.day - added[0]).days,
            "added_basis": added[1],
            "weekly_assigned_change": weekly_change(self.files, unit, self.asked, "assigned"),
            "weekly_used_change": weekly_change(self.files, unit, self.asked, "used_7d"),
        }

    def more_of_ending(self, unit: Unit) -> Record:
        """Return what the sections `expiring` and `renewing` show besides."""
        return {"days_left": days_left(unit.sub, self.day)}

    def more_of_low(self, unit: Unit) -> Record:
        """Return what the section `low-assignment` shows besides."""
        return {
            **self.more_of_unassigned(unit),
            "assigned_pct": pct(unit.assigned, unit.total),
            "threshold_pct": self.threshold_pct(unit.product),
            "weekly_assigned_change": weekly_change(self.files, unit, self.asked, "assigned"),
        }

    def more_of_unassigned(self, unit: Unit) -> Record:
        """Return what the section `unassigned` shows besides.

        Decided: "the day" of `months_since_added` is the added day, which `first_seen` can give.
        """
        added = added_day(self.files, unit.sub)
        return {"months_since_added": None if added is None else months(added[0], self.day)}

    def more_of_overage(self, unit: Unit) -> Record:
        """Return what the section `overage` shows besides."""
        end = unit.sub.end_date
        return {
            "months_left": None if end is None else months(self.day, end),
            "assigned_pct": pct(unit.assigned, unit.total),
            "used_pct": pct(unit.used_7d, unit.total),
            "overage": unit.overage,
        }

    def trend(self, weeks: int) -> list[Record]:
        """Return one point per Saturday, oldest first.

        Decided: the family's first figure is that of the whole store, before --region and --where.
        """
        names = {sub.subscription_id for sub in self.subs}
        products = [product for family in self.asked.families for product in FAMILIES[family]]
        taken = figure_days(self.files, None, products)
        saturday = self.day
        while saturday.weekday() != 5:
            saturday -= timedelta(days=1)
        last_days = [saturday - timedelta(days=7 * back) for back in reversed(range(weeks))]
        return [self.point(day, names) for day in last_days if taken and taken[0] <= day.isoformat()]

    def point(self, saturday: date, names: set[str]) -> Record:
        """Return the point of one Saturday, by what was known on it."""
        until = saturday.isoformat()
        subs = [sub for sub in known_subs(self.files, until) if sub.subscription_id in names]
        units = [
            unit
            for unit in units_of(self.files, subs, self.asked.families, until)
            if is_running(unit.sub, saturday)
        ]
        return {
            "week_ending": saturday,
            "total": add(u.total for u in units),
            "assigned": add(u.assigned for u in units),
            "used_7d": add(u.used_7d for u in units),
            "used_ever": add(u.used_ever for u in units),
            "customers": customers(units),
        }


def customers(units: Iterable[Unit]) -> int:
    """Return how many distinct organizations the units belong to."""
    return len({unit.sub.org_id for unit in units})


def tie(unit: Unit) -> tuple[bool, str, str, str]:
    """Return the order of rows which the sort column leaves equal: name (unknown last), id, product."""
    name = unit.sub.customer
    return name is None, name or "", unit.sub.subscription_id, unit.product


def every(unit: Unit) -> Record:
    """Return what a row of every section shows."""
    sub = unit.sub
    return {
        "customer": sub.customer,
        "org_id": sub.org_id,
        "subscription_id": sub.subscription_id,
        "product": unit.product,
        "kind": sub.kind,
        "region": sub.region,
        "start_date": sub.start_date,
        "end_date": sub.end_date,
        "auto_renew": sub.auto_renew,
        "total": unit.total,
        "assigned": unit.assigned,
        "used_7d": unit.used_7d,
        "used_3m": unit.used_3m,
        "used_ever": unit.used_ever,
        "available": unit.available,
    }
