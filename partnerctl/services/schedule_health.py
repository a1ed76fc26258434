"""What monitoring should know of schedules: what failed, what was missed, whether ticks come at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.domain.records import ScheduleHealth
from partnerctl.domain.slots import FAILED, MISSED, STALE
from partnerctl.scheduling.file import Entries
from partnerctl.services.answers import Answer
from partnerctl.services.inbox import FAILED as FAILED_FILES
from partnerctl.services.schedules import problem_of

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.services.scheduled_orders import Surroundings
    from partnerctl.stores.contract import Store

TICK_AGE = timedelta(minutes=15)
"""How long ago the last tick may be before that is a problem."""


def schedule_health(
    store: Store, entries: Entries, surroundings: Surroundings, ticked: datetime | None, clock: Clock
) -> Answer[ScheduleHealth]:
    """Return the problems: of ticks, of entries, of the newest run of each schedule, of the inbox."""
    now = clock.now()
    found = [ScheduleHealth(name, f"invalid: {fault.reason}", None) for name, fault in entries.faults]
    mine = [one for one in entries.schedules if one.profile == surroundings.settings.profile]
    if any(not one.paused for one in mine) and (problem := _tick_problem(ticked, now)):
        found.append(ScheduleHealth(None, problem, ticked))
    found += [ScheduleHealth(None, problem, None) for problem in _inbox_problems(surroundings)]
    last = store.last_runs()
    for schedule in mine:
        run = store.report_run(last[schedule.name]) if schedule.name in last else None
        refused = problem_of(store, schedule, surroundings, clock)
        if run is not None and run.status in (FAILED, STALE, MISSED):
            found.append(ScheduleHealth(schedule.name, f"{run.status}: {run.error}", run.due))
        elif refused is not None:
            found.append(ScheduleHealth(schedule.name, f"could not run: {refused}", None))
    return Answer(ScheduleHealth, found)


def _inbox_problems(surroundings: Surroundings) -> list[str]:
    """Return what is wrong with the inbox: it is not there, or files in it could not be taken in."""
    from pathlib import Path

    if surroundings.settings.inbox_dir is None:
        return []
    folder = Path(surroundings.settings.inbox_dir).expanduser()
    if not folder.is_dir():
        return [f"there is no inbox {folder}"]
    failed = folder / FAILED_FILES
    count = sum(1 for path in failed.iterdir() if path.suffix != ".txt") if failed.is_dir() else 0
    files = "1 file" if count == 1 else f"{count} files"
    return [f"{files} of the inbox could not be taken in: see {failed}"] if count else []


def _tick_problem(ticked: datetime | None, now: datetime) -> str | None:
    if ticked is None:
        return "no tick has come yet: see `partnerctl schedules export`"
    age = now - ticked
    if age <= TICK_AGE:
        return None
    if age.days:
        return f"the last tick was {age.days} day{'s' if age.days > 1 else ''} ago"
    minutes = age.seconds // 60
    return f"the last tick was {minutes // 60} h {minutes % 60} min ago"
