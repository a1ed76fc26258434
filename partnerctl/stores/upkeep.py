"""Upkeep: what the store holds, how complete it is, whether it is sound, and copies of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from partnerctl.domain.entities import ENTITIES
from partnerctl.domain.members import members_of
from partnerctl.domain.stepping import Step, counted, unheard
from partnerctl.stores.connection import translated
from partnerctl.stores.feed.check import check_log
from partnerctl.stores.refolding import (
    Key,
    current_columns,
    current_row,
    histories,
    version_columns,
    version_rows,
)
from partnerctl.stores.rollups import ROLLED_UP, SUMS
from partnerctl.stores.tables import HISTORY_TABLES, INVENTORY_TABLES, HistoryTable


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many current rows each entity has."""
    found: dict[str, int] = {}
    for name, entity in ENTITIES.items():
        if entity.inventory:
            statement = (
                f"SELECT COUNT(*) FROM inventories i JOIN {INVENTORY_TABLES[name]} r"
                f" ON r.content_id = i.content_id WHERE i.entity = '{name}'"
            )
        else:
            statement = f"SELECT COUNT(*) FROM {name}{_standing(name)}"
        found[name] = connection.execute(statement).fetchone()[0]
    return found


def _standing(name: str) -> str:
    conditions = {
        "customers": " WHERE merged_into IS NULL",
        "subscriptions": " WHERE org_id IS NOT NULL",
        "licenses": " WHERE ended = 0",
    }
    return conditions.get(name, "")


def coverage(connection: sqlite3.Connection) -> Iterator[tuple[str, str, int, int]]:
    """Yield entity, field, how many rows have a value, how many rows there are."""
    for name, entity in ENTITIES.items():
        if name in ("tags", "assignments"):
            continue
        fields = [f.name for f in entity.fields if not (entity.inventory and f.name == "org_id")]
        cells = ", ".join(f"COUNT(r.{f})" for f in fields)
        source = f"{name} r{_standing(name)}"
        if entity.inventory:
            source = (
                f"inventories i JOIN {INVENTORY_TABLES[name]} r ON r.content_id = i.content_id"
                f" WHERE i.entity = '{name}'"
            )
        row = connection.execute(f"SELECT COUNT(*), {cells} FROM {source}").fetchone()
        for field, known in zip(fields, row[1:], strict=True):
            yield name, field, known, row[0]


def check(connection: sqlite3.Connection, step: Step = unheard) -> Iterator[str]:
    """Yield a sentence for everything that is wrong: the file, references, folded rows, roll-ups, changes.

    `step` hears of things as they are folded again.
    """
    for (found,) in connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"the file is damaged: {found}"
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"table {row[0]}: row {row[1]} refers to a row of {row[2]} that is not there"
    for table in HISTORY_TABLES.values():
        yield from _check_folded(connection, table, step)
    for name, target in (("tag_sets", "tags"), ("assignment_sets", "assignments")):
        yield from _check_spread(connection, name, target)
    yield from _check_rollups(connection)
    yield from _check_inventories(connection)
    yield from check_log(connection, step)


def _check_folded(connection: sqlite3.Connection, table: HistoryTable, step: Step) -> Iterator[str]:
    """Fold every observation again and compare, key by key, in the order of keys."""
    order = ", ".join(table.keys)
    current = connection.execute(
        f"SELECT {', '.join(current_columns(table))} FROM {table.name} ORDER BY {order}"
    )
    versions = None
    if table.history:
        versions = connection.execute(
            f"SELECT {', '.join(version_columns(table))} FROM {table.versions} ORDER BY {order}, valid_from"
        )
    for key, folded in counted(histories(connection, table, f"{table.observed} o"), step):
        stands = current.fetchone()
        if stands != current_row(table, key, folded):
            yield _differs(table.name, key)
            return
        for expected in version_rows(table, key, folded) if versions is not None else ():
            if versions is not None and versions.fetchone() != expected:
                yield _differs(table.versions, key)
                return
    if current.fetchone() is not None or (versions is not None and versions.fetchone() is not None):
        yield f"table {table.name} holds rows that no observation speaks of"


def _differs(name: str, key: Key) -> str:
    return f"table {name} differs from its observations at {' '.join(map(str, key))}"


def _check_spread(connection: sqlite3.Connection, name: str, target: str) -> Iterator[str]:
    """Compare the rows of a table with the newest sets that they are spread out from."""
    rows = connection.execute(f"SELECT * FROM {target}").fetchall()
    sets = connection.execute(f"SELECT org_id, members FROM {name}")
    expected = [(org_id, *member) for org_id, members in sets for member in members_of(members)]
    if sorted(rows) != sorted(expected):
        wrong = min(set(rows) ^ set(expected))
        yield f"table {target} differs from its sets at {wrong[0]}"


def _check_rollups(connection: sqlite3.Connection) -> Iterator[str]:
    differs = " OR ".join(f"s.{c} IS NOT f.{c}" for c in ROLLED_UP if c != "products")
    row = connection.execute(
        f"SELECT s.subscription_id FROM subscriptions s JOIN (SELECT k.subscription_id, {SUMS}"
        " FROM subscriptions k LEFT JOIN licenses l ON l.subscription_id = k.subscription_id AND l.ended = 0"
        f" GROUP BY k.subscription_id) f ON f.subscription_id = s.subscription_id WHERE {differs} LIMIT 1"
    ).fetchone()
    if row:
        yield f"the license sums of subscription {row[0]} differ from its license rows"


def _check_inventories(connection: sqlite3.Connection) -> Iterator[str]:
    for entity, table in INVENTORY_TABLES.items():
        row = connection.execute(
            "SELECT c.content_id FROM inventory_contents c WHERE c.entity = :entity AND c.rows !="
            f" (SELECT COUNT(*) FROM {table} r WHERE r.content_id = c.content_id) LIMIT 1",
            {"entity": entity},
        ).fetchone()
        if row:
            yield f"inventory content {row[0]} of {entity} does not hold the rows it should"
    row = connection.execute(
        """
        SELECT i.entity, i.org_id FROM inventories i WHERE NOT EXISTS (
            SELECT 1 FROM inventories_observed o WHERE o.entity = i.entity AND o.org_id = i.org_id
            AND o.day = i.day AND o.content_id = i.content_id
        ) OR EXISTS (
            SELECT 1 FROM inventories_observed o WHERE o.entity = i.entity AND o.org_id = i.org_id
            AND o.day > i.day
        ) LIMIT 1
        """
    ).fetchone()
    if row:
        yield f"the {row[0]} of customer {row[1]} are not those of the newest file"
    row = connection.execute(
        "SELECT entity, org_id FROM inventories_observed EXCEPT"
        " SELECT entity, org_id FROM inventories LIMIT 1"
    ).fetchone()
    if row:
        yield f"the {row[0]} of customer {row[1]} are missing"


def backup(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the store, as it is at this instant, into a new file; readers and writers go on."""
    with translated(path):
        target = sqlite3.connect(path)
        try:
            connection.backup(target)
        finally:
            target.close()
