"""Withdrawing what a run observed, and reinstating it: rows move between the observations and an archive.

What was folded from them is folded again: the store is then as if they had never come, or had never gone.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from partnerctl.stores.dialect import json_array, json_element
from partnerctl.stores.inventories import make_current, remove_orphans
from partnerctl.stores.refolding import refold
from partnerctl.stores.sets import spread
from partnerctl.stores.sighting import remember_moved, sight_moved
from partnerctl.stores.tables import HISTORY_TABLES, SETS

if TYPE_CHECKING:
    from partnerctl.stores.feed.writing import ChangeLog

_INVENTORIES = ("entity", "org_id", "day", "content_id")
_COMPLETE = ("day", "region")


def withdraw(connection: sqlite3.Connection, run_id: int, log: ChangeLog) -> None:
    """Move what one run observed into the archive."""
    _archive(connection, run_id, "complete_reports", _COMPLETE)
    said = "SELECT subscription_id FROM subscriptions_observed WHERE run_id = :run_id"
    remember_moved(connection, said, {"run_id": run_id})
    for table in HISTORY_TABLES.values():
        _keep_keys(connection, run_id, table.observed, table.keys)
        _archive(connection, run_id, table.observed, (*table.keys, "day", "spoken", *table.values))
        _refold_kept(connection, table.name, log)
    sight_moved(connection, log)
    _keep_keys(connection, run_id, "inventories_observed", ("entity", "org_id"))
    _archive(connection, run_id, "inventories_observed", _INVENTORIES, content="content_id")
    _choose_kept(connection)
    remove_orphans(connection)


def reinstate(connection: sqlite3.Connection, run_id: int, log: ChangeLog) -> None:
    """Move what one run observed back out of the archive."""
    _restore(connection, run_id, "complete_reports", _COMPLETE)
    for table in HISTORY_TABLES.values():
        _restore(connection, run_id, table.observed, (*table.keys, "day", "spoken", *table.values))
        _keep_keys(connection, run_id, table.observed, table.keys)
        _refold_kept(connection, table.name, log)
    said = "SELECT subscription_id FROM subscriptions_observed WHERE run_id = :run_id"
    remember_moved(connection, said, {"run_id": run_id})
    sight_moved(connection, log)
    _restore(connection, run_id, "inventories_observed", _INVENTORIES)
    _keep_keys(connection, run_id, "inventories_observed", ("entity", "org_id"))
    _choose_kept(connection)


def _archive(
    connection: sqlite3.Connection, run_id: int, table: str, columns: tuple[str, ...], content: str = "NULL"
) -> None:
    given = {"run_id": run_id, "place": table}
    connection.execute(
        "INSERT INTO withdrawn (run_id, place, position, content, content_id)"
        f" SELECT run_id, :place, ROW_NUMBER() OVER (ORDER BY {columns[0]}), {json_array(columns)}, {content}"
        f" FROM {table} WHERE run_id = :run_id",
        given,
    )
    connection.execute(f"DELETE FROM {table} WHERE run_id = :run_id", given)


def _restore(connection: sqlite3.Connection, run_id: int, table: str, columns: tuple[str, ...]) -> None:
    given = {"run_id": run_id, "place": table}
    values = ", ".join(json_element("content", f"'{at}'") for at in range(len(columns)))
    connection.execute(
        f"INSERT INTO {table} (run_id, {', '.join(columns)}) SELECT run_id, {values} FROM withdrawn"
        " WHERE run_id = :run_id AND place = :place ORDER BY position",
        given,
    )
    connection.execute("DELETE FROM withdrawn WHERE run_id = :run_id AND place = :place", given)


def _keep_keys(connection: sqlite3.Connection, run_id: int, table: str, keys: tuple[str, ...]) -> None:
    connection.execute(
        f"CREATE TEMP TABLE retraced AS SELECT DISTINCT {', '.join(keys)} FROM {table}"
        " WHERE run_id = :run_id",
        {"run_id": run_id},
    )


def _refold_kept(connection: sqlite3.Connection, name: str, log: ChangeLog) -> None:
    table = HISTORY_TABLES[name]
    refold(connection, table, f"SELECT {', '.join(table.keys)} FROM retraced", log)
    if name in SETS:
        spread(connection, name, "SELECT org_id FROM retraced")
    connection.execute("DROP TABLE retraced")


def _choose_kept(connection: sqlite3.Connection) -> None:
    make_current(connection, "SELECT entity, org_id FROM retraced", {})
    connection.execute("DROP TABLE retraced")
