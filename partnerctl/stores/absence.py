"""Complete reports: what they do not list is absent from their day on (``files.md``, --complete).

That a report was complete is kept, so that a file of an older day that comes later gives the same store.
"""

from __future__ import annotations

import sqlite3

from partnerctl.domain.history import Value
from partnerctl.stores.feed.writing import ChangeLog
from partnerctl.stores.refolding import refold
from partnerctl.stores.tables import ABSENT, SUBSCRIPTION_TABLE

_MASK = SUBSCRIPTION_TABLE.mask(("status",))
_CLOSING = f"({{0}}.spoken = {_MASK} AND {{0}}.status IS '{ABSENT}')"  # a file's row speaks of org_id too
_IN_SCOPE = (
    "(:region IS NULL OR EXISTS (SELECT 1 FROM customers c WHERE c.org_id = s.org_id AND c.region = :region))"
)


def missing(connection: sqlite3.Connection, staged: str, day: str, region: str | None) -> tuple[int, int]:
    """Return how many subscriptions known on `day` the staged file does not list, and how many there are."""
    row = connection.execute(
        f"""
        SELECT COALESCE(SUM(NOT EXISTS (
                SELECT 1 FROM {staged} f WHERE f.subscription_id = s.subscription_id
            )), 0), COUNT(*)
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


def close_missing(
    connection: sqlite3.Connection, subscriptions: str, log: ChangeLog, run_id: int | None = None
) -> None:
    """Decide anew which of the subscriptions that a SELECT yields are closed, by all reports or by one run's.

    A closing is no observation of its own: it follows from what the files said, whatever their order. So
    those that no longer follow are taken back.
    """
    reports = connection.execute(
        "SELECT run_id, day, region FROM complete_reports WHERE :run_id IS NULL OR run_id = :run_id",
        {"run_id": run_id},
    ).fetchall()
    if not reports:
        return
    connection.execute(f"CREATE TEMP TABLE closable AS {subscriptions}")
    connection.execute(
        "CREATE TEMP TABLE closings (subscription_id, run_id, day, PRIMARY KEY (run_id, subscription_id))"
    )
    connection.execute("CREATE TEMP TABLE reclosed (subscription_id)")
    for report, day, region in reports:
        _decide(connection, {"run_id": report, "day": day, "region": region})
    refold(connection, SUBSCRIPTION_TABLE, "SELECT DISTINCT subscription_id FROM reclosed", log)
    for name in ("closable", "closings", "reclosed"):
        connection.execute(f"DROP TABLE {name}")


def _decide(connection: sqlite3.Connection, report: dict[str, Value]) -> None:
    """Let the observations hold the closings that one report makes, and no others of it."""
    connection.execute(
        f"""
        INSERT INTO closings SELECT DISTINCT s.subscription_id, :run_id, :day
        FROM closable k JOIN subscriptions s ON s.subscription_id = k.subscription_id
        WHERE {_IN_SCOPE} AND {_seen("o.day <= :day")} AND NOT {_seen("o.day = :day AND o.run_id = :run_id")}
        """,
        report,
    )
    stale = (
        f"FROM subscriptions_observed WHERE run_id = :run_id AND {_CLOSING.format('subscriptions_observed')}"
        " AND subscription_id IN (SELECT subscription_id FROM closable) AND subscription_id NOT IN"
        " (SELECT subscription_id FROM closings WHERE run_id = :run_id)"
    )
    connection.execute(f"INSERT INTO reclosed SELECT subscription_id {stale}", report)
    connection.execute(f"DELETE {stale}", report)
    fresh = (
        "FROM closings c WHERE c.run_id = :run_id AND NOT EXISTS (SELECT 1 FROM subscriptions_observed o"
        " WHERE o.subscription_id = c.subscription_id AND o.day = c.day AND o.run_id = c.run_id)"
    )
    connection.execute(f"INSERT INTO reclosed SELECT c.subscription_id {fresh}", report)
    connection.execute(
        "INSERT INTO subscriptions_observed (subscription_id, day, run_id, spoken, status)"
        f" SELECT c.subscription_id, c.day, c.run_id, {_MASK}, '{ABSENT}' {fresh}",
        report,
    )


def _seen(when: str) -> str:
    """Return the condition that a file spoke of the subscription ``s``, not that a report left it out."""
    return (
        "EXISTS (SELECT 1 FROM subscriptions_observed o WHERE o.subscription_id = s.subscription_id"
        f" AND {when} AND NOT {_CLOSING.format('o')})"
    )
