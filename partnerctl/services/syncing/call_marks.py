"""What is remembered of call records from one sync to the next: up to when they came in, from which host."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from partnerctl.clock import timestamp
from partnerctl.services.syncing.call_windows import OLDEST, Reached, Window
from partnerctl.services.syncing.spool import Spool

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = 1


class CallMarks:
    """What is remembered of one partner; the file is beside the spool: a sync that is done leaves it."""

    def __init__(self, spool: Path, partner: str) -> None:
        self._file, self._name, self._partner = Spool(spool.parent), f"{spool.name}.calls.json", partner
        kept = self._partners().get(partner)
        self.reached = reached_of(kept)
        host = kept.get("host") if isinstance(kept, dict) else None
        self.host: str | None = host if isinstance(host, str) else None

    def remember(self, window: Window, asked: datetime, host: str) -> None:
        """Note that a window came in from a host; raises MachineFault.

        What is remembered never goes back, and leaves no piece of time out that can still be fetched.
        """
        self.host = host
        last = self.reached
        if last is None or last.end < asked - OLDEST or window.since <= last.end <= window.until:
            self.reached = Reached(window.until, asked)
        partners = self._partners()
        partners[self._partner] = {**as_json(self.reached), "host": host}
        self._file.write(self._name, {"format": _FORMAT, "partners": partners})

    def _partners(self) -> dict[str, Any]:
        found = self._file.read(self._name)
        partners = (
            found.get("partners") if isinstance(found, dict) and found.get("format") == _FORMAT else None
        )
        return partners if isinstance(partners, dict) else {}


def as_json(reached: Reached | None) -> dict[str, str | None]:
    """Return how far one got as files keep it."""
    if reached is None:
        return {"end": None, "asked": None}
    return {"end": timestamp(reached.end), "asked": timestamp(reached.asked)}


def reached_of(kept: Any) -> Reached | None:
    """Return what `as_json` wrote; None where nothing was reached, or it was not written by us."""
    try:
        found = Reached(datetime.fromisoformat(kept["end"]), datetime.fromisoformat(kept["asked"]))
    except (TypeError, KeyError, ValueError):
        return None
    return found if found.end.tzinfo and found.asked.tzinfo else None
