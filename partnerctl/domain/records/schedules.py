"""Schedules as lists show them (PH-R2; ``cli.md``, Schedules)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ScheduleSummary:
    """One schedule; `last_run` is the newest due time that has a row, `next_run` None while it is paused.

    The status of an entry that cannot be read is ``invalid``.
    """

    name: str
    template: str | None
    cron: str | None
    tz: str | None
    next_run: datetime | None
    last_run: datetime | None
    last_status: str | None
    paused: bool | None
    profile: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class ScheduleDetail(ScheduleSummary):
    """One schedule opened, with everything that its entry says."""

    since: str | None
    until: str | None
    as_of: str | None
    region: tuple[str, ...]
    where: str | None
    days: int | None
    product: str | None
    max_age: str | None
    dir: str | None
    file: str | None
    overwrite: bool
    format: str
    excel: bool
    language: str | None
    skip_empty: bool
    catchup: str
    start_deadline: str | None
    retries: int
    on_success: tuple[str, ...]
    on_failure: tuple[str, ...]
    mail_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueTime:
    """One due time: as the clock on the wall shows it, in UTC, and what is odd about it."""

    local: str
    utc: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class ScheduleHealth:
    """One thing that monitoring should know: of a schedule, or of the ticks, whose name is None."""

    name: str | None
    problem: str
    since: datetime | None
