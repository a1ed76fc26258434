"""The rules of calling analytics: weeks, periods, known weeks, slopes, endpoint types."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.calling.endpoints import endpoint_of
from partnerctl.domain.calling.periods import Period, tiling
from partnerctl.domain.calling.trends import known_weeks, slope
from partnerctl.domain.calling.weeks import last_completed_week, week_of, weeks_until

SUNDAY = date(2026, 11, 22)


def day(number: int) -> date:
    return SUNDAY + timedelta(days=number)


@pytest.mark.parametrize(("number", "week"), [(-1, -7), (0, 0), (1, 0), (6, 0), (7, 7)])
def test_a_week_begins_on_sunday(number: int, week: int) -> None:
    assert week_of(day(number)) == day(week)


@pytest.mark.parametrize(("today", "week"), [(0, -7), (6, -7), (7, 0)])
def test_the_last_completed_week_has_ended(today: int, week: int) -> None:
    assert last_completed_week(day(today)) == day(week)


def test_weeks_end_with_the_one_that_is_asked_for() -> None:
    assert weeks_until(SUNDAY, 3) == (day(-14), day(-7), day(0))


def test_periods_that_make_up_a_week() -> None:
    week = Period(day(0), day(6))
    first, rest, late = Period(day(0), day(2)), Period(day(3), day(6)), Period(day(4), day(6))
    days = [Period(day(n), day(n)) for n in range(7)]
    assert tiling([week], week) == (week,)
    assert tiling([rest, first, late], week) == (first, rest)
    assert tiling([first, late], week) == ()  # a day is missing
    assert tiling([Period(day(-1), day(6))], week) == ()  # reaches outside
    assert tiling([*days, week], week) == (week,)  # as few as there can be
    assert tiling(days, week) == tuple(days)
    assert tiling([], week) == ()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_what_makes_up_a_week_has_each_of_its_days_once(pairs: list[tuple[int, int]]) -> None:
    found = tiling([Period(day(a), day(b)) for a, b in pairs if a <= b], Period(day(0), day(6)))
    days = [one.since + timedelta(days=n) for one in found for n in range((one.until - one.since).days + 1)]
    assert days in ([], [day(n) for n in range(7)])


def test_a_week_is_known_from_the_first_record_on_where_anybody_has_records() -> None:
    window = weeks_until(SUNDAY, 4)
    assert known_weeks(window, window, {window[1]}) == window[1:]
    assert known_weeks(window, [window[0], window[3]], {window[1], window[3]}) == (window[3],)
    assert known_weeks(window, window, []) == ()


@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        ([], None),
        ([(0, 5)], None),
        ([(0, 5), (1, 7)], 2.0),
        ([(0, 9), (3, 0)], -3.0),
        ([(0, 1), (1, 2), (2, 2)], 0.5),
        ([(0, 0), (1, 0), (2, 1), (3, 0)], 0.1),
    ],
)
def test_the_slope_of_the_closest_line(points: list[tuple[int, int]], wanted: float | None) -> None:
    assert slope(points) == wanted


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=8))
def test_no_other_line_is_closer(calls: list[int]) -> None:
    points = list(enumerate(calls))
    found = slope(points)
    assert found is not None

    def distance(rise: Fraction) -> Fraction:
        middle = Fraction(sum(y - rise * x for x, y in points), len(points))
        return sum(((y - rise * x - middle) ** 2 for x, y in points), Fraction(0))

    exact = Fraction(round(found * 100), 100)
    assert all(distance(exact) <= distance(exact + step) for step in (Fraction(-1, 100), Fraction(1, 100)))


@pytest.mark.parametrize(
    ("client_type", "model", "endpoint"),
    [
        ("WXC_CLIENT", None, "app"),
        ("wxc_client ", "8851", "app"),
        ("TEAMS_WXC_CLIENT", None, "teams"),
        ("WXC_DEVICE", "8851-3PCC", "desk_phone"),
        ("WXC_DEVICE", None, "desk_phone"),
        ("WXC_DEVICE", "Cisco Room Bar", "room_device"),
        ("WXC_DEVICE", "sx80", "room_device"),
        ("WXC_DEVICE", "ATA192-MPP", "analog"),
        ("WXC_DEVICE", "Cisco VG400", "analog"),
        ("WXC_THIRD_PARTY", "Room", "third_party"),
        ("WXC_SIP_GW", None, "gateway"),
        ("CLOUD_AWARE_SIP", None, "sip"),
        (None, "8851", "unknown"),
        ("SOMETHING", None, "unknown"),
    ],
)
def test_endpoint_types(client_type: str | None, model: str | None, endpoint: str) -> None:
    assert endpoint_of(client_type, model) == endpoint


def test_what_a_room_device_is_can_be_set() -> None:
    assert endpoint_of("WXC_DEVICE", "Huddle 3", ("huddle",)) == "room_device"
    assert endpoint_of("WXC_DEVICE", "Room Bar", ("huddle",)) == "desk_phone"
