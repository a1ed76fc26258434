"""Units: what license analytics counts, a subscription or trial in one product family (``kpis.md``, unit)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from partnerctl.domain.products import FAMILIES

MEASURES = ("total", "assigned", "used_7d", "used_3m", "used_ever")
"""The figures of a unit, in order."""


class LicenseUnit(NamedTuple):
    """One unit as the store knows it on a day: sums over its rows in the family, None where one is unknown.

    `first_seen` is the day of the first observation of the subscription or of its figures. `running`
    and `renews` are as ``kpis.md`` defines them: a trial never renews, unknown does not.
    """

    customer: str | None
    org_id: str
    subscription_id: str
    product: str
    kind: str
    status: str | None
    region: str | None
    start_date: date | None
    first_seen: date
    end_date: date | None
    auto_renew: bool | None
    running: bool
    renews: bool
    total: int | None
    assigned: int | None
    used_7d: int | None
    used_3m: int | None
    used_ever: int | None

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells the unit apart: subscription id and product family."""
        return self.subscription_id, self.product


class Brief(NamedTuple):
    """What the overview asks of one unit; `expiring` and `renewing` are within its horizon. 1 is yes."""

    org_id: str
    subscription_id: str
    product: str
    running: int
    expiring: int
    renewing: int
    total: int | None
    assigned: int | None


class Scope(NamedTuple):
    """Which units are wanted; None asks for nothing.

    `ends` and `added` are first and last days, both included; `added` is compared with start_date, or with
    first_seen where that is unknown. `renews`: only those that renew by themselves, or only the others.
    `active`: only of status active, whether or not they run. `unassigned` and `over_limit`: only what was
    bought and not assigned at all, only what has more assigned than bought. `only`: ids of subscriptions.
    """

    families: tuple[str, ...] = tuple(FAMILIES)
    running: bool = True
    active: bool = False
    renews: bool | None = None
    ends: tuple[date, date] | None = None
    added: tuple[date, date] | None = None
    unassigned: bool = False
    over_limit: bool = False
    only: tuple[str, ...] | None = None


class WeeklyChange(NamedTuple):
    """How many more licenses a unit has assigned, and used, than a week before; None where unknown."""

    assigned: int | None = None
    used_7d: int | None = None


def families_of(product: str) -> tuple[str, ...]:
    """Return the product families that ``--product`` means: ``meetings``, ``calling``, or ``all``."""
    return tuple(FAMILIES) if product == "all" else (product,)


def days_from(day: date, days: int) -> date:
    """Return the day `days` later, or the last day there is, or the first one."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def added_day(unit: LicenseUnit, first_day: date | None) -> tuple[date | None, str]:
    """Return the day on which a unit was added, and what tells it: ``start_date`` or ``first_seen``.

    `first_day` is the first day on which the store observed any subscription: what was there then was added
    nobody knows when, so the day is None (``kpis.md``, added day).
    """
    if unit.start_date is not None:
        return unit.start_date, "start_date"
    if first_day is not None and unit.first_seen > first_day:
        return unit.first_seen, "first_seen"
    return None, "first_seen"


def months_between(later: date | None, earlier: date | None) -> int | None:
    """Return the whole calendar months from one day to another; None where a day is unknown."""
    if later is None or earlier is None:
        return None
    from dateutil.relativedelta import relativedelta

    apart = relativedelta(later, earlier)
    return apart.years * 12 + apart.months


def sum_of(values: Iterable[int | None]) -> int | None:
    """Return the sum, 0 of none; None where any of the values is unknown."""
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def customers_of(units: Iterable[LicenseUnit | Brief]) -> int:
    """Return how many distinct customers the units belong to."""
    return len({unit.org_id for unit in units})
