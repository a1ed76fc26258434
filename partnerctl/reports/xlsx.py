"""A report as an Excel workbook of one sheet, for people (``reports.md``, Cells).

xlsxwriter makes everything but the rows: styles, widths, filter, properties. The rows are streamed between
the two halves of its sheet, straight into the file: memory stays constant, there is no temporary file that a
killed writer could leave behind, and a failure of the disk is the OSError that it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from partnerctl.domain.entities import Kind
from partnerctl.errors import Conflict
from partnerctl.reports.page import Page
from partnerctl.reports.values import Cell, typed_rows
from partnerctl.reports.xlsx_cells import SheetRows, Styles, utf16_length
from partnerctl.reports.xlsx_widths import column_widths, header_height

MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""

LARGEST_SHEET = 2**31 - 2**20
"""Bytes of a sheet before it is compressed: a larger one needs an archive that Excel wants to repair."""

_LONGEST_NAME = 31  # UTF-16 units
_SHEET = "xl/worksheets/sheet1.xml"
_SAMPLE = 2_000  # rows that settle the widths: they stand in the sheet before the first row
_BATCH = 500
_EFFORT = 5  # of the compression: 6, the usual one, takes twice as long for half a percent
_RESERVED = frozenset({"history", "histórico"})  # Excel's own sheet, in English and in Portuguese
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff\s]+")
_HEADER = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
_LOOKS: Styles[dict[str, object]] = Styles(
    header=_HEADER,
    figure_header={**_HEADER, "align": "right"},
    text={"num_format": "@"},  # stays text, too, where somebody edits the cell
    whole={"num_format": "#,##0"},
    day={"num_format": "yyyy-mm-dd", "align": "left"},
    instant={"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    # Excel needs no format, and says it in its own language; LibreOffice would show 1 and 0
    boolean={"num_format": '"TRUE";"TRUE";"FALSE"', "align": "center"},
)


def write_xlsx(path: Path, page: Page, rows: Iterable[Sequence[Cell]]) -> int:
    """Write `rows` as a workbook into the existing file `path`, and return how many there were.

    Texts are text cells, whatever they look like; counts, numbers, days and booleans are typed; instants are
    in UTC; unknown is an empty cell. A day before March 1900 and a number that Excel cannot hold are text.
    Raises Conflict where a sheet cannot hold the rows, or a cell its text, OSError where the machine refuses.
    """
    typed = typed_rows(page.layout, rows)
    sample = list(islice(typed, _SAMPLE))
    widths = column_widths(page.headers, sample)
    frame = _make_frame(page, widths, rows=0)
    with path.open("r+b") as out, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_EFFORT) as archive:
        before, after = _around_the_sheet(frame)
        _add_parts(archive, frame, before)
        with archive.open(_SHEET, "w") as sheet:
            count = _write_sheet(sheet, frame, page, widths, chain(sample, typed))
            frame = _make_frame(page, widths, rows=count)
            sheet.write(frame.sheet_end)
        _add_parts(archive, frame, after)
    return count


def sheet_name(title: str) -> str:
    """Return what the sheet of a report is called: its title, as far as Excel takes it for a name."""
    name = _FORBIDDEN.sub(" ", title).strip(" '")
    while utf16_length(name) > _LONGEST_NAME:
        name = name[:-1].rstrip(" '")
    if name.casefold() in _RESERVED:
        return f"{name} (1)"
    return name or "Report"


class _Frame(NamedTuple):
    """A workbook without rows: its parts by name, and its sheet cut in two where the rows belong."""

    parts: dict[str, bytes]
    styles: Styles[str]
    sheet_start: bytes
    sheet_end: bytes


def _write_sheet(
    sheet: IO[bytes], frame: _Frame, page: Page, widths: Sequence[int], rows: Iterator[Sequence[Cell]]
) -> int:
    """Write the sheet up to its last row, and return how many rows there were."""
    making = SheetRows(page.headers, [column.kind for column in page.layout.columns], frame.styles)
    start = making.header(header_height(page.headers, widths)).encode()
    size = sheet.write(frame.sheet_start + start)
    count = 0
    while batch := list(islice(rows, _BATCH)):
        if count + len(batch) > MOST_ROWS:
            raise Conflict(f"more than {MOST_ROWS:,} rows, and a sheet of Excel holds no more", _HINT)
        chunk = making.rows(batch, count + 1).encode()
        count += len(batch)
        size += len(chunk)
        if size > LARGEST_SHEET:
            raise Conflict(f"the first {count:,} rows are more than a sheet of Excel holds", _HINT)
        sheet.write(chunk)
    return count


_HINT = "Use --format csv, or ask for less with --where or --region."


def _add_parts(archive: ZipFile, frame: _Frame, names: Sequence[str]) -> None:
    for name in names:
        with archive.open(name, "w") as part:  # of 1980 all of them: the same data gives the same bytes
            part.write(frame.parts[name])


def _around_the_sheet(frame: _Frame) -> tuple[list[str], list[str]]:
    """Return the names of the parts before the sheet, the same for any rows, and of those after it."""
    names = list(frame.parts)
    at = names.index(_SHEET)
    return names[:at], names[at + 1 :]


def _make_frame(page: Page, widths: Sequence[int], *, rows: int) -> _Frame:
    """Let xlsxwriter make the workbook whose sheet will have `rows` rows; one cell each shows its styles."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties(_properties(page))
    sheet = book.add_worksheet(sheet_name(page.title))
    looks = [book.add_format(look) for look in _LOOKS]
    for at, style in enumerate(looks):
        sheet.write_blank(0, at, None, style)
    styles = Styles(*looks)
    by_kind = {Kind.COUNT: styles.whole, Kind.NUMBER: None, Kind.BOOLEAN: styles.boolean}
    by_kind |= {Kind.DATE: styles.day, Kind.INSTANT: styles.instant}
    for at, (column, width) in enumerate(zip(page.layout.columns, widths, strict=True)):
        sheet.set_column(at, at, width, by_kind.get(column.kind, styles.text))
    last = len(widths) - 1
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows, last)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{rows + 1}"})
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{_plain(page.title)[:100].replace('&', '&&')}&R&P / &N")
    book.close()
    return _cut(buffer)


def _properties(page: Page) -> dict[str, object]:
    facts = "\n".join(f"{label}: {value}" for label, value in page.facts)
    return {
        "title": _plain(page.title),
        "comments": _plain(facts),
        "created": page.made.astimezone(UTC).replace(tzinfo=None),
    }


def _plain(text: str) -> str:
    """Return a text that can be encoded: what the command line could not decode becomes ``?``."""
    return text.encode(errors="replace").decode()


def _cut(buffer: BytesIO) -> _Frame:
    with ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    start, opening, rest = parts[_SHEET].partition(b"<sheetData>")
    row, closing, end = rest.partition(b"</sheetData>")
    styles = Styles(*re.findall(r'<c r="[A-Z]+1" s="(\d+)"/>', row.decode()))
    # how far the sheet reaches is not known yet, and need not be said
    start = re.sub(rb'<dimension ref="[^"]*"/>', b"", start)
    return _Frame(parts, styles, start + opening, closing + end)
