"""Cron expressions: what a line of five fields means for the clock on the wall (``cli.md``, Schedules).

croniter reads the fields; which days and times they pick is decided here, by the rule of Debian's cron.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

from partnerctl.errors import UsageError

FORMS = "five fields: minute hour day-of-month month day-of-week, such as '0 7 * * 1', or @daily"
"""The ways to write an expression, for help and hints."""

_WORDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
# croniter takes these, and either picks at random or overlooks them
_FOREIGN = re.compile(r"\b[HR]\b|\d+W|LW", re.IGNORECASE)
# a range of one is that one; croniter takes it for the whole field
_RANGE_OF_ONE = re.compile(r"\b(\w+)-\1\b(/[0-9]+)?", re.IGNORECASE)
_LAST = "l"
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Cron:
    """One expression. None in a field picks everything.

    `days` may hold ``"l"``, the last of the month; `nth` says which ones of a weekday count (0 is Sunday).
    `both`: day of month and weekday must both hold, else either will do. `real_time`: minute or hour starts
    with ``*``, so the wall clock is matched as time really passes.
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int | str] | None
    months: frozenset[int] | None
    weekdays: frozenset[int] | None
    nth: tuple[tuple[int, frozenset[int | str]], ...]
    both: bool
    real_time: bool

    def picks(self, day: date) -> bool:
        """Tell whether the expression picks times of that day."""
        if self.months is not None and day.month not in self.months:
            return False
        if self.days is None:
            return self._picks_weekday(day)
        if self.weekdays is None:
            return self._picks_day(day)
        if self.both:
            return self._picks_day(day) and self._picks_weekday(day)
        return self._picks_day(day) or self._picks_weekday(day)

    def times(self) -> Iterator[time]:
        """Yield the times that it picks on such a day, in order."""
        for hour in self.hours:
            for minute in self.minutes:
                yield time(hour, minute)

    def _picks_day(self, day: date) -> bool:
        assert self.days is not None
        if day.day in self.days:
            return True
        return _LAST in self.days and day.day == monthrange(day.year, day.month)[1]

    def _picks_weekday(self, day: date) -> bool:
        if self.weekdays is None:
            return True
        weekday = day.isoweekday() % 7
        if weekday not in self.weekdays:
            return False
        which = dict(self.nth).get(weekday)
        if which is None:
            return True
        last = _LAST in which and day.day + 7 > monthrange(day.year, day.month)[1]
        return last or (day.day - 1) // 7 + 1 in which


@lru_cache(maxsize=4096)
def parse_cron(text: str) -> Cron:
    """Return the expression that `text` writes.

    Raises UsageError where it is none, where it has seconds, or where no day is ever picked.
    """
    written = " ".join(text.split())
    if len(written) > _LONGEST:
        raise UsageError(f"a cron expression of {len(written)} characters is too long", f"write {FORMS}")
    plain = _WORDS.get(written.lower(), written)
    fields = plain.split(" ")
    if len(fields) != 5:
        raise UsageError(f"{text!r} is not a cron expression", f"write {FORMS}")
    if foreign := _FOREIGN.search(plain):
        raise UsageError(f"{text!r}: {foreign[0]!r} is not known here", f"write {FORMS}")
    expanded, nth = _expand(text, plain)
    minutes, hours, days, months, weekdays = (None if "*" in one else one for one in expanded)
    cron = Cron(
        text=written,
        minutes=tuple(range(60)) if minutes is None else tuple(minutes),
        hours=tuple(range(24)) if hours is None else tuple(hours),
        days=None if days is None else frozenset(days),
        months=None if months is None else frozenset(months),
        weekdays=None if weekdays is None else frozenset(weekdays),
        nth=tuple((weekday, frozenset(which)) for weekday, which in sorted(nth.items())),
        both=fields[2].startswith(("*", "?")) or fields[4].startswith(("*", "?")),
        real_time=fields[0].startswith("*") or fields[1].startswith("*"),
    )
    if not _ever(cron):
        raise UsageError(f"{text!r} never happens: no month has such a day", "choose another day")
    return cron


def _expand(text: str, plain: str) -> tuple[list[list[Any]], dict[int, set[Any]]]:
    from croniter import CroniterBadCronError, croniter

    plain = _RANGE_OF_ONE.sub(r"\1", plain)
    try:
        return croniter.expand(plain)
    except (CroniterBadCronError, ValueError) as fault:
        if "mixing" in str(fault):
            hint = "write them as two schedules"
            raise UsageError(f"{text!r}: a weekday with # stands beside one without it", hint) from fault
        problem = str(fault).replace(f"[{plain}]", "").replace(f"[{plain.lower()}]", "").strip(" .")
        raise UsageError(f"{text!r} is not a cron expression: {problem}", f"write {FORMS}") from fault


def _ever(cron: Cron) -> bool:
    """Tell whether any day is picked: days of the month alone can miss every month (30 February)."""
    if cron.days is None or (cron.weekdays is not None and not cron.both) or _LAST in cron.days:
        return True
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
    first = min(day for day in cron.days if isinstance(day, int))
    return any(first <= longest.get(month, 31) for month in cron.months or range(1, 13))
