"""Cron expressions: what is read, and what is refused with a reason."""

from datetime import date, time

import pytest

from partnerctl.errors import UsageError
from partnerctl.scheduling.cron import parse_cron


def days(expression: str, year: int, month: int) -> list[int]:
    """Return the days of a month that an expression picks."""
    cron = parse_cron(expression)
    return [day for day in range(1, 29) if cron.picks(date(year, month, day))]


def test_an_expression_picks_days_and_times() -> None:
    cron = parse_cron("0,30 8-9 * * mon-fri")

    assert list(cron.times()) == [time(8), time(8, 30), time(9), time(9, 30)]
    assert cron.picks(date(2026, 11, 23))  # a Monday
    assert not cron.picks(date(2026, 11, 22))


@pytest.mark.parametrize(
    ("word", "expression"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
    ],
)
def test_words_stand_for_expressions(word: str, expression: str) -> None:
    one, other = parse_cron(word), parse_cron(expression)

    assert (one.minutes, one.hours, one.days, one.months, one.weekdays, one.real_time) == (
        other.minutes,
        other.hours,
        other.days,
        other.months,
        other.weekdays,
        other.real_time,
    )


def test_sunday_is_0_and_7_and_a_range_may_wrap() -> None:
    assert days("0 9 * * 7", 2026, 11) == days("0 9 * * sun", 2026, 11) == [1, 8, 15, 22]
    assert days("0 9 * * sat-mon", 2026, 11) == [1, 2, 7, 8, 9, 14, 15, 16, 21, 22, 23, 28]
    assert parse_cron("0 22-1 * * *").hours == (0, 1, 22, 23)


def test_a_range_of_one_is_that_one() -> None:
    cron = parse_cron("5-5 9-9/2 13-13 nov-Nov mon-mon")

    assert (cron.minutes, cron.hours, cron.days) == ((5,), (9,), frozenset({13}))
    assert (cron.months, cron.weekdays) == (frozenset({11}), frozenset({1}))
    assert parse_cron("1-11 * * * *").minutes == tuple(range(1, 12))


def test_day_of_month_or_weekday_either_will_do() -> None:
    assert days("0 9 13 * fri", 2026, 11) == [6, 13, 20, 27]
    assert days("0 9 12 * fri", 2026, 11) == [6, 12, 13, 20, 27]


def test_where_either_starts_with_a_star_both_must_hold() -> None:
    assert days("0 9 */10 * mon", 2026, 6) == [1]  # days 1, 11, 21, 31 that are Mondays
    assert days("0 9 1-7 * */7", 2026, 11) == [1]  # Sundays among the first seven


def test_the_last_day_and_the_second_friday() -> None:
    assert parse_cron("0 9 L * *").picks(date(2028, 2, 29))
    assert not parse_cron("0 9 L * *").picks(date(2028, 2, 28))
    assert days("0 9 * * fri#2", 2026, 11) == [13]
    last_friday = parse_cron("0 9 * * L5")
    assert [day for day in range(1, 31) if last_friday.picks(date(2026, 11, day))] == [27]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0 7 * *", "'0 7 * *' is not a cron expression"),
        ("0 0 7 * * 1", "'0 0 7 * * 1' is not a cron expression"),
        ("60 7 * * *", "'60 7 * * *' is not a cron expression: is not acceptable, out of range"),
        ("@reboot", "'@reboot' is not a cron expression"),
        ("H 7 * * *", "'H 7 * * *': 'H' is not known here"),
        ("R 7 * * *", "'R 7 * * *': 'R' is not known here"),
        ("0 7 15W * *", "'0 7 15W * *': '15W' is not known here"),
        ("0 7 30 2 *", "'0 7 30 2 *' never happens: no month has such a day"),
        ("0 7 31 feb,apr *", "'0 7 31 feb,apr *' never happens: no month has such a day"),
        ("", "'' is not a cron expression"),
        ("0 7 * * 1,fri#2", "'0 7 * * 1,fri#2': a weekday with # stands beside one without it"),
    ],
)
def test_what_is_no_expression_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_cron(text)
    assert caught.value.reason == reason


def test_29_february_happens_and_30_february_on_a_monday_too() -> None:
    assert parse_cron("0 9 29 2 *").picks(date(2028, 2, 29))
    assert parse_cron("0 9 30 2 mon").picks(date(2027, 2, 1))  # either will do
