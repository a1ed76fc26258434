"""The folder of calling records: a folder of each kind, a folder of each UTC day in it, one file in that.

``calls/day=2026-11-22/calls.parquet``. Whatever reads Parquet may read it: no more is in there than the
records that live. What is on its way, and the lock, are beside the folders of the kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from partnerctl.domain.calling.kinds import KINDS, CallingKind
from partnerctl.errors import MachineFault

STAGING = ".staging"
LOCK = ".lock"
JOURNAL = "commit.json"

_DAY = re.compile(r"day=([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class DayFile:
    """The records of one kind of one UTC day."""

    kind: CallingKind
    day: date
    path: Path

    @property
    def bytes(self) -> int:
        """The size of the file."""
        return self.path.stat().st_size


def place_of(kind: CallingKind, day: date) -> Path:
    """Return where the file of a day stands, below the folder of all records."""
    return Path(kind.name, f"day={day.isoformat()}", f"{kind.name}.parquet")


def day_files(
    root: Path, kind: CallingKind, since: date | None = None, until: date | None = None
) -> tuple[DayFile, ...]:
    """Return the files of a kind, by day, of `since` to `until`, both included; raises MachineFault."""
    found = []
    for day in _days(root / kind.name):
        path = root / place_of(kind, day)
        if (since is None or day >= since) and (until is None or day <= until) and path.is_file():
            found.append(DayFile(kind, day, path))
    return tuple(found)


def _days(folder: Path) -> Iterable[date]:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as fault:
        raise MachineFault(f"{folder}: cannot be read ({fault.strerror or fault})") from fault
    for name in names:
        match = _DAY.fullmatch(name)
        if match:
            try:
                yield date.fromisoformat(match[1])
            except ValueError:
                continue


def signature(root: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Return what changes whenever a file of the folder is replaced: to see whether a query saw one state."""
    found = []
    for kind in KINDS:
        for file in day_files(root, kind):
            try:
                status = file.path.stat()
            except FileNotFoundError:
                continue
            found.append((str(file.path), status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)
