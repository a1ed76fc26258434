"""Settling due times: each gets its row of the history, in one short transaction of a tick (PH-R2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.domain.slots import FAILED, MISSED, NewSlot, ScheduleState, Slot
from partnerctl.scheduling.entries import Schedule
from partnerctl.scheduling.file import Entries
from partnerctl.scheduling.planning import CHANGED, PAUSED, REMOVED, Decision, close, plan
from partnerctl.scheduling.times import due_times

if TYPE_CHECKING:
    from partnerctl.stores.contract import Slots


class Settled(NamedTuple):
    """What became of due times: the schedules of the profile that may run, and what has failed here.

    `failed` holds names of schedules and ids of runs; `others` are the names of schedules of other profiles,
    which their own ticks look after.
    """

    running: tuple[Schedule, ...]
    failed: tuple[tuple[str, int], ...]
    others: frozenset[str]


def settle(slots: Slots, entries: Entries, profile: str, actor: str, now: datetime) -> Settled:
    """Give every due time up to `now` its row, and return what may run, and what has failed.

    A schedule counts from when it is first seen here. An entry that cannot be read keeps its due times for
    later: they are settled when it is mended.
    """
    settling = _Settling(slots, actor, now)
    mine = [one for one in entries.schedules if one.profile == profile]
    for schedule in mine:
        settling.settle(schedule)
    others = frozenset(one.name for one in entries.schedules if one.profile != profile)
    settling.let_go({*(one.name for one in mine), *others, *(name for name, _ in entries.faults)})
    running = tuple(one for one in mine if not one.paused)
    return Settled(running, tuple(settling.failed), others)


def miss_until(slots: Slots, state: ScheduleState | None, reason: str, actor: str, now: datetime) -> None:
    """Record what was due until now and not settled, by the expression and the zone that held, as missed.

    Nothing is due of a schedule that is paused, or was never seen.
    """
    if state is None or state.paused:
        return
    from zoneinfo import ZoneInfo

    from partnerctl.scheduling.cron import parse_cron

    dues = due_times(parse_cron(state.cron), ZoneInfo(state.tz), state.handled_until, now)
    slots.add((NewSlot(state.name, state.template, due, MISSED, reason) for due in dues), actor, now)


def let_go(slots: Slots, name: str, actor: str, now: datetime) -> list[tuple[str, int]]:
    """End what is open, and record what was due, of a schedule that is no more; forget its state.

    Return the runs that have failed so, as names and ids.
    """
    miss_until(slots, slots.states().get(name), REMOVED, actor, now)
    failed = move_all(slots, close((one for one in slots.open() if one.schedule == name), REMOVED, now), now)
    slots.forget_state(name)
    return failed


def move_all(slots: Slots, decisions: Iterable[Decision], now: datetime) -> list[tuple[str, int]]:
    """Move slots as it was decided, and return those that have failed so, as names and ids of runs."""
    failed = []
    for slot, status, reason in decisions:
        slots.move(slot, status, reason, now)
        if status == FAILED:
            failed.append((slot.schedule, slot.run_id))
    return failed


def fresh_state(schedule: Schedule, now: datetime, paused: bool | None = None) -> ScheduleState:
    """Return the state of a schedule that counts from now; `paused` None is as the entry says."""
    held = schedule.paused if paused is None else paused
    return ScheduleState(schedule.name, schedule.template, schedule.cron, schedule.tz, now, now, held)


class _Settling:
    """One transaction's worth of settling; `failed` fills with the runs that it ends as failed."""

    def __init__(self, slots: Slots, actor: str, now: datetime) -> None:
        self.slots, self.actor, self.now = slots, actor, now
        self.states = slots.states()
        self.failed: list[tuple[str, int]] = []
        self.opened: dict[str, list[Slot]] = {}
        for slot in slots.open():
            self.opened.setdefault(slot.schedule, []).append(slot)

    def settle(self, schedule: Schedule) -> None:
        """Give the due times of one schedule their rows."""
        state = self._in_time(self.states.get(schedule.name))
        opened = self.opened.get(schedule.name, [])
        if schedule.paused:
            self._miss(state, PAUSED)
            self._decide(close(opened, PAUSED, self.now))
        if state is None or schedule.paused or state.paused:
            if state is None or state.paused != schedule.paused:
                self.slots.keep_state(fresh_state(schedule, self.now))  # it is first seen, or resumed
            return
        planned = plan(schedule, self._dues(schedule, state), opened, self.now)
        new = (NewSlot(schedule.name, schedule.template, *outcome) for outcome in planned.new)
        self.slots.add(new, self.actor, self.now)
        self._decide(planned.moved)

    def _in_time(self, state: ScheduleState | None) -> ScheduleState | None:
        """Return the state, set back where it lies ahead: the clock was wrong when it was written."""
        if state is None or state.handled_until <= self.now:
            return state
        self.slots.forget_premature(state.name, self.now)
        state = state._replace(handled_until=self.now)
        self.slots.keep_state(state)
        return state

    def _dues(self, schedule: Schedule, state: ScheduleState) -> list[datetime]:
        """Return the due times that are not settled yet; those by an earlier expression are missed."""
        if (state.cron, state.tz) != (schedule.cron, schedule.tz):
            self._miss(state, CHANGED)
            changed = fresh_state(schedule, self.now)
            self.slots.keep_state(changed._replace(counts_from=state.counts_from))
            return []
        dues = list(due_times(schedule.expression(), schedule.zone, state.handled_until, self.now))
        if dues or state.template != schedule.template:
            self.slots.keep_state(state._replace(handled_until=self.now, template=schedule.template))
        return dues

    def let_go(self, known: set[str]) -> None:
        """End what is open of schedules that stand in the file no more, and forget them."""
        for name in {*self.states, *self.opened} - known:
            self.failed += let_go(self.slots, name, self.actor, self.now)

    def _miss(self, state: ScheduleState | None, reason: str) -> None:
        miss_until(self.slots, state, reason, self.actor, self.now)

    def _decide(self, decisions: Iterable[Decision]) -> None:
        self.failed += move_all(self.slots, decisions, self.now)
