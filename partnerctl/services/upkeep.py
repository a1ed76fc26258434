"""What the store is, how much it knows, and whether it is sound (``cli.md``, store)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from partnerctl.domain.figures import pct
from partnerctl.domain.stepping import Step, unheard
from partnerctl.domain.suppliers import suppliers
from partnerctl.errors import MachineFault
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class EntityCount:
    """How many things of one kind the store knows."""

    entity: str
    rows: int


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What a store is. Sizes are in bytes: of the file, and of what writers have not merged into it yet."""

    path: str | None
    exists: bool
    schema: int
    size_bytes: int
    wal_bytes: int
    newest_day: date | None
    demo: bool
    entities: tuple[EntityCount, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of an entity's rows have a value in one field, and which files or commands supply it."""

    entity: str
    field: str
    known: int
    rows: int
    known_pct: float | None
    supplied_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the store."""

    problem: str


def store_info(store: Store, demo: bool) -> StoreInfo:
    """Return what the store is and holds; one that does not exist reads as empty."""
    path = store.path
    exists = path is not None and path.exists()
    return StoreInfo(
        path=None if path is None else str(path.absolute()),
        exists=exists,
        schema=store.schema() if exists or path is None else 0,
        size_bytes=_size(path) if path is not None else 0,
        wal_bytes=_size(path.with_name(f"{path.name}-wal")) if path is not None else 0,
        newest_day=store.newest_day(None, None),
        demo=demo,
        entities=tuple(EntityCount(name, rows) for name, rows in store.counts().items()),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def coverage(store: Store, sort: tuple[str, ...] = (), limit: int | None = None) -> Answer[Coverage]:
    """Return how much is known of every field, by entity in the order of files."""
    records = (
        Coverage(entity, field, known, rows, pct(known, rows), suppliers(entity, field))
        for entity, field, known, rows in store.coverage()
    )
    return arranged(Coverage, records, sort, limit, data_as_of=store.newest_day(None, None))


def check_store(store: Store, step: Step = unheard) -> Answer[Problem]:
    """Return everything that is wrong with the store; nothing where all is well.

    `step` hears of how many more things were looked at.
    """
    found: list[Problem] = []
    try:
        found.extend(map(Problem, store.check(step)))
    except MachineFault as fault:  # a file too damaged to be read to its end
        found.append(Problem(fault.reason))
    return Answer(Problem, found)
