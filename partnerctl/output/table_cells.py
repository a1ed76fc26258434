"""Cells of tables: short, harmless text, and columns that fit a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from partnerctl.output.cells import cell, words
from partnerctl.output.terminal import harmless

NAMES = frozenset({"customer", "name", "industry", "location", "title", "about", "supplied_by"})
"""Columns that may be shortened on a terminal: names and descriptions, never an id or a path."""

SOURCES = frozenset({"file"})
"""Columns of files that somebody named: on a terminal their end says enough."""

NARROWEST = 12
"""Columns of text that a shortened name keeps at least, in terminal columns."""


SENTENCE = 36
"""Columns of text that a line of several keeps at least."""


def table_cell(value: Any) -> str:
    """Return the text of one value: ``-`` for unknown, ``yes`` and ``no``, no control characters."""
    if is_empty(value):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        if all(hasattr(one, "text") for one in value):  # what says itself in words: a line each
            return "\n".join(harmless(one.text) for one in value)
        return harmless(words(value, ", "))
    return harmless(str(cell(value)))


def is_empty(value: Any) -> bool:
    """Tell whether a value says nothing: unknown, an empty text or an empty list."""
    return value is None or (isinstance(value, str | tuple | list) and not value)


def is_number(column: Sequence[Any]) -> bool:
    """Tell whether a column holds numbers, and so stands at the right."""
    known = [value for value in column if value is not None]
    return bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )


def fit(headers: list[str], cells: list[list[str]], width: int, with_headers: bool) -> None:
    """Shorten names in place until the table fits into `width`, as far as names allow."""
    widths = [
        max([columns_of(text) for text in column] + ([columns_of(header)] if with_headers else []))
        for header, column in zip(headers, cells, strict=True)
    ]
    for at in sorted(range(len(headers)), key=lambda at: -widths[at]):
        surplus = sum(widths) + 2 * (len(widths) - 1) - width
        if surplus > 0 and headers[at] in NAMES | SOURCES:
            kept = max(NARROWEST, widths[at] - surplus)
            cut = shorten if headers[at] in NAMES else shorten_start
            cells[at][:] = [cut(text, kept) for text in cells[at]]
            widths[at] = min(widths[at], kept)


def fold_lines(headers: list[str], cells: list[list[str]], width: int) -> None:
    """Break the lines of cells that have several, in place, at words where the table is too wide.

    They are broken before names are shortened, and keep `SENTENCE` columns at least.
    """
    import textwrap

    for at, column in enumerate(cells):
        if any("\n" in text for text in column):
            named = zip(headers, cells, strict=True)
            taken = [max(map(columns_of, [header, *texts])) + 2 for header, texts in named]
            room = max(width - sum(taken[:at] + taken[at + 1 :]), SENTENCE)
            column[:] = ["\n".join(_broken(text, room, textwrap.wrap)) for text in column]


def _broken(text: str, width: int, wrap: Callable[..., list[str]]) -> list[str]:
    return [line for whole in text.split("\n") for line in wrap(whole, width, subsequent_indent="  ")]


def spread_lines(cells: list[list[str]], columns: list[list[Any]]) -> None:
    """Give each line of a cell a row of its own, in place; the cells beside it are empty then."""
    if not any("\n" in text for column in cells for text in column):
        return
    rows = [[text.split("\n") for text in row] for row in zip(*cells, strict=True)]
    heights = [max(map(len, row)) for row in rows]
    for at, column in enumerate(cells):
        column[:] = [
            row[at][line] if line < len(row[at]) else ""
            for row, height in zip(rows, heights, strict=True)
            for line in range(height)
        ]
        columns[at] = [value for value, n in zip(columns[at], heights, strict=True) for _ in range(n)]


def columns_of(text: str) -> int:
    """Return how many terminal columns a text takes."""
    if "\n" in text:
        return max(map(columns_of, text.split("\n")))
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(int(wcswidth(text)), 0)


def shorten(text: str, width: int) -> str:
    """Return `text`, cut with an ellipsis where it takes more than `width` terminal columns."""
    if columns_of(text) <= width:
        return text
    while columns_of(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def shorten_start(text: str, width: int) -> str:
    """Return the end of `text` after an ellipsis, where it takes more than `width` terminal columns."""
    if columns_of(text) <= width:
        return text
    while columns_of(text) > width - 1:
        text = text[1:]
    return "…" + text.lstrip()
