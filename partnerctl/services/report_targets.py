"""Where a report goes: the path of its file, checked before the work of writing it (PH-R3)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from partnerctl.clock import Clock
from partnerctl.errors import UsageError
from partnerctl.reports.templates import Template
from partnerctl.services.report_orders import ReportOrder


def target_of(order: ReportOrder, template: Template, clock: Clock) -> Path | None:
    """Return the path to write at, None for standard output; raises UsageError or Conflict."""
    places = [("--stdout", order.out), ("--file", order.file), ("--dir", order.folder)]
    given = [option for option, value in places if value is not None]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other", "give one of them")
    if order.overwrite and order.file is None:
        raise UsageError("--overwrite is for --file alone", "without --file, the name is always a new one")
    if order.out is not None:
        if order.format == "xlsx" and order.out.isatty():
            raise UsageError("--stdout: a terminal cannot show xlsx", "redirect it: --stdout > FILE.xlsx")
        return None
    if order.due is not None and order.due.path is not None and order.file is None:
        return order.due.path  # an earlier attempt chose it, and may have written it
    from partnerctl.reports.atomic import check_target
    from partnerctl.reports.filenames import fill_path, free_path

    title = template.title_in(order.language or order.usual_language)
    day = _day(order, clock)
    if order.file is None:
        folder = (order.folder or Path()).absolute()
        if not folder.is_dir():
            raise UsageError(f"there is no folder {folder}", "Make it first, or name another one.")
        seed = None if order.due is None else order.due.seed
        return free_path(folder, title, day, f".{order.format}", seed)
    if order.file == "-":
        raise UsageError("--file: '-' is no file", "use --stdout")
    region = "-".join(order.asked.region) or None
    path = fill_path(order.file, title=title, day=day, region=region).absolute()
    check_target(path, overwrite=replaces(order, path))
    return path


def replaces(order: ReportOrder, path: Path | None) -> bool:
    """Tell whether a file at `path` is to be replaced: it was asked for, or an earlier attempt wrote it."""
    return order.overwrite or (
        order.due is not None and order.due.path is not None and order.due.path == path
    )


def _day(order: ReportOrder, clock: Clock) -> date:
    at = clock.now() if order.due is None else order.due.due
    if order.zone is None:
        return at.astimezone().date()
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(order.zone)).date()
