"""Days and periods as people write them."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.days import (
    LONGEST_AGE,
    Period,
    add_months,
    month_of,
    parse_day,
    parse_max_age,
    parse_period,
)
from partnerctl.errors import UsageError

MONDAY = date(2026, 11, 23)

# Letters, digits and signs of the forms themselves: random text alone would seldom come near one.
NEAR_FORMS = st.text("0123456789-+dwmy thislanexotsruomefi\n٣") | st.text()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2024-02-29", date(2024, 2, 29)),
        ("today", MONDAY),
        ("yesterday", date(2026, 11, 22)),
        ("tomorrow", date(2026, 11, 24)),
        ("-30d", date(2026, 10, 24)),
        ("+60d", date(2027, 1, 22)),
        ("-2w", date(2026, 11, 9)),
        ("+3m", date(2027, 2, 23)),
        ("-1y", date(2025, 11, 23)),
        ("+0d", MONDAY),
        ("monday", MONDAY),
        ("tuesday", date(2026, 11, 17)),
        ("sunday", date(2026, 11, 22)),
        ("  Today ", MONDAY),
        ("FRIDAY", date(2026, 11, 20)),
    ],
)
def test_a_day_is_read_against_today(text: str, day: date) -> None:
    assert parse_day(text, MONDAY) == day


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2099, 12, 31), 2, date(2100, 2, 28)),
    ],
)
def test_months_end_on_the_last_day_that_there_is(start: date, months: int, day: date) -> None:
    assert add_months(start, months) == day


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("this-month", date(2026, 11, 1), date(2026, 11, 30)),
        ("next-month", date(2026, 12, 1), date(2026, 12, 31)),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("last-week", date(2026, 11, 15), date(2026, 11, 21)),
        ("2026-11-23", MONDAY, MONDAY),
        ("-1d", date(2026, 11, 22), date(2026, 11, 22)),
    ],
)
def test_a_period_holds_both_its_ends(text: str, since: date, until: date) -> None:
    assert parse_period(text, MONDAY) == Period(since, until)


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 21), date(2026, 11, 14)),  # Saturday: its week is not complete
        (date(2026, 11, 22), date(2026, 11, 21)),  # Sunday: the week ended yesterday
        (date(2026, 11, 28), date(2026, 11, 21)),
    ],
)
def test_last_week_is_the_last_completed_one(today: date, until: date) -> None:
    assert parse_period("last-week", today) == Period(until - timedelta(days=6), until)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "'soon' is not a day"),
        ("", "'' is not a day"),
        ("20261123", "is not a day"),
        ("2026-W48-1", "is not a day"),
        ("23/11/2026", "is not a day"),
        ("2026-11", "is not a day"),
        ("2026-02-30", "'2026-02-30' is not in the calendar"),
        ("0000-01-01", "is not in the calendar"),
        ("+9999999d", "'+9999999d' lies outside the years 1 to 9999"),
        ("-9999y", "outside the years"),
        ("+99999m", "outside the years"),
        ("+٣d", "is not a day"),
    ],
)
def test_what_is_no_day_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_day(text, MONDAY)
    assert said in caught.value.reason
    assert caught.value.hint


def test_the_hint_lists_the_forms() -> None:
    with pytest.raises(UsageError) as day:
        parse_day("soon", MONDAY)
    assert "+60d" in str(day.value.hint)
    with pytest.raises(UsageError) as period:
        parse_period("soon", MONDAY)
    assert "next-month" in str(period.value.hint)


def test_a_distance_without_its_sign_is_asked_back() -> None:
    with pytest.raises(UsageError) as caught:
        parse_day("30d", MONDAY)
    assert caught.value.hint == "write +30d for the future or -30d for the past"


@pytest.mark.parametrize("text", ["-1d", "yesterday", "last-week", "last-month", "sunday"])
def test_there_is_nothing_before_the_first_day(text: str) -> None:
    with pytest.raises(UsageError, match="outside the years"):
        parse_period(text, date.min)


@pytest.mark.parametrize("text", ["+1d", "tomorrow", "next-month"])
def test_there_is_nothing_after_the_last_day(text: str) -> None:
    with pytest.raises(UsageError, match="outside the years"):
        parse_period(text, date.max)


def test_the_last_month_of_all_has_an_end() -> None:
    assert parse_period("this-month", date.max).until == date.max


@pytest.mark.parametrize(("text", "days"), [("8d", 8), ("2w", 14), (" 0D ", 0), ("99999d", 99_999)])
def test_an_age_is_days_or_weeks(text: str, days: int) -> None:
    assert parse_max_age(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["8", "-8d", "8 d", "1m", "", "100000d", "9999999w", "99999999d"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_max_age(text)
    assert "8d" in str(caught.value.hint)


@given(NEAR_FORMS, st.dates())
def test_any_text_is_a_period_or_wrong_usage(text: str, today: date) -> None:
    with suppress(UsageError):
        period = parse_period(text, today)
        assert period.since <= period.until


@given(st.text("0123456789dw") | st.text())
def test_any_text_is_an_age_or_wrong_usage(text: str) -> None:
    with suppress(UsageError):
        assert timedelta(0) <= parse_max_age(text) <= LONGEST_AGE


@given(st.dates(max_value=date(9990, 1, 1)), st.integers(0, 100))
def test_months_forward_land_in_the_month_that_many_later(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == min(day.day, month_of(later).until.day)


@given(st.dates(max_value=date(9999, 11, 30)))
def test_the_day_after_a_month_is_a_first(day: date) -> None:
    assert (month_of(day).until + timedelta(days=1)).day == 1
