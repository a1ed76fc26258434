"""Trends over weeks: which weeks are known, and how fast a figure rises (``docs/calling.md``, Usage)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction


def known_weeks(
    window: Sequence[date], recorded: Collection[date], seen: Collection[date]
) -> tuple[date, ...]:
    """Return the weeks of `window`, oldest first, of which a figure is known.

    `recorded` are the weeks of which there are records of anybody, `seen` those of the subject itself: before
    its first record nothing is known of it, from then on no record is a figure, too.
    """
    known, begun = [], False
    for week in window:
        begun = begun or week in seen
        if begun and week in recorded:
            known.append(week)
    return tuple(known)


def slope(points: Sequence[tuple[int, int]]) -> float | None:
    """Return the slope of the line closest to points (least squares), to two decimals, rounded half to even.

    None for fewer than two points.
    """
    if len(points) < 2:
        return None
    count = len(points)
    mean_x = Fraction(sum(x for x, _ in points), count)
    mean_y = Fraction(sum(y for _, y in points), count)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    exact = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    return round(exact * 100) / 100
