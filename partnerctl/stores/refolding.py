"""Refolding: current rows and versions of some keys, made anew from their observations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from partnerctl.domain.folding import fold as fold_text
from partnerctl.domain.history import Closing, Folded, Observation, Value, Version, fold
from partnerctl.stores.feed.writing import ChangeLog
from partnerctl.stores.rollups import roll_up
from partnerctl.stores.tables import ABSENT, FOREVER, LICENSE_TABLE, SUBSCRIPTION_TABLE, HistoryTable

Key = tuple[Value, ...]
_CHUNK = 500


def refold(connection: sqlite3.Connection, table: HistoryTable, keys: str, log: ChangeLog) -> None:
    """Make anew what is folded from the observations of the keys that the SELECT `keys` yields.

    Keys that no longer have any observation vanish. What differs from before is noted in the log.
    """
    connection.execute(f"CREATE TEMP TABLE refolded_keys AS {keys}")
    try:
        some = connection.execute("SELECT 1 FROM refolded_keys LIMIT 1").fetchone()
        if some:
            _refold(connection, table, log)
            if table in (SUBSCRIPTION_TABLE, LICENSE_TABLE):
                roll_up(connection, "SELECT DISTINCT subscription_id FROM refolded_keys")
    finally:
        connection.execute("DROP TABLE refolded_keys")


def _refold(connection: sqlite3.Connection, table: HistoryTable, log: ChangeLog) -> None:
    same = " AND ".join(f"k.{k} = o.{k}" for k in table.keys)
    waiting: list[tuple[Key, Folded | None]] = []
    for found in histories(connection, table, f"refolded_keys k JOIN {table.observed} o ON {same}"):
        waiting.append(found)
        if len(waiting) >= _CHUNK:
            _replace(connection, table, waiting, log)
            waiting.clear()
    _replace(connection, table, waiting, log)
    unobserved = connection.execute(
        f"SELECT DISTINCT {', '.join(f'k.{k}' for k in table.keys)} FROM refolded_keys k"
        f" WHERE NOT EXISTS (SELECT 1 FROM {table.observed} o WHERE {same})"
    )
    while gone := unobserved.fetchmany(_CHUNK):
        _replace(connection, table, [(key, None) for key in gone], log)


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


def _replace(
    connection: sqlite3.Connection,
    table: HistoryTable,
    found: list[tuple[Key, Folded | None]],
    log: ChangeLog,
) -> None:
    """Put the folded histories of some keys in the place of what stands of them; None: nothing is known."""
    if table.history:
        for key, folded in found:
            before = _versions_of(connection, table, key)
            after = folded.versions if folded else ()
            if before != after:
                log.note(table, key, before, after)
    keys = [key for key, _ in found]
    known = [(key, folded) for key, folded in found if folded is not None]
    _delete(connection, table.name, table.keys, keys)
    _insert(connection, table.name, current_columns(table), [current_row(table, k, f) for k, f in known])
    if table.history:
        _delete(connection, table.versions, table.keys, keys)
        rows = [row for k, f in known for row in version_rows(table, k, f)]
        _insert(connection, table.versions, version_columns(table), rows)


def _versions_of(connection: sqlite3.Connection, table: HistoryTable, key: Key) -> tuple[Version, ...]:
    rows = connection.execute(
        f"SELECT valid_from, {', '.join(table.values)} FROM {table.versions}"
        f" WHERE {' AND '.join(f'{k} = ?' for k in table.keys)} ORDER BY valid_from",
        key,
    )
    return tuple(Version(row[0], row[1:]) for row in rows)


def _delete(connection: sqlite3.Connection, name: str, columns: tuple[str, ...], keys: list[Key]) -> None:
    same = " AND ".join(f"{column} = ?" for column in columns)
    connection.executemany(f"DELETE FROM {name} WHERE {same}", keys)


def _insert(connection: sqlite3.Connection, name: str, columns: tuple[str, ...], rows: list[Key]) -> None:
    places = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)
