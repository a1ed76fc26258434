"""The partner reports of a sync: every template that can be read, in every region, fetched side by side."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError, TimedOut, Unavailable
from partnerctl.services.syncing.side_by_side import side_by_side
from partnerctl.services.webex.partner_reports import (
    Polling,
    fetch_file,
    request,
    span_of,
    template_titled,
    wait_for,
)

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.remote.client import Client
    from partnerctl.remote.partner_reports import Template
    from partnerctl.reports.templates import Template as ReportTemplate
    from partnerctl.services.syncing.spool import Spool

AT_ONCE = 8
"""Reports that are asked for and waited for at a time."""

_KEPT = "reports.json"
_AGGREGATED = {"webex-app-version": 90}
"""The days that a report sums up; the others are of one day."""


class ReportJob(NamedTuple):
    """One template in one region."""

    template: ReportTemplate
    region: str

    @property
    def key(self) -> str:
        """The name of the job in the spool, and of its file."""
        return f"{self.template.name}_{self.region}"


@dataclass(frozen=True, slots=True)
class FetchedReport:
    """What came of one job: the day on which its file was fetched, or why there is none."""

    job: ReportJob
    day: date | None = None
    note: str | None = None
    fault: PartnerctlError | None = None


class ReportFetcher:
    """Fetches the reports of a sync into the spool; those that are there already are not asked for again."""

    def __init__(self, client: Client, spool: Spool, clock: Clock, polling: Polling) -> None:
        self._client = client
        self._spool = spool
        self._clock = clock
        self._polling = polling
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, Any]] = spool.read(_KEPT) or {}
        self._resumed = bool(self._kept)

    def fetch(self, jobs: Sequence[ReportJob]) -> list[FetchedReport]:
        """Return what came of every job, in their order; a fault of one does not stop the others."""
        from partnerctl.remote.partner_reports import templates

        if not jobs:
            return []
        try:
            known = templates(self._client)
        except PartnerctlError as fault:
            return [FetchedReport(job, fault=fault) for job in jobs]
        (self._spool.folder / "reports").mkdir(mode=0o700, exist_ok=True)
        pairs = ((job, template_titled(known, job.template)) for job in jobs)
        found = {one.job.key: one for one in side_by_side(self._one, pairs, AT_ONCE)}
        return [found[job.key] for job in jobs]

    def _one(self, pair: tuple[ReportJob, Template | None]) -> FetchedReport:
        job, template = pair
        kept = self._kept.get(job.key, {})
        if kept.get("day"):
            return FetchedReport(job, date.fromisoformat(kept["day"]), kept.get("note"))
        if template is None:
            title = job.template.title
            fault = NotFound(f"Webex has no report template {title!r}", "look in Partner Hub, under Reports")
            return FetchedReport(job, fault=fault)
        try:
            return self._fetched(job, template)
        except (Conflict, NotAllowed, NotFound, TimedOut, Unavailable) as fault:
            return FetchedReport(job, fault=fault)

    def _fetched(self, job: ReportJob, template: Template) -> FetchedReport:
        from partnerctl.remote.partner_reports import Wanted

        report_id = self._kept.get(job.key, {}).get("id")
        today = self._clock.now().date()
        if report_id is None:
            since, until = span_of(template, today, _AGGREGATED.get(job.template.name, 1))
            wanted = Wanted(template.template_id, job.region, since, until)
            report_id = request(self._client, wanted, today, look_first=self._resumed)
            self._keep(job, id=report_id)
        try:
            report = wait_for(self._client, report_id, self._polling)
        except (NotFound, Unavailable):
            self._forget(job)  # it failed, or is gone: the next time another one is made
            raise
        done = fetch_file(self._client, report, self._spool.folder / "reports" / job.key)
        day = self._clock.now().date()
        self._keep(job, day=day.isoformat(), note=done.note)
        return FetchedReport(job, day, done.note)

    def clean_up(self) -> None:
        """Let Webex forget the reports that were made for this sync; what cannot be removed stays there."""
        from partnerctl.remote.partner_reports import remove

        for kept in self._kept.values():
            if kept.get("id") and kept.get("day"):
                try:
                    remove(self._client, kept["id"])
                except PartnerctlError:
                    return

    def _keep(self, job: ReportJob, **said: str | None) -> None:
        with self._lock:
            self._kept.setdefault(job.key, {}).update(said)
            self._spool.write(_KEPT, self._kept)

    def _forget(self, job: ReportJob) -> None:
        with self._lock:
            self._kept.pop(job.key, None)
            self._spool.write(_KEPT, self._kept)


def report_jobs(region: str | None) -> list[ReportJob]:
    """Return every template that `import` reads, in every region, or in `region` alone."""
    from partnerctl.domain.regions import REGIONS
    from partnerctl.reports.defaults import imported_templates

    regions = (region,) if region else tuple(REGIONS)
    return [ReportJob(template, code) for template in imported_templates() for code in regions]
