"""Tags and assignments: what a customer carries is one set, observed whole (``files.md``, Inventories).

The set is JSON text: tags as ``[subscription id or "", tag, folded tag]``, assignments as addresses. The
tables ``tags`` and ``assignments`` spread the newest sets out for joins and filters.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from partnerctl.domain.folding import fold

Tag = tuple[str, str]
"""A subscription id, empty for the customer's own tags, and the tag."""


def tag_members(tags: Iterable[Tag]) -> str:
    """Return the JSON text of a customer's tags."""
    members = sorted((subscription_id, fold(tag), tag) for subscription_id, tag in tags)
    return json.dumps([[s, tag, folded] for s, folded, tag in members], ensure_ascii=False)


def address_members(addresses: Iterable[str]) -> str:
    """Return the JSON text of the administrators who manage a customer."""
    return json.dumps(sorted(set(addresses)), ensure_ascii=False)


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


def members_of(members: str | None) -> list[tuple[str, ...]]:
    """Return the members of a set's JSON text: (subscription id, tag, folded tag) or (address,)."""
    found = json.loads(members or "[]")
    return [tuple(m) if isinstance(m, list) else (m,) for m in found]
