"""What the lists return: one frozen record per row; the field order is the key order of JSON (``cli.md``).

Days are ``date``, instants aware ``datetime`` in UTC, unknown is None. Counts are numbers of licenses or
of things; percentages run from 0 to 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Organization:
    """The partner's own organization (PH-O4)."""

    org_id: str
    name: str | None
    industry: str | None
    planned_users: int | None
    region: str | None


@dataclass(frozen=True, slots=True)
class User:
    """A person that the store knows (PH-O2). `customer` and `role` are None where there is none."""

    email: str
    name: str | None
    org_id: str
    customer: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class RegionCount:
    """One region, or ``unknown``, and how many customers' data lives there (PH-O5)."""

    region: str
    name: str
    customers: int


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


@dataclass(frozen=True, slots=True)
class FoundCustomer(Customer):
    """A customer that a search found (PH-C12), the address that matched and where it stood."""

    matched_email: str | None
    matched_in: str


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
class Order:
    """One line of a subscription's order history (PH-S3)."""

    order_id: str
    subscription_id: str
    ordered_date: date | None
    product: str | None
    quantity: int | None
    status: str | None
    invoice: str | None


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


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What the import of one file did (``cli.md``, import). Counts are of rows of the file."""

    run_id: int | None
    file: str
    entity: str
    day: date | None
    rows: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ReportRun:
    """One run of a report, scheduled or by hand (PH-R1); `run_id` is None where it could not be recorded."""

    run_id: int | None
    template: str
    schedule: str | None
    due: datetime | None
    status: str
    path: str | None
    rows: int | None
    bytes: int | None
    sha256: str | None
    region: str | None
    since: date | None
    until: date | None
    data_as_of: date | None
    started: datetime | None
    finished: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: who changed what, when, from what to what; `before` and `after` are JSON text."""

    at: datetime
    actor: str
    run_id: int
    action: str
    object: str
    before: str | None
    after: str | None
