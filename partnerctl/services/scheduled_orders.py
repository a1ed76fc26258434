"""From an entry of the schedules file to the order of one run: its words mean the due time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.clock import timestamp
from partnerctl.services.questions import Asked
from partnerctl.services.report_orders import DueFile, ReportOrder, order_by

if TYPE_CHECKING:
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.scheduling.entries import Schedule


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the runs of all schedules share: the settings of the profile, and the folders."""

    settings: Settings
    folders: Folders

    def order(self, schedule: Schedule, due: datetime, earlier: Path | None = None) -> ReportOrder:
        """Return the order of the run of a due time; `earlier` is where an attempt before was to write.

        Raises UsageError for words that mean no day.
        """
        settings, options = self.settings, schedule.options
        today = due.astimezone(UTC).date()
        asked = Asked(
            today,
            where=options.where,
            region=options.region,
            as_of=options.day(options.as_of, today),
            max_age=options.oldest,
            rules=settings.status_rules,
            me=settings.me,
        )
        return order_by(
            settings,
            self.folders,
            schedule.template,
            asked,
            since=options.day(options.since, today),
            until=options.day(options.until, today),
            days=options.days,
            product=options.product,
            format=options.format,
            language=options.language,
            excel=options.excel,
            skip_empty=options.skip_empty,
            folder=None if options.file else self.folder(schedule),
            file=options.file,
            overwrite=options.overwrite,
            zone=schedule.tz,
            due=DueFile(seed_of(schedule.name, due), due, earlier),
        )

    def folder(self, schedule: Schedule) -> Path:
        """Return the folder of a schedule's files: its own, or the reports folder, which is made."""
        if schedule.options.dir is not None:
            return Path(schedule.options.dir).expanduser()
        from partnerctl.documents.private import make_private

        make_private(self.folders.reports)
        return self.folders.reports


def seed_of(name: str, due: datetime) -> bytes:
    """Return what the ten characters of a scheduled file come from: the schedule and its due time."""
    return f"{name}\n{timestamp(due)}".encode()
