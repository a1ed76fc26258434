"""Where a report goes: the path of its file, checked before the work of writing it (PH-R3)."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from partnerctl.clock import Clock
from partnerctl.domain.report_words import FORMATS
from partnerctl.errors import UsageError
from partnerctl.services.report_orders import ReportOrder


def target_of(order: ReportOrder, title: str, clock: Clock) -> Path | None:
    """Return the path to write the report called `title` at, None for standard output.

    Raises UsageError or Conflict.
    """
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

    day = _day(order, clock)
    if order.file is None:
        folder = (order.folder or Path()).absolute()
        if not folder.is_dir():
            raise UsageError(f"there is no folder {folder}", "Make it first, or name another one.")
        seed = None if order.due is None else order.due.seed
        return free_path(folder, title, day, f".{order.format}", seed)
    _check_name(order.file, order.format)
    region = "-".join(order.asked.region) or None
    path = fill_path(order.file, title=title, day=day, region=region).absolute()
    _refuse_guarded(order, path)
    check_target(path, overwrite=replaces(order, path))
    return path


def _check_name(name: str, form: str) -> None:
    if name == "-":
        raise UsageError("--file: '-' is no file", "use --stdout")
    if name.endswith(("/", os.sep)):
        raise UsageError(f"--file: {name!r} names a folder", "use --dir for a folder")
    suffix = Path(name).suffix.removeprefix(".").lower()
    if suffix in FORMATS and suffix != form:
        raise UsageError(
            f"--file: {name!r} ends in .{suffix}, and the format is {form}", f"give --format {suffix}"
        )


def _refuse_guarded(order: ReportOrder, path: Path) -> None:
    """Raise UsageError where the report would stand in the place of the store, or among the settings."""
    real = Path(os.path.realpath(path))
    for guarded in order.guarded:
        kept = Path(os.path.realpath(guarded))
        if (
            real == kept
            or kept in real.parents
            or (real.name.startswith(f"{kept.name}-") and real.parent == kept.parent)
        ):
            raise UsageError(f"--file: {path} is partnerctl's own", "write the report elsewhere")


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
