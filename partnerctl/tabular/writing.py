"""Writing delimited files: RFC 4180, quotes only where needed, the same bytes for the same rows.

Cells are text, whole numbers, or None for unknown; `cells_of` makes them from typed values. ``--excel``
adds what Excel needs, and the guard against formulas (``reports.md``, Cells).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TextIO

from partnerctl.clock import timestamp
from partnerctl.domain.entities import Kind
from partnerctl.tabular.cells import FORMULA_STARTS, Value

_BATCH = 2_000  # rows per write: enough to make the calls cheap, little enough to hold
_TYPED = frozenset({Kind.COUNT, Kind.NUMBER, Kind.DATE, Kind.BOOLEAN, Kind.INSTANT})
_PHONE = re.compile(r"\+?[0-9 ().-]+")


def write_delimited(
    out: TextIO,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    kinds: Sequence[Kind] = (),
    excel: bool = False,
    language: str = "en",
) -> int:
    r"""Write `headers` and `rows` to `out`, and return how many rows there were.

    `out` must not translate line ends (``newline=""``). Rows are read as they are needed and never held.
    With `excel`: a byte order mark, ``\r\n``, ``;`` where `language` is ``pt``, and texts guarded against
    formulas by the `kinds` of their columns (text where none is given).
    """
    delimiter = ";" if excel and language == "pt" else ","
    line_end = "\r\n" if excel else "\n"
    if excel:
        out.write("\ufeff")
        rows = _guarded(rows, _guards(len(headers), kinds))
        headers = [guard_text(header) for header in headers]
    _write_batch(out, [headers], delimiter, line_end)
    count = 0
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        _write_batch(out, batch, delimiter, line_end)
        count += len(batch)
    return count


def cells_of(values: Iterable[Value | tuple[str, ...]]) -> tuple[str | int | float | None, ...]:
    """Return a row's typed values as cells.

    Dates are ISO, instants RFC 3339 in UTC, booleans ``true`` and ``false``, words joined by ``;``.
    """
    return tuple([cell_of(value) for value in values])


def cell_of(value: Value | tuple[str, ...]) -> str | int | float | None:
    """Return one typed value as a cell."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, tuple):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else value


def guard_text(text: str) -> str:
    """Return `text` with a ``'`` before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def guard_phone(text: str) -> str:
    """Return `text` guarded likewise, unless it looks like a phone number."""
    return text if _PHONE.fullmatch(text) else guard_text(text)


def _write_batch(out: TextIO, batch: Sequence[Sequence[Any]], delimiter: str, line_end: str) -> None:
    lines = _plain_lines(batch, delimiter)
    if lines is None:
        out.write(_quoted(batch, delimiter, line_end))
        return
    lines.append("")
    text = line_end.join(lines)
    delimiters = sum(map(len, batch)) - len(batch)
    if _is_plain(text, delimiter, delimiters, len(batch), line_end):
        out.write(text)
        return
    # one row in the batch needs quotes, or a few do: those alone are written by csv
    for number, row in enumerate(batch):
        if not _is_plain(lines[number], delimiter, len(row) - 1, 0, line_end):
            lines[number] = _quoted([row], delimiter, line_end).removesuffix(line_end)
    out.write(line_end.join(lines))


def _plain_lines(batch: Sequence[Sequence[Any]], delimiter: str) -> list[str] | None:
    """Return the rows without quotes, ten times faster than csv does; None unless every cell is text."""
    if min(map(len, batch)) < 2:
        return None  # a row of one empty cell has quotes of its own
    try:
        return list(map(delimiter.join, batch))
    except TypeError:
        return None


def _is_plain(text: str, delimiter: str, delimiters: int, line_ends: int, line_end: str) -> bool:
    """Tell whether no cell in `text` needs quotes: counting what would need them is fast."""
    returns = line_ends if "\r" in line_end else 0
    return (
        '"' not in text
        and text.count(delimiter) == delimiters
        and text.count("\n") == line_ends
        and text.count("\r") == returns
    )


def _quoted(batch: Sequence[Sequence[Any]], delimiter: str, line_end: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end).writerows(batch)
    text = buffer.getvalue()
    if line_end == "\n" and "\r" in text:
        text = "".join(_with_quoted_returns(batch, delimiter))
    return text


def _with_quoted_returns(batch: Sequence[Sequence[Any]], delimiter: str) -> Iterator[str]:
    """Yield the lines of `batch` once more: csv quotes a carriage return only where it may end a line."""
    for row in batch:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerow(row)
        yield buffer.getvalue().removesuffix("\r\n") + "\n"


_Guard = Callable[[str], str]


def _guards(width: int, kinds: Sequence[Kind]) -> list[_Guard | None]:
    padded = [*kinds, *[Kind.TEXT] * (width - len(kinds))]
    return [None if kind in _TYPED else guard_phone if kind is Kind.PHONE else guard_text for kind in padded]


def _guarded(rows: Iterable[Sequence[Any]], guards: list[_Guard | None]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            guard(cell) if guard is not None and isinstance(cell, str) else cell
            for guard, cell in zip(guards, row, strict=True)
        ]
