"""Files of the folder replaced all together or not at all, by one writer at a time.

New files are staged and flushed; then a journal that names them is put in place by rename: from that moment
the change has happened, and whoever takes the lock next finishes what was not yet moved. Without a journal
whatever is staged is the rest of a writer that died, and is swept away.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from partnerctl.calling.folder import JOURNAL, LOCK, STAGING
from partnerctl.documents.private import make_private, write_private
from partnerctl.errors import Locked, MachineFault


@contextmanager
def writing(root: Path, wait: float) -> Iterator[Path]:
    """Hold the lock of the folder, and yield an empty folder to stage files in, which goes with the block.

    A change that a dead writer began is finished or rolled back first. Raises Locked after `wait` seconds,
    MachineFault.
    """
    make_private(root)
    with _locked(root, wait), explained(root):
        settle(root)
        staging = root / STAGING
        staging.mkdir(mode=0o700)
        try:
            yield staging
        finally:
            if not (staging / JOURNAL).exists():
                shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _locked(root: Path, wait: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(root / LOCK, mode=0o600)
    try:
        lock.acquire(timeout=wait)
    except Timeout as fault:
        raise Locked(
            f"another command writes call records in {root}",
            "try again later, or wait longer with --wait",
        ) from fault
    except OSError as fault:
        raise MachineFault(f"{root}: cannot be written to ({fault.strerror or fault})") from fault
    try:
        yield
    finally:
        lock.release()


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn errors of the operating system into MachineFault."""
    try:
        yield
    except OSError as fault:
        raise MachineFault(
            f"{fault.filename or root}: {fault.strerror or fault}",
            "free some space, or check the permissions of the folder",
        ) from fault


def commit(root: Path, replace: Sequence[Path], remove: Sequence[Path] = ()) -> None:
    """Put the staged files `replace` in place and remove others; paths are below the root, staged and not.

    Raises OSError before anything has happened; from the journal on the change will happen, by this writer
    or the next.
    """
    staging = root / STAGING
    for path in replace:
        _flush(staging / path)
    for folder in {staging / path.parent for path in replace}:
        _flush(folder)
    journal = {
        "replace": [path.as_posix() for path in replace],
        "remove": [path.as_posix() for path in remove],
    }
    write_private(staging / JOURNAL, json.dumps(journal))
    _flush(staging)
    settle(root)


def settle(root: Path) -> None:
    """Finish the change that a journal tells of, and sweep what is staged without one."""
    staging = root / STAGING
    journal = staging / JOURNAL
    if journal.exists():
        told = json.loads(journal.read_text(encoding="utf-8"))
        rights = root.stat().st_mode & 0o777  # a folder that others may read was made so on purpose
        for text in told["replace"]:
            _move(staging / text, root / text, rights)
        for text in told["remove"]:
            (root / text).unlink(missing_ok=True)
            with suppress(OSError):
                (root / text).parent.rmdir()
        for folder in {(root / text).parents[1] for text in (*told["replace"], *told["remove"])}:
            if folder.exists():
                _flush(folder)
        journal.unlink()
    if staging.exists():
        shutil.rmtree(staging)


def is_unsettled(root: Path) -> bool:
    """Tell whether a change has begun to happen and is not finished."""
    return (root / STAGING / JOURNAL).exists()


def settle_if_dead(root: Path, wait: float) -> None:
    """Finish the change of a writer that died, where there is one; raises Locked where it lives on."""
    if is_unsettled(root):
        with _locked(root, wait), explained(root):
            settle(root)


def _move(staged: Path, target: Path, rights: int) -> None:
    if not staged.exists():
        return  # it was moved before the writer died
    for folder in (target.parents[1], target.parent):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            folder.chmod(rights)
    staged.chmod(rights & 0o666)
    staged.replace(target)
    _flush(target.parent)


def _flush(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    if os.name == "nt" and path.is_dir():  # pragma: no cover - no other system refuses
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
