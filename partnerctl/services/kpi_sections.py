"""The sections of license analytics: what each lists, in which order, with which KPIs (``kpis.md``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from partnerctl.domain.figures import available, overage, pct, tenths
from partnerctl.domain.low_assignment import is_low, share_key
from partnerctl.domain.records import kpis as records
from partnerctl.domain.suppliers import suppliers
from partnerctl.domain.units import (
    LicenseUnit,
    Scope,
    WeeklyChange,
    added_day,
    customers_of,
    days_from,
    months_between,
    sum_of,
)

_NO_CHANGE = WeeklyChange()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a section knows besides the units it lists.

    `units` are those of its scope; `low` the threshold per family; `first_day` the first day on which the
    store observed any subscription; `weekly` the weekly changes by unit.
    """

    units: tuple[LicenseUnit, ...]
    today: date
    product: str
    horizon: int
    low: Mapping[str, Fraction | None] = field(default_factory=dict)
    first_day: date | None = None
    weekly: Mapping[tuple[str, str], WeeklyChange] = field(default_factory=dict)

    def days_left(self, unit: LicenseUnit) -> int:
        """Return the days until the unit's end; raises ValueError where that is unknown."""
        if unit.end_date is None:
            raise ValueError(f"{unit.subscription_id} has no end")
        return (unit.end_date - self.today).days

    def months_since_added(self, unit: LicenseUnit) -> int | None:
        """Return the whole months since the unit was added, None where unknown."""
        return months_between(self.today, added_day(unit, self.first_day)[0])

    def threshold_pct(self, family: str) -> float | None:
        """Return the threshold of a family in percent to one decimal, None where there is none."""
        threshold = self.low.get(family)
        return None if threshold is None else tenths(100 * threshold)


class SectionRule(NamedTuple):
    """One section. `weekly`, `compares` and `adds` say which facts it needs; `measures` its KPIs' figures."""

    name: str
    title: str
    row_type: type[records.UnitRow]
    kpi_type: type[Any]
    scope: Callable[[tuple[str, ...], date, int], Scope]
    picks: Callable[[LicenseUnit, Facts], bool]
    order: Callable[[LicenseUnit, Facts], int]
    more: Callable[[LicenseUnit, Facts], dict[str, Any]]
    kpis: Callable[[list[LicenseUnit], Facts], records.Kpis]
    measures: tuple[str, ...]
    has_horizon: bool = False
    weekly: bool = False
    compares: bool = False
    adds: bool = False

    def listed(self, facts: Facts) -> list[LicenseUnit]:
        """Return the units that the section lists, of those in its scope."""
        return [unit for unit in facts.units if self.picks(unit, facts)]

    def in_order(self, listed: Iterable[LicenseUnit], facts: Facts) -> list[LicenseUnit]:
        """Return the units in the section's order; ties by customer name, subscription id, product."""
        return sorted(
            listed,
            key=lambda unit: (
                self.order(unit, facts),
                unit.customer is None,
                unit.customer or "",
                unit.subscription_id,
                unit.product,
            ),
        )

    def row(self, unit: LicenseUnit, facts: Facts) -> records.UnitRow:
        """Return the row of a unit."""
        return self.row_type(
            unit.customer,
            unit.org_id,
            unit.subscription_id,
            unit.product,
            unit.kind,
            unit.region,
            unit.start_date,
            unit.end_date,
            unit.auto_renew,
            unit.total,
            unit.assigned,
            unit.used_7d,
            unit.used_3m,
            unit.used_ever,
            available(unit.total, unit.assigned),
            **self.more(unit, facts),
        )

    def unknown(self, listed: list[LicenseUnit]) -> list[str]:
        """Return notes on the figures that leave a KPI unknown, and on the file that would supply them."""
        said = []
        for measure in self.measures:
            count = sum(getattr(unit, measure) is None for unit in listed)
            if count:
                files = " or ".join(suppliers("licenses", measure))
                said.append(f"{measure} is unknown for {count} of {len(listed)}: {files} tells it")
        return said


def _everything(_unit: LicenseUnit, _facts: Facts) -> bool:
    return True


def _sum(listed: Iterable[LicenseUnit], measure: str) -> int | None:
    return sum_of(getattr(unit, measure) for unit in listed)


def _weekly(unit: LicenseUnit, facts: Facts) -> WeeklyChange:
    return facts.weekly.get(unit.key, _NO_CHANGE)


# Added ---------------------------------------------------------------------------------------------


def _added_scope(families: tuple[str, ...], today: date, days: int) -> Scope:
    return Scope(families, added=(days_from(today, -days), today))


def _is_added(unit: LicenseUnit, facts: Facts) -> bool:
    return added_day(unit, facts.first_day)[0] is not None


def _days_since_added(unit: LicenseUnit, facts: Facts) -> int:
    day = added_day(unit, facts.first_day)[0]
    if day is None:
        raise ValueError(f"nobody knows when {unit.subscription_id} was added")
    return (facts.today - day).days


