"""The mark of the schedules file: what tells one state of it from another, without reading it as TOML."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

NO_FILE = "-"
"""The mark where there is no file, or where it cannot be read."""


def mark_of(path: Path) -> str:
    """Return a short text that changes with the file's content and its rights."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            return f"{hashlib.sha256(file.read()).hexdigest()[:32]}:{mode:o}"
    except OSError:
        return NO_FILE
