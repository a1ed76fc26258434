"""The partner reports that were asked for: each on its way, done or failed, until it is removed."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from partnerctl.clock import Clock
from partnerctl.sandbox.clientele import Clientele
from partnerctl.sandbox.exchange import Refused
from partnerctl.sandbox.ids import hex_of, rng_of
from partnerctl.sandbox.report_files import report_csv, zipped

MOST_DAYS = 31
"""How many days one report may span."""

LINK_LIFE = 3600
"""Seconds for which an address of a download is good."""


class ReportTemplate(NamedTuple):
    """A template of Webex: its number, its title, and the default template whose rows it gives."""

    template_id: int
    title: str
    name: str


@dataclass(slots=True)
class Report:
    """One report. `ready` counts down the polls until it is done; `links` are its addresses by their keys.

    An address stands with the instant at which it expires. `content` is the CSV file, once it was made.
    """

    report_id: str
    template: ReportTemplate
    since: date
    until: date
    region: str
    created: datetime
    ready: int
    fails: bool
    links: dict[str, datetime] = field(default_factory=dict)
    content: bytes | None = None

    @property
    def file_name(self) -> str:
        """The name that the file has within the archive."""
        number = self.report_id[:8]
        return f"{self.template.title}_{number}_Org_{self.since}_{self.until}.csv"


class ReportShelf:
    """All reports, the oldest first. `failing`: regions in which reports always fail."""

    def __init__(
        self, seed: int, clock: Clock, clientele: Clientele, delay: int, failing: frozenset[str]
    ) -> None:
        self._seed = seed
        self._clock = clock
        self._clientele = clientele
        self._delay = delay
        self._failing = failing
        self._reports: dict[str, Report] = {}
        self._asked: Counter[tuple[object, ...]] = Counter()
        self.templates = _templates(seed)

    def add(self, template_id: int, since: date, until: date, region: str, *, fails: bool) -> Report:
        """Return a new report; raises Refused (400) where there is no such template."""
        template = next((one for one in self.templates if one.template_id == template_id), None)
        if template is None:
            raise Refused(400, "The report template could not be found.")
        key = (template_id, since, until, region)
        self._asked[key] += 1
        report_id = hex_of(self._seed, "report", self._asked[key], *key)
        fails = fails or region in self._failing
        report = Report(report_id, template, since, until, region, self._clock.now(), self._delay, fails)
        self._reports[report_id] = report
        return report

    def all(self) -> list[Report]:
        """Return all reports, the oldest first."""
        return list(self._reports.values())

    def find(self, report_id: str) -> Report:
        """Return a report; raises Refused (404)."""
        if report_id not in self._reports:
            raise Refused(404, "The report could not be found.")
        return self._reports[report_id]

    def poll(self, report_id: str) -> Report:
        """Return a report, one poll nearer to its end; raises Refused (404)."""
        report = self.find(report_id)
        report.ready -= 1
        return report

    def remove(self, report_id: str) -> None:
        """Forget a report; raises Refused (404)."""
        self.find(report_id)
        del self._reports[report_id]

    def make_link(self, report: Report, *, expired: bool) -> str:
        """Return the key of a new address of a report's file; `expired`: one that is good no more."""
        key = hex_of(self._seed, "link", report.report_id, len(report.links))
        report.links[key] = self._clock.now() + timedelta(seconds=0 if expired else LINK_LIFE)
        return key

    def download(self, report_id: str, key: str) -> bytes:
        """Return the bytes of a report's file; raises Refused: 404, 403, or 410 where it expired."""
        report = self.find(report_id)
        if key not in report.links:
            raise Refused(403, "The address of the download is not valid.")
        if report.links[key] <= self._clock.now():
            status = (403, 410)[len(report.links) % 2]
            raise Refused(status, "The address of the download has expired.")
        return self.file(report)

    def file(self, report: Report) -> bytes:
        """Return what a report's download gives: an archive, of some reports the CSV file itself."""
        content = self.csv(report)
        plain = int(report.report_id[:2], 16) % 5 == 0
        return content if plain else zipped(content, report.file_name)

    def csv(self, report: Report) -> bytes:
        """Return the CSV file of a report, made when it is first asked for."""
        if report.content is None:
            data = self._clientele.in_region(report.region)
            report.content = report_csv(data, report.template.name, report.until)
        return report.content

    def checksum(self, report: Report) -> str:
        """Return the checksum of a report's CSV file, in hexadecimal."""
        return hashlib.md5(self.csv(report), usedforsecurity=False).hexdigest()


def _templates(seed: int) -> tuple[ReportTemplate, ...]:
    numbers = iter(sorted(rng_of(seed, "templates").sample(range(101, 999), 5)))
    phones = "Telephone Numbers" if seed % 2 else "Phone numbers"
    titles = {
        "calling-usage": "Calling usage",
        "devices": "Devices",
        "phone-numbers": phones,
        "subscription-details": "Subscription details",
        "webex-app-version": "Webex App version",
    }
    return tuple(ReportTemplate(next(numbers), title, name) for name, title in titles.items())
