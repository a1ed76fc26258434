"""Complete reports: what they do not list is absent from their day on (``files.md``, --complete).

That a report was complete is kept, so that a file of an older day that comes later gives the same store.
"""

from __future__ import annotations

import sqlite3

from partnerctl.stores.refolding import refold
from partnerctl.stores.tables import ABSENT, SUBSCRIPTION_TABLE

_IN_SCOPE = (
    "(:region IS NULL OR EXISTS (SELECT 1 FROM customers c"
    " WHERE c.org_id = s.org_id AND c.region = :region))"
)


def missing(connection: sqlite3.Connection, staged: str, day: str, region: str | None) -> tuple[int, int]:
    """Return how many subscriptions known on `day` the staged file does not list, and how many there are."""
    row = connection.execute(
        f"""
        SELECT COALESCE(SUM(NOT EXISTS (SELECT 1 FROM {staged} f WHERE f.subscription_id = s.subscription_id)), 0),
            COUNT(*)
        FROM subscriptions s WHERE s.first_seen <= :day AND s.status IS NOT '{ABSENT}' AND {_IN_SCOPE}
        """,
        {"day": day, "region": region},
    ).fetchone()
    return row[0], row[1]


def declare_complete(connection: sqlite3.Connection, run_id: int, day: str, region: str | None) -> None:
    """Keep that the report of `run_id` listed every subscription of `day` (in `region`)."""
    connection.execute(
        "INSERT INTO complete_reports (run_id, day, region) VALUES (:run_id, :day, :region)",
        {"run_id": run_id, "day": day, "region": region},
    )


def close_missing(connection: sqlite3.Connection, since: str) -> None:
    """Close what complete reports of `since` or later do not list; does nothing where that is done."""
    mask = SUBSCRIPTION_TABLE.mask(("status",))
    reports = connection.execute(
        "SELECT run_id, day, region FROM complete_reports WHERE day >= :since ORDER BY day, run_id",
        {"since": since},
    ).fetchall()
    for run_id, day, region in reports:
        given = {"run_id": run_id, "day": day, "region": region}
        connection.execute(
            f"""
            CREATE TEMP TABLE closing AS SELECT s.subscription_id FROM subscriptions s
            WHERE s.first_seen <= :day AND {_IN_SCOPE} AND NOT EXISTS (
                SELECT 1 FROM subscriptions_observed o
                WHERE o.subscription_id = s.subscription_id AND o.day = :day AND o.run_id = :run_id
            )
            """,
            given,
        )
        connection.execute(
            "INSERT INTO subscriptions_observed (subscription_id, day, run_id, spoken, status)"
            f" SELECT subscription_id, :day, :run_id, {mask}, '{ABSENT}' FROM closing",
            {"day": day, "run_id": run_id},
        )
        refold(connection, SUBSCRIPTION_TABLE, "SELECT subscription_id FROM closing")
        connection.execute("DROP TABLE closing")
