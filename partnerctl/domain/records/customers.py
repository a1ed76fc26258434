"""One customer of a list (PH-C1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer (PH-C1 to PH-C9). Counts, products and licenses are over what runs on the day."""

    org_id: str
    name: str | None
    region: str | None
    country: str | None
    managed_by: str | None
    statuses: tuple[str, ...]
    products: tuple[str, ...]
    tags: tuple[str, ...]
    subscriptions: int
    trials: int
    licenses_total: int | None
    licenses_assigned: int | None
    next_end_date: date | None
    created_date: date | None
    last_admin_login: date | None
    data_as_of: date | None
