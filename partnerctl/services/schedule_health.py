"""What monitoring should know of schedules: what failed, what was missed, whether ticks come at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.domain.records import ScheduleHealth
from partnerctl.domain.slots import FAILED, MISSED, STALE
from partnerctl.scheduling.file import Entries
from partnerctl.services.answers import Answer

if TYPE_CHECKING:
    from partnerctl.stores.contract import Store

TICK_AGE = timedelta(minutes=15)
"""How long ago the last tick may be before that is a problem."""


def schedule_health(
    store: Store, entries: Entries, profile: str, ticked: datetime | None, now: datetime
) -> Answer[ScheduleHealth]:
    """Return the problems: of ticks, of entries that cannot be read, of the newest run of each schedule."""
    found = [ScheduleHealth(name, f"invalid: {fault.reason}", None) for name, fault in entries.faults]
    mine = [one for one in entries.schedules if one.profile == profile]
    if any(not one.paused for one in mine) and (problem := _tick_problem(ticked, now)):
        found.append(ScheduleHealth(None, problem, ticked))
    last = store.last_runs()
    for schedule in mine:
        run = store.report_run(last[schedule.name]) if schedule.name in last else None
        if run is not None and run.status in (FAILED, STALE, MISSED):
            found.append(ScheduleHealth(schedule.name, f"{run.status}: {run.error}", run.due))
    return Answer(ScheduleHealth, found)


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
