"""Putting another store in the place of the present one: all of it in one transaction, the old one kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from partnerctl.errors import InvalidData, Locked, MachineFault
from partnerctl.stores.connection import connect, create_file, refuse_network, translated
from partnerctl.stores.migrate import migrate, pending, schema_number
from partnerctl.stores.tables import TABLES

_COMPANIONS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a store's file turned out to be: its schema's number, how many customers and runs it holds."""

    schema: int
    customers: int
    runs: int


def inspect_file(path: Path) -> Inspected:
    """Return what the store in a file is, without changing it.

    Raises InvalidData where it is no store, is damaged, or was made by a newer version.
    """
    try:
        with translated(path), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            pending(connection)
            number = schema_number(connection)
            if number == 0:
                raise InvalidData(f"{path.name} is no store")
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise InvalidData(f"{path.name} is damaged: {found}")
            customers = connection.execute("SELECT COUNT(*) FROM customers").fetchone()[0]
            runs = connection.execute("SELECT COUNT(*) FROM runs").fetchone()[0]
            return Inspected(number, customers, runs)
    except MachineFault as fault:
        raise InvalidData(fault.reason, "nothing was changed; try another archive") from fault
    except sqlite3.Error as fault:
        raise InvalidData(f"{path.name} is no store ({fault})") from fault


def kept_beside(path: Path) -> Path:
    """Return where the store at `path` is kept when another takes its place."""
    return path.with_name(f"{path.name}.before-restore")


def replace_store(path: Path, fresh: Path, *, wait: float, at: str) -> None:
    """Let the store at `path` hold what the inspected file `fresh` holds; `fresh` is used up.

    The present store is kept beside itself. Readers see the old store or the new one. Raises Locked where
    another run writes for longer than `wait` seconds, MachineFault.
    """
    with translated(fresh), closing(connect(fresh, wait=wait, readonly=False)) as connection:
        migrate(connection, None, at)
        connection.execute("UPDATE schedule_states SET paused = 1")  # what is resumed counts from then
        connection.execute("PRAGMA journal_mode = DELETE")
    if not path.exists():
        create_file(path)
        with translated(path):
            fresh.replace(path)
        return
    refuse_network(path)
    kept = kept_beside(path)
    try:
        _fill(path, fresh, kept, wait)
    except Locked:
        raise
    except MachineFault:
        if _sound(path):
            raise
        _swap_damaged(path, fresh, kept)  # nobody can write to what is no database


def _fill(path: Path, fresh: Path, kept: Path, wait: float) -> None:
    """Copy every table within one transaction of the present store, which is copied to `kept` first."""
    with translated(path), closing(connect(path, wait=wait, readonly=False)) as connection:
        migrate(connection, path, "")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("ATTACH DATABASE :fresh AS fresh", {"fresh": str(fresh)})
        connection.execute("BEGIN IMMEDIATE")
        _keep(path, kept)
        for table in (*TABLES, "sqlite_sequence"):
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM fresh.{table}")
        connection.execute("COMMIT")


def _keep(path: Path, kept: Path) -> None:
    """Copy the present store, as its readers see it, beside itself, whole or not at all."""
    partial = kept.with_name(f"{kept.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(connect(path, wait=0, readonly=True)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.replace(kept)


def _sound(path: Path) -> bool:
    """Tell whether the file is a database whose pages are whole."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False


def _swap_damaged(path: Path, fresh: Path, kept: Path) -> None:
    with translated(path):
        shutil.copyfile(path, kept)
        kept.chmod(0o600)
        for companion in _COMPANIONS:
            there = path.with_name(path.name + companion)
            if there.exists():
                there.replace(kept.with_name(kept.name + companion))
        fresh.chmod(0o600)
        fresh.replace(path)
