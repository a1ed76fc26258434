"""One SQLite connection: how it is opened, and what its errors mean to a person."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TypeVar

from partnerctl.errors import Locked, MachineFault

T = TypeVar("T")

OLDEST_SQLITE = (3, 37, 0)
"""Strict tables came with 3.37; older libraries cannot read the store."""

MOUNTS = Path("/proc/self/mounts")
"""Where Linux tells which file systems are mounted; other systems do not tell."""

_NETWORK_FILE_SYSTEMS = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "ceph", "glusterfs", "fuse.glusterfs", "9p")
)


def connect(path: Path | None, *, wait: float, readonly: bool) -> sqlite3.Connection:
    """Open the store's file, or a store in memory for None; `wait` is in seconds.

    Raises MachineFault where the file cannot be opened, lies on a network file system, or the SQLite
    library is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise MachineFault(
            f"this Python has SQLite {sqlite3.sqlite_version}; the store needs 3.37 or newer",
            "use a newer Python build",
        )
    if path is not None:
        refuse_network(path)
    with translated(path):
        address = _address(path, readonly)
        connection = sqlite3.connect(
            address,
            timeout=wait,
            isolation_level=None,
            cached_statements=256,
            uri=address.startswith("file:"),
        )
        connection.execute("PRAGMA foreign_keys = ON")
        # A writer stages in temporary files and sorts there, with as much memory again as its cache has.
        connection.execute(f"PRAGMA cache_size = -{32_000 if readonly else 24_000}")
        connection.execute("PRAGMA temp_store = FILE")
        if readonly:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _address(path: Path | None, readonly: bool) -> str:
    """Return what SQLite opens. A reader that may not write beside the file takes it as it stands.

    SQLite would make its write-ahead log there, even to read; where one lies there already, it is needed.
    """
    if path is None:
        return ":memory:"
    log = path.with_name(f"{path.name}-wal")
    if readonly and not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size):
        return f"{path.absolute().as_uri()}?immutable=1"
    return str(path.absolute())


def sqlite_version() -> tuple[int, int, int]:
    """Return the version of the SQLite library that this Python has."""
    return sqlite3.sqlite_version_info


def create_file(path: Path) -> None:
    """Create the store's file, readable by its owner only, and the folders above it.

    Raises MachineFault without permission, or on a network file system.
    """
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_network(path)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def refuse_network(path: Path) -> None:
    """Raise MachineFault where `path` lies on a network file system: SQLite's locks do not hold there."""
    kind = _file_system(path)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise MachineFault(
            f"{path} is on a network file system ({kind}), where a store would be damaged",
            "choose a local folder with --store or PARTNERCTL_HOME",
        )


def _file_system(path: Path) -> str | None:
    """Return the type of the file system that holds `path`; None where the system does not tell."""
    try:
        mounts = MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    best, kind = "", None
    real = os.path.realpath(path)
    for line in mounts:
        point, what = [*line.split(" "), "", "", ""][1:3]
        point = point.replace("\\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, what
    return kind


@contextmanager
def translated(path: Path | None) -> Iterator[None]:
    """Turn what SQLite or the system says into Locked or MachineFault, with the file's name."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(error, path) from error
    except OSError as error:
        raise MachineFault(
            f"{path}: {error.strerror or error}", "check the folder and its permissions"
        ) from error


def translated_rows(path: Path | None, start: Callable[[], Iterable[T]]) -> Iterator[T]:
    """Yield the rows of a statement that `start` runs when the first one is taken; raises as `translated`."""
    with translated(path):
        # chained: `yield from` a cursor would close it, which fails once the store is closed
        yield from chain(start())


def _meaning(error: sqlite3.Error, path: Path | None) -> Exception:
    name = getattr(error, "sqlite_errorname", "") or ""
    where = f"store {path}"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Locked(f"{where}: another run is writing", "try again, or wait longer with --wait 5m")
    if name.startswith("SQLITE_FULL"):
        return MachineFault(
            f"{where}: the disk is full; nothing was changed", "free some space and try again"
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return MachineFault(
            f"{where}: the file is damaged or is no store ({error})",
            "restore a backup with: partnerctl store restore ARCHIVE",
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_PERM", "SQLITE_AUTH")):
        return MachineFault(f"{where}: {error}", "check the folder, its space and its permissions")
    return error
