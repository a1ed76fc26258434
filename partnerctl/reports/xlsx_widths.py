"""How wide the columns of a workbook are: as their contents ask for, within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from textwrap import wrap
from unicodedata import east_asian_width

from partnerctl.reports.values import Cell
from partnerctl.reports.xlsx_cells import shown

NARROWEST, WIDEST = 9, 60
"""Characters that a column has at least and at most."""

_LINES = 3  # that a header takes at most, unless its column would be too wide
_BUTTON = 4  # characters that the button of the filter takes
_MARGIN = 2
_LINE_HEIGHT = 15.0  # points


def column_widths(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the width of each column in characters, from its header and from `rows` of typed cells."""
    widest = [0] * len(headers)
    for row in rows:
        for at, value in enumerate(row):
            width = _width(value)
            widest[at] = max(widest[at], width)
    return [
        min(max(content + _MARGIN, _header_width(header) + _BUTTON, NARROWEST), WIDEST)
        for header, content in zip(headers, widest, strict=True)
    ]


def header_height(headers: Sequence[str], widths: Sequence[int]) -> float:
    """Return in points how high the header row must be, for every header to be seen whole."""
    lines = [len(wrap(header, width - _BUTTON)) for header, width in zip(headers, widths, strict=True)]
    return max(1, *lines) * _LINE_HEIGHT


def _width(value: Cell) -> int:
    if isinstance(value, str):
        return len(value) if value.isascii() else _columns(value)
    if value is None:
        return 0
    if isinstance(value, bool):
        return len("VERDADEIRO")  # Excel says it in its own language
    if isinstance(value, int | float):
        return len(f"{value:,}")
    return len("2026-11-23 12:00:00") if isinstance(value, datetime) else _width(shown(value))


def _columns(text: str) -> int:
    """Return how many columns of a terminal, or about so many digits of a sheet, a text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _header_width(header: str) -> int:
    """Return the least width in which a header takes `_LINES` lines without a broken word."""
    longest = max(map(len, header.split()), default=0)
    return next(
        (width for width in range(max(longest, 1), len(header)) if len(wrap(header, width)) <= _LINES),
        len(header),
    )
