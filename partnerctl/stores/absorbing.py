"""Absorbing: staged observations become part of the history, and current rows and versions follow.

Where a file is newer than all that the store knows of its keys, a few statements do it for the whole file;
keys for which it is not are folded again from their observations (`refolding`). Both give the same rows.
"""

from __future__ import annotations

import sqlite3

from partnerctl.stores.feed.writing import ChangeLog
from partnerctl.stores.refolding import refold
from partnerctl.stores.rollups import roll_up
from partnerctl.stores.staging import Staging
from partnerctl.stores.tables import ABSENT, FOREVER, LICENSE_TABLE, SUBSCRIPTION_TABLE


def absorb(connection: sqlite3.Connection, staged: Staging, log: ChangeLog) -> None:
    """Record the staged observations as those of the log's run, fold them, and log what they change.

    Each staged row is marked with ``how`` it changed what the store said for its day: 0 not at all,
    1 another value, 2 a new key.
    """
    _mark(connection, staged)
    log.hold_back(staged)
    _observe(connection, staged, log.run_id)
    if staged.table.history:
        _add_versions(connection, staged)
        log.add(staged)
    _set_current(connection, staged)
    keys = ", ".join(staged.table.keys)
    refold(connection, staged.table, f"SELECT DISTINCT {keys} FROM {staged.name} WHERE slow", log)
    if staged.table is LICENSE_TABLE:
        roll_up(connection, f"SELECT DISTINCT subscription_id FROM {staged.name} WHERE NOT slow AND how != 0")


def _match(staged: Staging, other: str) -> str:
    return " AND ".join(f"{other}.{k} = s.{k}" for k in staged.table.keys)


def _mark(connection: sqlite3.Connection, staged: Staging) -> None:
    """Mark every staged row: how it differs from what is known for its day, and whether it needs a refold."""
    table, s = staged.table, staged.name
    backfills = f"({staged.mask} & ~c.spoken) != 0" if table.carries else "0"
    closes = "0"
    if table is SUBSCRIPTION_TABLE:  # a sighting reopens what was closed on its day, or until now
        if "status" in staged.columns:
            closes = f"s.status IS '{ABSENT}'"
        else:
            backfills += f" OR c.status IS '{ABSENT}' OR v.status IS '{ABSENT}'"
    # A mere sighting says nothing new of a day that the history already covers.
    late = "c.last_seen >= s.day" if staged.mask else "c.first_seen > s.day"
    repeated = " AND ".join(f"o.{k} = s.{k}" for k in table.keys)
    prior = table.versions if table.history else table.name
    valid = " AND v.valid_from <= s.day AND v.valid_to > s.day" if table.history else ""
    differs = [f"v.{c} IS NOT s.{c}" for c in staged.columns]
    if not table.carries:
        unspoken = [f"v.{c} IS NOT NULL" for c in table.values if c not in staged.columns]
        differs += [f"(c.last_seen < s.day AND ({' OR '.join(unspoken)}))"] if unspoken else []
    changed = " OR ".join((f"v.{table.keys[0]} IS NULL", *differs))
    connection.execute(
        f"""
        UPDATE {s} SET how = m.how, slow = m.slow FROM (
            SELECT s.rowid AS id,
                CASE WHEN c.last_seen IS NULL THEN 2 WHEN {changed} THEN 1 ELSE 0 END AS how,
                (c.last_seen IS NOT NULL AND ({late} OR {backfills})) OR {closes} OR EXISTS (
                    SELECT 1 FROM {s} o WHERE {repeated} AND o.day != s.day
                ) AS slow
            FROM {s} s
            LEFT JOIN {table.name} c ON {_match(staged, "c")}
            LEFT JOIN {prior} v ON {_match(staged, "v")}{valid}
        ) m WHERE m.id = {s}.rowid AND (m.how != 0 OR m.slow != 0)
        """
    )


def _observe(connection: sqlite3.Connection, staged: Staging, run_id: int) -> None:
    names = (*staged.table.keys, "day", *staged.columns)
    connection.execute(
        f"INSERT INTO {staged.table.observed} (run_id, spoken, {', '.join(names)})"
        f" SELECT :run_id, :mask, {', '.join(names)} FROM {staged.name} WHERE 1"
        f" ORDER BY {', '.join(staged.table.keys)} ON CONFLICT DO NOTHING",
        {"run_id": run_id, "mask": staged.mask},
    )


def _add_versions(connection: sqlite3.Connection, staged: Staging) -> None:
    """End the version that held until now, where the new one differs, and begin the new one."""
    table, s = staged.table, staged.name
    connection.execute(
        f"UPDATE {table.versions} AS v SET valid_to = s.day FROM {s} s"
        f" WHERE {_match(staged, 'v')} AND v.valid_to = '{FOREVER}' AND s.how = 1 AND NOT s.slow"
    )
    values = (*table.values, *(f"{c}_folded" for c in table.folded))
    spoken = {*staged.columns, *staged.folded}
    kept = "c" if table.carries else None
    sources = [f"s.{c}" if c in spoken else f"{kept}.{c}" if kept else "NULL" for c in values]
    connection.execute(
        f"INSERT INTO {table.versions} ({', '.join(table.keys)}, valid_from, valid_to, {', '.join(values)})"
        f" SELECT {', '.join(f's.{k}' for k in table.keys)}, s.day, '{FOREVER}', {', '.join(sources)}"
        f" FROM {s} s LEFT JOIN {table.name} c ON {_match(staged, 'c')}"
        f" WHERE s.how != 0 AND NOT s.slow ORDER BY {', '.join(f's.{k}' for k in table.keys)}"
    )


def _set_current(connection: sqlite3.Connection, staged: Staging) -> None:
    table, s = staged.table, staged.name
    keys = ", ".join(table.keys)
    given = (*table.keys, *staged.columns, *staged.folded)
    if table.carries:
        changed = (*staged.columns, *staged.folded)
    else:
        changed = (*table.values, *(f"{c}_folded" for c in table.folded))
    updates = [f"{c} = excluded.{c}" for c in changed]
    newest = f"CASE WHEN {table.name}.last_seen > excluded.last_seen THEN {table.name}.last_seen"
    updates += [
        f"last_seen = {newest} ELSE excluded.last_seen END",
        f"spoken = {table.name}.spoken | excluded.spoken",
    ]
    connection.execute(
        f"INSERT INTO {table.name} ({', '.join(given)}, first_seen, last_seen, spoken)"
        f" SELECT {', '.join(given)}, day, day, :mask FROM {s} WHERE NOT slow"
        f" ORDER BY {keys} ON CONFLICT ({keys}) DO UPDATE SET {', '.join(updates)}",
        {"mask": staged.mask},
    )
