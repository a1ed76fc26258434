"""Files as the store meets them, small enough to try in every order: what is said of what, on which day."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from partnerctl.domain.entities import DEVICES
from partnerctl.domain.history import Value
from partnerctl.domain.members import tag_members
from partnerctl.stores.contract import Store
from partnerctl.stores.opening import open_store
from partnerctl.stores.sqlite import SqliteStore
from partnerctl.stores.tables import HISTORY_TABLES

AT = "2026-11-23T12:00:00Z"
Cells = dict[str, Value]


@dataclass(frozen=True)
class Said:
    """One file of one day: per table, what it says of each key; a table's rows all speak of the same columns.

    `complete` says that every subscription is listed, in `region` or everywhere.
    """

    day: str
    tables: dict[str, dict[tuple[str, ...], Cells]] = field(default_factory=dict)
    devices: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = False
    region: str | None = None


def memory() -> SqliteStore:
    """Return a new, empty store in memory."""
    return open_store(":memory:", wait=0, create=True, at=AT)


def tell(store: Store, said: Said) -> int:
    """Let the store hear one file, as an import does; return the run."""
    with store.unit() as unit:
        staged = {}
        for name in HISTORY_TABLES:
            rows = said.tables.get(name)
            if name == "tag_sets" and said.tags:
                rows = {
                    (org,): {"members": tag_members(("", t) for t in tags)} for org, tags in said.tags.items()
                }
            if not rows:
                continue
            table = HISTORY_TABLES[name]
            columns = (*table.keys, *next(iter(rows.values())))
            staged[name] = unit.stage(name, columns)
            for line, (key, cells) in enumerate(rows.items(), 2):
                staged[name].add(line, said.day, (*key, *cells.values()))
            staged[name].index()
        inventory = unit.stage_inventory(DEVICES, ("org_id", "mac", "product")) if said.devices else None
        for org, devices in said.devices.items():
            for line, device in enumerate(devices, 2):
                assert inventory is not None
                inventory.add(line, (org, *device))
        run_id = unit.begin("import", "ana@acme.example", AT, "file.csv")
        for one in staged.values():
            unit.absorb(one)
        if inventory is not None:
            unit.absorb_inventory(inventory, said.day)
        if said.complete:
            unit.declare_complete(said.day, said.region)
        unit.commit()
    return run_id


def forget(store: Store, run_id: int) -> None:
    """Let the store take one run back."""
    with store.unit() as unit:
        unit.begin("undo", "ana@acme.example", AT, str(run_id))
        unit.withdraw(run_id)
        unit.mark_undone(run_id, unit.run_id)
        unit.commit()


def told(files: Iterable[Said]) -> SqliteStore:
    """Return a new store that has heard the files, in this order."""
    store = memory()
    for said in files:
        tell(store, said)
    return store


def dump(store: SqliteStore) -> dict[str, list[Any]]:
    """Return everything that the store holds, without the ids of runs and contents."""
    connection = store._connection
    tables: dict[str, list[Any]] = {}
    names = itertools.chain(
        *((t.name, *((t.versions,) if t.history else ())) for t in HISTORY_TABLES.values()),
        ("tags", "assignments"),
    )
    for name in names:
        tables[name] = sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
    for table in HISTORY_TABLES.values():
        columns = ", ".join((*table.keys, "day", "spoken", *table.values))
        tables[table.observed] = sorted(
            connection.execute(f"SELECT DISTINCT {columns} FROM {table.observed}"), key=repr
        )
    tables["devices"] = list(
        connection.execute(
            "SELECT i.org_id, i.day, d.mac, d.product FROM inventories i"
            " JOIN devices d ON d.content_id = i.content_id ORDER BY 1, d.position"
        )
    )
    return tables
