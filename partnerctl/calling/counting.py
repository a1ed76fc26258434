"""What the folder holds, and what is deleted from it when it is old."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from partnerctl.calling.committing import commit, explained, settle_if_dead, writing
from partnerctl.calling.engine import engine, matching
from partnerctl.calling.folder import DayFile, day_files
from partnerctl.domain.calling.kinds import KINDS, CallingKind
from partnerctl.domain.calling.place import CallingPlace


@dataclass(frozen=True, slots=True)
class Held:
    """How many days, records and bytes there are of a kind, from the first day to the last."""

    kind: CallingKind
    since: date | None
    until: date | None
    days: int
    records: int
    bytes: int


def held(place: CallingPlace) -> tuple[Held, ...]:
    """Return what the folder holds of each kind; raises UsageError without the extra, MachineFault."""
    settle_if_dead(place.path, place.wait)
    with explained(place.path):
        return tuple(_held(kind, day_files(place.path, kind)) for kind in KINDS)


def prune(
    place: CallingPlace,
    before: date,
    recording: Callable[[tuple[Held, ...]], AbstractContextManager[None]] | None,
) -> tuple[Held, ...]:
    """Delete the days before `before`, of every kind, and return what they held.

    Without `recording` nothing is deleted. Raises UsageError without the extra, Locked, MachineFault.
    """
    if not place.path.exists():
        return tuple(_held(kind, ()) for kind in KINDS)
    with writing(place.path, place.wait):
        files = [file for kind in KINDS for file in day_files(place.path, kind) if file.day < before]
        found = tuple(_held(kind, tuple(file for file in files if file.kind is kind)) for kind in KINDS)
        if recording is not None and files:
            with recording(found):
                commit(place.path, (), [file.path.relative_to(place.path) for file in files])
        return found


def _held(kind: CallingKind, files: tuple[DayFile, ...]) -> Held:
    if not files:
        return Held(kind, None, None, 0, 0, 0)
    size = sum(file.bytes for file in files)
    return Held(kind, files[0].day, files[-1].day, len(files), _records([f.path for f in files]), size)


def _records(paths: list[Path]) -> int:
    with engine() as connection:
        listed = ", ".join(map(matching, paths))
        found = connection.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata([{listed}])").fetchone()
        return int(found[0]) if found else 0
