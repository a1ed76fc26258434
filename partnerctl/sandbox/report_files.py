"""The report files that the sandbox makes: one CSV per template, region and day, most times zipped."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from partnerctl.demo.made import Demo
from partnerctl.demo.plans import LAST
from partnerctl.demo.report_files import report_files
from partnerctl.reports.defaults import default_template
from partnerctl.sandbox.calling_usage import CALLING_HEADERS, calling_rows
from partnerctl.tabular.writing import write_delimited

BOM = "\ufeff"


def report_csv(demo: Demo, name: str, until: date) -> bytes:
    """Return the CSV file of a template: UTF-8 with a byte order mark, as of `until`.

    `name` is that of a default template, or ``calling-usage``. Before the first day of the demo, and where
    `demo` has no customers, there is the line of headers alone.
    """
    headers, rows = _content(demo, name, until)
    text = io.StringIO(newline="")
    text.write(BOM)
    write_delimited(text, headers, rows)
    return text.getvalue().encode()


def zipped(content: bytes, name: str) -> bytes:
    """Return a zip archive that holds `content` alone, the same bytes for the same content."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _content(demo: Demo, name: str, until: date) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    if name == "calling-usage":
        return CALLING_HEADERS, calling_rows(demo)
    headers = [column.header("en") for column in default_template(name).layout.columns]
    return headers, _rows(demo, name, _day_of(demo, name, until))


def _rows(demo: Demo, name: str, day: date | None) -> Iterable[Sequence[Any]]:
    if day is None:
        return ()
    return next(file.rows for file in report_files(demo, "en") if (file.template, file.day) == (name, day))


def _day_of(demo: Demo, name: str, until: date) -> date | None:
    """Return the demo's day whose data a report that ends on `until` shows; None before the first."""
    if name != "subscription-details":
        return demo.day(LAST)
    return max((day for day in demo.days if day <= until), default=None)
