"""Calling analytics: usage, quality, endpoints, features, queues (PH-L1 to PH-L7; ``docs/calling.md``).

`week` is the Sunday on which the row's week begins. `customer`, `org_id` and `region` are None where a row is
not about one customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CallingUsage:
    """What was called in one week, with the change against the week before and the slope over 8 (PH-L1)."""

    week: date
    customer: str | None
    org_id: str | None
    region: str | None
    endpoint: str | None
    calls: int
    legs: int
    minutes: float
    active_users: int
    calls_change: int | None
    legs_change: int | None
    minutes_change: float | None
    active_users_change: int | None
    calls_slope: float | None


@dataclass(frozen=True, slots=True)
class CallingQuality:
    """How well the calls of one week were heard; unknown is never good (PH-L2 to PH-L4)."""

    week: date
    customer: str | None
    org_id: str | None
    region: str | None
    endpoint: str | None
    legs: int
    good: int
    poor: int
    unknown: int
    poor_pct: float | None
    excluded: int
    excluded_analog: int
    excluded_third_party: int
    excluded_ipv6: int


@dataclass(frozen=True, slots=True)
class CallingEndpoint:
    """What people called on in one week, and how well it was heard (PH-L3)."""

    week: date
    customer: str | None
    org_id: str | None
    region: str | None
    endpoint: str
    legs: int
    legs_pct: float | None
    minutes: float
    active_users: int
    good: int
    poor: int
    unknown: int
    poor_pct: float | None


@dataclass(frozen=True, slots=True)
class CallingFeature:
    """How many calls of one week used a feature (PH-L5)."""

    week: date
    customer: str | None
    org_id: str | None
    region: str | None
    feature: str
    calls: int
    legs: int


@dataclass(frozen=True, slots=True)
class CallingQueues:
    """What became of the calls that reached a queue in one week (PH-L6, PH-L7); times in seconds."""

    week: date
    customer: str | None
    org_id: str | None
    region: str | None
    calls: int | None
    answered: int | None
    abandoned: int | None
    abandoned_pct: float | None
    answer_seconds: float | None
    wait_seconds: float | None
    source: str


@dataclass(frozen=True, slots=True)
class KeptRecords:
    """What the folder holds of one kind of records; days are UTC days, None where it holds nothing."""

    kind: str
    path: str
    since: date | None
    until: date | None
    days: int
    records: int
    bytes: int


@dataclass(frozen=True, slots=True)
class PrunedRecords:
    """What was deleted from the folder of calling records, of one kind, or would be."""

    kind: str
    before: date
    days: int
    records: int
    bytes: int
