"""Writing a report: everything that can be checked first, then one stream from store to file (PH-R1)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.clock import Clock
from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import DONE, SKIPPED_EMPTY
from partnerctl.domain.stepping import Step, counted, unheard
from partnerctl.errors import Locked, MachineFault
from partnerctl.reports.sources import SOURCES
from partnerctl.reports.templates import Template
from partnerctl.services.questions import check_age
from partnerctl.services.recording import Journal
from partnerctl.services.report_orders import ReportOrder, check_options, completed
from partnerctl.services.report_rows import ReportRows, Row, checked_order, newest_day, report_rows
from partnerctl.services.report_targets import replaces, target_of
from partnerctl.services.rights import RUN_REPORTS, require
from partnerctl.services.templates import template_named
from partnerctl.stores.contract import Store

if TYPE_CHECKING:
    from partnerctl.reports.writing import Written

__all__ = ["Prepared", "ReportOrder", "ReportResult", "prepare", "run_report"]


@dataclass(frozen=True, slots=True)
class ReportResult:
    """A run of a report that ended well; `warning` says why it could not be recorded, where it could not."""

    run: ReportRun
    notes: tuple[str, ...]
    warning: str | None = None


def run_report(store: Store, order: ReportOrder, journal: Journal, step: Step = unheard) -> ReportResult:
    """Write a report, record the run, and return it; `step` hears of rows as they are written.

    What is refused before it starts is no run: UsageError, NotFound for the template, Conflict for a file
    that exists. What fails then is recorded and raised: StaleData, MachineFault, or any other fault.
    A run that cannot be recorded is told in the result: the report itself is there.
    """
    prepared = prepare(store, order, journal.clock)
    try:
        run, notes = prepared.write(step)
    except BrokenPipeError:
        journal.record_broken_pipe(prepared.draft)
        raise
    except BaseException as fault:
        journal.record_failure(prepared.draft, fault)
        raise
    return recorded(journal, run, notes)


def prepare(store: Store, order: ReportOrder, clock: Clock) -> Prepared:
    """Return a report that is ready to be written: all that can be checked before it was.

    Raises NotAllowed, NotFound for the template, UsageError, Conflict for a file that exists, InvalidData.
    """
    require(store, order.asked.me, RUN_REPORTS)
    template = template_named(order.template, order.custom)
    order = completed(order, template)
    check_options(order, template)
    order = checked_order(store, order, template)
    title = template.title_in(order.language or order.usual_language)
    path = target_of(order, title, clock)
    draft = draft_run(
        template.name, order, path, (order.since, order.until), newest_day(store, order, template), clock
    )
    return Prepared(store, order, template, path, draft)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that is ready to be written at `path`; `draft` is its run as far as it is known before."""

    store: Store
    order: ReportOrder
    template: Template
    path: Path | None
    draft: ReportRun

    def write(
        self, step: Step = unheard, before_it_stands: Callable[[], None] | None = None
    ) -> tuple[ReportRun, tuple[str, ...]]:
        """Write it; return its run, which has no end and no id yet, and notes.

        `before_it_stands` is called when the last row is written, and may raise. Raises StaleData by
        ``--max-age``, MachineFault, Conflict for what the format cannot hold, or any other fault; nothing is
        left of the file then.
        """
        check_age(self.draft.data_as_of, self.order.asked.max_age, self.order.today)
        regions = sorted(region for region in self.store.regions() if region is not None)
        spans = len(regions) > 1 and len(self.order.asked.region) != 1
        found = report_rows(self.store, self.order, self.template, by_region=spans)
        rows = counted(found.rows, step)
        written = self._written(found, rows if before_it_stands is None else _then(rows, before_it_stands))
        run = _ended(self.draft, written)
        notes = (*_notes(self.order, run, written, regions), *_coverage(found), *found.notes)
        return run, tuple(dict.fromkeys(notes))

    def _written(self, found: ReportRows, rows: Iterator[Row]) -> Written | None:
        """Write the rows, and return what was written; None where there were none and ``--skip-empty``."""
        from partnerctl.reports.writing import Form, write_report_file, write_report_stream
        from partnerctl.services.report_pages import page_of

        order = self.order
        if order.skip_empty:
            first = next(rows, None)
            if first is None:
                return None
            rows = chain((first,), rows)
        demo = self.store.fact("demo") is not None
        page = page_of(order, self.template, found, self.draft, demo=demo)
        form = Form(order.format, order.excel, textual=not SOURCES[self.template.source].listed)
        if self.path is None:
            assert order.out is not None
            return write_report_stream(order.out, page, rows, form)
        return write_report_file(self.path, page, rows, form, overwrite=replaces(order, self.path))


def _then(rows: Iterator[Row], call: Callable[[], None]) -> Iterator[Row]:
    yield from rows
    call()


def draft_run(
    template: str,
    order: ReportOrder,
    path: Path | None,
    span: tuple[date | None, date | None],
    data_as_of: date | None,
    clock: Clock,
) -> ReportRun:
    """Return the run of a report that begins now, as far as it is known before; `span` is its period."""
    return ReportRun(
        run_id=None,
        template=template,
        schedule=None,
        due=None,
        status=DONE,
        path=path_text(path),
        rows=None,
        bytes=None,
        sha256=None,
        region=",".join(order.asked.region) or None,
        since=span[0],
        until=span[1],
        data_as_of=data_as_of,
        started=clock.now(),
        finished=None,
        error=None,
    )


def _ended(draft: ReportRun, written: Written | None) -> ReportRun:
    if written is None:
        return replace(draft, status=SKIPPED_EMPTY, path=None, rows=0)
    return replace(draft, rows=written.rows, bytes=written.bytes, sha256=written.sha256)


def recorded(journal: Journal, run: ReportRun, notes: tuple[str, ...]) -> ReportResult:
    """Record a run that ended well, and return it; where that does not go, the result says why."""
    try:
        return ReportResult(journal.record(run), notes)
    except (Locked, MachineFault) as fault:
        ended = replace(run, finished=journal.clock.now())
        return ReportResult(ended, notes, f"this run is not in the history: {fault.reason}")


def _notes(order: ReportOrder, run: ReportRun, written: Written | None, regions: list[str]) -> list[str]:
    said = []
    if written is None:
        said.append("there are no rows: no file was written")
    if run.data_as_of is None and not run.rows:  # imported figures of calls have no day of their own
        said.append(_nothing_known(order))
    elif len(regions) > 1 and not order.asked.region:
        said.append(f"the data spans {len(regions)} regions ({', '.join(regions)}): --region picks one")
    return said


def _coverage(found: ReportRows) -> list[str]:
    """Return the line on how many rows each region has, where there is more than one (PH-R4)."""
    if not found.regions:
        return []
    known = sorted((region, count) for region, count in found.regions.items() if region is not None)
    counts = [f"{region} {count}" for region, count in known]
    return [f"rows by region: {', '.join([*counts, f'unknown {found.regions.get(None, 0)}'])}"]


def _nothing_known(order: ReportOrder) -> str:
    if order.asked.as_of is not None:
        return f"nothing was known on {order.asked.as_of}"
    return "nothing is known for this report yet: import a file with `partnerctl import FILE`"


def path_text(path: Path | None) -> str | None:
    """Return a path as text that any store can hold: a name need not be UTF-8."""
    return None if path is None else os.fsencode(path).decode("utf-8", "backslashreplace")
