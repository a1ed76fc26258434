"""The mark of the schedules file: what tells one state of it from another, without reading it."""

from __future__ import annotations

from pathlib import Path

NO_FILE = "-"
"""The mark where there is no file, or where it cannot be looked at."""


def mark_of(path: Path) -> str:
    """Return a short text that changes whenever the file is written, replaced, or gets other rights."""
    try:
        found = path.stat()
    except OSError:
        return NO_FILE
    # the time of the last change of any kind cannot be set back by hand; Windows has that of making instead
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_mode:o}"
