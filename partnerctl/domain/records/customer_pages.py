"""Customers as a search and their own page show them (PH-C12, PH-C13), and who manages them (PH-A1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnerctl.domain.records.customers import Customer

if TYPE_CHECKING:
    from partnerctl.domain.records.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class FoundCustomer(Customer):
    """A customer that a search found (PH-C12), the address that matched and where it stood."""

    matched_email: str | None
    matched_in: str


@dataclass(frozen=True, slots=True)
class CustomerAdmin:
    """A partner administrator who manages one customer (PH-A1)."""

    email: str
    name: str | None
    role: str | None
    org_id: str
    customer: str | None


@dataclass(frozen=True, slots=True)
class CustomerDetail(Customer):
    """One customer opened (PH-C13): its subscriptions, trials and partner administrators."""

    industry: str | None
    planned_users: int | None
    total_users: int | None
    verified_users: int | None
    external_id: str | None
    subscriptions_detail: tuple[Subscription, ...]
    trials_detail: tuple[Subscription, ...]
    admins: tuple[CustomerAdmin, ...]
