"""Reports that Webex makes: asked for in every region, downloaded, merged into one file, recorded (PH-R1)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.domain.regions import REGIONS
from partnerctl.domain.stepping import Step, unheard
from partnerctl.errors import Conflict, NotFound, UsageError
from partnerctl.services.report_targets import replaces, target_of
from partnerctl.services.reports import ReportResult, draft_run, recorded
from partnerctl.services.rights import RUN_REPORTS, require
from partnerctl.services.templates import template_named
from partnerctl.services.webex.partner_reports import (
    Polling,
    fetch_file,
    request,
    span_of,
    template_titled,
    wait_for,
)

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.remote.partner_reports import Template
    from partnerctl.reports.writing import Written
    from partnerctl.services.recording import Journal
    from partnerctl.services.report_orders import ReportOrder
    from partnerctl.stores.contract import Store
    from partnerctl.tabular.delimited import DelimitedFile

_USUAL_DAYS = 7
"""Days that a report covers where nobody says."""


def run_remote_report(
    store: Store,
    client: Client,
    order: ReportOrder,
    journal: Journal,
    polling: Polling,
    step: Step = unheard,
) -> ReportResult:
    """Let Webex make a report, write it as one file, record the run and return it; `step` hears of regions.

    Where a region that was asked for fails, there is no file: half a report looks like a whole one. Raises
    UsageError, NotAllowed, NotFound for the template, Conflict, Unavailable, TimedOut, MachineFault.
    """
    from partnerctl.remote.partner_reports import templates

    require(store, order.asked.me, RUN_REPORTS)
    _refuse_options(order)
    template = _template(templates(client), order)
    since, until = _span(order, template, journal)
    path = target_of(order, template.title, journal.clock)
    draft = draft_run(template.title, order, path, (since, until), until, journal.clock)
    making = _Making(client, template, since, until, polling, journal.clock.now().date())
    try:
        written, notes = making.make(order, path, step)
    except BaseException as fault:
        journal.record_failure(draft, fault)
        raise
    run = replace(draft, rows=written.rows, bytes=written.bytes, sha256=written.sha256)
    return recorded(journal, run, notes)


def _refuse_options(order: ReportOrder) -> None:
    """Raise UsageError for what cannot be asked of a report that Webex makes."""
    asked = order.asked
    given = {
        "--where": asked.where is not None,
        "--as-of": asked.as_of is not None,
        "--max-age": asked.max_age is not None,
        "--days": order.days is not None,
        "--product": order.product is not None,
        "--format": order.format != "csv",
        "--excel": order.excel,
        "--language": order.language is not None,
        "--skip-empty": order.skip_empty,
        "--stdout": order.out is not None,
        "--region unknown": any(region not in REGIONS for region in asked.region),
    }
    for option, is_given in given.items():
        if is_given:
            raise UsageError(
                f"{option} is for reports from this store: Webex makes its own as csv, of whole regions",
                "leave it out, or run `partnerctl sync` and leave --source out",
            )


def _template(known: Sequence[Template], order: ReportOrder) -> Template:
    """Return Webex's template of that title, or of ours; raises NotFound with the titles there are."""
    from partnerctl.domain.folding import fold_header

    wanted = fold_header(order.template)
    found = next((one for one in known if fold_header(one.title) == wanted), None)
    if found is None:
        try:
            found = template_titled(known, template_named(order.template, None))
        except NotFound:
            found = None
    if found is None:
        titles = ", ".join(sorted(one.title for one in known)) or "none"
        raise NotFound(f"Webex has no report template {order.template!r}", f"it has: {titles}")
    return found


def _span(order: ReportOrder, template: Template, journal: Journal) -> tuple[date, date]:
    """Return the days to ask for; raises UsageError for too many, or in the wrong order."""
    today = journal.clock.now().date()
    since, until = span_of(template, order.until or today, _USUAL_DAYS)
    since, until = order.since or since, order.until or until
    if since > until:
        raise UsageError(f"--since {since} is after --until {until}", "give the earlier day first")
    most = template.max_days
    if most is not None and (until - since).days + 1 > most:
        raise UsageError(
            f"{template.title} covers at most {most} days, and {since} to {until} are more",
            f"give --since {until - timedelta(days=most - 1)}",
        )
    return since, until


@dataclass(frozen=True, slots=True)
class _Making:
    """Makes one report of all its regions."""

    client: Client
    template: Template
    since: date
    until: date
    polling: Polling
    today: date

    def make(self, order: ReportOrder, path: Path | None, step: Step) -> tuple[Written, tuple[str, ...]]:
        """Return what was written at `path`, and notes."""
        assert path is not None
        chosen = order.asked.region
        with tempfile.TemporaryDirectory(prefix="partnerctl-") as folder:
            ids, notes = self._asked_for(chosen or tuple(REGIONS), skipping=not chosen)
            files = []
            for region, report_id in ids.items():
                report = wait_for(self.client, report_id, self.polling)
                done = fetch_file(self.client, report, Path(folder, region))
                notes += [] if done.note is None else [f"{region}: {done.note}"]
                files.append((region, _opened(done.path, f"{self.template.title}, {region}")))
                step(1)
            return _written(path, files, order), tuple(notes)

    def _asked_for(self, regions: Sequence[str], *, skipping: bool) -> tuple[dict[str, str], list[str]]:
        """Return the id of each region's report; a region that nobody named may be refused."""
        from partnerctl.remote.partner_reports import Wanted

        ids: dict[str, str] = {}
        notes = []
        for region in regions:
            wanted = Wanted(self.template.template_id, region, self.since, self.until)
            try:
                ids[region] = request(self.client, wanted, self.today)
            except Conflict as refused:
                if not skipping:
                    raise
                notes.append(f"{region}: left out, for {refused.reason}")
        if not ids:
            raise Conflict("Webex makes this report in no region", "; ".join(notes))
        return ids, notes


def _opened(path: Path, name: str) -> DelimitedFile:
    """Return a downloaded file as a table, whether it is an archive or not; raises InvalidData."""
    from partnerctl.ingest.sources import open_sources
    from partnerctl.tabular.delimited import open_delimited

    with open_sources([path]) as sources:
        source = sources.files[0]
    return open_delimited(source.open, name)


def _written(path: Path, files: Sequence[tuple[str, DelimitedFile]], order: ReportOrder) -> Written:
    """Write the rows of all files under the headers of all: a column that one lacks is empty there."""
    from partnerctl.reports.writing import write_csv_file
    from partnerctl.tabular.columns import Column, Layout

    headers = tuple(dict.fromkeys(header for _, file in files for header in file.headers))
    layout = Layout("webex", tuple(Column(header) for header in headers))
    return write_csv_file(path, layout, _rows(files, headers), overwrite=replaces(order, path))


def _rows(files: Sequence[tuple[str, DelimitedFile]], headers: tuple[str, ...]) -> Iterator[list[str]]:
    for _, file in files:
        if file.headers == headers:
            yield from (cells for _, cells in file.rows())
            continue
        places = [file.headers.index(header) if header in file.headers else None for header in headers]
        for _, cells in file.rows():
            yield ["" if place is None else cells[place] for place in places]
