"""Migrations: ordered, named, each recorded in the transaction that makes it; listable without writing."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from partnerctl.errors import MachineFault

MIGRATIONS: tuple[str, ...] = ("m001_first", "m002_changes", "m003_withdrawn", "m004_schedules", "m005_syncs")
"""Every migration, oldest first; the schema's number is how many a store has had."""

_LOOK = (
    "SELECT (SELECT user_version FROM pragma_user_version),"
    " (SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('facts', 'customers_observed')) = 2,"
    " EXISTS (SELECT 1 FROM sqlite_schema)"
)
_FOLDER = Path(__file__).with_name("migrations")


def schema_number(connection: sqlite3.Connection) -> int:
    """Return how many migrations the store has had; 0 for a new one."""
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def pending(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of the migrations that the store still needs, without writing.

    Raises MachineFault where the store was made by a newer version, or where the file is another program's.
    """
    number, ours, tables = connection.execute(_LOOK).fetchone()  # one statement: one instant
    if tables and not (number and ours):
        raise MachineFault(
            "the file is a database of another program, and no store", "name another file with --store"
        )
    if number > len(MIGRATIONS):
        raise MachineFault(
            f"the store has schema {number}, this partnerctl knows {len(MIGRATIONS)}",
            "upgrade partnerctl: the store was written by a newer version",
        )
    return MIGRATIONS[number:]


def migrate(connection: sqlite3.Connection, path: Path | None, at: str) -> tuple[str, ...]:
    """Bring the store up to date and return the names of the migrations made.

    Each runs in one transaction with its record; an existing file is copied first, beside itself.
    """
    done: list[str] = []
    stood = schema_number(connection) > 0
    for name in pending(connection):
        if path is not None and stood:
            _copy(connection, path.with_name(f"{path.name}.before-{name}"))
        _apply(connection, name, at)
        done.append(name)
    return tuple(done)


def _apply(connection: sqlite3.Connection, name: str, at: str) -> None:
    number = MIGRATIONS.index(name) + 1
    connection.execute("BEGIN IMMEDIATE")
    try:
        if schema_number(connection) < number:  # another process may have been quicker
            for statement in _statements(name):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO facts (name, value) VALUES (:name, :at)", {"name": f"migration:{name}", "at": at}
            )
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk, or an interrupt, may have ended it already
            connection.execute("ROLLBACK")
        raise


def _statements(name: str) -> list[str]:
    """Return the statements of a migration's file; none holds a semicolon of its own."""
    lines = (_FOLDER / f"{name}.sql").read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    return [statement for statement in text.split(";") if statement.strip()]


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_RDWR, 0o600))  # for the owner alone, as the store is
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
