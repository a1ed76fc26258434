"""The newest sets of tags and assignments, spread out into rows for joins and filters (`domain.members`)."""

from __future__ import annotations

import sqlite3

from partnerctl.domain.members import members_of


def spread(connection: sqlite3.Connection, table: str, customers: str) -> None:
    """Spread out the newest sets of the customers that the SELECT `customers` yields."""
    target, columns = ("tags", 4) if table == "tag_sets" else ("assignments", 2)
    connection.execute(f"CREATE TEMP TABLE spreading AS {customers}")
    connection.execute(f"DELETE FROM {target} WHERE org_id IN (SELECT org_id FROM spreading)")
    rows = connection.execute(
        f"SELECT org_id, members FROM {table} WHERE org_id IN (SELECT org_id FROM spreading)"
    ).fetchall()
    connection.execute("DROP TABLE spreading")
    connection.executemany(
        f"INSERT INTO {target} VALUES ({', '.join('?' * columns)})",
        ((org_id, *member) for org_id, members in rows for member in members_of(members)),
    )
