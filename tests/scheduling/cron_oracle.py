"""The truth about scheduled times, found the slow way: look at the wall clock at every minute that passes.

The rule is that of Debian's cron (``cli.md``, rule of scheduled times). Nothing here is shared with
``partnerctl.scheduling``: the expression is read by a small reader of its own, and no time is computed. A
minute of UTC follows the other, `zoneinfo` says what the clock on the wall shows, and the rule is applied to
what was seen. The lower half finds every change of offset of every zone, again by looking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST_REPEAT = timedelta(hours=8)
"""Since 1970 no clock was set back by more than seven hours (Vostok, 1994)."""

# --- the expression ---

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_WORDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an expression asks of a local minute. Sunday is 0; `nth` holds pairs: Friday, second."""

    minutes: set[int]
    hours: set[int]
    days: set[int]
    last_day: bool
    months: set[int]
    weekdays: set[int]
    nth: set[tuple[int, int]]
    both_days: bool
    follows_the_clock: bool

    def matches(self, local: datetime) -> bool:
        """Tell whether the fields of the expression describe this local minute."""
        return (
            local.minute in self.minutes
            and local.hour in self.hours
            and local.month in self.months
            and self._on(local)
        )

    def _on(self, local: datetime) -> bool:
        day = local.day in self.days or (self.last_day and (local + DAY).day == 1)
        of_week = local.isoweekday() % 7
        weekday = of_week in self.weekdays or (of_week, (local.day - 1) // 7 + 1) in self.nth
        return day and weekday if self.both_days else day or weekday


def read(text: str) -> Pattern:
    """Return what the expression asks for; raises ValueError for what this reader does not know."""
    minute, hour, day, month, weekday = _WORDS.get(text, text).lower().split()
    days = day.split(",")
    nth = [part for part in weekday.split(",") if "#" in part]
    plain = [part for part in weekday.split(",") if "#" not in part]
    return Pattern(
        minutes=_numbers(minute.split(","), 0, 59),
        hours=_numbers(hour.split(","), 0, 23),
        days=_numbers([part for part in days if part != "l"], 1, 31),
        last_day="l" in days,
        months=_numbers(month.split(","), 1, 12, _MONTHS),
        weekdays={number % 7 for number in _numbers(plain, 0, 7, _WEEKDAYS)},
        nth={(_number(part.split("#")[0], _WEEKDAYS) % 7, int(part.split("#")[1])) for part in nth},
        both_days=day.startswith("*") or weekday.startswith("*"),
        follows_the_clock=minute.startswith("*") or hour.startswith("*"),
    )


def _numbers(parts: list[str], low: int, high: int, names: list[str] | None = None) -> set[int]:
    """Return the numbers that `*`, `5`, `1-5`, `*/2` and `1-5/2` stand for; names count from `low`."""
    chosen = set[int]()
    for part in parts:
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            found = range(low, high + 1)
        elif dash:
            found = range(_number(first, names, low), _number(last, names, low) + 1)
        elif not slash:
            found = range(_number(span, names, low), _number(span, names, low) + 1)
        else:
            raise ValueError(f"{part}: a step of one number is not the oracle's")
        if not found or found[0] < low or found[-1] > high:
            raise ValueError(f"{part}: not within {low}-{high}")
        chosen.update(found[:: int(step or 1)])
    return chosen


def _number(text: str, names: list[str] | None, low: int = 0) -> int:
    return names.index(text) + low if names and text in names else int(text)


# --- the wall clock ---


class Passing(NamedTuple):
    """One minute that really passed: its instant (UTC), and the local minute that the wall clock showed.

    `new` are the local minutes that the wall clock reached or jumped over at this instant for the first
    time: usually the one that it shows; none while an hour comes again; after a gap those within it, too.
    """

    instant: datetime
    wall: datetime
    new: tuple[datetime, ...]


def watch(zone: ZoneInfo, after: datetime, until: datetime) -> list[Passing]:
    """Return every whole minute later than `after` up to and including `until`, in order.

    The clock is watched from some hours before, so that an hour that comes again is known for what it is.
    """
    passed = []
    instant = after.astimezone(UTC).replace(second=0, microsecond=0) - LONGEST_REPEAT
    latest = instant.astimezone(zone)
    while instant + MINUTE <= until:
        instant += MINUTE
        wall = instant.astimezone(zone)
        new = []
        # Times of one zone compare and add up by what the clock shows, never by what really passes (PEP 495).
        while latest < wall:
            latest += MINUTE
            new.append(latest)
        if instant > after:
            passed.append(Passing(instant, wall, tuple(new)))
    return passed


def due(text: str, passed: list[Passing]) -> list[datetime]:
    """Return the instants among those that passed at which the expression is due."""
    pattern = read(text)
    minutes = pattern.minutes  # asked for first, as the minute says no most often
    if pattern.follows_the_clock:
        return [one.instant for one in passed if one.wall.minute in minutes and pattern.matches(one.wall)]
    return sorted(
        {
            one.instant
            for one in passed
            for local in one.new
            if local.minute in minutes and pattern.matches(local)
        }
    )


def oracle(text: str, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """Return the instants later than `after` up to and including `until` at which the expression is due."""
    return due(text, watch(zone, after, until))


# --- the changes of offset ---

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2036, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of offset: the first instant of the new one (UTC), the offset before, and from then on."""

    instant: datetime
    before: timedelta
    after: timedelta

    @property
    def first(self) -> datetime:
        """Return the first local minute that is skipped, or that comes twice."""
        return (self.instant + min(self.before, self.after)).replace(tzinfo=None)

    @property
    def length(self) -> timedelta:
        """Return for how long the local time is missing, or comes twice."""
        return abs(self.after - self.before)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return expressions that meet the change, in every way in which one can."""
        middle, next_ = self.first + self.length // 2, self.first + self.length
        weekday, hour = self.first.isoweekday() % 7, self.first.hour
        return (
            f"{middle.minute} {middle.hour} * * *",
            f"{self.first.minute},{next_.minute} {hour},{next_.hour} * * *",
            "30 0-23 * * *",
            f"{middle.minute} {middle.hour} {self.first.day} * {(weekday + 1) % 7}",
            f"{middle.minute} * * * *",
            f"* {hour} * * *",
            f"*/10 * * * {weekday}",
            "@daily",
            "59 23 * * *",
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """Zones whose clocks agree from `FIRST` to `END`, and the changes of offset that they share."""

    zones: tuple[str, ...]
    changes: tuple[Change, ...]


@cache
def zone_of_tzdata(name: str) -> ZoneInfo:
    """Return the zone as the package tzdata has it, whatever the machine says of it."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@cache
def zone_names() -> tuple[str, ...]:
    """Return the names of all the zones of the package tzdata."""
    return tuple(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def clocks() -> tuple[Clock, ...]:
    """Return the zones of tzdata, put together where their clocks agree; every zone is in one of them."""
    agreeing: dict[object, list[str]] = {}
    for names in _same_files():
        zone = zone_of_tzdata(names[0])
        agreeing.setdefault((_offset(zone, FIRST), changes_of(zone)), []).extend(names)
    return tuple(
        Clock(tuple(sorted(names)), changes_of(zone_of_tzdata(min(names)))) for names in agreeing.values()
    )


def changes_of(zone: ZoneInfo, step: timedelta = 2 * DAY) -> tuple[Change, ...]:
    """Return the changes of offset of the zone; one that is undone within `step` is not seen."""
    return tuple(_changes(zone, step))


def _changes(zone: ZoneInfo, step: timedelta) -> Iterator[Change]:
    instant, before = FIRST, _offset(zone, FIRST)
    while instant < END:
        instant += step
        after = _offset(zone, instant)
        if after != before:
            yield Change(_first_with(zone, after, instant - step, instant), before, after)
        before = after


def _first_with(zone: ZoneInfo, offset: timedelta, without: datetime, having: datetime) -> datetime:
    while having - without > MINUTE:
        middle = without + (having - without) // MINUTE // 2 * MINUTE
        if _offset(zone, middle) == offset:
            having = middle
        else:
            without = middle
    return having


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _same_files() -> list[list[str]]:
    """Return the names, those of equal files together: most are old names of another zone."""
    by_content: dict[bytes, list[str]] = {}
    for name in zone_names():
        content = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
        by_content.setdefault(content, []).append(name)
    return list(by_content.values())
