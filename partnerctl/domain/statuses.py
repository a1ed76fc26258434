"""Statuses of a customer (PH-C2 to PH-C9; ``kpis.md``, Statuses of a customer), and of a subscription."""

from __future__ import annotations

from typing import NamedTuple

STATUSES: dict[str, str] = {
    "suspended": "a subscription or trial is suspended (unpaid)",
    "expiring_soon": "a subscription or trial ends soon and does not renew by itself",
    "license_overage": "more licenses are assigned than were bought",
    "ready_for_order_setup": "a subscription is not fully set up yet",
    "trial": "a trial is running",
    "subscription": "a subscription is running",
    "no_recent_activity": "no administrator of the customer has signed in recently",
    "expired": "nothing is running any more",
}
"""Every status of a customer and what it means, in the order in which they are listed."""

SUBSCRIPTION_STATUSES: tuple[str, ...] = (
    "active",
    "suspended",
    "expired",
    "cancelled",
    "pending_setup",
    "absent",
)
"""The statuses of a subscription that are known by name; a file may hold other text.

``absent`` is partnerctl's own: a complete report no longer lists it.
"""


class StatusRules(NamedTuple):
    """The two horizons of the statuses, in days (settings ``customers.*``)."""

    expiring_soon_days: int = 30
    inactive_after_days: int = 90


def status_words(flags: int) -> tuple[str, ...]:
    """Return the statuses that a bit mask names; bit 0 is the first of `STATUSES`."""
    found = _WORDS.get(flags)
    if found is None:
        found = _WORDS[flags] = tuple(s for i, s in enumerate(STATUSES) if flags >> i & 1)
    return found


_WORDS: dict[int, tuple[str, ...]] = {}
