"""The kinds of changes, and what a summary calls them."""

from __future__ import annotations

from collections.abc import Mapping

CHANGE_KINDS: dict[str, tuple[str, str]] = {
    "customer_new": ("customers", "new"),
    "customer_gone": ("customers", "gone"),
    "customer_back": ("customers", "back"),
    "customer_changed": ("customers", "changed"),
    "customer_withdrawn": ("customers", "withdrawn"),
    "subscription_added": ("subscriptions", "added"),
    "subscription_ended": ("subscriptions", "ended"),
    "subscription_extended": ("subscriptions", "extended"),
    "subscription_shortened": ("subscriptions", "shortened"),
    "renewal_switched": ("subscriptions", "renewal switched"),
    "status_changed": ("subscriptions", "status changed"),
    "subscription_changed": ("subscriptions", "otherwise changed"),
    "subscription_withdrawn": ("subscriptions", "withdrawn"),
    "licenses_bought": ("licenses", "bought"),
    "licenses_assigned": ("licenses", "assigned"),
    "licenses_used": ("licenses", "used"),
    "licenses_ended": ("licenses", "ended"),
    "tags_changed": ("tags", "changed"),
    "admins_changed": ("administrators", "changed"),
}
"""Every kind, in the order of a summary: what it is a change of, and which."""

ENDED_STATUSES = ("expired", "cancelled", "absent")
"""The statuses with which a subscription has ended."""


def summary(counts: Mapping[str, int]) -> str:
    """Return how many changes there are of each kind: ``customers new 3 · gone 1 · tags changed 2``."""
    words: list[str] = []
    last = None
    for kind, (group, what) in CHANGE_KINDS.items():
        if counts.get(kind):
            words.append(f"{what if group == last else f'{group} {what}'} {counts[kind]}")
            last = group
    return " · ".join(words)
