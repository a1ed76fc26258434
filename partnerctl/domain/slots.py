"""Slots: one due time of one schedule, from its plan to its end as one row of the history (PH-R2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

WAITING = "waiting"
RUNNING = "running"
RETRYING = "retrying"
"""Where a slot stands before its end: to be run, claimed by a run, to be tried again later."""

DONE = "done"
FAILED = "failed"
MISSED = "missed"
STALE = "stale"
SKIPPED_OVERLAP = "skipped_overlap"
SKIPPED_EMPTY = "skipped_empty"
"""What a slot ends as: the file stands; an error; not run, with the reason; data older than ``--max-age``;
the one before was still running; no rows, so no file."""

OPEN = (WAITING, RUNNING, RETRYING)
"""Where a slot stands that has not ended."""


BELIEVED = timedelta(hours=1)
"""How far ahead a lease or a retry may lie: what lies further was written while the clock was wrong."""


def _soon(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and now < instant <= now + BELIEVED


class Slot(NamedTuple):
    """One due time that has not ended. `lease_until` is until when its claim holds."""

    run_id: int
    schedule: str
    due: datetime
    status: str
    attempt: int
    lease_until: datetime | None
    retry_at: datetime | None
    path: str | None
    error: str | None

    def claimed(self, now: datetime) -> bool:
        """Tell whether a run that lives has it."""
        return self.status == RUNNING and _soon(self.lease_until, now)

    def abandoned(self, now: datetime) -> bool:
        """Tell whether the run that had it has died: its lease is over."""
        return self.status == RUNNING and not self.claimed(now)

    def startable(self, now: datetime) -> bool:
        """Tell whether it may be claimed now."""
        return self.status == WAITING or (self.status == RETRYING and not _soon(self.retry_at, now))


class NewSlot(NamedTuple):
    """A due time that has no row yet: what it starts, or ends, as."""

    schedule: str
    template: str
    due: datetime
    status: str
    error: str | None = None


class ScheduleState(NamedTuple):
    """What the store keeps of a schedule; each due time up to `handled_until` has its row.

    `cron` and `tz` are those by which they were worked out; `counts_from` is when it was first seen, or
    resumed.
    """

    name: str
    template: str
    cron: str
    tz: str
    counts_from: datetime
    handled_until: datetime
    paused: bool
