"""Sightings: a license figure observes the customer that its subscription belonged to on that day.

Where a file says that a subscription belonged to another customer, the sightings that its license figures
made before are decided anew: so the order of the files does not matter.
"""

from __future__ import annotations

import sqlite3

from partnerctl.stores.feed.writing import ChangeLog
from partnerctl.stores.refolding import refold
from partnerctl.stores.tables import CUSTOMER_TABLE

_JUSTIFIED = """
    (EXISTS (
        SELECT 1 FROM subscriptions_versions v JOIN licenses_observed l
        ON l.subscription_id = v.subscription_id AND l.day = c.day AND l.run_id = c.run_id
        WHERE v.org_id = c.org_id AND v.valid_from <= c.day AND v.valid_to > c.day
    ) OR EXISTS (
        SELECT 1 FROM subscriptions_versions v JOIN subscriptions_observed o
        ON o.subscription_id = v.subscription_id AND o.day = c.day AND o.run_id = c.run_id
        WHERE v.org_id = c.org_id AND o.org_id = c.org_id
    ))
"""
"""A run sighted the customer ``c`` on the day: by a license figure, or by a subscription."""


def remember_moved(connection: sqlite3.Connection, subscriptions: str, given: dict[str, int]) -> None:
    """Keep which of the subscriptions that a SELECT yields were said to belong to several customers."""
    connection.execute(
        "CREATE TEMP TABLE moved AS SELECT DISTINCT o.subscription_id, o.org_id"
        f" FROM subscriptions_observed o WHERE o.subscription_id IN ({subscriptions})"
        " AND EXISTS (SELECT 1 FROM subscriptions_observed p WHERE p.subscription_id = o.subscription_id"
        " AND p.org_id != o.org_id)",
        given,
    )


def sight_moved(connection: sqlite3.Connection, log: ChangeLog) -> None:
    """Decide anew which customers the license figures of what `remember_moved` kept have sighted."""
    if connection.execute("SELECT 1 FROM moved LIMIT 1").fetchone():
        connection.execute(
            "CREATE TEMP TABLE sightings AS SELECT DISTINCT m.org_id, l.day, l.run_id FROM moved m"
            " JOIN licenses_observed l ON l.subscription_id = m.subscription_id"
        )
        connection.execute(
            "DELETE FROM customers_observed WHERE spoken = 0 AND (org_id, day, run_id) IN"
            f" (SELECT org_id, day, run_id FROM sightings c WHERE NOT {_JUSTIFIED})"
        )
        connection.execute(
            "INSERT INTO customers_observed (org_id, day, run_id, spoken)"
            f" SELECT org_id, day, run_id, 0 FROM sightings c WHERE {_JUSTIFIED} ON CONFLICT DO NOTHING"
        )
        refold(connection, CUSTOMER_TABLE, "SELECT DISTINCT org_id FROM sightings", log)
        connection.execute("DROP TABLE sightings")
    connection.execute("DROP TABLE moved")
