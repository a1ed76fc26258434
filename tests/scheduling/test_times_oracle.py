"""The scheduled times around every change of offset, against those that a watch of the wall clock finds.

The zones of tzdata share some 90 clocks, which make some 950 changes of offset from 2020 to 2035. Those that
fall on one day of the year and of the week, at one local time and between the same offsets, are tried once:
what the wall clock shows around them differs by the year alone, and no expression asks for that.
``python -m benchmarks.due_times`` tries every change of every zone, with more expressions.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerctl.scheduling.cron import parse_cron
from partnerctl.scheduling.times import due_times
from tests.scheduling.cron_oracle import (
    FIRST,
    Change,
    clocks,
    due,
    watch,
    zone_names,
    zone_of_tzdata,
)

AROUND = timedelta(hours=36)
PARTS = 8

many = settings(
    max_examples=int(os.environ.get("N", "100")), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


class Disagreement(NamedTuple):
    """Times that only one of the two found, around a change of offset or in a window."""

    zone: str
    text: str
    after: str
    only_ours: tuple[str, ...]
    only_true: tuple[str, ...]


cron = cache(parse_cron)


def disagreements(
    zone_name: str, texts: tuple[str, ...], after: datetime, until: datetime
) -> list[Disagreement]:
    """Compare each expression within one window, the wall clock of which is watched once."""
    zone = zone_of_tzdata(zone_name)
    passed = watch(zone, after, until)
    found = []
    for text in texts:
        ours, true = list(due_times(cron(text), zone, after, until)), due(text, passed)
        if ours != true:
            found.append(
                Disagreement(zone_name, text, str(after), _without(ours, true), _without(true, ours))
            )
    return found


def _without(some: list[datetime], others: list[datetime]) -> tuple[str, ...]:
    known = set(others)
    return tuple(str(one) for one in some if one not in known)


@cache
def places() -> list[tuple[str, Change]]:
    """Return one zone and one change for each way in which the clock of a zone is changed."""
    found = {
        (f"{change.first:%m-%d %a %H:%M}", change.before, change.after): (clock.zones[0], change)
        for clock in clocks()
        for change in clock.changes
    }
    return list(found.values())


def test_every_zone_has_its_clock() -> None:
    assert sorted(zone for clock in clocks() for zone in clock.zones) == sorted(zone_names())


@pytest.mark.parametrize("part", range(PARTS))
def test_around_every_change_of_offset(part: int) -> None:
    tried = places()[part::PARTS]
    found = [
        one
        for zone, change in tried
        for one in disagreements(zone, change.texts, change.instant - AROUND, change.instant + AROUND)
    ]

    assert tried
    assert found == []


def test_every_clock_over_the_end_of_a_february_with_29_days() -> None:
    texts = ("30 9 29 2 *", "0 0 L * *", "@monthly", "*/30 * */7 * *", "15 6 1 * 2", "0 12 * 2 tue#5")
    after = datetime(2028, 2, 28, 6, tzinfo=UTC)
    found = [
        one
        for clock in clocks()
        for one in disagreements(clock.zones[0], texts, after, after + timedelta(days=3))
    ]

    assert found == []


# --- any expression, any zone, any window ---


def numbers(low: int, high: int) -> st.SearchStrategy[str]:
    """Return a number, a range of them, or every so many of a range."""
    ends = st.lists(st.integers(low, high), min_size=2, max_size=2).map(sorted)
    step = st.sampled_from(["", "", "/2", "/5", "/7"])
    return st.integers(low, high).map(str) | st.builds("{0[0]}-{0[1]}{1}".format, ends, step)


def fields(named: st.SearchStrategy[str], *stars: str) -> st.SearchStrategy[str]:
    """Return a field that starts with `*`, or a list of what the field can name."""
    return st.sampled_from(["*", *stars]) | st.lists(named, min_size=1, max_size=3).map(",".join)


MINUTES = fields(numbers(0, 59), "*/7", "*/20", "*/45,1")
HOURS = fields(numbers(0, 23), "*/2", "*/5,23")
DAYS = fields(numbers(1, 28) | st.just("L"), "*", "*", "*/2", "*/5", "*/3,30")
MONTHS = st.sampled_from(["*", "*", "*", "*/2", "3,4,10,11", "mar-oct", "SEP,oct", "1-4", "feb-apr,9-12/2"])
WEEKDAYS = fields(
    numbers(0, 7) | st.sampled_from(["sun", "MON", "thu-sat", "fri-7"]), "*", "*", "*/2", "*/3,sun"
) | st.sampled_from(["sun#1", "0#2,sat#1", "7#4", "FRI#5"])
FIVE = st.tuples(MINUTES, HOURS, DAYS, MONTHS, WEEKDAYS).map(" ".join)
WORDS = st.sampled_from(["@hourly", "@daily", "@midnight", "@weekly", "@monthly"])


@st.composite
def windows(draw: st.DrawFn, longest: int) -> tuple[str, datetime, datetime]:
    """Return a zone, and a window of at most so many hours that begins near a change of its clock."""
    clock = draw(st.sampled_from(clocks()))
    near = draw(st.sampled_from([change.instant for change in clock.changes] or [FIRST]))
    after = near + timedelta(seconds=draw(st.integers(-longest * 3600, 12 * 3600)))
    return (
        draw(st.sampled_from(clock.zones)),
        after,
        after + timedelta(seconds=draw(st.integers(0, longest * 3600))),
    )


@many
@given(FIVE | WORDS, windows(longest=60))
def test_any_expression_in_any_zone(text: str, window: tuple[str, datetime, datetime]) -> None:
    zone, after, until = window

    assert disagreements(zone, (text,), after, until) == []


@many
@given(FIVE, windows(longest=400), st.floats(0, 1))
def test_two_windows_in_a_row_find_what_one_does(
    text: str, window: tuple[str, datetime, datetime], share: float
) -> None:
    zone, after, until = zone_of_tzdata(window[0]), *window[1:]
    between = after + (until - after) * share

    first, second = due_times(cron(text), zone, after, between), due_times(cron(text), zone, between, until)

    assert [*first, *second] == list(due_times(cron(text), zone, after, until))
