"""What a change would do, or did, to one thing; and what carries which tags (``cli.md``, Changes)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned change: the thing, its state before and after, and what stands in the way, if anything."""

    action: str
    object: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class TagCount:
    """One tag, and how many customers and subscriptions carry it (PH-T1)."""

    tag: str
    customers: int
    subscriptions: int


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags of a customer, or of one of its subscriptions."""

    org_id: str
    customer: str | None
    subscription_id: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Admin:
    """One partner administrator (PH-A3); `customers` are those assigned, None for a role that sees all."""

    email: str
    name: str | None
    role: str
    customers: int | None
