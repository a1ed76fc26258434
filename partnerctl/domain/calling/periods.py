"""Periods of files: whether several of them make up exactly the one that is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    since: date
    until: date


def tiling(periods: Iterable[Period], wanted: Period) -> tuple[Period, ...]:
    """Return periods that make up `wanted`, without gap and overlap, as few as can be; none if none do.

    Of two choices of the same number, the one with the longer periods first.
    """
    by_start: dict[date, list[date]] = {}
    for one in set(periods):
        if wanted.since <= one.since <= one.until <= wanted.until:
            by_start.setdefault(one.since, []).append(one.until)
    best: dict[date, tuple[Period, ...]] = {wanted.until + timedelta(days=1): ()}
    for start in sorted(by_start, reverse=True):
        choices = []
        for until in sorted(by_start[start], reverse=True):
            rest = best.get(until + timedelta(days=1))
            if rest is not None:
                choices.append((Period(start, until), *rest))
        if choices:
            best[start] = min(choices, key=len)
    return best.get(wanted.since, ())
