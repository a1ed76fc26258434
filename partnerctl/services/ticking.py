"""A tick: what is due is run, each due time once, whatever dies and however many tick at once (PH-R2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.clock import Clock
from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import FAILED, RETRYING, STALE, Slot
from partnerctl.errors import Locked, MachineFault
from partnerctl.scheduling.file import Entries, read_schedules
from partnerctl.scheduling.mark import mark_of
from partnerctl.services.claims import LEASE, Claim, ClaimLost
from partnerctl.services.idling import keep_word
from partnerctl.services.scheduled_orders import Surroundings
from partnerctl.services.scheduled_runs import Attempt, ScheduledRun
from partnerctl.services.settling import Settled, settle

if TYPE_CHECKING:
    from partnerctl.scheduling.entries import Schedule
    from partnerctl.stores.contract import Slots, Store

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


def tick(ticker: Ticker, import_first: Callable[[], bool]) -> Ticked:
    """Run what is due, and return what became of it.

    `import_first` takes in new files first, and returns whether that went well. A store that another run
    holds is no fault: the next tick does it. Raises InvalidData where the schedules file as a whole cannot be
    used, MachineFault where the store cannot be written, or files cannot be taken in: reports run all the
    same.
    """
    done = Ticked()
    try:
        trouble = _imported(import_first, done)
        look = _look(ticker)
        for name, fault in look.entries.faults:
            ticker.warn(f"schedule {name}: {fault.reason}")
            done.faulty = True
        look = _Round(ticker, done).run(look)
        _leave_word(ticker, done, look)
    except Locked as fault:
        ticker.warn(f"{fault.reason}: the next tick goes on")
        trouble = None
    if trouble is not None:
        raise trouble
    return done


class _Look(NamedTuple):
    """What the schedules file holds, and its mark from before it was read."""

    mark: str
    entries: Entries


def _look(ticker: Ticker, before: _Look | None = None) -> _Look:
    """Return what the file holds, without reading it again where it is the same as `before`."""
    path = ticker.surroundings.folders.schedules_file
    mark = mark_of(path)
    if before is not None and before.mark == mark:
        return before
    return _Look(mark, read_schedules(path))


def _imported(import_first: Callable[[], bool], done: Ticked) -> MachineFault | None:
    """Take in new files; return what the machine refused, which no report waits for."""
    try:
        done.faulty |= not import_first()
    except MachineFault as fault:
        return fault
    return None


def _settled(ticker: Ticker, look: _Look, slots: Slots) -> Settled | None:
    """Settle by what was read, None where the file was changed since: it may say something else by now."""
    if mark_of(ticker.surroundings.folders.schedules_file) != look.mark:
        return None
    profile = ticker.surroundings.settings.profile
    return settle(slots, look.entries, profile, ticker.actor, ticker.clock.now())


def _leave_word(ticker: Ticker, done: Ticked, look: _Look) -> None:
    """Write down until when nothing will be due, where the file is the same before and after."""
    look = _look(ticker, look)
    with ticker.store.slots() as slots:
        settled = _settled(ticker, look, slots)
        if settled is not None:
            profile = ticker.surroundings.settings.profile
            done.until = keep_word(slots, settled, profile, look.mark, ticker.clock.now())


class _Round:
    """Everything that is due in one tick; hooks come last, for no report waits for one."""

    def __init__(self, ticker: Ticker, done: Ticked) -> None:
        self.ticker, self.done = ticker, done
        self.ended: list[tuple[Schedule, ReportRun]] = []

    def run(self, look: _Look) -> _Look:
        """Run what is due, and return what the file held then.

        Where the store is held in the middle of it, hooks hear of what has ended.
        """
        settled = None
        while settled is None:
            with self.ticker.store.slots() as slots:
                settled = _settled(self.ticker, look, slots)
            if settled is None:
                look = _look(self.ticker)
        schedules = {one.name: one for one in settled.running}
        for name, run_id in settled.failed:
            run = self.ticker.store.report_run(run_id)
            if run is not None:
                self._note(name, schedules.get(name), run)
        try:
            for schedule, claim in self._claimed(schedules):
                found = run_claimed(self.ticker, schedule, claim)
                if found is not None:
                    self._note(schedule.name, schedule, found.run)
        finally:
            for schedule, run in self.ended:
                call_hook(self.ticker, schedule, run)
        return look

    def _note(self, name: str, schedule: Schedule | None, run: ReportRun) -> None:
        self.done.runs.append(run)
        if run.status in (FAILED, STALE, RETRYING):
            self.done.faulty = True
            self.ticker.warn(f"schedule {name}: {run.status}: {run.error}")
        if schedule is not None:
            self.ended.append((schedule, run))

    def _claimed(self, schedules: dict[str, Schedule]) -> Iterator[tuple[Schedule, Claim]]:
        """Yield one due time after the other that may be run now, each claimed for this process.

        Of one schedule, only one runs at a time, whoever runs it.
        """
        ticker = self.ticker
        while True:
            with ticker.store.slots() as slots:
                now = ticker.clock.now()
                opened = slots.open()
                busy = {slot.schedule for slot in opened if slot.claimed(now)}
                free = schedules.keys() - busy
                slot = next((one for one in opened if one.schedule in free and one.startable(now)), None)
                if slot is None:
                    return
                slots.claim(slot, ticker.owner, now, now + LEASE)
            yield schedules[slot.schedule], claimed(ticker, slot, now)


def claimed(ticker: Ticker, slot: Slot, now: datetime) -> Claim:
    """Return the claim on a slot that was claimed just now."""
    mine = slot._replace(attempt=slot.attempt + 1)
    return Claim(ticker.store, ticker.clock, mine, ticker.owner, now + LEASE)


def run_claimed(ticker: Ticker, schedule: Schedule, claim: Claim) -> Attempt | None:
    """Run a claimed slot and write down how it ended; None where another tick has taken it over.

    Where that cannot be written down just now, the next tick takes it over in a few minutes.
    """
    try:
        attempt = ScheduledRun(ticker.store, ticker.surroundings, ticker.clock, schedule, claim).attempt()
        return _ended(ticker, schedule, claim.slot, attempt)
    except ClaimLost as lost:
        if isinstance(lost.__cause__, Locked):
            ticker.warn(f"schedule {schedule.name}: {lost.__cause__.reason}: a later tick goes on")
        return None
    except Locked as fault:
        ticker.warn(f"schedule {schedule.name}: {fault.reason}: a later tick goes on")
        return None


def _ended(ticker: Ticker, schedule: Schedule, slot: Slot, attempt: Attempt) -> Attempt | None:
    now = ticker.clock.now()
    with ticker.store.slots() as slots:
        if attempt.worth_repeating and slot.attempt <= schedule.retries:
            pause = BACK_OFF[min(slot.attempt, len(BACK_OFF)) - 1]
            held = slots.retry(slot.run_id, ticker.owner, attempt.run, now + pause)
        else:
            held = slots.end(attempt.run, ticker.owner)
    run = ticker.store.report_run(slot.run_id) if held else None
    return None if run is None else replace(attempt, run=run)


def call_hook(ticker: Ticker, schedule: Schedule, run: ReportRun) -> None:
    """Start the program of the user's that hears of a run that has ended; one that fails is warned of."""
    words = schedule.on_failure if run.status in (FAILED, STALE) else schedule.on_success
    if not words or run.status == RETRYING:
        return
    from partnerctl.delivery.hooks import run_hook
    from partnerctl.output.json_lines import write_object
    from partnerctl.output.picking import field_names

    record: list[str] = []
    write_object(run, field_names(ReportRun), record.append, indent=False)
    ended = run_hook(words, "".join(record).encode())
    if not ended.ok:
        ticker.warn(f"schedule {schedule.name}: the hook {words[0]!r} failed: {ended.reason}")