def _added_more(unit: LicenseUnit, facts: Facts) -> dict[str, Any]:
    change = _weekly(unit, facts)
    return {
        "days_since_added": _days_since_added(unit, facts),
        "added_basis": added_day(unit, facts.first_day)[1],
        "weekly_assigned_change": change.assigned,
        "weekly_used_change": change.used_7d,
    }


def _added_kpis(listed: list[LicenseUnit], _facts: Facts) -> records.Kpis:
    return records.AddedKpis(customers_of(listed), _sum(listed, "total"))


# Expiring and renewing -----------------------------------------------------------------------------


def _ending(renews: bool) -> Callable[[tuple[str, ...], date, int], Scope]:
    def scope(families: tuple[str, ...], today: date, days: int) -> Scope:
        return Scope(families, renews=renews, ends=(today, days_from(today, days)))

    return scope


def _ending_kpis(listed: list[LicenseUnit], _facts: Facts) -> records.Kpis:
    total = _sum(listed, "total")
    parts = (pct(_sum(listed, measure), total) for measure in ("assigned", "used_7d", "used_ever"))
    return records.EndingKpis(customers_of(listed), *parts)


# Low assignment, unassigned, overage ---------------------------------------------------------------


def _is_low(unit: LicenseUnit, facts: Facts) -> bool:
    return is_low(unit, facts.low.get(unit.product))


def _low_more(unit: LicenseUnit, facts: Facts) -> dict[str, Any]:
    return {
        "months_since_added": facts.months_since_added(unit),
        "assigned_pct": pct(unit.assigned, unit.total),
        "threshold_pct": facts.threshold_pct(unit.product),
        "weekly_assigned_change": _weekly(unit, facts).assigned,
    }


def _low_kpis(listed: list[LicenseUnit], facts: Facts) -> records.Kpis:
    total, assigned, used = (_sum(listed, measure) for measure in ("total", "assigned", "used_7d"))
    return records.LowKpis(
        customers_of(listed),
        pct(assigned, total),
        pct(used, total),
        pct(used, assigned),
        sum_of(available(unit.total, unit.assigned) for unit in listed),
        None if facts.product == "all" else facts.threshold_pct(facts.product),
    )


def _unassigned_kpis(listed: list[LicenseUnit], _facts: Facts) -> records.Kpis:
    return records.UnassignedKpis(customers_of(listed), _sum(listed, "total"))


def _overage(unit: LicenseUnit) -> int:
    return overage(unit.total, unit.assigned)


def _overage_more(unit: LicenseUnit, facts: Facts) -> dict[str, Any]:
    return {
        "months_left": months_between(unit.end_date, facts.today),
        "assigned_pct": pct(unit.assigned, unit.total),
        "used_pct": pct(unit.used_7d, unit.total),
        "overage": _overage(unit),
    }


def _overage_kpis(listed: list[LicenseUnit], _facts: Facts) -> records.Kpis:
    customers, total = customers_of(listed), sum(map(_overage, listed))
    average = tenths(Fraction(total, customers)) if customers else 0.0
    return records.OverageKpis(customers, total, average)


SECTIONS: dict[str, SectionRule] = {
    rule.name: rule
    for rule in (
        SectionRule(
            "added",
            "Recently added",
            records.AddedRow,
            records.AddedKpis,
            _added_scope,
            _is_added,
            _days_since_added,
            _added_more,
            _added_kpis,
            ("total",),
            has_horizon=True,
            weekly=True,
            adds=True,
        ),
        *(
            SectionRule(
                name,
                title,
                records.EndingRow,
                records.EndingKpis,
                _ending(renews),
                _everything,
                lambda unit, facts: facts.days_left(unit),
                lambda unit, facts: {"days_left": facts.days_left(unit)},
                _ending_kpis,
                ("total", "assigned", "used_7d", "used_ever"),
                has_horizon=True,
            )
            for name, title, renews in (("expiring", "Expiring", False), ("renewing", "Renewing", True))
        ),
        SectionRule(
            "low-assignment",
            "Low license assignment",
            records.LowRow,
            records.LowKpis,
            lambda families, _today, _days: Scope(families),
            _is_low,
            lambda unit, _facts: share_key(unit),
            _low_more,
            _low_kpis,
            ("used_7d",),
            weekly=True,
            compares=True,
            adds=True,
        ),
        SectionRule(
            "unassigned",
            "Bought and not assigned",
            records.UnassignedRow,
            records.UnassignedKpis,
            lambda families, _today, _days: Scope(families, unassigned=True),
            _everything,
            lambda unit, _facts: -(unit.total or 0),
            lambda unit, facts: {"months_since_added": facts.months_since_added(unit)},
            _unassigned_kpis,
            (),
            adds=True,
        ),
        SectionRule(
            "overage",
            "Over the license limit",
            records.OverageRow,
            records.OverageKpis,
            lambda families, _today, _days: Scope(families, over_limit=True),
            _everything,
            lambda unit, _facts: -_overage(unit),
            _overage_more,
            _overage_kpis,
            ("used_7d",),
        ),
    )
}
"""Every section by its name, in the order of Partner Hub (PH-K3 to PH-K7)."""
