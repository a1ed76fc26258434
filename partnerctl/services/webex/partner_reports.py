"""Partner reports that Webex makes: asked for, waited for, downloaded and verified (``upstream.md``, 3.5)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from partnerctl.domain.folding import fold_header
from partnerctl.errors import (
    Conflict,
    InvalidData,
    MachineFault,
    NotAllowed,
    NotFound,
    TimedOut,
    Unavailable,
)
from partnerctl.ingest.archives import Limits, find_entry, is_zip, open_entry

if TYPE_CHECKING:
    from partnerctl.clock import Stopwatch
    from partnerctl.remote.client import Client, Download
    from partnerctl.remote.partner_reports import RemoteReport, Template, Wanted
    from partnerctl.reports.templates import Template as ReportTemplate

_MORE_TITLES = {
    "phone-numbers": ("telephonenumbers", "phonenumber", "telephonenumber"),
    "devices": ("devicesreport", "device"),
    "webex-app-version": ("webexappversions",),
    "subscription-details": ("subscriptiondetail", "subscriptiondetailsreport"),
}
_BLOCK = 1 << 20
_DOWNLOADS = 20
"""Times that one report is downloaded before it is given up: its address may expire, its size may be off."""


@dataclass(frozen=True, slots=True)
class Polling:
    """How a report is waited for: seconds before the second look, between looks at most, and in all."""

    stopwatch: Stopwatch
    first: float = 2.0
    most: float = 30.0
    limit: float = 1800.0


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A report's file. `name` is what Webex calls it; `note` says what is odd about it, if anything."""

    path: Path
    name: str | None
    size: int
    note: str | None = None


def template_titled(templates: Iterable[Template], template: ReportTemplate) -> Template | None:
    """Return Webex's template of that report, found by its title in whatever language; None without one."""
    titles = {*template.spellings, *_MORE_TITLES.get(template.name, ())}
    return next((one for one in templates if fold_header(one.title) in titles), None)


def span_of(template: Template, today: date, days: int = 1) -> tuple[date, date]:
    """Return the days to ask a report for: the last `days` that have data, as many as the template allows.

    A template without a period of its own wants two dates all the same.
    """
    until = min(template.last_day or today, today)
    return until - timedelta(days=min(days, template.max_days or days, 366) - 1), until


def request(client: Client, wanted: Wanted, asked_on: date, *, look_first: bool = False) -> str:
    """Return the id of a report that Webex makes, or made: one request is one report.

    With `look_first`, and where nobody knows whether a request was carried out, a report of just that kind
    which was made on `asked_on` or later is taken. Raises NotAllowed, Conflict, Unavailable, TimedOut.
    """
    from partnerctl.remote.faults import Unconfirmed
    from partnerctl.remote.partner_reports import create, recent

    since = asked_on - timedelta(days=1)  # the day of a server is not always ours
    while True:
        found = recent(client, wanted, since) if look_first else None
        if found is not None:
            return found.report_id
        try:
            return create(client, wanted)
        except Unconfirmed:
            look_first = True


def wait_for(
    client: Client, report_id: str, polling: Polling, heard: Callable[[str], None] = lambda _status: None
) -> RemoteReport:
    """Return a report that is done; `heard` is told each status.

    Raises Unavailable where it failed, TimedOut where it takes longer than the limit, NotFound.
    """
    from partnerctl.remote.partner_reports import look_at

    begun, pause = polling.stopwatch.elapsed(), polling.first
    while True:
        report = look_at(client, report_id)
        heard(report.status)
        if report.done:
            return report
        if report.failed:
            raise Unavailable(f"Webex could not make the report: {report.status}", "run it again later")
        if polling.stopwatch.elapsed() - begun + pause > polling.limit:
            raise TimedOut(
                f"Webex did not make the report within {polling.limit:g} seconds", "run it again later"
            )
        polling.stopwatch.wait(pause)
        pause = min(pause * 2, polling.most)


def fetch_file(client: Client, report: RemoteReport, path: Path) -> Downloaded:
    """Download a report to `path`, and return it once it is known to be whole.

    Its address may have expired: then the report is asked for anew. Raises Unavailable where it never comes
    whole, NotAllowed, MachineFault.
    """
    from partnerctl.remote.partner_reports import look_at

    problem = "its address is missing"
    for _ in range(_DOWNLOADS):
        if report.url is not None:
            try:
                with _private(path) as sink:
                    download = client.download(report.url, sink)
            except (NotAllowed, NotFound, Conflict) as refused:
                problem = refused.reason
            except OSError as fault:
                raise MachineFault(
                    f"{path}: cannot be written ({fault.strerror or fault})", "free some space"
                ) from fault
            else:
                try:
                    note = _checked(path, download, report.size)
                except InvalidData as broken:
                    problem = broken.reason
                else:
                    return Downloaded(path, report.file_name, download.size, note)
        report = look_at(client, report.report_id)
    raise Unavailable(f"the report cannot be downloaded: {problem}", "run it again later")


def _private(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "w+b")


def _checked(path: Path, download: Download, size: int | None) -> str | None:
    """Return what is odd about a file that is whole, None where nothing is; raises InvalidData for a cut one.

    The size that Webex names is that of the archive or of what is in it; nobody says which. An archive
    vouches for itself by its checksums.
    """
    inside = _size_inside(path)
    if download.size and size in (download.size, inside):
        return None
    if not download.size or (inside is None and not download.whole):
        raise InvalidData(f"the file is not whole ({download.size} bytes)")
    if not size:
        return None
    return f"Webex says that the file has {size} bytes, and it has {download.size}; it is whole"


def _size_inside(path: Path) -> int | None:
    """Return the size of what an archive holds, None where it is none; raises InvalidData for a bad one."""
    with path.open("rb") as file:
        if not is_zip(file.read(4)):
            return None
    name = "the archive"
    with open_entry(path, find_entry(path, name), name, Limits()) as content:
        return sum(len(block) for block in iter(lambda: content.read(_BLOCK), b""))
