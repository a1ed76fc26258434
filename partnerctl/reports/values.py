"""Values: the cells of a report as what they are, where a source hands them over as a CSV file has them.

A text becomes a value only where the value, written again, says the same; any other text stays as it is. So
nothing is lost: not the zeros of ``007``, nor a figure with more digits than a number keeps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from math import isfinite

from partnerctl.domain.entities import Kind
from partnerctl.tabular.columns import Layout
from partnerctl.tabular.counts import LARGEST

Cell = str | int | float | bool | date | datetime | tuple[str, ...] | None
"""What a source hands over: a value, or the text that a CSV file would hold."""

Converter = Callable[[Cell], Cell]

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+", re.ASCII)
_KEPT = 16  # characters with the point: a float keeps 15 decimal digits, whatever they are
_BOOLEANS = {"true": True, "false": False}


def typed_rows(layout: Layout, rows: Iterable[Sequence[Cell]]) -> Iterator[list[Cell]]:
    """Yield the rows with typed cells, one at a time; raises ValueError where a row has another width."""
    converters = converters_of(layout)
    for row in rows:
        yield [convert(cell) for convert, cell in zip(converters, row, strict=True)]


def converters_of(layout: Layout) -> tuple[Converter, ...]:
    """Return one function per column that gives the typed value of a cell.

    An empty text is None, unknown; values that are no text come back as they are.
    """
    return tuple(_CONVERTERS.get(column.kind, _text) for column in layout.columns)


def _text(cell: Cell) -> Cell:
    return None if cell == "" else cell


def _count(cell: Cell) -> Cell:
    if type(cell) is not str:
        return cell
    try:
        value = int(cell)
    except ValueError:
        return cell or None
    return value if str(value) == cell and -LARGEST <= value <= LARGEST else cell


def _number(cell: Cell) -> Cell:
    if type(cell) is not str:
        return cell
    count = _count(cell)
    if type(count) is not str:
        return count
    try:
        value = float(cell)
    except ValueError:
        return cell
    same = repr(value) == cell or (len(cell) <= _KEPT and _DECIMAL.fullmatch(cell))
    return value if same and isfinite(value) else cell


def _date(cell: Cell) -> Cell:
    if type(cell) is not str:
        return cell
    try:
        value = date.fromisoformat(cell)
    except ValueError:
        return cell or None
    return value if value.isoformat() == cell else cell


def _instant(cell: Cell) -> Cell:
    """Return an instant in UTC; a text without a zone could be anywhere, so it stays text."""
    if type(cell) is not str:
        return cell
    try:
        value = datetime.fromisoformat(cell)
        return cell if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return cell or None


def _boolean(cell: Cell) -> Cell:
    return _BOOLEANS.get(cell, cell or None) if type(cell) is str else cell


def _words(cell: Cell) -> Cell:
    if type(cell) is not str:
        return cell
    return tuple(word for part in cell.split(";") if (word := part.strip())) or None


_CONVERTERS: dict[Kind, Converter] = {
    Kind.COUNT: _count,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.BOOLEAN: _boolean,
    Kind.WORDS: _words,
}
