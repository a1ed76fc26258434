"""Inventories: a file holds the whole inventory of each customer it names, and replaces it.

What a file held is kept as long as its run stands, so that an import can be undone; equal inventories
share their rows. The newest day counts, on one day the later run (``files.md``, Inventories).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from partnerctl.domain.entities import Entity
from partnerctl.domain.history import Value
from partnerctl.stores.changing import Replaced
from partnerctl.stores.tables import INVENTORY_TABLES

_CHUNK = 2000


class InventoryStaging:
    """The staged rows of one inventory file."""

    def __init__(
        self, connection: sqlite3.Connection, entity: Entity, columns: tuple[str, ...], serial: int
    ) -> None:
        self.entity = entity
        self.columns = tuple(c for c in entity.values if c != "org_id")
        given = tuple(c for c in self.columns if c in columns)
        self.name = f"staged_{serial}"
        self._connection = connection
        self._order = tuple(columns.index(c) for c in ("org_id", *given))
        names = ("line", "day", "org_id", *given)
        self.dated = False
        self.empty: dict[str, str] = {}
        self._cells = ", ".join(c if c in given else f"NULL AS {c}" for c in self.columns)
        self._order_by = ", ".join(given) or "org_id"
        self._rows: list[tuple[Value, ...]] = []
        connection.execute(f"CREATE TEMP TABLE {self.name} ({', '.join(names)})")
        self._insert = f"INSERT INTO {self.name} VALUES ({', '.join('?' * len(names))})"

    def add(self, line: int, values: tuple[Value, ...], day: str | None = None) -> None:
        """Stage one row; `values` in the order of the columns that the staging was made with.

        `day` is that of the row, where the file says one; a customer's newest one counts for all its rows.
        """
        self._rows.append((line, day, *[values[i] for i in self._order]))
        self.dated = self.dated or day is not None
        if len(self._rows) >= _CHUNK:
            self.flush()

    def add_empty(self, org_id: str, day: str) -> None:
        """Stage that a customer had nothing on that day; only who asked of that very customer knows it."""
        self.empty[org_id] = max(day, self.empty.get(org_id, day))

    def flush(self) -> None:
        """Write what is buffered into the temporary table."""
        if self._rows:
            self._connection.executemany(self._insert, self._rows)
            self._rows.clear()

    def groups(self, only: str = "1") -> Iterator[tuple[str, Iterator[tuple[Value, ...]]]]:
        """Yield each customer and its rows, in their lasting order and as wide as the entity.

        So equal inventories are equal whatever columns a file has, and in whatever order.
        """
        rows = self._connection.execute(
            f"SELECT org_id, {self._cells} FROM {self.name} WHERE {only} ORDER BY org_id, {self._order_by}"
        )
        for org_id, group in groupby(rows, key=itemgetter(0)):
            yield org_id, (row[1:] for row in group)

    def drop(self) -> None:
        """Remove the temporary table."""
        self._rows.clear()
        self._connection.execute(f"DROP TABLE IF EXISTS {self.name}")


def absorb_inventory(
    connection: sqlite3.Connection, staged: InventoryStaging, run_id: int, day: str
) -> Replaced:
    """Record the staged inventories as `run_id`'s, and make the newest ones current.

    `day` is that of the customers whose rows say none.
    """
    staged.flush()
    entity = staged.entity.name
    connection.execute("CREATE TEMP TABLE digests (org_id PRIMARY KEY, sha256, rows, content_id, day)")
    try:
        repeats = 0
        found = []
        for org_id, rows in staged.groups():
            digest, count, again = _digest(rows)
            repeats += again
            found.append((org_id, digest, count))
            if len(found) >= _CHUNK:
                connection.executemany(_DIGEST, found)
                found.clear()
        connection.executemany(_DIGEST, found)
        _date(connection, staged, day)
        connection.executemany(_EMPTY, [(org_id, _NOTHING, on) for org_id, on in staged.empty.items()])
        _store_contents(connection, staged)
        counts = _counts(connection, entity)
        connection.execute(
            "INSERT INTO inventories_observed (entity, org_id, day, run_id, content_id)"
            " SELECT :entity, org_id, day, :run_id, content_id FROM digests WHERE 1",
            {"entity": entity, "run_id": run_id},
        )
        make_current(connection, "SELECT :entity AS entity, org_id FROM digests", {"entity": entity})
    finally:
        connection.execute("DROP TABLE digests")
    return Replaced(counts[0], counts[1], counts[2] + repeats, repeats, *counts[3:])


_DIGEST = "INSERT INTO digests (org_id, sha256, rows) VALUES (?, ?, ?)"
_EMPTY = "INSERT INTO digests (org_id, sha256, rows, day) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING"
_NOTHING = hashlib.sha256().hexdigest()


def _date(connection: sqlite3.Connection, staged: InventoryStaging, day: str) -> None:
    """Give every customer's inventory its day."""
    connection.execute("UPDATE digests SET day = :day", {"day": day})
    if staged.dated:
        connection.execute(
            f"UPDATE digests SET day = s.day FROM (SELECT org_id, MAX(day) AS day FROM {staged.name}"
            " GROUP BY org_id HAVING MAX(day) IS NOT NULL) s WHERE s.org_id = digests.org_id"
        )


