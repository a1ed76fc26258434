"""Schedules: made, listed, shown, paused, resumed, removed (PH-R2; ``cli.md``, Schedules)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.domain.records import DueTime, ScheduleDetail, ScheduleSummary
from partnerctl.errors import Conflict, InvalidData, PartnerctlError, UsageError
from partnerctl.scheduling.entries import ReportOptions, Schedule
from partnerctl.scheduling.file import Entries, add_schedule, read_schedules, remove_schedule, set_paused
from partnerctl.scheduling.planning import PAUSED
from partnerctl.scheduling.times import due_times, next_due
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.services.reports import prepare
from partnerctl.services.scheduled_orders import Surroundings
from partnerctl.services.settling import fresh_state, let_go, miss_until

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.stores.contract import Store

INVALID = "invalid"
"""The status of an entry that cannot be read."""


def make_schedule(
    store: Store,
    path: Path,
    name: str,
    values: Mapping[str, Any],
    surroundings: Surroundings,
    clock: Clock,
    *,
    actor: str = "unknown",
    dry_run: bool = False,
) -> ScheduleDetail:
    """Write a new entry, let it count from now, and return it; everything that it says is checked first.

    Raises UsageError, NotFound for the template, Conflict where the name is taken, InvalidData, Locked.
    """
    from partnerctl.documents.reading import Document
    from partnerctl.scheduling.entry_reading import TABLE, check_name, read_entry

    check_name(name)
    taken = {one.name for one in read_schedules(path).schedules}
    if name in taken:
        raise Conflict(f"there is a schedule {name!r} already", "give another --name, or remove that one")
    try:
        schedule = read_entry(Document(path, "", {TABLE: {name: dict(values)}}), name)
    except InvalidData as fault:
        raise _as_option(fault, f"{path}: {TABLE}.{name}.") from fault
    _rehearse(store, schedule, surroundings, clock)
    if not dry_run:
        now = clock.now()
        add_schedule(path, name, dict(values), surroundings.settings.wait)
        with store.slots() as slots:
            let_go(slots, name, actor, now)  # one that was removed by hand, and no tick has seen that
            slots.keep_state(fresh_state(schedule, now, paused=False))
    return _detail(schedule, _summary(store, store.last_runs(), schedule, clock.now()))


def _as_option(fault: InvalidData, place: str) -> UsageError:
    """Return the error of an entry as one of the command line, where nothing stands in a file yet."""
    key, _, problem = fault.reason.removeprefix(place).partition(": ")
    return UsageError(f"--{key.replace('_', '-')}: {problem}", fault.hint)


def _rehearse(store: Store, schedule: Schedule, surroundings: Surroundings, clock: Clock) -> None:
    """Raise what a run would be refused for before it starts, but for files that stand in its way."""
    order = surroundings.order(schedule, clock.now())
    if order.overwrite and order.file is None:
        raise UsageError("--overwrite is for --file alone", "without --file, the name is always a new one")
    if order.file is not None and not order.overwrite and "{date}" not in order.file:
        raise UsageError(
            f"--file: {order.file} would be there from the second run on",
            "give --overwrite, or put {date} into the name",
        )
    prepare(store, replace(order, overwrite=order.file is not None), clock)
    if schedule.mail_to:
        from partnerctl.services.mailing import check_mail

        check_mail(surroundings.settings)


def list_schedules(
    store: Store,
    path: Path,
    surroundings: Surroundings,
    clock: Clock,
    sort: tuple[str, ...] = (),
    limit: int | None = None,
) -> Answer[ScheduleSummary]:
    """Return the schedules, by name; an entry that cannot be read is one, too, with what is wrong.

    The error of one that could not run if it were due now is what it would be refused for.
    """
    entries = read_schedules(path)
    found = []
    last = store.last_runs()
    for schedule in entries.schedules:
        summary = _summary(store, last, schedule, clock.now())
        problem = problem_of(store, schedule, surroundings, clock)
        found.append(summary if problem is None else replace(summary, error=problem))
    found += [_faulty(name, fault.reason) for name, fault in entries.faults]
    found.sort(key=lambda one: one.name)
    return arranged(ScheduleSummary, found, sort, limit)


def problem_of(store: Store, schedule: Schedule, surroundings: Surroundings, clock: Clock) -> str | None:
    """Return what a run of a schedule of this profile would be refused for, None where it would run."""
    if schedule.profile != surroundings.settings.profile:
        return None
    try:
        _rehearse(store, schedule, surroundings, clock)
    except PartnerctlError as fault:
        return fault.reason
    return None


def show_schedule(store: Store, path: Path, name: str, clock: Clock) -> ScheduleDetail:
    """Return one schedule with all its options; raises NotFound, InvalidData for a bad entry."""
    schedule = read_schedules(path).find(name)
    return _detail(schedule, _summary(store, store.last_runs(), schedule, clock.now()))


def next_times(path: Path, name: str, after: datetime, count: int) -> Answer[DueTime]:
    """Return the next due times of a schedule, strictly after an instant; raises NotFound, InvalidData."""
    schedule = read_schedules(path).find(name)
    found = []
    for instant in due_times(schedule.expression(), schedule.zone, after, after + timedelta(days=366 * 50)):
        found.append(_due_time(schedule, instant))
        if len(found) == count:
            break
    return Answer(DueTime, found)


def pause_schedule(store: Store, path: Path, name: str, clock: Clock, actor: str, wait: float) -> bool:
    """Pause a schedule, and return whether it ran before; raises NotFound, InvalidData, Locked."""
    return _set_paused(store, path, name, True, clock, actor, wait)


def resume_schedule(store: Store, path: Path, name: str, clock: Clock, actor: str, wait: float) -> bool:
    """Let a schedule run again: it counts from now. Return whether it was paused; raises like ``pause``."""
    return _set_paused(store, path, name, False, clock, actor, wait)


def _set_paused(
    store: Store, path: Path, name: str, paused: bool, clock: Clock, actor: str, wait: float
) -> bool:
    schedule = read_schedules(path).find(name)
    if not set_paused(path, name, paused, wait):
        return False
    now = clock.now()
    with store.slots() as slots:
        miss_until(slots, slots.states().get(name), PAUSED, actor, now)  # no tick has seen it by now
        slots.keep_state(fresh_state(schedule, now, paused=paused))
    return True


def forget_schedule(
    store: Store, path: Path, name: str, clock: Clock, wait: float, actor: str = "unknown"
) -> None:
    """Remove a schedule; its history stays. Raises NotFound, Locked."""
    remove_schedule(path, name, wait)
    with store.slots() as slots:
        let_go(slots, name, actor, clock.now())


def using_template(path: Path, name: str) -> tuple[str, ...]:
    """Return the names of the schedules that run a template."""
    return tuple(one.name for one in read_schedules(path).schedules if one.template == name)


def free_name(entries: Entries, wanted: str) -> str:
    """Return a name that no schedule has: the wanted one, or that with a number behind it."""
    taken = {*(one.name for one in entries.schedules), *(name for name, _ in entries.faults)}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def check_due(schedule: Schedule, due: datetime) -> None:
    """Raise UsageError where an instant is no due time of a schedule, with the nearest ones around it."""
    expression, zone = schedule.expression(), schedule.zone
    second = timedelta(seconds=1)
    if next_due(expression, zone, due - second, due) == due:
        return
    before = list(due_times(expression, zone, due - timedelta(days=32), due))[-1:]
    after = next_due(expression, zone, due)
    near = [one.isoformat().replace("+00:00", "Z") for one in (*before, after) if one is not None]
    raise UsageError(f"--due: {schedule.name} is not due then", f"it is due at {' and '.join(near)}")


def _summary(
    store: Store, last_runs: Mapping[str, int], schedule: Schedule, now: datetime
) -> ScheduleSummary:
    last = last_runs.get(schedule.name)
    run = None if last is None else store.report_run(last)
    return ScheduleSummary(
        name=schedule.name,
        template=schedule.template,
        cron=schedule.cron,
        tz=schedule.tz,
        next_run=None if schedule.paused else next_due(schedule.expression(), schedule.zone, now),
        last_run=None if run is None else run.due,
        last_status=None if run is None else run.status,
        paused=schedule.paused,
        profile=schedule.profile,
        error=None if run is None else run.error,
    )


def _faulty(name: str, reason: str) -> ScheduleSummary:
    return ScheduleSummary(name, None, None, None, None, None, INVALID, None, None, reason)


def _detail(schedule: Schedule, summary: ScheduleSummary) -> ScheduleDetail:
    deadline = schedule.start_deadline
    return ScheduleDetail(
        **{one.name: getattr(summary, one.name) for one in fields(ScheduleSummary)},
        **{one.name: getattr(schedule.options, one.name) for one in fields(ReportOptions)},
        catchup=schedule.catchup,
        start_deadline=None if deadline is None else f"{int(deadline.total_seconds()) // 60}m",
        retries=schedule.retries,
        on_success=schedule.on_success,
        on_failure=schedule.on_failure,
        mail_to=schedule.mail_to,
    )


def _due_time(schedule: Schedule, instant: datetime) -> DueTime:
    local = instant.astimezone(schedule.zone)
    return DueTime(local.isoformat(timespec="minutes"), instant, _note(schedule, local))


def _note(schedule: Schedule, local: datetime) -> str | None:
    """Return what is odd about a due time on a day on which clocks are set."""
    cron = schedule.expression()
    if not cron.real_time and local.time().replace(tzinfo=None) not in set(cron.times()):
        return "moved: the clock skips the hour in which it was due"
    first = local.replace(fold=0).utcoffset()
    second = local.replace(fold=1).utcoffset()
    if first is None or second is None or first <= second:
        return None
    if not cron.real_time:
        return "this hour comes twice: the first time"
    return f"this hour comes twice: the {'second' if local.fold else 'first'} time"
