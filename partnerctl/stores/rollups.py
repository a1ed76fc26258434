"""Roll-ups: the license figures of a subscription, summed over its products, beside the subscription.

A sum is NULL where any of its terms is unknown, and 0 where there are none (``kpis.md``).
"""

from __future__ import annotations

import sqlite3

MEASURES = ("total", "assigned", "used_7d", "used_3m", "used_ever")
"""The figures of a license row, in order."""

ROLLED_UP = (*MEASURES, "over_limit", "products")
"""The columns that a subscription's licenses roll up into."""

_SUMS = ", ".join(
    f"CASE WHEN COUNT(l.product) = COUNT(l.{m}) THEN COALESCE(SUM(l.{m}), 0) END AS {m}" for m in MEASURES
)
SUMS = (
    f"{_SUMS}, COALESCE(MAX(l.assigned > l.total), 0) AS over_limit,"
    " GROUP_CONCAT(CASE WHEN l.total > 0 THEN l.product END, ';') AS products"
)
"""The roll-up of the license rows ``l`` of one group."""


def roll_up(connection: sqlite3.Connection, subscriptions: str) -> None:
    """Sum anew the licenses of the subscriptions that the SELECT `subscriptions` yields."""
    sets = ", ".join(f"{c} = f.{c}" for c in ROLLED_UP)
    connection.execute(
        f"""
        UPDATE subscriptions SET {sets} FROM (
            SELECT k.subscription_id, {SUMS}
            FROM ({subscriptions}) k
            LEFT JOIN licenses l ON l.subscription_id = k.subscription_id AND l.ended = 0
            GROUP BY k.subscription_id
        ) f WHERE f.subscription_id = subscriptions.subscription_id
        """
    )
