"""Weeks of calling analytics: from Sunday 00:00 UTC to the next (``partner-hub.md``, L)."""

from __future__ import annotations

from datetime import date, timedelta

TREND_WEEKS = 8
"""The weeks over which a slope is taken, and that ``--by week`` shows where nobody says how many."""


def week_of(day: date) -> date:
    """Return the Sunday on which the week of `day` begins."""
    return day - timedelta(days=(day.weekday() + 1) % 7)


def last_completed_week(today: date) -> date:
    """Return the Sunday on which the last week that has ended began."""
    return week_of(today) - timedelta(days=7)


def weeks_until(week: date, count: int) -> tuple[date, ...]:
    """Return the Sundays of the `count` weeks of which `week` is the last, oldest first."""
    first = week.toordinal() - 7 * (count - 1)
    return tuple(date.fromordinal(day) for day in range(first, week.toordinal() + 1, 7) if day >= 1)
