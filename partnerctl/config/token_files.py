"""Files of tokens: for their owner alone, replaced as a whole, renewed by one run at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from partnerctl.config.secret_files import read_private
from partnerctl.config.stored_tokens import StoredTokens, read_facts, whole_text
from partnerctl.documents.private import make_private, write_private
from partnerctl.errors import InvalidData, Locked, MachineFault

LONGEST = 1024 * 1024
"""Bytes of a file that are read."""


class FilePlace(NamedTuple):
    """A file of its owner's, replaced as a whole; its lock lies beside it. A link is followed."""

    path: Path

    @property
    def name(self) -> str:
        """Return the place as the setting ``auth.storage`` writes it."""
        return f"file:{self.path}"

    def check(self) -> None:
        """Make the folder, and see that a file can be written there in place of one that is ours or none."""
        import tempfile

        make_private(self.path.parent)
        self.read()
        with writing(self.path), tempfile.TemporaryFile(dir=self._real.parent):
            pass

    def may_hold(self) -> bool:
        """Tell whether there is a file."""
        return self.path.exists()

    def read(self) -> StoredTokens | None:
        """Return what the file holds, None where there is no file."""
        if not self.path.exists():
            return None
        return self._parsed(read_private(self.path, "tokens", LONGEST))

    def write(self, stored: StoredTokens) -> None:
        """Replace the file."""
        with writing(self.path):
            write_private(self.path, whole_text(stored))

    def clear(self) -> bool:
        """Remove the file, unless it is none of ours (InvalidData)."""
        if not self.path.exists():
            return False
        with writing(self.path):
            with self.path.open("rb") as file:  # also where others may read it: all the more it has to go
                there = self._parsed(file.read(LONGEST)) is not None
            self._real.unlink(missing_ok=True)
        return there

    def locked(self, wait: float) -> AbstractContextManager[None]:
        """Return a context that holds the lock beside the file."""
        return lock_of(self._real.with_name(f"{self._real.name}.lock"), wait)

    @property
    def _real(self) -> Path:
        return Path(os.path.realpath(self.path))

    def _parsed(self, text: bytes) -> StoredTokens | None:
        try:
            found = read_facts(text)
        except ValueError:  # its words may repeat what is in the file
            raise InvalidData(
                f"{self.path}: is no credentials file of partnerctl",
                "name another file, or remove it and sign in again: partnerctl auth login",
            ) from None
        return StoredTokens(**found) if found["access"] else None


@contextmanager
def lock_of(path: Path, wait: float) -> Iterator[None]:
    """Hold the lock that a file is; raises Locked after `wait` seconds, MachineFault."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=wait, mode=0o600)
    with writing(path):
        try:
            lock.acquire()
        except Timeout:  # which is an OSError
            raise Locked(
                "another run is renewing the token", "try again, or give it more time with --wait"
            ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise MachineFault that names the file where the machine refuses to write it."""
    try:
        yield
    except OSError as fault:
        raise MachineFault(
            f"cannot write {path}: {fault.strerror or fault}", "check its permissions and the free space"
        ) from fault
