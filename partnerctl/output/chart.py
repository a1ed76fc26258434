"""Charts: what a picture shows, whoever draws it, with the steps of its axis and the words for its numbers.

All names and labels are data: those who draw make them harmless.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

Value = int | float | None
"""One value of a chart; None: unknown."""

HIGHEST = 1e300
"""The greatest amount that is drawn: sums and scales of it are still numbers."""

_IN_FULL_BELOW = 1e15
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one part of every bar; a value for each day or label, None (unknown) is a gap."""

    name: str
    values: tuple[int | float | None, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over days, oldest first; `unit` is the title of the y axis, which holds zero."""

    title: str
    subtitle: str
    unit: str
    days: tuple[date, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars, one per label and in that order; several series are the stacked parts of each bar.

    `unit` is the title of the axis of amounts, `label` of the other. Names of customers read better beside
    horizontal bars.
    """

    title: str
    subtitle: str
    unit: str
    label: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    horizontal: bool = False


Chart = LineChart | BarChart


class Steps(NamedTuple):
    """The marks of an axis of amounts: from `first` times `step` on, `intervals` of them."""

    step: float
    first: int
    intervals: int

    @property
    def marks(self) -> list[float]:
        """Return the amounts that the axis names, ascending."""
        return [at * self.step for at in range(self.first, self.first + self.intervals + 1)]


def is_empty(chart: Chart) -> bool:
    """Tell whether a chart has nothing that could be drawn: no day or label, or no series."""
    return not chart.series or not (chart.days if isinstance(chart, LineChart) else chart.labels)


def drawable(value: Value) -> Value:
    """Return a value as it is; None where it is unknown, not a finite number or beyond all drawing."""
    return value if value is not None and abs(value) <= HIGHEST else None


def parts_of_bars(chart: BarChart) -> list[tuple[Value, ...]]:
    """Return the parts of each bar, one per series; raises ValueError where a series has another length."""
    columns = [[drawable(value) for value in one.values] for one in chart.series]
    return [tuple(parts) for _, *parts in zip(chart.labels, *columns, strict=True)]


def length_of_bar(parts: Sequence[Value]) -> float:
    """Return how long a bar is: the sum of what is known of it and above zero."""
    return float(sum(part for part in parts if part is not None and part > 0))


def steps(values: Iterable[Value]) -> Steps:
    """Return the steps that hold zero and all the values: six at most, whole ones for whole numbers."""
    known = [value for value in map(drawable, values) if value is not None]
    whole = all(isinstance(value, int) or value.is_integer() for value in known)
    low, high = min([0, *known]), max([0, *known])
    if high - low < 1e-9:
        low, high, whole = 0, 1, True
    step = _round_step((high - low) / 5, whole)
    first = math.floor(low / step)
    return Steps(step, first, math.ceil(high / step) - first)


def _round_step(least: float, whole: bool) -> float:
    """Return the smallest round step of at least that size: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    sizes = [factor * power for factor in (1, 2, 2.5, 5, 10)]
    return next((size for size in sizes if size >= least and (size.is_integer() or not whole)), sizes[-1])


def known_name(series: Series) -> str:
    """Return the name of a series, which says so where nothing is known of it."""
    known = any(drawable(value) is not None for value in series.values)
    return series.name if known else f"{series.name} (unknown)".lstrip()


def number(value: int | float) -> str:
    """Return a number as people read it: ``12,345``, ``36.5``, two decimals at most, ``1.2e+18`` if huge."""
    if abs(value) >= _IN_FULL_BELOW or 0 < abs(value) < 0.01:
        return short(value)
    text = f"{value or 0.0:,.2f}" if isinstance(value, float) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(value: int | float) -> str:
    """Return a number in three digits and an exponent: at most ten characters."""
    return f"{value:.3g}"


def total(parts: Sequence[Value], write: Callable[[int | float], str] = number) -> str:
    """Return the sum of a bar's parts: ``-`` where none of them is known, ``120 + ?`` where some are not."""
    known = [part for part in parts if part is not None]
    if not known:
        return "-"
    return write(sum(known)) + (" + ?" if len(known) < len(parts) else "")


def day_and_month(day: date) -> str:
    """Return a day without its year, in English whatever the locale: ``30 May``."""
    return f"{day.day} {_MONTHS[day.month - 1]}"
