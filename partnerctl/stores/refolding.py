"""Refolding: current rows and versions of some keys, made anew from their observations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from partnerctl.domain.folding import fold as fold_text
from partnerctl.domain.history import Closing, Folded, Observation, Value, fold
from partnerctl.stores.rollups import roll_up
from partnerctl.stores.tables import ABSENT, FOREVER, LICENSE_TABLE, SUBSCRIPTION_TABLE, HistoryTable

Key = tuple[Value, ...]
_CHUNK = 500


def refold(connection: sqlite3.Connection, table: HistoryTable, keys: str) -> None:
    """Make anew what is folded from the observations of the keys that the SELECT `keys` yields.

    Keys that no longer have any observation vanish.
    """
    connection.execute(f"CREATE TEMP TABLE refolded_keys AS {keys}")
    try:
        some = connection.execute("SELECT 1 FROM refolded_keys LIMIT 1").fetchone()
        if some:
            _refold(connection, table)
            if table in (SUBSCRIPTION_TABLE, LICENSE_TABLE):
                roll_up(connection, "SELECT DISTINCT subscription_id FROM refolded_keys")
    finally:
        connection.execute("DROP TABLE refolded_keys")


def _refold(connection: sqlite3.Connection, table: HistoryTable) -> None:
    keys = ", ".join(table.keys)
    for target in (table.name, table.versions) if table.history else (table.name,):
        connection.execute(f"DELETE FROM {target} WHERE ({keys}) IN (SELECT {keys} FROM refolded_keys)")
    wanted = f"JOIN {table.observed} o ON {' AND '.join(f'k.{k} = o.{k}' for k in table.keys)}"
    waiting: list[tuple[Key, Folded]] = []
    for found in histories(connection, table, f"refolded_keys k {wanted}"):
        waiting.append(found)
        if len(waiting) >= _CHUNK:
            _write(connection, table, waiting)
            waiting.clear()
    _write(connection, table, waiting)


def histories(
    connection: sqlite3.Connection, table: HistoryTable, source: str
) -> Iterator[tuple[Key, Folded]]:
    """Yield each key and its folded history, in the order of keys.

    `source` is the FROM of the observations, which go by the name ``o``.
    """
    width = len(table.keys)
    keys = ", ".join(f"o.{k}" for k in table.keys)
    values = ", ".join(f"o.{v}" for v in table.values)
    closing = closing_of(table)
    rows = connection.execute(
        f"SELECT {keys}, o.day, o.spoken, {values} FROM {source} ORDER BY {keys}, o.day, o.run_id"
    )
    for key, group in groupby(rows, key=itemgetter(slice(0, width))):
        seen = [Observation(row[width], row[width + 1], row[width + 2 :]) for row in group]
        yield key, fold(seen, carries=table.carries, closing=closing)


def closing_of(table: HistoryTable) -> Closing | None:
    """Return what closes a thing of this table until it is seen again; None where nothing does."""
    if table is SUBSCRIPTION_TABLE:
        return Closing(table.values.index("status"), ABSENT)
    return None


def current_row(table: HistoryTable, key: Key, folded: Folded) -> Key:
    """Return the row of the current table: keys, values, folded values, first and last seen, spoken."""
    values = folded.versions[-1].values
    return (*key, *values, *_folded(table, values), folded.first_seen, folded.last_seen, folded.spoken)


def version_rows(table: HistoryTable, key: Key, folded: Folded) -> Iterator[Key]:
    """Yield the rows of the versions table: keys, valid_from, valid_to, values, folded values."""
    ends = [version.valid_from for version in folded.versions[1:]] + [FOREVER]
    for version, valid_to in zip(folded.versions, ends, strict=True):
        yield (*key, version.valid_from, valid_to, *version.values, *_folded(table, version.values))


def _folded(table: HistoryTable, values: tuple[Value, ...]) -> tuple[Value, ...]:
    found = (values[table.values.index(c)] for c in table.folded)
    return tuple(fold_text(v) if isinstance(v, str) else None for v in found)


def current_columns(table: HistoryTable) -> tuple[str, ...]:
    """Return the columns of the current table in the order of `current_row`."""
    folded = (f"{c}_folded" for c in table.folded)
    return (*table.keys, *table.values, *folded, "first_seen", "last_seen", "spoken")


def version_columns(table: HistoryTable) -> tuple[str, ...]:
    """Return the columns of the versions table in the order of `version_rows`."""
    folded = (f"{c}_folded" for c in table.folded)
    return (*table.keys, "valid_from", "valid_to", *table.values, *folded)


def _write(connection: sqlite3.Connection, table: HistoryTable, found: list[tuple[Key, Folded]]) -> None:
    _insert(connection, table.name, current_columns(table), [current_row(table, k, f) for k, f in found])
    if table.history:
        rows = [row for k, f in found for row in version_rows(table, k, f)]
        _insert(connection, table.versions, version_columns(table), rows)


def _insert(connection: sqlite3.Connection, name: str, columns: tuple[str, ...], rows: list[Key]) -> None:
    places = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)
