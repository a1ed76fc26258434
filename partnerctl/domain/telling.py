"""Telling: which rows the log of changes gains when the history of a thing turns out to be another.

A row says of one thing: from this day on, these fields have these values. Rows are only ever added. ``told``
is the mask of the fields that the feed tells of a row; ``stands`` that of the fields which changed on its
day as the history is known now, 0 where the row was withdrawn. So each version of a thing has exactly one
row that stands; and whoever takes day and value from every record of the feed, in their order, knows the
history as it is known now.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

Values: TypeAlias = tuple[Any, ...]

MOST_FIELDS = 12
"""Fields that a thing may have; the bits above them say the following."""
NEW = 1 << 12
"""The thing is new: one record instead of one for each field."""
GONE = 1 << 13
"""Everything that was said of the thing was taken back: it was never known."""
FIRST = 1 << 14
"""The thing, told as new before, was there from another day on."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the things of one noun are told of.

    `announced`: a new thing is one record, and its other fields go without saying; else the fields at the
    positions `first` are told of a new one. `nothing`: what holds before anything is known, where that is a
    value like any other (an empty list of tags); a thing is then never new.
    """

    width: int
    announced: bool = False
    first: tuple[int, ...] = ()
    nothing: Values | None = None

    @property
    def blank(self) -> Values:
        """Return the values of a thing of which nothing is known."""
        return (None,) * self.width if self.nothing is None else self.nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log; `seq` is None for one that is yet to be added, `before` and `after` for nothing."""

    seq: int | None
    day: str
    told: int
    stands: int
    before: Values | None
    after: Values | None


class State(NamedTuple):
    """What holds of a thing from a day on."""

    day: str
    values: Values


@dataclass(frozen=True, slots=True)
class Course:
    """What held of a thing, or what did from some day on; `earlier` held before, None: nothing did."""

    states: Sequence[State] = ()
    earlier: Values | None = None

    def steps(self) -> Iterable[tuple[str, Values | None, Values]]:
        """Yield the day of each state, what held before it, and what holds from then on."""
        before = self.earlier
        for state in self.states:
            yield state.day, before, state.values
            before = state.values

    def on(self, day: str) -> Values | None:
        """Return what holds on a day."""
        at = bisect_right(self.states, day, key=lambda state: state.day)
        return self.states[at - 1].values if at else self.earlier


@dataclass(frozen=True, slots=True)
class Retold:
    """What becomes of the log: rows, by their `seq`, that stand no more, and rows to add, in their order."""

    withdrawn: tuple[int, ...]
    added: tuple[Entry, ...]


def changed_fields(manner: Manner, before: Values | None, after: Values) -> int:
    """Return the mask of what changed with a version."""
    if before is None:
        return NEW | _mask(i for i in manner.first if after[i] is not None)
    mask = 0
    for i, value in enumerate(after):
        if value != before[i]:
            mask |= 1 << i
    return mask


def retell(manner: Manner, course: Course, log: Sequence[Entry]) -> Retold:
    """Return what becomes of the log of one thing, given in order, now that its history is `course`.

    Where `course` begins in mid-history, the log must hold all rows of the days from then on.
    """
    reader = _Reader(manner)
    for entry in log:
        reader.read(entry)
    standing = {entry.day: entry for entry in log if entry.stands}
    withdrawn: list[Entry] = []
    if manner.announced:
        reader.announce(course, log)
    for day, before, after in course.steps():
        old = standing.pop(day, None)
        if old is not None and (old.before, old.after) == (before, after):
            continue
        withdrawn += [old] if old else []
        told = reader.untold(day, before, after)
        reader.add(Entry(None, day, told, changed_fields(manner, before, after), before, after))
    reader.correct(course)
    withdrawn += standing.values()
    return Retold(tuple(e.seq for e in withdrawn if e.seq is not None), tuple(reader.added))


class _Reader:
    """Somebody who reads every record: what they believe of one thing, by day and position of the field."""

    def __init__(self, manner: Manner) -> None:
        self.added: list[Entry] = []
        self._manner = manner
        self._days: dict[str, dict[int, Any]] = {}
        self._begun: set[str] = set()  # days on which the thing was told as new
        self._first: str | None = None

    def read(self, entry: Entry) -> None:
        """Take in what the feed tells of a row."""
        if entry.told & GONE:
            self._first = None
            self._days.clear()
        elif entry.told & FIRST:
            self._move(str((entry.after or ("",))[0]))
        elif entry.told:
            if entry.told & NEW and self._manner.announced:
                self._days.clear()
            values = entry.after or self._manner.blank
            known = self._days.setdefault(entry.day, {})
            known.update((i, value) for i, value in enumerate(values) if entry.told & (NEW | 1 << i))
            if entry.told & NEW:
                self._begun.add(entry.day)
                self._first = entry.day

    def add(self, entry: Entry) -> None:
        """Add a row to the log, and read it."""
        self.added.append(entry)
        self.read(entry)

    def announce(self, course: Course, log: Sequence[Entry]) -> None:
        """Tell that a thing that was told as new is known no more, or was there from another day on."""
        if self._first is None:
            return
        if not course.states:
            last = next((entry.after for entry in reversed(log) if entry.stands), None)
            self.add(Entry(None, self._first, GONE, 0, last, None))
        elif course.states[0].day != self._first:
            day = course.states[0].day
            self.add(Entry(None, day, FIRST, 0, (self._first,), (day,)))

    def untold(self, day: str, before: Values | None, after: Values) -> int:
        """Return the mask of what is to be told of a version."""
        believed = self._days.get(day, {})
        changed = changed_fields(self._manner, before, after)
        if before is None:
            if self._manner.announced and self._first is None:
                return changed
            if self._manner.announced or day in self._begun:
                changed = _mask(i for i, value in enumerate(after) if value is not None)
            else:  # what was told of that day for itself must be told again, where it differs
                changed |= _mask(i for i, value in enumerate(after) if i in believed and value is not None)
        return changed & ~_mask(i for i, value in believed.items() if value == after[i])

    def correct(self, course: Course) -> None:
        """Tell of every day what is believed otherwise than `course` has it."""
        for day in sorted(self._days):
            believed, holds = self._days[day], course.on(day)
            values = holds or self._manner.blank
            wrong = _mask(i for i, value in believed.items() if value != values[i])
            if wrong:
                before = tuple(believed.get(i, value) for i, value in enumerate(values))
                self.add(Entry(None, day, wrong, 0, before, holds))

    def _move(self, first: str) -> None:
        """Let the thing be there from another day on: as it was told for its first day, or for then."""
        days = [day for day in sorted(self._days) if day <= first] or sorted(self._days)[:1]
        then: dict[int, Any] = {}
        for day in days:
            then.update(self._days[day])
        self._days = {day: known for day, known in self._days.items() if day >= first} | {first: then}
        self._first = first


def _mask(positions: Iterable[int]) -> int:
    mask = 0
    for i in positions:
        mask |= 1 << i
    return mask
