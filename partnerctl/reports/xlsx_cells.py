"""Rows as the XML of an Excel sheet: every cell typed, text always text.

The hot path of a workbook: the same bytes that xlsxwriter writes for these cells, in a fraction of the time.
A text stands in its own cell (``inlineStr``), so nothing is collected. A character that XML cannot hold is
escaped as Excel does it, ``_x0007_``, and a text that looks like such an escape has its first ``_`` escaped,
``_x005F_`` (ECMA-376 part 1, 22.9.2.19).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Generic, NamedTuple, TypeVar

from partnerctl.domain.entities import Kind
from partnerctl.errors import Conflict
from partnerctl.reports.values import Cell

LONGEST_TEXT = 32_767
"""UTF-16 units that a cell of Excel holds."""

_LONG = LONGEST_TEXT // 2  # a shorter text cannot be too long, whatever its characters
_LARGEST = 2**53  # Excel's numbers are floats: beyond it whole numbers cannot be told apart
_FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900, so programs disagree on the days before
_EPOCH = date(1899, 12, 30)
_SECONDS_A_DAY = timedelta(days=1).total_seconds()

_FIGURES = frozenset({Kind.COUNT, Kind.NUMBER})

_NO_XML = "\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"  # and \r, which XML takes for \n
_SPECIAL = re.compile(rf"[&<>{_NO_XML}]|_x[0-9a-fA-F]{{4}}_|^\s|\s$")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_TO_ESCAPE = re.compile(f"[{_NO_XML}]")


Style = TypeVar("Style")


class Styles(NamedTuple, Generic[Style]):
    """One thing for each style of a cell, such as the number by which the workbook knows it."""

    header: Style
    figure_header: Style
    text: Style
    whole: Style
    day: Style
    instant: Style
    boolean: Style


class _Column(NamedTuple):
    start: str  # of every cell in the column, up to the number of the row
    whole_style: str
    header: str
    header_style: str


class SheetRows:
    """Makes the rows of one sheet; `headers` and `kinds` are those of its columns, in order."""

    def __init__(self, headers: Sequence[str], kinds: Sequence[Kind], styles: Styles[str]) -> None:
        self._styles = Styles(*(f' s="{style}"' for style in styles))
        self._columns = [
            self._column(*place) for place in zip(range(len(headers)), headers, kinds, strict=True)
        ]

    def _column(self, at: int, header: str, kind: Kind) -> _Column:
        return _Column(
            start=f'<c r="{_letters(at)}',
            whole_style=self._styles.whole if kind is Kind.COUNT else "",
            header=header,
            header_style=self._styles.figure_header if kind in _FIGURES else self._styles.header,
        )

    def header(self, height: float) -> str:
        """Return the first row, `height` points high."""
        cells = [f'{column.start}1"{column.header_style}{_inline(column.header)}' for column in self._columns]
        return f'<row r="1" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'

    def rows(self, batch: Sequence[Sequence[Cell]], first: int) -> str:
        """Return rows of typed cells; `first` is the number of their first one, 1 for that below the header.

        Raises Conflict where a text is longer than a cell can be.
        """
        return "".join([self._row(row, number) for number, row in enumerate(batch, first)])

    def _row(self, row: Sequence[Cell], number: int) -> str:
        line = number + 1
        plain = f'{line}"{self._styles.text} t="inlineStr"><is><t>'
        parts = [f'<row r="{line}">']
        for column, value in zip(self._columns, row, strict=True):
            if value is None:
                continue
            start, whole_style, _, _ = column
            if not isinstance(value, str):
                if type(value) is int and -_LARGEST <= value <= _LARGEST:  # most cells that are no text
                    parts.append(f'{start}{line}"{whole_style}><v>{value}</v></c>')
                else:
                    parts.append(f'{start}{line}"{self._typed(value, column, number)}')
            elif len(value) > _LONG or _SPECIAL.search(value):
                parts.append(f'{start}{line}"{self._text(value, column, number)}')
            else:
                parts.append(f"{start}{plain}{value}</t></is></c>")
        parts.append("</row>")
        return "".join(parts)

    def _typed(self, value: Cell, column: _Column, number: int) -> str:
        """Return what follows the place of a cell that is no text; text where Excel has no such value."""
        if isinstance(value, bool):
            return f'{self._styles.boolean} t="b"><v>{value:d}</v></c>'
        if isinstance(value, float):
            if isfinite(value):
                return f"><v>{value!r}</v></c>"
        elif isinstance(value, datetime):
            instant = _in_utc(value)
            if instant.date() >= _FIRST_DAY:
                return f"{self._styles.instant}><v>{_serial_instant(instant):.16G}</v></c>"
        elif isinstance(value, date) and value >= _FIRST_DAY:
            return f"{self._styles.day}><v>{_serial_day(value)}</v></c>"
        return self._text(shown(value), column, number)

    def _text(self, text: str, column: _Column, number: int) -> str:
        """Return what follows the place of a text cell."""
        length = utf16_length(text)
        if length > LONGEST_TEXT:
            raise Conflict(
                f"row {number:,}, column {column.header!r}: a text of {length:,} characters, "
                f"and a cell of Excel holds {LONGEST_TEXT:,}",
                "Use --format csv.",
            )
        return f"{self._styles.text}{_inline(text)}"


def shown(value: Cell) -> str:
    """Return a value as text, as a cell shows it: lists of words joined by ``; ``."""
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, datetime):
        return _in_utc(value).isoformat(sep=" ", timespec="seconds")
    return str(value)


def utf16_length(text: str) -> int:
    """Return the length of a text as Excel counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _letters(at: int) -> str:
    """Return what Excel calls the column at a place, counted from 0: A to Z, AA and so on."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _in_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant


def _serial_day(day: date) -> int:
    return (day - _EPOCH).days


def _serial_instant(instant: datetime) -> float:
    since_midnight = instant - datetime.combine(instant, datetime.min.time())
    return _serial_day(instant.date()) + since_midnight.total_seconds() / _SECONDS_A_DAY


def _inline(text: str) -> str:
    """Return what follows the place and style of a text cell, with everything escaped."""
    if not text:
        return "/>"
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'
