"""Small report files and canonical files, and a look into the store that took them in."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.conftest import Cli

ACME = "aaaaaaaa-0000-4000-8000-000000000000"
BETA = "bbbbbbbb-0000-4000-8000-000000000000"
GAMA = "cccccccc-0000-4000-8000-000000000000"

CUSTOMERS = f"org_id,name\n{ACME},Acme\n{BETA},Beta\n"
SUBSCRIPTIONS = (
    f"subscription_id,org_id,kind,status\nS1,{ACME},subscription,active\nS2,{BETA},subscription,active\n"
)
DETAILS = "Calculated date,Customer name,Customer organization ID,Subscription ID,Subscription status"
MEETINGS = "Meetings license (available),Meetings license (assigned),Meetings license (used)"
DEVICES = "Customer,Customer organization ID,MAC,Product"

Counts = tuple[int, int, int, int, int]


def write(path: Path, text: str) -> Path:
    """Write a file as UTF-8 and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def details(path: Path, *rows: str, more: str = "") -> Path:
    """Write a Subscription details file of `rows`; `more` are headers after the usual five."""
    return write(path, "\n".join((DETAILS + more, *rows)) + "\n")


def seen(
    day: str, subscription_id: str, org_id: str = ACME, status: str = "Active", name: str = "Acme"
) -> str:
    """Return the row of a Subscription details file."""
    return f"{day},{name},{org_id},{subscription_id},{status}"


def counts(cli: Cli, *words: str | Path, expect: int = 0) -> list[Counts]:
    """Import, and return rows, inserted, updated, unchanged, rejected per file, in the order of reading."""
    records = cli("import", *words, "--json", expect=expect).json
    return [tuple(r[k] for k in ("rows", "inserted", "updated", "unchanged", "rejected")) for r in records]


def ask(home: Path, select: str) -> list[tuple[Any, ...]]:
    """Return what a SELECT yields from the store of the default profile; nothing where there is no store."""
    path = home / "data" / "default.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(select).fetchall()


def column(home: Path, select: str) -> list[Any]:
    """Return the first cell of every row of a SELECT."""
    return [row[0] for row in ask(home, select)]


_OTHERS = ("sqlite_", "runs", "audit", "facts", "report_runs", "complete_", "inventor", "changes")


def stored(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all current rows and versions of the store, without ids of runs and contents, and the log."""
    tables: dict[str, list[tuple[Any, ...]]] = {}
    for name in column(home, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        if name.startswith(_OTHERS):
            continue
        if name.endswith("_observed") or name in ("devices", "phone_numbers", "app_versions"):
            continue
        tables[name] = sorted(ask(home, f"SELECT * FROM {name}"), key=repr)
    for entity, name in (
        ("devices", "devices"),
        ("phone-numbers", "phone_numbers"),
        ("app-versions", "app_versions"),
    ):
        names = column(home, f"SELECT name FROM pragma_table_info('{name}')")
        cells = ", ".join(f"r.{n}" for n in names if n not in ("content_id", "position"))
        tables[name] = ask(
            home,
            f"SELECT i.org_id, i.day, {cells} FROM inventories i JOIN {name} r ON r.content_id = i.content_id"
            f" WHERE i.entity = '{entity}' ORDER BY i.org_id, r.position",
        )
    return tables


def notes(text: str, *parts: str) -> bool:
    """Tell whether one line of `text` holds all parts."""
    return any(all(part in line for part in parts) for line in text.splitlines())


def base(cli: Cli, folder: Path) -> None:
    """Let the store know the customers Acme and Beta, each with one subscription, of 2026-11-01."""
    files: Sequence[Path] = (
        write(folder / "base" / "customers_2026-11-01.csv", CUSTOMERS),
        write(folder / "base" / "subscriptions_2026-11-01.csv", SUBSCRIPTIONS),
    )
    cli("import", *files)
