"""Charts on a terminal: dotted lines over days, bars of block characters.

Series differ by a sign, or by how dense their part of a bar is; colour only helps. Names and labels are made
harmless, and no line is wider than the terminal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import NamedTuple

from partnerctl.output.chart import (
    BarChart,
    Chart,
    LineChart,
    Series,
    Steps,
    Value,
    day_and_month,
    drawable,
    is_empty,
    known_name,
    length_of_bar,
    number,
    parts_of_bars,
    short,
    steps,
    total,
)
from partnerctl.output.table_cells import columns_of, shorten
from partnerctl.output.terminal import harmless

NARROWEST = 24
"""Columns below which there is no room for a chart."""

SIGNS = "ox+*#@%&"
"""The sign of each line's points; a ninth line has the first again."""

FILLS = "█░▓▒#=+:"
"""What the parts of a bar are made of, neighbours as unlike as can be."""

COLOURS = (33, 166, 35, 133, 136, 37, 160, 102)
"""The colours beside the signs (of 256): they can be read on black and on white."""

ROWS = 15
"""Rows of a chart of lines, more or less: marks on the axis stand at whole rows."""

BOLD = "1"

Piece = tuple[str, str]
"""A text and how it looks: the parameters of the terminal's sequence, or nothing."""

Line = list[Piece]


def draw(chart: Chart, width: int, colour: bool) -> str:
    """Return a chart as text without a newline at its end.

    It is empty where there is nothing to draw, or no room. Raises ValueError where a series does not have one
    value per day or label.
    """
    if is_empty(chart) or width < NARROWEST:
        return ""
    lines = _line_chart(chart, width) if isinstance(chart, LineChart) else _bar_chart(chart, width)
    return "\n".join(_painted(line, colour) for line in lines)


def _painted(line: Line, colour: bool) -> str:
    """Return a line of pieces as text, in colours or without."""
    pieces = (f"\x1b[{look}m{text}\x1b[0m" if colour and look and text else text for text, look in line)
    return "".join(pieces).rstrip()


# --- what all charts have ---


def _heading(chart: Chart, width: int) -> list[Line]:
    """Return the lines of the title and of the subtitle, as many as they need."""
    return [
        line
        for text, look in ((chart.title, BOLD), (chart.subtitle, ""))
        for line in _flow([[(shorten(word, width), look)] for word in harmless(text).split()], width, " ")
    ]


def _legend(series: Sequence[Series], signs: str, indent: int, width: int) -> list[Line]:
    """Return the lines that say which sign is which series, and which of them nothing is known of."""
    names = [" " + shorten(harmless(known_name(one)), width - indent - 2) for one in series]
    items = [[(signs[at % len(signs)], _look(at)), (name, "")] for at, name in enumerate(names)]
    return [[(" " * indent, ""), *line] for line in _flow(items, width - indent, "   ")]


def _look(at: int) -> str:
    return f"38;5;{COLOURS[at % len(COLOURS)]}"


def _flow(items: Iterable[Line], width: int, gap: str) -> list[Line]:
    """Return the items side by side, on as many lines as they need."""
    lines: list[Line] = []
    used = 0
    for item in items:
        size = sum(columns_of(text) for text, _ in item)
        if lines and used + len(gap) + size <= width:
            lines[-1] += [(gap, ""), *item]
            used += len(gap) + size
        else:
            lines.append(list(item))
            used = size
    return lines


# --- lines over days ---


