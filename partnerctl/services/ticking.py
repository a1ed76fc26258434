"""A tick: what is due is run, each due time once, whatever dies and however many tick at once (PH-R2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.clock import Clock
from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import FAILED, RETRYING, STALE, Slot
from partnerctl.errors import Locked, PartnerctlError
from partnerctl.scheduling.file import Entries
from partnerctl.services.idling import keep_word
from partnerctl.services.scheduled_orders import Surroundings
from partnerctl.services.scheduled_runs import Attempt, ScheduledRun
from partnerctl.services.settling import settle

if TYPE_CHECKING:
    from partnerctl.scheduling.entries import Schedule
    from partnerctl.stores.contract import Store

LEASE = timedelta(minutes=5)
"""How long a claim holds without a word: a run that has died is taken over after that."""

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""How long after the first, the second and every further failure a run is tried again."""


@dataclass(frozen=True, slots=True)
class Ticker:
    """What a tick works with. `owner` tells this process apart from all others; `warn` says what is wrong."""

    store: Store
    surroundings: Surroundings
    clock: Clock
    actor: str
    owner: str
    warn: Callable[[str], None]


@dataclass(slots=True)
class Ticked:
    """What a tick did: the runs that ended or will be tried again, and whether anything was wrong."""

    runs: list[ReportRun] = field(default_factory=list)
    faulty: bool = False
    until: datetime | None = None


def tick(ticker: Ticker, entries: Entries, mark: str, import_first: Callable[[], bool]) -> Ticked:
    """Run what is due, and return what became of it; `mark` is what the schedules file was like.

    `import_first` takes in new files first, and returns whether that went well. A store that another run
    holds is no fault: the next tick does it. Raises MachineFault where the store cannot be written.
    """
    done = Ticked()
    for name, fault in entries.faults:
        ticker.warn(f"schedule {name}: {fault.reason}")
        done.faulty = True
    try:
        done.faulty |= not import_first()
        _run_what_is_due(ticker, entries, done)
        with ticker.store.slots() as slots:
            now = ticker.clock.now()
            schedules = settle(slots, entries, ticker.surroundings.settings.profile, ticker.actor, now)
            done.until = keep_word(slots, schedules, mark, now)
    except Locked as fault:
        ticker.warn(f"{fault.reason}: the next tick goes on")
    return done


def import_only(ticker: Ticker, import_first: Callable[[], bool]) -> None:
    """Take in new files where the schedules cannot be read; a store that another run holds is no fault."""
    try:
        import_first()
    except Locked as fault:
        ticker.warn(f"{fault.reason}: the next tick goes on")


def _run_what_is_due(ticker: Ticker, entries: Entries, done: Ticked) -> None:
    with ticker.store.slots() as slots:
        profile = ticker.surroundings.settings.profile
        schedules = {
            one.name: one for one in settle(slots, entries, profile, ticker.actor, ticker.clock.now())
        }
    ended: list[tuple[Schedule, ReportRun]] = []
    for schedule, slot in _claimed(ticker, schedules):
        found = run_claimed(ticker, schedule, slot)
        if found is None:
            continue
        run = found.run
        done.runs.append(run)
        if run.status in (FAILED, STALE, RETRYING):
            done.faulty = True
            ticker.warn(f"schedule {schedule.name}: {run.status}: {run.error}")
        ended.append((schedule, run))
    for schedule, run in ended:  # last: a hook may take its time, and no report waits for it
        call_hook(ticker, schedule, run)


def _claimed(ticker: Ticker, schedules: dict[str, Schedule]) -> Iterator[tuple[Schedule, Slot]]:
    """Yield one slot after the other that may be run now, each claimed for this process."""
    while True:
        with ticker.store.slots() as slots:
            now = ticker.clock.now()
            ready = (one for one in slots.open() if one.schedule in schedules and one.startable(now))
            slot = next(ready, None)
            if slot is None:
                return
            slots.claim(slot, ticker.owner, now, now + LEASE)
        yield schedules[slot.schedule], slot._replace(attempt=slot.attempt + 1)


def run_claimed(ticker: Ticker, schedule: Schedule, slot: Slot) -> Attempt | None:
    """Run a claimed slot and write down how it ended; None where another tick has taken it over."""
    run = ScheduledRun(ticker.store, ticker.surroundings, ticker.clock, schedule, slot)

    def keep_claim(path: str | None = None) -> bool:
        with ticker.store.slots() as slots:
            return slots.renew(slot.run_id, ticker.owner, ticker.clock.now() + LEASE, path)

    attempt = run.attempt(keep_claim)
    return _ended(ticker, schedule, slot, attempt)


def _ended(ticker: Ticker, schedule: Schedule, slot: Slot, attempt: Attempt) -> Attempt | None:
    now = ticker.clock.now()
    again = attempt.worth_repeating and slot.attempt <= schedule.retries
    try:
        with ticker.store.slots() as slots:
            if again:
                pause = BACK_OFF[min(slot.attempt, len(BACK_OFF)) - 1]
                held = slots.retry(slot.run_id, ticker.owner, attempt.run, now + pause)
            else:
                held = slots.end(attempt.run, ticker.owner)
    except PartnerctlError as fault:
        ticker.warn(f"schedule {schedule.name}: how its run ended could not be recorded: {fault.reason}")
        return attempt
    run = ticker.store.report_run(slot.run_id) if held else None
    return None if run is None else replace(attempt, run=run)


def call_hook(ticker: Ticker, schedule: Schedule, run: ReportRun) -> None:
    """Start the program of the user's that hears of a run that has ended; one that fails is warned of."""
    words = schedule.on_failure if run.status in (FAILED, STALE) else schedule.on_success
    if not words or run.status == RETRYING:
        return
    from partnerctl.delivery.hooks import run_hook
    from partnerctl.services.announcing import record_json

    ended = run_hook(words, record_json(run))
    if not ended.ok:
        ticker.warn(f"schedule {schedule.name}: the hook {words[0]!r} failed: {ended.reason}")
