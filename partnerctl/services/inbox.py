"""The inbox: a folder in which report files arrive; a tick takes in what is new before it runs reports."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from partnerctl.clock import Clock
from partnerctl.errors import Conflict, Locked, MachineFault, PartnerctlError
from partnerctl.ingest.typed import ReadOptions
from partnerctl.services.import_run import ImportOptions
from partnerctl.services.imports import Imported, import_paths
from partnerctl.services.recording import reason_of
from partnerctl.stores.contract import Store

DONE = "done"
FAILED = "failed"
"""The folders, within the inbox, of files that were taken in, and of files that could not be."""

SETTLED = timedelta(seconds=30)
"""How long a file must have stood unchanged: one that is still being copied is left for the next tick."""

_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart")


@dataclass(frozen=True, slots=True)
class Inbox:
    """The folder, and how its files are read; `warn` says what could not be taken in."""

    folder: Path
    reading: ReadOptions
    importing: ImportOptions
    warn: Callable[[str], None]


def waiting_files(folder: Path, clock: Clock) -> list[Path]:
    """Return the files that have arrived, by name; raises MachineFault where the folder cannot be read."""
    try:
        found = [path for path in folder.iterdir() if _arrived(path, clock.now())]
    except OSError as fault:
        raise MachineFault(
            f"the inbox {folder} cannot be read: {fault.strerror or fault}",
            "make it, or correct it with: partnerctl config set inbox.dir FOLDER",
        ) from fault
    return sorted(found)


def take_in(store: Store, inbox: Inbox, clock: Clock) -> bool:
    """Import what has arrived, move each file to ``done`` or ``failed``, and return whether all went well.

    A file that refers to another one is tried again after that one. Where another tick is at it, nothing
    is done here and Locked is raised: reports wait for fresh files. Raises MachineFault, Locked.
    """
    from filelock import FileLock, Timeout

    files = waiting_files(inbox.folder, clock)
    if not files:
        return True
    try:
        with FileLock(inbox.folder / ".partnerctl.lock", timeout=0, mode=0o600):
            return _take_in(store, inbox, waiting_files(inbox.folder, clock))
    except Timeout as fault:
        raise Locked("another tick is importing from the inbox") from fault
    except OSError as fault:
        raise MachineFault(
            f"the inbox {inbox.folder}: {fault.strerror or fault}", "check its permissions and the free space"
        ) from fault


def _take_in(store: Store, inbox: Inbox, files: list[Path]) -> bool:
    while True:  # again and again: what one refers to may have come with another
        reasons = {path: _imported(store, inbox, path) for path in files}
        failed = {path: reason for path, reason in reasons.items() if reason is not None}
        if len(failed) in (0, len(files)):
            break
        files = list(failed)
    for path, reason in failed.items():
        _put_aside(path, reason)
        inbox.warn(f"inbox: {path.name}: {reason}")
    return not failed


def _imported(store: Store, inbox: Inbox, path: Path) -> str | None:
    """Import a file and move it to ``done``; return why it could not be imported, where it could not."""
    try:
        done = import_paths(store, [path], inbox.reading, inbox.importing, _refuse)
        reason = _problem(done)
    except (Locked, MachineFault, OSError):
        raise
    except Exception as fault:  # noqa: BLE001 - one file must not keep all reports from being written
        return reason_of(fault)
    if reason is None:
        _move(path, DONE)
    return reason


def _problem(done: Imported) -> str | None:
    try:
        done.raise_failure()
    except MachineFault:
        raise
    except PartnerctlError as fault:
        if fault.code == "locked":
            raise
        return "; ".join(dict.fromkeys((*(one.reason for one in done.failures), fault.reason)))
    return None


def _refuse(question: str) -> None:
    raise Conflict(f"it needs a confirmation: {question}", "import it by hand")


def _put_aside(path: Path, reason: str) -> None:
    place = _move(path, FAILED)
    place.with_name(f"{place.name}.txt").write_text(f"{reason}\n", "utf-8")


def _move(path: Path, to: str) -> Path:
    """Move a file into a folder of the inbox, under a name that is free there; return its place."""
    folder = path.parent / to
    folder.mkdir(mode=0o700, exist_ok=True)
    place, number = folder / path.name, 2
    while place.exists():
        place, number = folder / f"{path.stem}_{number}{path.suffix}", number + 1
    return path.rename(place)


def _arrived(path: Path, now: datetime) -> bool:
    if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED):
        return False
    try:
        found = path.lstat()
    except FileNotFoundError:  # another tick has put it away
        return False
    if not stat.S_ISREG(found.st_mode):  # a link may lead anywhere
        return False
    age = now - datetime.fromtimestamp(found.st_mtime, UTC)
    return age >= SETTLED or age < timedelta(0)  # from a machine whose clock is ahead: it would never settle
