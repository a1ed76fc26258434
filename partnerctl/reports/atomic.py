"""Files that exist whole or not at all: written beside the target, flushed, then put in place.

A killed writer leaves at most a file called ``.NAME.partial-*``; the next writer in that folder sweeps it.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from partnerctl.errors import Conflict, MachineFault, PartnerctlError, UsageError

_PARTIAL = re.compile(r"\..+\.partial-[0-9a-f]{16}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
# what file systems without hard links answer: FAT, exFAT, some network shares
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}
)


@contextmanager
def atomic_target(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Yield the path of an empty file beside `path`; when the block ends well, it stands at `path`.

    When the block fails, nothing is left. A new file's rights are those of the umask, a replaced one keeps
    its own; a link is followed. Raises UsageError where there is no such folder or no ordinary file, Conflict
    where a file stands at `path` and `overwrite` is off (also one that came meanwhile), MachineFault where
    the machine refuses.
    """
    path = Path(os.path.realpath(path))  # a link that is replaced would no longer be one
    check_target(path, overwrite=overwrite)
    sweep_partials(path.parent)
    with explained(path):
        partial, lock = _claim_partial(path)
    try:
        with explained(path):
            yield partial
            os.fsync(lock)
            lock = _put_in_place(partial, path, lock, overwrite)
    finally:
        if lock >= 0:  # pragma: no branch - Windows alone has it closed by now
            os.close(lock)
        with suppress(OSError):
            partial.unlink()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's errors while `path` is written into words (exit 13; 6 where it exists)."""
    try:
        yield
    except FileExistsError as error:
        raise _taken(path) from error
    except BrokenPipeError:
        raise  # a reader that went away is no fault of the machine
    except OSError as error:
        raise _fault(path, error) from error


def sweep_partials(folder: Path) -> None:
    """Remove the partial files in `folder` whose writers are dead; those of living writers stay."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PARTIAL.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_abandoned(entry.path)


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Check that a file may stand at `path`, before the work of writing it; raises like ``atomic_target``."""
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", "Make it first, or name another one.")
    with explained(path):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            return
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no ordinary file"
        raise UsageError(f"{path} is {what}", "Name a file, or use --stdout.")
    if not overwrite:
        raise _taken(path)


def _claim_partial(path: Path) -> tuple[Path, int]:
    """Make the empty partial file of `path`; return it, and the open file whose lock says that we live."""
    while True:
        # a name may have 255 bytes: of a long one, its beginning is enough to recognise the file by
        stem = path.name.encode()[:200].decode(errors="ignore")
        partial = path.with_name(f".{stem}.partial-{secrets.token_hex(8)}")
        lock = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
        if _lock(lock) and partial.exists():  # no sweeper came between the two
            return partial, lock
        os.close(lock)


def _remove_abandoned(partial: str) -> None:
    if sys.platform == "win32":  # pragma: no cover - Windows alone
        Path(partial).unlink()  # fails while a writer has it open
        return
    lock = os.open(partial, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        if _lock(lock):
            Path(partial).unlink()
    finally:
        os.close(lock)


def _lock(descriptor: int) -> bool:
    """Lock an open file until it is closed, or its process dies; return False where another one holds it."""
    if sys.platform == "win32":  # pragma: no cover - Windows alone
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks: write all the same
    return True


def _put_in_place(partial: Path, path: Path, lock: int, overwrite: bool) -> int:
    """Give `partial` its final name; return the lock, or -1 where it had to be closed for that."""
    if sys.platform == "win32":  # pragma: no cover - Windows alone
        os.close(lock)  # an open file cannot be renamed there
        lock = -1
    if overwrite:
        with suppress(FileNotFoundError):
            partial.chmod(stat.S_IMODE(path.stat().st_mode))
        _replace(partial, path)
    else:
        _name_new(partial, path)
    _flush_folder(path.parent)
    return lock


def _replace(partial: Path, path: Path) -> None:
    """Let a file take the place of another; raises MachineFault where that one is open in another program.

    Windows alone refuses that. The work is not thrown away: it stays beside the one that is open.
    """
    try:
        partial.replace(path)
    except PermissionError as fault:
        beside = _free_beside(path)
        partial.rename(beside)
        raise MachineFault(
            f"{path} is open in another program, or may not be replaced; the new file is {beside}",
            "close it there, then rename the new one, or run the report again",
        ) from fault


def _free_beside(path: Path) -> Path:
    number = 1
    while True:
        beside = path.with_name(f"{path.stem} (new{f' {number}' if number > 1 else ''}){path.suffix}")
        if not beside.exists():
            return beside
        number += 1


def _name_new(partial: Path, path: Path) -> None:
    """Name a file that must not replace another one: a link fails where the name is taken."""
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # no links here: a look before the renaming is the best there is
        if path.exists():
            raise FileExistsError(errno.EEXIST, "exists", str(path)) from error
        partial.rename(path)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; not every system lets a folder be flushed."""
    if sys.platform == "win32":  # pragma: no cover - Windows alone
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _taken(path: Path) -> PartnerctlError:
    return Conflict(f"{path} exists already", "Give another name, or --overwrite where the command has it.")


def _fault(path: Path, error: OSError) -> PartnerctlError:
    if error.errno in _FULL:
        return MachineFault(
            f"{path}: the disk is full; nothing was written", "Free some space, or write elsewhere."
        )
    if error.errno == errno.EFBIG:
        return MachineFault(
            f"{path}: larger than a file may be here; nothing was written", "Write elsewhere."
        )
    if error.errno in _REFUSED:
        return MachineFault(f"{path}: no permission to write there", "Name a folder that you may write to.")
    return MachineFault(
        f"{path}: cannot be written ({error.strerror or error})", "Name another file or folder."
    )
