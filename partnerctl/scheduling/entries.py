"""Schedules: one entry of ``schedules.toml`` each (``cli.md``, Schedules)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from partnerctl.domain.days import parse_day, parse_max_age
from partnerctl.domain.report_words import FORMATS

if TYPE_CHECKING:
    from partnerctl.scheduling.cron import Cron

CATCHUPS = ("latest", "none", "all")
"""What is run of the due times that were missed: the newest (usual), none, or the newest ten."""

RETRIES = 3
"""Retries after a fault of the network, unless the entry says otherwise."""

DEFAULT_PROFILE = "default"
"""The profile of an entry that names none."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The options of ``reports run`` that an entry holds; days stay words, for they mean the due time."""

    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    region: tuple[str, ...] = ()
    where: str | None = None
    days: int | None = None
    product: str | None = None
    max_age: str | None = None
    dir: str | None = None
    file: str | None = None
    overwrite: bool = False
    format: str = FORMATS[0]
    excel: bool = False
    language: str | None = None
    skip_empty: bool = False

    def day(self, text: str | None, today: date) -> date | None:
        """Return the day that one of the words means on the day `today`; raises UsageError."""
        return None if text is None else parse_day(text, today)

    @property
    def oldest(self) -> timedelta | None:
        """Return ``max_age``; raises UsageError."""
        return None if self.max_age is None else parse_max_age(self.max_age)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule. `start_deadline` is how late it may start; hooks are argument lists."""

    name: str
    template: str
    cron: str
    tz: str
    profile: str = DEFAULT_PROFILE
    options: ReportOptions = field(default_factory=ReportOptions)
    catchup: str = CATCHUPS[0]
    start_deadline: timedelta | None = None
    retries: int = RETRIES
    on_success: tuple[str, ...] = ()
    on_failure: tuple[str, ...] = ()
    mail_to: tuple[str, ...] = ()
    paused: bool = False

    @property
    def hooked(self) -> bool:
        """Tell whether it runs programs of the user's."""
        return bool(self.on_success or self.on_failure)

    @property
    def zone(self) -> ZoneInfo:
        """Return its time zone."""
        return ZoneInfo(self.tz)

    def expression(self) -> Cron:
        """Return its expression, read."""
        from partnerctl.scheduling.cron import parse_cron

        return parse_cron(self.cron)
