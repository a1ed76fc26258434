"""Stream the rows of a report into a file or to standard output, with its size and its checksum."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from partnerctl.domain.report_words import FORMATS
from partnerctl.errors import UsageError
from partnerctl.reports.atomic import atomic_target, explained
from partnerctl.reports.page import Page
from partnerctl.tabular.columns import Layout
from partnerctl.tabular.writing import cells_of, write_delimited

_CHUNK = 1 << 20  # bytes; one checksum and one write for about 8,000 rows


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file (None: standard output), data rows, bytes, SHA-256 in hexadecimal."""

    path: Path | None
    rows: int
    bytes: int
    sha256: str


class Form(NamedTuple):
    """The form of a file: ``csv``, ``xlsx``, ``html`` or ``jsonl``; `excel` adds to csv what Excel needs.

    `textual`: every cell that comes is text already, which makes csv ten times faster.
    """

    name: str = "csv"
    excel: bool = False
    textual: bool = False


CSV = Form()


def check_form(name: str) -> str:
    """Return the name of a form; raises UsageError where there is none of that name."""
    if name not in FORMATS:
        raise UsageError(f"there is no format {name!r}", f"choose from: {', '.join(FORMATS)}")
    return name


def write_report_file(
    path: Path, page: Page, rows: Iterable[Sequence[Any]], form: Form = CSV, *, overwrite: bool = False
) -> Written:
    """Write `rows`, cells in the order of the page's layout, as the file `path`: whole or not at all.

    Cells are typed values, or text as csv holds it. Memory stays constant. Raises what ``atomic_target``
    raises, Conflict for what the form cannot hold, and whatever `rows` raises; nothing is left then.
    """
    with atomic_target(path, overwrite=overwrite) as partial:
        if form.name == "xlsx":
            counted = _write_workbook(partial, page, rows)
        else:
            with partial.open("r+b", buffering=0) as out:
                counted = _write(out, page, rows, form)
    return Written(path, *counted)


def write_csv_file(
    path: Path,
    layout: Layout,
    rows: Iterable[Sequence[Any]],
    *,
    language: str = "en",
    overwrite: bool = False,
) -> Written:
    """Write rows of cells as csv, without anything around them; raises like ``write_report_file``."""
    with atomic_target(path, overwrite=overwrite) as partial, partial.open("r+b", buffering=0) as out:
        return Written(path, *_tallied(out, lambda buffer: _write_csv(buffer, layout, rows, language)))


def write_report_stream(
    out: BinaryIO, page: Page, rows: Iterable[Sequence[Any]], form: Form = CSV
) -> Written:
    """Write `rows` to `out`, such as the bytes of standard output, and leave it open.

    Raises BrokenPipeError where the reader went away, MachineFault where the machine refuses, Conflict for
    what the form cannot hold.
    """
    with explained(Path("standard output")):
        workbook = form.name == "xlsx"
        counted = _pass_workbook(out, page, rows) if workbook else _write(out, page, rows, form)
        out.flush()
    return Written(None, *counted)


def _write_workbook(path: Path, page: Page, rows: Iterable[Sequence[Any]]) -> tuple[int, int, str]:
    from partnerctl.reports.xlsx import write_xlsx

    count = write_xlsx(path, page, rows)
    return count, path.stat().st_size, sum_of_file(path)


def _pass_workbook(out: BinaryIO, page: Page, rows: Iterable[Sequence[Any]]) -> tuple[int, int, str]:
    """Write a workbook to a stream: it can only be made in a file, which is passed on whole."""
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="partnerctl-") as folder:
        path = Path(folder, "report.xlsx")
        path.touch(mode=0o600)
        counted = _write_workbook(path, page, rows)
        with path.open("rb") as file:
            shutil.copyfileobj(file, out)
    return counted


def sum_of_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; memory stays constant. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Tally(io.RawIOBase):
    """Passes bytes on to a file, and counts and sums them up on the way."""

    def __init__(self, out: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self._out = out
        self.size = 0
        self.digest = hashlib.sha256(usedforsecurity=False)
        self._abandoned = False

    def writable(self) -> bool:
        return True

    def abandon(self) -> None:
        """Drop what is still to come: buffers are flushed once more when they are thrown away."""
        self._abandoned = True

    def write(self, chunk: Any, /) -> int:
        if self._abandoned:
            return len(chunk)
        written = self._out.write(chunk)
        done = len(chunk) if written is None else written  # a raw file may take less than it is given
        self.digest.update(memoryview(chunk)[:done])
        self.size += done
        return done


def _write(
    out: BinaryIO | io.RawIOBase, page: Page, rows: Iterable[Sequence[Any]], form: Form
) -> tuple[int, int, str]:
    if form.name == "html":
        from partnerctl.reports.html import write_html

        return _tallied(out, lambda buffer: write_html(buffer, page, rows))
    if form.name == "jsonl":
        from partnerctl.reports.jsonl import write_jsonl

        return _tallied(out, lambda buffer: write_jsonl(buffer, page.layout, rows))
    cells = rows if form.textual else map(cells_of, rows)
    return _tallied(out, lambda buffer: _write_csv(buffer, page.layout, cells, page.language, form.excel))


def _tallied(out: BinaryIO | io.RawIOBase, write: Callable[[BinaryIO], int]) -> tuple[int, int, str]:
    """Return what `write` returns, of rows, with the size and the checksum of what it wrote to `out`."""
    tally = _Tally(out)
    buffer = io.BufferedWriter(tally, _CHUNK)
    try:
        count = write(cast("BinaryIO", buffer))
        buffer.flush()
    except BaseException:
        tally.abandon()
        raise
    return count, tally.size, tally.digest.hexdigest()


def _write_csv(
    out: BinaryIO, layout: Layout, rows: Iterable[Sequence[Any]], language: str, excel: bool = False
) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    try:
        return write_delimited(
            text,
            [column.header(language) for column in layout.columns],
            rows,
            excel=excel,
            language=language,
            kinds=[column.kind for column in layout.columns],
        )
    finally:
        text.detach()  # flushes it, and leaves the buffer below open