class _Axis(NamedTuple):
    """The axis of amounts: its marks stand at rows, all at the same distance."""

    steps: Steps

    @property
    def rows_each(self) -> int:
        return max(2, round(ROWS / self.steps.intervals))

    @property
    def rows(self) -> int:
        return self.steps.intervals * self.rows_each + 1

    def dot(self, value: float) -> int:
        """Return the dot of a value, from below; a mark stands in the middle of its row of four dots."""
        return round((value / self.steps.step - self.steps.first) * 4 * self.rows_each) + 1

    def labels(self) -> list[str]:
        """Return the text of each row, from below: empty between the marks."""
        marks = _marks(self.steps)
        return [marks[row // self.rows_each] if row % self.rows_each == 0 else "" for row in range(self.rows)]


class _Days(NamedTuple):
    """The axis of days: the first at the left edge, the last at the right one; a single day in the middle."""

    first: date
    last: date
    columns: int

    def dot(self, day: date) -> int:
        """Return the dot of a day, from the left; a column has two."""
        if self.first == self.last:
            return self.columns
        return round((day - self.first).days / (self.last - self.first).days * (2 * self.columns - 1))


def _line_chart(chart: LineChart, width: int) -> list[Line]:
    axis = _Axis(steps(value for one in chart.series for value in one.values))
    labels = axis.labels()
    left = max(map(len, labels)) + 2
    days = _Days(min(chart.days), max(chart.days), width - left)
    unit: list[Line] = [[(shorten(harmless(chart.unit), width), "")]] if chart.unit else []
    rows = [
        [(f"{label:>{left - 2}} " + ("┤" if label else "│"), ""), *cells]
        for label, cells in zip(labels, _plot(chart, days, axis), strict=True)
    ]
    return [
        *_heading(chart, width),
        *unit,
        *reversed(rows),
        *_day_axis(chart.days, days, left, width),
        *_legend(chart.series, SIGNS, left, width),
    ]


def _marks(steps: Steps) -> list[str]:
    """Return the texts of the marks of an axis, all in one unit and with the same decimals."""
    top = max(map(abs, steps.marks))
    if top >= 1e15 or steps.step < 1e-4:
        return [short(mark) if mark else "0" for mark in steps.marks]
    size, letter = next(((size, letter) for least, size, letter in _UNITS if top >= least), (1.0, ""))
    step = steps.step / size
    decimals = next((d for d in range(6) if math.isclose(round(step, d), step)), 6)
    return [f"{mark / size:,.{decimals}f}{letter}" if mark else "0" for mark in steps.marks]


_UNITS = ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))


def _plot(chart: LineChart, days: _Days, axis: _Axis) -> list[Line]:
    """Return the rows of the plot, from below: every line in dots, its points as signs."""
    layers = [_traced(chart, one, SIGNS[at % len(SIGNS)], days, axis) for at, one in enumerate(chart.series)]
    rows: list[Line] = [[] for _ in range(axis.rows)]
    turn = 0
    for column in range(days.columns):
        for row, cells in enumerate(rows):
            here = [(layer[row][column], _look(at)) for at, layer in enumerate(layers)]
            signs = [piece for piece in here if piece[0] < _BLANK]
            cells.append(signs[turn % len(signs)] if signs else _dots(here))
            # points that lie on each other take turns, or one line would hide the other
            turn += len(signs) > 1
    return rows


def _dots(pieces: Sequence[Piece]) -> Piece:
    """Return the dots of all lines in one cell, in the look of the first of them."""
    dotted = [(ord(text) - ord(_BLANK), look) for text, look in pieces if text != _BLANK]
    if not dotted:
        return " ", ""
    return chr(ord(_BLANK) + reduce(or_, (dots for dots, _ in dotted))), dotted[0][1]


_BLANK = "\u2800"  # the first of the Braille patterns: no dot; a bit for each of the eight dots follows


def _traced(chart: LineChart, series: Series, sign: str, days: _Days, axis: _Axis) -> list[str]:
    """Return one line alone, from below: Braille patterns, and its sign at each point."""
    from plotille import Canvas

    # In dots, so that the marks of both axes meet the points; without colour, which plotille gives or not
    # after a look at the environment and at stdout.
    canvas = Canvas(days.columns, axis.rows, 0, 0, 2 * days.columns, 4 * axis.rows)
    before: tuple[int, int] | None = None
    for day, value in zip(chart.days, map(drawable, series.values), strict=True):
        if value is None:
            before = None
            continue
        point = (days.dot(day), axis.dot(value))
        canvas.point(*point, marker=sign)
        if before:
            canvas.line(*before, *point)
        before = point
    text: str = canvas.plot(linesep="\n")
    return text.split("\n")[::-1]


