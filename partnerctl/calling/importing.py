"""Records taken into the folder: staged, told apart from those that are there, put in place all together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.calling.committing import commit, writing
from partnerctl.calling.deduplicating import settle_records
from partnerctl.calling.engine import WRITING_MEMORY, engine
from partnerctl.calling.loading import NotPlain, load, load_plain
from partnerctl.domain.calling.kinds import CallingKind
from partnerctl.domain.calling.place import CallingPlace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did, in records; `since` and `until` are the days of the records, None without any."""

    rows: int
    inserted: int
    updated: int
    unchanged: int
    since: date | None
    until: date | None


Recording = Callable[[TakenIn], AbstractContextManager[None]]
"""Stands around the moment in which records are put in place, and knows what that does."""

Load = Callable[["DuckDBPyConnection", Path], tuple[date, ...]]
"""Writes records into staged files, and returns their days."""


def take_in(
    place: CallingPlace, kind: CallingKind, files: Sequence[Path], at: datetime, recording: Recording | None
) -> TakenIn:
    """Take in the records of canonical files, all of them or none.

    Without `recording` nothing is changed: only what would happen is returned. Raises Locked, MachineFault.
    """
    return _take_in(place, kind, lambda opened, staging: load(opened, kind, files, at, staging), recording)


def take_in_plain(
    place: CallingPlace,
    kind: CallingKind,
    path: Path,
    columns: Sequence[str | None],
    recording: Recording | None,
) -> TakenIn | None:
    """Take in the records of a plain file of Webex, as `take_in` does; see `load_plain` for `columns`.

    Returns None, having changed nothing, where only the strict reader can say what the file holds. Raises
    Locked, MachineFault.
    """
    try:
        return _take_in(
            place, kind, lambda opened, staging: load_plain(opened, kind, path, columns, staging), recording
        )
    except NotPlain:
        return None


def _take_in(place: CallingPlace, kind: CallingKind, load_in: Load, recording: Recording | None) -> TakenIn:
    with writing(place.path, place.wait) as staging, engine(WRITING_MEMORY) as opened:
        days = load_in(opened, staging)
        change = settle_records(opened, kind, days, place.path, staging)
        taken = TakenIn(
            change.rows,
            change.inserted,
            change.updated,
            change.unchanged,
            min(days, default=None),
            max(days, default=None),
        )
        if recording is not None:
            with recording(taken):
                if change.replace or change.remove:
                    commit(place.path, change.replace, change.remove)
        return taken
