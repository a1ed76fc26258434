"""License analytics: the overview, the sections and their rows, the trend (PH-K1 to PH-K7; ``kpis.md``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Overview:
    """The KPIs over all customers (PH-K1); all but the first two counts are of distinct customers."""

    as_of: date
    region: str | None
    horizon_days: int
    total_customers: int
    near_expiry: int
    near_renewal: int
    low_assignment: int
    over_limit: int
    low_assignment_factor: float
    data_as_of: date | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One subscription or trial in one product family; figures are sums over the family's products."""

    customer: str | None
    org_id: str
    subscription_id: str
    product: str
    kind: str
    region: str | None
    start_date: date | None
    end_date: date | None
    auto_renew: bool | None
    total: int | None
    assigned: int | None
    used_7d: int | None
    used_3m: int | None
    used_ever: int | None
    available: int | None


@dataclass(frozen=True, slots=True)
class AddedRow(UnitRow):
    """One unit that was added lately (PH-K3); `added_basis` is ``start_date`` or ``first_seen``."""

    days_since_added: int
    added_basis: str
    weekly_assigned_change: int | None
    weekly_used_change: int | None


@dataclass(frozen=True, slots=True)
class EndingRow(UnitRow):
    """One unit that expires or renews soon (PH-K4, PH-K5)."""

    days_left: int


@dataclass(frozen=True, slots=True)
class LowRow(UnitRow):
    """One unit of which few licenses are assigned (PH-K6)."""

    months_since_added: int | None
    assigned_pct: float | None
    threshold_pct: float | None
    weekly_assigned_change: int | None


@dataclass(frozen=True, slots=True)
class UnassignedRow(UnitRow):
    """One unit of which no license is assigned."""

    months_since_added: int | None


@dataclass(frozen=True, slots=True)
class OverageRow(UnitRow):
    """One unit with more licenses assigned than bought (PH-K7)."""

    months_left: int | None
    assigned_pct: float | None
    used_pct: float | None
    overage: int


@dataclass(frozen=True, slots=True)
class AddedKpis:
    """The KPIs of what was added lately."""

    new_customers: int
    total_licenses: int | None


@dataclass(frozen=True, slots=True)
class EndingKpis:
    """The KPIs of what expires or renews soon."""

    customers: int
    assigned_pct: float | None
    used_pct: float | None
    used_ever_pct: float | None


@dataclass(frozen=True, slots=True)
class LowKpis:
    """The KPIs of low assignment; `threshold_pct` is None for both families at once."""

    customers: int
    assigned_pct: float | None
    used_when_assigned_pct: float | None
    used_of_assigned_pct: float | None
    unassigned_licenses: int | None
    threshold_pct: float | None


@dataclass(frozen=True, slots=True)
class UnassignedKpis:
    """The KPIs of what was bought and is not assigned."""

    customers: int
    unassigned_licenses: int | None


@dataclass(frozen=True, slots=True)
class OverageKpis:
    """The KPIs of what is over the license limit; the average is per customer, to one decimal."""

    customers: int
    total_overage: int
    average_overage: float


Kpis = AddedKpis | EndingKpis | LowKpis | UnassignedKpis | OverageKpis
"""The KPIs of any section."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its KPIs, and the units that it lists; `horizon_days` is None where it has none."""

    section: str
    product: str
    as_of: date
    region: str | None
    horizon_days: int | None
    data_as_of: date | None
    kpis: Kpis
    subscriptions: tuple[UnitRow, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The licenses of what ran on one Saturday (PH-K2), by the figures known on that day."""

    week_ending: date
    total: int | None
    assigned: int | None
    used_7d: int | None
    used_ever: int | None
    customers: int


@dataclass(frozen=True, slots=True)
class FailedCondition:
    """One condition of ``kpis check`` that does not hold, and why."""

    condition: str
    figure: str
    value: int | float | None
    reason: str