def _day_axis(every: Sequence[date], days: _Days, left: int, width: int) -> list[Line]:
    """Return the axis below the plot: its line, the days, and each year below the first day of it."""
    marks = _marked_days(every, days, left, width)
    line, names, years = ["─"] * days.columns, [" "] * width, [" "] * width
    year = None
    for start, day in marks:
        line[days.dot(day) // 2] = "┬"
        text = day_and_month(day)
        names[start : start + len(text)] = text
        if day.year != year:
            year = day.year
            years[start : start + 4] = f"{year:04}"
    return [
        [(" " * (left - 1) + "└" + "".join(line), "")],
        [("".join(names), "")],
        [("".join(years), "")],
    ]


def _marked_days(every: Sequence[date], days: _Days, left: int, width: int) -> list[tuple[int, date]]:
    """Return the days that have room for their text, with where it starts: every nth day, and the last."""
    newest_first = [(_start(day, days, left, width), day) for day in sorted(set(every), reverse=True)]
    strides = range(1, len(newest_first) + 1)
    return next(marks for stride in strides if _apart(marks := newest_first[::stride][::-1]))


def _apart(marks: Sequence[tuple[int, date]]) -> bool:
    """Tell whether there are two columns at least between the texts of days."""
    ends = [start + len(day_and_month(day)) for start, day in marks]
    return all(end + 2 <= start for end, (start, _) in zip(ends, marks[1:], strict=False))


def _start(day: date, days: _Days, left: int, width: int) -> int:
    """Return the column where the text of a day starts: centred below its mark, as far as there is room."""
    text = day_and_month(day)
    return min(left + days.dot(day) // 2 - len(text) // 2, width - len(text))


# --- bars ---


def _bar_chart(chart: BarChart, width: int) -> list[Line]:
    bars = parts_of_bars(chart)
    amounts = [total(parts, number) for parts in bars]
    if max(map(len, amounts)) > width // 3:
        amounts = [total(parts, short) for parts in bars]
    right = max(map(len, amounts))
    names = [harmless(name) for name in (*chart.labels, chart.label)]
    left = min(max(map(columns_of, names)), max(4, min(width // 3, width - right - 8)))
    *names, label = [shorten(name, left) for name in names]
    room = width - left - right - 3
    longest = max(map(length_of_bar, bars))
    unit = shorten(harmless(chart.unit), width - left - 2)
    return [
        *_heading(chart, width),
        *([[(_padded(label, left) + unit, "")]] if label or unit else []),
        *(
            [(_padded(name, left), ""), *_bar(parts, room, longest), (amount, "")]
            for name, parts, amount in zip(names, bars, amounts, strict=True)
        ),
        *([[], *_legend(chart.series, FILLS, left + 2, width)] if len(chart.series) > 1 else []),
    ]


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - columns_of(text) + 2)


def _bar(parts: Sequence[Value], room: int, longest: float) -> Line:
    """Return a bar of at most `room` columns and the space after it; what is above zero can be seen."""
    bar: Line = []
    reached, drawn = 0.0, 0
    for at, part in enumerate(parts):
        reached += length_of_bar([part])
        cells = round(reached / longest * room) - drawn if reached else 0
        bar.append((FILLS[at % len(FILLS)] * cells, _look(at)))
        drawn += cells
    if reached and not drawn:
        at = max(range(len(parts)), key=lambda at: length_of_bar([parts[at]]))
        bar = [(FILLS[at % len(FILLS)] * min(1, room), _look(at))]
    return [*bar, (" ", "")] if reached else bar