def _digest(rows: Iterator[tuple[Value, ...]]) -> tuple[str, int, int]:
    """Return the digest of a customer's rows, how many differ, and how many repeat another."""
    digest = hashlib.sha256()
    count = again = 0
    last: tuple[Value, ...] | None = None
    for row in rows:
        if row == last:
            again += 1
            continue
        last = row
        count += 1
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest(), count, again


def _store_contents(connection: sqlite3.Connection, staged: InventoryStaging) -> None:
    """Give every digest its content; only contents that the store does not hold yet are written."""
    entity = {"entity": staged.entity.name}
    newest = connection.execute("SELECT COALESCE(MAX(content_id), 0) FROM inventory_contents").fetchone()[0]
    connection.execute(
        "INSERT INTO inventory_contents (entity, sha256, rows)"
        " SELECT DISTINCT :entity, sha256, rows FROM digests WHERE 1 ON CONFLICT DO NOTHING",
        entity,
    )
    connection.execute(
        "UPDATE digests SET content_id = (SELECT c.content_id FROM inventory_contents c"
        " WHERE c.entity = :entity AND c.sha256 = digests.sha256)",
        entity,
    )
    connection.execute(
        "CREATE TEMP TABLE fresh AS SELECT MIN(org_id) AS org_id, content_id FROM digests"
        " WHERE content_id > :newest GROUP BY content_id",
        {"newest": newest},
    )
    contents: dict[str, int] = dict(connection.execute("SELECT org_id, content_id FROM fresh"))
    names = ("content_id", "position", *staged.columns)
    connection.executemany(
        f"INSERT INTO {INVENTORY_TABLES[staged.entity.name]} ({', '.join(names)})"
        f" VALUES ({', '.join('?' * len(names))})",
        _content_rows(staged, contents),
    )
    connection.execute("DROP TABLE fresh")


def _content_rows(staged: InventoryStaging, contents: dict[str, int]) -> Iterator[tuple[Value, ...]]:
    if not contents:
        return
    for org_id, rows in staged.groups("org_id IN (SELECT org_id FROM fresh)"):
        content_id = contents[org_id]
        position = 0
        last: tuple[Value, ...] | None = None
        for row in rows:
            if row != last:
                last = row
                position += 1
                yield (content_id, position, *row)


def _counts(connection: sqlite3.Connection, entity: str) -> tuple[int, int, int, int, int]:
    """Return rows of new, changed and unchanged customers; how many have newer ones, others that day."""
    row = connection.execute(
        """
        SELECT COALESCE(SUM(CASE WHEN i.org_id IS NULL THEN d.rows END), 0),
            COALESCE(SUM(CASE WHEN i.content_id != d.content_id AND i.day <= d.day THEN d.rows END), 0),
            COALESCE(SUM(CASE WHEN i.content_id = d.content_id OR i.day > d.day THEN d.rows END), 0),
            COALESCE(SUM(i.day > d.day), 0),
            COALESCE(SUM(i.content_id != d.content_id AND i.day = d.day), 0)
        FROM digests d LEFT JOIN inventories i ON i.entity = :entity AND i.org_id = d.org_id
        """,
        {"entity": entity},
    ).fetchone()
    return row[0], row[1], row[2], row[3], row[4]


def make_current(connection: sqlite3.Connection, which: str, params: dict[str, Value]) -> None:
    """Choose anew the inventory that counts, for the entity and customers that the SELECT `which` yields."""
    connection.execute(f"CREATE TEMP TABLE chosen AS {which}", params)
    connection.execute(
        "DELETE FROM inventories WHERE (entity, org_id) IN (SELECT c.entity, c.org_id FROM chosen c)"
    )
    connection.execute(
        """
        INSERT INTO inventories (entity, org_id, day, content_id)
        SELECT o.entity, o.org_id, o.day, o.content_id FROM chosen c
        JOIN inventories_observed o ON o.entity = c.entity AND o.org_id = c.org_id
        WHERE NOT EXISTS (
            SELECT 1 FROM inventories_observed n WHERE n.entity = o.entity AND n.org_id = o.org_id
            AND (n.day > o.day OR (n.day = o.day AND n.run_id > o.run_id))
        )
        """
    )
    connection.execute("DROP TABLE chosen")


def remove_orphans(connection: sqlite3.Connection) -> None:
    """Remove the rows of inventories that nobody shares, also of none that was taken back."""
    orphans = (
        "SELECT c.content_id FROM inventory_contents c WHERE NOT EXISTS"
        " (SELECT 1 FROM inventories_observed o WHERE o.content_id = c.content_id)"
        " AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.content_id = c.content_id)"
    )
    for table in INVENTORY_TABLES.values():
        connection.execute(f"DELETE FROM {table} WHERE content_id IN ({orphans})")
    connection.execute(f"DELETE FROM inventory_contents WHERE content_id IN ({orphans})")
