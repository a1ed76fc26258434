"""Finding one: a customer by name or id, an address anywhere, names for completion (PH-C12)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from partnerctl.stores.terms import Sighting

_ADDRESSES = """
    SELECT u.org_id AS org_id, u.email AS email, 'users' AS matched_in, 1 AS rank
    FROM users u WHERE u.email LIKE :pattern ESCAPE '!' AND u.org_id IS NOT NULL
    UNION ALL
    SELECT s.org_id, s.email, 'admins', 2 FROM assignments s WHERE s.email LIKE :pattern ESCAPE '!'
    UNION ALL
    SELECT i.org_id, LOWER(d.user_id), 'devices', 3 FROM devices d
    JOIN inventories i ON i.content_id = d.content_id AND i.entity = 'devices'
    WHERE LOWER(d.user_id) LIKE :pattern ESCAPE '!'
    UNION ALL
    SELECT i.org_id, LOWER(p.user_id), 'phone-numbers', 4 FROM phone_numbers p
    JOIN inventories i ON i.content_id = p.content_id AND i.entity = 'phone-numbers'
    WHERE LOWER(p.user_id) LIKE :pattern ESCAPE '!'
"""


class Finder:
    """Looks single things up over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def customer_names(self, folded: str, limit: int) -> list[tuple[str, str]]:
        """Return id and name of customers of that folded name."""
        return self._connection.execute(
            "SELECT org_id, name FROM customers WHERE name_folded = :folded AND merged_into IS NULL"
            " ORDER BY name, org_id LIMIT :row_limit",
            {"folded": folded, "row_limit": limit},
        ).fetchall()

    def customer_exists(self, org_id: str) -> bool:
        """Tell whether a customer of that id is known."""
        return self._one("SELECT 1 FROM customers WHERE org_id = :value AND merged_into IS NULL", org_id)

    def merged_into(self, org_id: str) -> str | None:
        """Return the customer into which that one was merged, or None."""
        row = self._connection.execute(
            "SELECT merged_into FROM customers WHERE org_id = :org_id", {"org_id": org_id}
        ).fetchone()
        return None if row is None else row[0]

    def all_customer_names(self) -> Iterator[tuple[str, str]]:
        """Yield id and name of every customer."""
        yield from self._connection.execute(
            "SELECT org_id, COALESCE(name, '') FROM customers WHERE merged_into IS NULL ORDER BY name, org_id"
        )

    def subscription_exists(self, subscription_id: str) -> bool:
        """Tell whether a subscription or trial of that id is known."""
        return self._one("SELECT 1 FROM subscriptions WHERE subscription_id = :value", subscription_id)

    def subscription_ids(self) -> Iterator[str]:
        """Yield the id of every subscription."""
        for (found,) in self._connection.execute(
            "SELECT subscription_id FROM subscriptions WHERE org_id IS NOT NULL ORDER BY subscription_id"
        ):
            yield found

    def addresses(self, pattern: str) -> Iterator[Sighting]:
        """Yield where addresses LIKE the pattern stand, the surest list first."""
        rows = self._connection.execute(
            "SELECT DISTINCT COALESCE(c.merged_into, f.org_id) AS org_id, f.email, f.matched_in, f.rank"
            f" FROM ({_ADDRESSES}) f LEFT JOIN customers c ON c.org_id = f.org_id"
            " ORDER BY f.rank, f.email, 1",
            {"pattern": pattern},
        )
        for org_id, email, matched_in, _ in rows:
            yield Sighting(org_id, email, matched_in)

    def _one(self, statement: str, value: str) -> bool:
        return self._connection.execute(statement, {"value": value}).fetchone() is not None
