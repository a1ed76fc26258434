"""Retracing a run: how much it said, and which later runs spoke of the same (``cli.md``, undo)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from partnerctl.stores.tables import HISTORY_TABLES


@dataclass(frozen=True, slots=True)
class LaterWord:
    """A later run that spoke of the same fields of the same thing; `key` is the thing's id."""

    run_id: int
    table: str
    key: str
    fields: tuple[str, ...]


def observations(connection: sqlite3.Connection, run_id: int) -> int:
    """Return how many observations of things the store holds of one run, rows of inventories included."""
    given = {"run_id": run_id}
    total = 0
    for table in HISTORY_TABLES.values():
        statement = f"SELECT COUNT(*) FROM {table.observed} WHERE run_id = :run_id"
        total += connection.execute(statement, given).fetchone()[0]
    inventories: int = connection.execute(
        "SELECT COALESCE(SUM(c.rows), 0) FROM inventories_observed o"
        " JOIN inventory_contents c ON c.content_id = o.content_id WHERE o.run_id = :run_id",
        given,
    ).fetchone()[0]
    return total + inventories


def later_words(connection: sqlite3.Connection, run_id: int) -> Iterator[LaterWord]:
    """Yield what later runs said of the same fields of the same things as this run, by table and key."""
    for table in HISTORY_TABLES.values():
        same = " AND ".join(f"l.{k} = o.{k}" for k in table.keys)
        keys = ", ".join(f"o.{k}" for k in table.keys)
        rows = connection.execute(
            f"SELECT DISTINCT {keys}, l.run_id, l.spoken & o.spoken FROM {table.observed} o"
            f" JOIN {table.observed} l ON {same} AND l.run_id > o.run_id AND l.spoken & o.spoken != 0"
            f" WHERE o.run_id = :run_id ORDER BY {keys}, l.run_id",
            {"run_id": run_id},
        )
        for *key, later, mask in rows:
            yield LaterWord(later, table.name, " ".join(key), table.spoken(mask))
