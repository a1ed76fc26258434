"""What a sync has fetched so far, in files of the state folder: so one that dies goes on where it was.

Each customer is one line, written whole and never changed; a line that was cut is as if it had never been.
Nothing in here is a secret of Webex, but all of it is the partner's: the folder is the owner's alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.documents.private import make_private, write_private
from partnerctl.errors import Locked, MachineFault

if TYPE_CHECKING:
    from typing import BinaryIO

_SESSION = "session.json"
_LINES = "customers.jsonl"
_FORMAT = 1
_AT_ONCE = 1 << 20


class Session(NamedTuple):
    """What one sync is to fetch: its parts, its region, and when it began, as RFC 3339.

    `partner` is the partner's organization: a sync is never gone on with in another Webex. `since` is the day
    from which on call records are wanted, as ISO text; None: from where the last ones ended.
    """

    started: str
    parts: tuple[str, ...]
    region: str | None
    partner: str
    since: str | None = None


class Spool:
    """The files of one profile's sync."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines: BinaryIO | None = None

    def session(self) -> Session | None:
        """Return the sync that began and has not ended; None where there is none that can be gone on with."""
        found = self.read(_SESSION)
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            return None
        parts, since = tuple(found["parts"]), found.get("since")
        return Session(found["started"], parts, found["region"], found["partner"], since)

    def begin(self, session: Session) -> None:
        """Forget what an earlier sync fetched, and begin this one; raises MachineFault."""
        self.clear()
        make_private(self.folder)
        self.write(_SESSION, {"format": _FORMAT, **session._asdict()})

    def clear(self) -> None:
        """Remove everything."""
        self.close()
        with suppress(FileNotFoundError):
            (self.folder / _SESSION).unlink()  # first: without it, the rest means nothing
        shutil.rmtree(self.folder, ignore_errors=True)

    def read(self, name: str) -> Any:
        """Return what a file holds; None where it is not there, or was not written by us."""
        import orjson

        try:
            return orjson.loads((self.folder / name).read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return None
        except OSError as fault:
            raise _unusable(self.folder / name, fault) from fault

    def write(self, name: str, value: Any) -> None:
        """Write a file whole, for the owner alone; raises MachineFault."""
        import orjson

        try:
            write_private(self.folder / name, orjson.dumps(value).decode())
        except OSError as fault:
            raise _unusable(self.folder / name, fault) from fault

    def add(self, line: Any) -> None:
        """Add one customer's line; it is there, whole, when this returns. Raises MachineFault."""
        import orjson

        path = self.folder / _LINES
        try:
            if self._lines is None:
                self._lines = _appended(path)
            left = memoryview(orjson.dumps(line) + b"\n")
            while left:  # a disk that is full takes a part, and refuses the next
                left = left[self._lines.write(left) :]
        except OSError as fault:
            raise _unusable(path, fault) from fault

    def lines(self) -> Iterator[Any]:
        """Yield the customers' lines, in the order in which they came."""
        import orjson

        path = self.folder / _LINES
        try:
            with path.open("rb", buffering=_AT_ONCE) as file:
                for line in file:
                    with suppress(orjson.JSONDecodeError):  # the last one, cut by a crash
                        yield orjson.loads(line)
        except FileNotFoundError:
            return
        except OSError as fault:
            raise _unusable(path, fault) from fault

    def close(self) -> None:
        """Close what is open."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None


@contextmanager
def locked_spool(folder: Path, profile: str) -> Iterator[Spool]:
    """Yield the spool of a profile, for one sync at a time.

    `folder` is the state folder. Raises Locked where another sync of the profile runs, MachineFault.
    """
    from filelock import FileLock, Timeout

    make_private(folder / "sync")
    lock = FileLock(folder / "sync" / f"{profile}.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Locked(
            f"another sync of the profile {profile} is running", "wait for it to end: partnerctl sync status"
        ) from None
    except OSError as fault:
        raise _unusable(folder / "sync", fault) from fault
    spool = Spool(folder / "sync" / profile)
    try:
        yield spool
    finally:
        spool.close()
        lock.release()


def spool_of(folder: Path, profile: str) -> Spool:
    """Return the spool of a profile to look into, without keeping a sync from it."""
    return Spool(folder / "sync" / profile)


def _appended(path: Path) -> BinaryIO:
    """Open the lines for adding; after a line that was cut by a crash, a new one begins."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    file = os.fdopen(handle, "r+b", buffering=0)
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.write(b"\n")
    return file


def _unusable(path: Path, fault: OSError) -> MachineFault:
    return MachineFault(
        f"{path}: the progress of the sync cannot be kept ({fault.strerror or fault})",
        "free some space, or check the permissions of the folder",
    )
