"""The partner's own organization, its people and its regions (PH-O2, PH-O4, PH-O5)."""

from __future__ import annotations

from dataclasses import dataclass


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
