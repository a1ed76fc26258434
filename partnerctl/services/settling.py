"""Settling due times: each gets its row of the history, in one short transaction of a tick (PH-R2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from partnerctl.domain.slots import MISSED, NewSlot, ScheduleState, Slot
from partnerctl.scheduling.entries import Schedule
from partnerctl.scheduling.file import Entries
from partnerctl.scheduling.planning import CHANGED, PAUSED, REMOVED, Decision, close, plan
from partnerctl.scheduling.times import due_times

if TYPE_CHECKING:
    from partnerctl.stores.contract import Slots


def settle(slots: Slots, entries: Entries, profile: str, actor: str, now: datetime) -> list[Schedule]:
    """Give every due time up to `now` its row, and return the schedules of the profile that may run.

    A schedule counts from when it is first seen here. An entry that cannot be read keeps its due times for
    later: they are settled when it is mended.
    """
    states = slots.states()
    running = []
    opened: dict[str, list[Slot]] = {}
    for slot in slots.open():
        opened.setdefault(slot.schedule, []).append(slot)
    for schedule in entries.schedules:
        if schedule.profile != profile:
            continue
        state = states.pop(schedule.name, None)
        _settle_one(slots, schedule, state, opened.get(schedule.name, []), actor, now)
        if not schedule.paused:
            running.append(schedule)
    for name, _ in entries.faults:
        states.pop(name, None)
    for name in states:
        _decide(slots, close(opened.get(name, []), REMOVED, now), now)
        slots.forget_state(name)
    return running


def _settle_one(
    slots: Slots,
    schedule: Schedule,
    state: ScheduleState | None,
    opened: list[Slot],
    actor: str,
    now: datetime,
) -> None:
    fresh = ScheduleState(schedule.name, schedule.cron, schedule.tz, now, now, schedule.paused)
    if state is None or schedule.paused or state.paused:
        if schedule.paused:
            _miss_until_now(slots, schedule, state, actor, now)
            _decide(slots, close(opened, PAUSED, now), now)
        if state is None or state.paused != schedule.paused:
            slots.keep_state(fresh)  # it counts from now: first seen, or resumed
        return
    if (state.cron, state.tz) != (schedule.cron, schedule.tz):
        _miss(slots, schedule, _dues_of(state, now), CHANGED, actor, now)
        slots.keep_state(fresh._replace(counts_from=state.counts_from))
        dues: list[datetime] = []
    else:
        dues = list(due_times(schedule.expression(), schedule.zone, state.handled_until, now))
        if dues:
            slots.keep_state(state._replace(handled_until=now))
    planned = plan(schedule, dues, opened, now)
    new = (NewSlot(schedule.name, schedule.template, *outcome) for outcome in planned.new)
    slots.add(new, actor, now)
    _decide(slots, planned.moved, now)


def _miss_until_now(
    slots: Slots, schedule: Schedule, state: ScheduleState | None, actor: str, now: datetime
) -> None:
    """Record what was due before a pause was seen and never run: it was due all the same."""
    if state is not None and not state.paused:
        _miss(slots, schedule, _dues_of(state, now), PAUSED, actor, now)


def _dues_of(state: ScheduleState, now: datetime) -> list[datetime]:
    """Return the due times that are not settled yet, by the expression and the zone that held until now."""
    from zoneinfo import ZoneInfo

    from partnerctl.scheduling.cron import parse_cron

    return list(due_times(parse_cron(state.cron), ZoneInfo(state.tz), state.handled_until, now))


def _miss(
    slots: Slots, schedule: Schedule, dues: Iterable[datetime], reason: str, actor: str, now: datetime
) -> None:
    slots.add((NewSlot(schedule.name, schedule.template, due, MISSED, reason) for due in dues), actor, now)


def _decide(slots: Slots, decisions: Iterable[Decision], now: datetime) -> None:
    for slot, status, reason in decisions:
        slots.move(slot, status, reason, now)
