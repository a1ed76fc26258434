"""Running a schedule by hand: now, or once more for one of its due times (``schedules run``)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from partnerctl.domain.slots import DONE, WAITING, NewSlot, Slot
from partnerctl.errors import Locked, UsageError
from partnerctl.scheduling.entries import Schedule
from partnerctl.services.claims import LEASE
from partnerctl.services.recording import Journal
from partnerctl.services.scheduled_runs import Attempt, ScheduledRun, stands_unchanged
from partnerctl.services.schedules import check_due
from partnerctl.services.ticking import Ticker, claimed, run_claimed


def run_by_hand(ticker: Ticker, schedule: Schedule) -> Attempt:
    """Run a schedule now, and return how that ended: it belongs to no due time. Its mail is sent."""
    attempt = ScheduledRun(ticker.store, ticker.surroundings, ticker.clock, schedule, None).attempt()
    recorded = Journal(lambda: ticker.store, ticker.actor, ticker.clock).record(attempt.run)
    return replace(attempt, run=recorded)


def run_due(ticker: Ticker, schedule: Schedule, due: datetime) -> Attempt:
    """Run a schedule for one of its due times, again where it has run, and return how that ended.

    Raises UsageError for an instant at which it is not due, or that is yet to come; Locked where a run that
    lives has it; Conflict where its file was changed since it was written.
    """
    now = ticker.clock.now()
    if due > now:
        raise UsageError(f"--due: {due.isoformat()} is yet to come", "leave --due out to run it now")
    check_due(schedule, due)
    with ticker.store.slots() as slots:
        slots.add([NewSlot(schedule.name, schedule.template, due, WAITING)], ticker.actor, now)
        slot = slots.find(schedule.name, due)
        assert slot is not None  # it was just added
        _check_free(ticker, slot, now)
        slots.reopen(slot.run_id)
        slots.claim(slot, ticker.owner, now, now + LEASE)
    ended = run_claimed(ticker, schedule, claimed(ticker, slot._replace(attempt=0), now))
    if ended is None:
        raise Locked(
            f"another run took over {schedule.name}, {due.isoformat()}", "see `partnerctl runs list`"
        )
    return ended


def _check_free(ticker: Ticker, slot: Slot, now: datetime) -> None:
    if slot.claimed(now):
        raise Locked(f"{slot.schedule} of that time is being run", "wait for it: `partnerctl runs list`")
    known = ticker.store.report_run(slot.run_id)
    if known is not None and known.status == DONE and known.path is not None and known.sha256 is not None:
        stands_unchanged(known.path, known.sha256)
