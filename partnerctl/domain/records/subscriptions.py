"""Subscriptions, trials, their license figures and orders (PH-S1 to PH-S4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProductFigures:
    """The figures of one product within a subscription."""

    product: str
    total: int | None
    assigned: int | None
    used_7d: int | None
    used_3m: int | None
    used_ever: int | None
    available: int | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription or trial (PH-S1, PH-S2, PH-S4, PH-T4); sums are over all its products."""

    subscription_id: str
    customer: str | None
    org_id: str
    kind: str | None
    subscription_type: str | None
    status: str | None
    start_date: date | None
    first_seen: date | None
    end_date: date | None
    auto_renew: bool | None
    days_left: int | None
    invoice: str | None
    tags: tuple[str, ...]
    total: int | None
    assigned: int | None
    used_7d: int | None
    used_3m: int | None
    used_ever: int | None
    available: int | None
    assigned_pct: float | None
    wants_more: bool | None
    licenses: tuple[ProductFigures, ...]


@dataclass(frozen=True, slots=True)
class License:
    """The newest license figures of one subscription and product (PH-S2)."""

    subscription_id: str
    customer: str | None
    org_id: str
    kind: str | None
    status: str | None
    product: str
    total: int | None
    assigned: int | None
    used_7d: int | None
    used_3m: int | None
    used_ever: int | None
    available: int | None
    assigned_pct: float | None
    as_of: date


@dataclass(frozen=True, slots=True)
class Order:
    """One line of a subscription's order history (PH-S3)."""

    order_id: str
    subscription_id: str
    ordered_date: date | None
    product: str | None
    quantity: int | None
    status: str | None
    invoice: str | None
