"""Writing a report: everything that can be checked first, then one stream from store to file (PH-R1)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from partnerctl.clock import Clock
from partnerctl.domain.entities import ENTITIES
from partnerctl.domain.records import ReportRun
from partnerctl.domain.stepping import Step, counted, unheard
from partnerctl.errors import Locked, MachineFault, UsageError
from partnerctl.reports.templates import Template, find_template
from partnerctl.services.questions import Asked, check_age, left_out_note, question_for
from partnerctl.services.recording import DONE, SKIPPED_EMPTY, Journal
from partnerctl.services.rights import RUN_REPORTS, require
from partnerctl.stores.contract import Store
from partnerctl.stores.terms import Question

if TYPE_CHECKING:
    from partnerctl.reports.writing import Written


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """What report is wanted, and where it goes: to `out`, to the path that `file` means, or into `folder`.

    `asked` narrows the customers. `file` may hold ``{date}``, ``{region}`` and ``{title}``; `overwrite` is
    for it alone. `zone` names the time zone of the day in the file's name, None for this machine's own.
    """

    template: str
    asked: Asked
    since: date | None = None
    until: date | None = None
    language: str = "en"
    excel: bool = False
    skip_empty: bool = False
    folder: Path | None = None
    file: str | None = None
    overwrite: bool = False
    out: BinaryIO | None = None
    zone: str | None = None


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
    require(store, order.asked.me, RUN_REPORTS)
    started = journal.clock.now()
    template = find_template(order.template)
    _check_period(template, order)
    question = question_for(store, "customers", order.asked)
    path = _target(order, template, journal.clock)
    draft = _draft(store, order, template, question)
    draft = replace(draft, path=_text(path), started=started)
    try:
        check_age(draft.data_as_of, order.asked.max_age, order.asked.as_of or order.asked.today)
        written = _write(order, template, path, counted(_rows(store, template, question), step))
    except BrokenPipeError:
        journal.record_broken_pipe(draft)
        raise
    except BaseException as fault:
        journal.record_failure(draft, fault)
        raise
    return _recorded(journal, _ended(draft, written), _notes(store, order, question, draft, written))


def _check_period(template: Template, order: ReportOrder) -> None:
    """Raise UsageError for days that the template has no use for (PH-R6 to PH-R9)."""
    what = {
        "none": "is an inventory as it is now",
        "last-90-days": "always covers the last 90 days",
        "snapshot": "is a snapshot of one day",
    }.get(template.period)
    if what is None:
        return
    dated = template.period == "snapshot"
    hint = "for an earlier day, use --as-of DAY" if dated else f"leave it out: {template.title} {what}"
    for option, value in (("--since", order.since), ("--until", order.until)):
        if value is not None:
            raise UsageError(f"{option}: {template.name} {what} and has no date range", hint)
    if order.asked.as_of is not None and not dated:
        raise UsageError(f"--as-of: {template.name} {what} and has no history", hint)


def _target(order: ReportOrder, template: Template, clock: Clock) -> Path | None:
    """Return the path to write at, None for standard output; raises UsageError or Conflict."""
    places = [("--stdout", order.out), ("--file", order.file), ("--dir", order.folder)]
    given = [option for option, value in places if value is not None]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other", "give one of them")
    if order.overwrite and order.file is None:
        raise UsageError("--overwrite is for --file alone", "without --file, the name is always a new one")
    if order.out is not None:
        return None
    from partnerctl.reports.atomic import check_target
    from partnerctl.reports.filenames import fill_path, free_path

    title = template.title_in(order.language)
    day = _day(order.zone, clock)
    if order.file is None:
        folder = (order.folder or Path()).absolute()
        if not folder.is_dir():
            raise UsageError(f"there is no folder {folder}", "Make it first, or name another one.")
        return free_path(folder, title, day)
    if order.file == "-":
        raise UsageError("--file: '-' is no file", "use --stdout")
    region = "-".join(order.asked.region) or None
    path = fill_path(order.file, title=title, day=day, region=region).absolute()
    check_target(path, overwrite=order.overwrite)
    return path


def _day(zone: str | None, clock: Clock) -> date:
    if zone is None:
        return clock.now().astimezone().date()
    from zoneinfo import ZoneInfo

    return clock.now().astimezone(ZoneInfo(zone)).date()


def _draft(store: Store, order: ReportOrder, template: Template, question: Question) -> ReportRun:
    """Return the run as far as it is known before it is written."""
    inventory = ENTITIES[template.source].inventory
    newest = store.newest_day(template.source if inventory else None, question.as_of)
    return ReportRun(
        run_id=None,
        template=template.name,
        schedule=None,
        due=None,
        status=DONE,
        path=None,
        rows=None,
        bytes=None,
        sha256=None,
        region=",".join(order.asked.region) or None,
        since=order.since,
        until=order.until,
        data_as_of=newest,
        started=None,
        finished=None,
        error=None,
    )


def _rows(store: Store, template: Template, question: Question) -> Iterator[tuple[Any, ...]]:
    """Return the rows, in the order of the template's columns; the statement runs with the first one."""
    columns = tuple(column.key for column in template.layout.columns)
    entity = ENTITIES[template.source]
    if entity.inventory:
        return store.inventory_rows(entity, columns, question)
    return store.subscription_report(columns, question)


