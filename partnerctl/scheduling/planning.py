"""Planning: what becomes of each due time, at the moment of a tick (``cli.md``, Schedules)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from partnerctl.domain.slots import FAILED, MISSED, SKIPPED_OVERLAP, WAITING, Slot
from partnerctl.scheduling.entries import Schedule

ON_TIME = timedelta(minutes=5)
"""How late a due time may start and still be on time: ticks come every minute, and machines are slow."""

MOST_CAUGHT_UP = 10
"""Due times that ``catchup = "all"`` runs at most after downtime."""

INTERRUPTED = "interrupted: the run that had it died"
SUPERSEDED = "a later due time ran instead"
PAUSED = "the schedule was paused"
REMOVED = "the schedule was removed"
CHANGED = "the schedule's time was changed"
"""Why a due time was not run, or did not end well."""


class Outcome(NamedTuple):
    """What a due time becomes: a status, and the reason where it is not run."""

    due: datetime
    status: str
    reason: str | None = None


class Decision(NamedTuple):
    """What a slot that has a row becomes."""

    slot: Slot
    status: str
    reason: str | None = None


class Planned(NamedTuple):
    """What a tick decides for one schedule: rows to add, and rows to move."""

    new: tuple[Outcome, ...]
    moved: tuple[Decision, ...]


def plan(schedule: Schedule, dues: Sequence[datetime], slots: Sequence[Slot], now: datetime) -> Planned:
    """Return what becomes of the due times that have no row yet, `dues`, and of the open `slots`.

    Both are in the order of time. Every due time either is run, now or again, or ends here with a reason.
    """
    waiting = [slot for slot in slots if slot.status == WAITING]
    abandoned = [slot for slot in slots if slot.abandoned(now)]
    busy = any(slot.claimed(now) for slot in slots)
    newer = bool(dues or waiting)
    queued = schedule.catchup == "all"
    moved = []
    for slot in abandoned:
        again = slot.attempt < 2 and (queued or not newer)
        moved.append(Decision(slot, WAITING if again else FAILED, None if again else INTERRUPTED))
    if newer and not queued:
        moved += [
            Decision(slot, FAILED, f"{slot.error or 'failed'}; {SUPERSEDED}")
            for slot in slots
            if slot.retry_at is not None
        ]
    of_slot = {slot.due: slot for slot in waiting}
    outcomes = _outcomes(schedule, sorted([*of_slot, *dues]), now, busy and not queued)
    new = tuple(one for one in outcomes if one.due not in of_slot)
    moved += [
        Decision(of_slot[one.due], one.status, one.reason)
        for one in outcomes
        if one.due in of_slot and one.status != WAITING
    ]
    return Planned(new, tuple(moved))


def close(slots: Iterable[Slot], reason: str, now: datetime) -> tuple[Decision, ...]:
    """Return how the open slots end of a schedule that is run no more; a run that lives goes on."""
    return tuple(
        Decision(slot, MISSED if slot.status == WAITING else FAILED, reason)
        for slot in slots
        if not slot.claimed(now)
    )


def _outcomes(schedule: Schedule, dues: list[datetime], now: datetime, busy: bool) -> list[Outcome]:
    deadline = schedule.start_deadline
    reasons: dict[datetime, str] = {}
    for due in dues:
        if schedule.catchup == "none" and now - due > ON_TIME:
            reasons[due] = f"no tick came within {_minutes(ON_TIME)} of it"
        elif deadline is not None and now - due > deadline:
            reasons[due] = f"later than its start deadline of {_minutes(deadline)}"
    left = [due for due in dues if due not in reasons]
    most = MOST_CAUGHT_UP if schedule.catchup == "all" else 1
    reasons.update(dict.fromkeys(left[:-most], SUPERSEDED))
    running = SKIPPED_OVERLAP if busy else WAITING
    overlap = "the run of the due time before was still going on" if busy else None
    return [
        Outcome(due, MISSED, reasons[due]) if due in reasons else Outcome(due, running, overlap)
        for due in dues
    ]


def _minutes(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
