"""DAY words and periods, as every date on the command line is written (``cli.md``, DAY and periods).

Words are resolved against the day that the caller passes in: today in UTC, or a schedule's due time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from partnerctl.errors import UsageError

DAY_FORMS = "2026-11-23, today, yesterday, tomorrow, -30d, +60d, -2w, +3m, +1y, monday (the latest one)"
"""The ways to write a day, for help and hints."""
PERIOD_FORMS = f"2026-11, 2026, this-month, next-month, last-month, last-week, or a day: {DAY_FORMS}"
"""The ways to write a period, for help and hints."""
MAX_AGE_FORMS = "8d or 2w"
"""The ways to write an age, for help and hints."""

LONGEST_AGE = timedelta(days=99_999)
"""The longest age that is read: a day of this era minus that age is still a day."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OFFSETS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_MONTH_WORDS = {"last-month": -1, "this-month": 0, "next-month": 1}

_Value = TypeVar("_Value")

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")
_DISTANCE = re.compile(r"([+-][0-9]{1,7})([dwmy])")
_AGE = re.compile(r"([0-9]{1,7})([dw])")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `since` to `until`, both included."""

    since: date
    until: date


def parse_day(text: str, today: date) -> date:
    """Return the day that `text` means on the day `today`; raises UsageError with the forms in its hint."""
    day = _resolved(text, today, _day)
    if day is None:
        raise UsageError(f"{text!r} is not a day", _hint(text, DAY_FORMS))
    return day


def parse_period(text: str, today: date) -> Period:
    """Return the period that `text` means on the day `today`; a day is the period of that one day.

    Raises UsageError with the forms in its hint.
    """
    period = _resolved(text, today, _period)
    if period is None:
        raise UsageError(f"{text!r} is not a day or a period", _hint(text, PERIOD_FORMS))
    return period


def parse_max_age(text: str) -> timedelta:
    """Return the age that `text` (``8d``, ``2w``) means, LONGEST_AGE at most; raises UsageError."""
    match = _AGE.fullmatch(text.strip().lower())
    if match is None:
        raise UsageError(f"{text!r} is not an age", f"write it as {MAX_AGE_FORMS}")
    age = timedelta(days=int(match[1]) * (7 if match[2] == "w" else 1))
    if age > LONGEST_AGE:
        raise UsageError(f"{text!r} is longer than {LONGEST_AGE.days} days", f"write it as {MAX_AGE_FORMS}")
    return age


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` calendar months later, or that month's last day.

    Raises OverflowError outside the years 1 to 9999.
    """
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"the year {year}")
    return date(year, month + 1, min(day.day, _days_in(year, month + 1)))


def month_of(day: date) -> Period:
    """Return the calendar month in which `day` lies."""
    return Period(day.replace(day=1), day.replace(day=_days_in(day.year, day.month)))


def _days_in(year: int, month: int) -> int:
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _resolved(text: str, today: date, read: Callable[[str, date], _Value | None]) -> _Value | None:
    """Return what `read` makes of the text, or None where the text has none of its forms."""
    try:
        return read(text.strip().lower(), today)
    except OverflowError:
        raise UsageError(
            f"{text!r} lies outside the years 1 to 9999", "choose a day nearer to today"
        ) from None
    except ValueError:
        raise UsageError(f"{text!r} is not in the calendar", "check the month and the day") from None


def _day(word: str, today: date) -> date | None:
    if match := _ISO_DAY.fullmatch(word):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DISTANCE.fullmatch(word):
        return _moved(today, int(match[1]), match[2])
    if word in _OFFSETS:
        return today + timedelta(days=_OFFSETS[word])
    if word in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS.index(word)) % 7)
    return None


def _moved(today: date, count: int, unit: str) -> date:
    if unit in "my":
        return add_months(today, count * (12 if unit == "y" else 1))
    return today + timedelta(days=count * (7 if unit == "w" else 1))


def _period(word: str, today: date) -> Period | None:
    if match := _MONTH.fullmatch(word):
        return month_of(date(int(match[1]), int(match[2]), 1))
    if _YEAR.fullmatch(word):
        return Period(date(int(word), 1, 1), date(int(word), 12, 31))
    if word in _MONTH_WORDS:
        return month_of(add_months(today.replace(day=1), _MONTH_WORDS[word]))
    if word == "last-week":
        saturday = today - timedelta(days=(today.weekday() + 1) % 7 + 1)
        return Period(saturday - timedelta(days=6), saturday)
    day = _day(word, today)
    return None if day is None else Period(day, day)


def _hint(text: str, forms: str) -> str:
    word = text.strip().lower()
    if _DISTANCE.fullmatch(f"+{word}"):
        return f"write +{word} for the future or -{word} for the past"
    return f"write one of: {forms}"
