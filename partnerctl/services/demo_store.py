"""The made data of `demo`, taken into a store: the same seed and day give the same store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.clock import Clock, timestamp
from partnerctl.demo.made import Demo
from partnerctl.domain.batches import Batch, Cell
from partnerctl.domain.history import Value
from partnerctl.domain.members import address_members, tag_members
from partnerctl.domain.stepping import Step, unheard
from partnerctl.errors import Conflict

if TYPE_CHECKING:
    from partnerctl.stores.contract import Store, Unit

FACT = "demo"
"""The store's fact that says that its data is made."""


@dataclass(frozen=True, slots=True)
class DemoFilled:
    """What the demo put into the store."""

    store: str
    as_of: date
    seed: int
    customers: int
    subscriptions: int
    licenses: int
    weeks: int


def fill_store(store: Store, demo: Demo, clock: Clock, actor: str, step: Step = unheard) -> DemoFilled:
    """Take `demo` into a store as its one run; what an earlier demo put there is replaced.

    Raises Conflict where the store holds data that is not made.
    """
    if store.fact(FACT) is None and any(store.counts().values()):
        raise Conflict(
            "this store holds data that is not the demo's",
            "use the profile demo, or another --store",
        )
    with store.unit() as unit:
        now = timestamp(clock.now())
        unit.clear()
        unit.begin("demo", actor, now, "demo")
        unit.set_fact(FACT, f"seed {demo.seed}, as of {demo.as_of}")
        unit.audit(now, actor, "demo", "store", None, None)
        for batch in demo.batches():
            _take(unit, batch)
            step(len(batch.rows))
        unit.commit()
    counts = store.counts()
    return DemoFilled(
        str(store.path),
        demo.as_of,
        demo.seed,
        counts["customers"],
        counts["subscriptions"],
        counts["licenses"],
        len(demo.days),
    )


def _take(unit: Unit, batch: Batch) -> None:
    if batch.entity.inventory:
        inventory = unit.stage_inventory(batch.entity, batch.columns)
        for line, row in enumerate(batch.rows):
            inventory.add(line, _stored(row))
        unit.absorb_inventory(inventory, batch.day.isoformat())
        inventory.drop()
        return
    table, columns, rows = _observations(batch)
    day = batch.day.isoformat()
    unit.observe(table, columns, ((day, values) for values in rows)).drop()


def _observations(batch: Batch) -> tuple[str, tuple[str, ...], Iterable[tuple[Value, ...]]]:
    """Return the table, columns and rows that a batch is stored as."""
    name = batch.entity.name
    if name == "licenses":
        return name, (*batch.columns, "ended"), ((*_stored(row), 0) for row in batch.rows)
    if name not in ("tags", "assignments"):
        return name, batch.columns, map(_stored, batch.rows)
    org = batch.columns.index("org_id")
    sets: dict[str, list[tuple[Cell, ...]]] = {}
    for row in batch.rows:
        sets.setdefault(str(row[org]), []).append(row)
    if name == "assignments":
        email = batch.columns.index("email")
        whole = ((org_id, address_members(str(r[email]) for r in rows)) for org_id, rows in sets.items())
        return "assignment_sets", ("org_id", "members"), whole
    tag, subscription = batch.columns.index("tag"), batch.columns.index("subscription_id")
    tags = (
        (org_id, tag_members((str(r[subscription] or ""), str(r[tag])) for r in rows))
        for org_id, rows in sets.items()
    )
    return "tag_sets", ("org_id", "members"), tags


def _stored(row: tuple[Cell, ...]) -> tuple[Value, ...]:
    return tuple([_plain(cell) for cell in row])


def _plain(cell: Cell) -> Value:
    if isinstance(cell, bool):
        return int(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
