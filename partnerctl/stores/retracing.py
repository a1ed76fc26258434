"""Retracing a run: how much it said, and which later runs spoke of the same (``cli.md``, undo).

What was taken back lies in the archive (`withdrawing`), and counts as well.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from partnerctl.stores.dialect import json_element
from partnerctl.stores.tables import HISTORY_TABLES, HistoryTable


@dataclass(frozen=True, slots=True)
class LaterWord:
    """A later run that spoke of the same fields of the same thing; `key` is the thing's id."""

    run_id: int
    table: str
    key: str
    fields: tuple[str, ...]


def observations(connection: sqlite3.Connection, run_id: int) -> int:
    """Return how many observations of things one run made, rows of inventories included, standing or not."""
    given = {"run_id": run_id}
    total = 0
    for table in HISTORY_TABLES.values():
        statement = f"SELECT COUNT(*) FROM {table.observed} WHERE run_id = :run_id"
        total += connection.execute(statement, given).fetchone()[0]
    rows: int = connection.execute(
        "SELECT COALESCE(SUM(c.rows), 0) FROM ("
        "SELECT content_id FROM inventories_observed WHERE run_id = :run_id"
        " UNION ALL SELECT content_id FROM withdrawn WHERE run_id = :run_id AND content_id IS NOT NULL) o"
        " JOIN inventory_contents c ON c.content_id = o.content_id",
        given,
    ).fetchone()[0]
    taken: int = connection.execute(
        "SELECT COUNT(*) FROM withdrawn WHERE run_id = :run_id AND content_id IS NULL"
        " AND place != 'complete_reports'",
        given,
    ).fetchone()[0]
    return total + rows + taken


def later_words(connection: sqlite3.Connection, run_id: int, since: int) -> Iterator[LaterWord]:
    """Yield what runs after `since` said of the same fields of the same things as one run, by key."""
    for table in HISTORY_TABLES.values():
        same = " AND ".join(f"l.{k} = o.{k}" for k in table.keys)
        keys = ", ".join(f"o.{k}" for k in table.keys)
        rows = connection.execute(
            f"SELECT DISTINCT {keys}, l.run_id, l.spoken & o.spoken FROM ({_said(table)}) o"
            f" JOIN {table.observed} l ON {same} AND l.run_id > :since AND l.spoken & o.spoken != 0"
            f" ORDER BY {keys}, l.run_id",
            {"run_id": run_id, "since": since, "place": table.observed},
        )
        for *key, later, mask in rows:
            yield LaterWord(later, table.name, " ".join(key), table.spoken(mask))


def _said(table: HistoryTable) -> str:
    """Return what the run ``:run_id`` said, wherever it lies now: the keys, and what it spoke of."""
    width = len(table.keys)
    archived = ", ".join(
        f"{json_element('w.content', str(at))} AS {name}"
        for at, name in (*enumerate(table.keys), (width + 1, "spoken"))
    )
    return (
        f"SELECT {', '.join(table.keys)}, spoken FROM {table.observed} WHERE run_id = :run_id"
        f" UNION ALL SELECT {archived} FROM withdrawn w WHERE w.run_id = :run_id AND w.place = :place"
    )