def _write(
    order: ReportOrder, template: Template, path: Path | None, rows: Iterator[tuple[Any, ...]]
) -> Written | None:
    """Write the rows, and return what was written; None where there were none and ``--skip-empty``."""
    from partnerctl.reports.writing import write_report_file, write_report_stream

    if order.skip_empty:
        first = next(rows, None)
        if first is None:
            return None
        rows = chain((first,), rows)
    language, excel = order.language, order.excel
    if path is None:
        assert order.out is not None
        return write_report_stream(order.out, template.layout, rows, language=language, excel=excel)
    return write_report_file(
        path, template.layout, rows, language=language, excel=excel, overwrite=order.overwrite
    )


def _ended(draft: ReportRun, written: Written | None) -> ReportRun:
    if written is None:
        return replace(draft, status=SKIPPED_EMPTY, path=None, rows=0)
    return replace(draft, rows=written.rows, bytes=written.bytes, sha256=written.sha256)


def _recorded(journal: Journal, run: ReportRun, notes: tuple[str, ...]) -> ReportResult:
    try:
        return ReportResult(journal.record(run), notes)
    except (Locked, MachineFault) as fault:
        ended = replace(run, finished=journal.clock.now())
        return ReportResult(ended, notes, f"this run is not in the history: {fault.reason}")


def _notes(
    store: Store, order: ReportOrder, question: Question, run: ReportRun, written: Written | None
) -> tuple[str, ...]:
    said = []
    if written is None:
        said.append("there are no rows: no file was written")
    regions = sorted(region for region in store.regions() if region is not None)
    if run.data_as_of is None:
        said.append(_nothing_known(order))
    elif len(regions) > 1 and not order.asked.region:
        said.append(f"the data spans {len(regions)} regions ({', '.join(regions)}): --region picks one")
    if question.where.unknown_fields:
        left_out = store.customers(question._replace(limit=0)).left_out
        if left_out:
            said.append(left_out_note(left_out, question.where.unknown_fields))
    return tuple(said)


def _nothing_known(order: ReportOrder) -> str:
    if order.asked.as_of is not None:
        return f"nothing was known on {order.asked.as_of}"
    return "nothing is known for this report yet: import a file with `partnerctl import FILE`"


def _text(path: Path | None) -> str | None:
    """Return a path as text that any store can hold: a name need not be UTF-8."""
    return None if path is None else os.fsencode(path).decode("utf-8", "backslashreplace")
