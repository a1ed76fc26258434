"""When this machine last ticked, kept outside the store: a tick with nothing to do takes no lock for it."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from partnerctl.clock import timestamp

_FOLDER = "ticks"


def note_tick(state: Path, profile: str, now: datetime) -> bool:
    """Write down that a tick of a profile came now; return whether that could be done."""
    path = state / _FOLDER / profile
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{profile}.{os.getpid()}")
        beside.write_text(timestamp(now), "ascii")
        beside.replace(path)  # whoever reads it meanwhile sees the one before
    except OSError:
        return False
    return True


def last_tick(state: Path, profile: str) -> datetime | None:
    """Return when a tick of a profile last came on this machine, None where none was seen."""
    with suppress(OSError, ValueError):
        return datetime.fromisoformat((state / _FOLDER / profile).read_text("ascii"))
    return None
