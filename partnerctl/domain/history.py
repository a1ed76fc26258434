"""The fold: from the observations of one thing to its versions (``files.md``, Observations).

A field holds what the latest observation that spoke of it said; one not yet spoken of takes its earliest
later value (``cli.md``, --as-of). Measurements do not carry: what a day's files did not say is unknown
that day. On one day the later run wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = str | int | None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one run said of one thing on one day; `spoken` is a bit mask over `values`."""

    day: str
    spoken: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """The state of a thing from a day on, until its next version."""

    valid_from: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """All that is known of one thing: its versions, oldest first, and the days and fields spoken of."""

    versions: tuple[Version, ...]
    first_seen: str
    last_seen: str
    spoken: int


@dataclass(frozen=True, slots=True)
class Closing:
    """A value that a mere sighting takes back: an absent subscription that is seen again."""

    position: int
    value: Value


def fold(observations: Sequence[Observation], *, carries: bool, closing: Closing | None = None) -> Folded:
    """Return the history of one thing from its observations, given in the order of day and run.

    Versions that differ in nothing are one. Raises ValueError where there are no observations.
    """
    if not observations:
        raise ValueError("nothing was observed")
    width = len(observations[0].values)
    state: list[Value] = [None] * width
    known = 0
    first: list[Value] = [None] * width
    reopened: Value = None
    days: list[tuple[str, int, list[Value]]] = []
    for seen in observations:
        if not days or days[-1][0] != seen.day:
            state = list(state) if carries else [None] * width
            days.append((seen.day, 0, state))
        if closing is not None:
            reopened = _reopen(state, seen, closing, reopened)
        for i in range(width):
            if seen.spoken >> i & 1:
                state[i] = seen.values[i]
                if not known >> i & 1 and not _closes(closing, i, state[i]):
                    known |= 1 << i
                    first[i] = state[i]
        days[-1] = (seen.day, known | _closed(closing, state), state)
    return Folded(tuple(_coalesce(days, first, known if carries else 0)), days[0][0], days[-1][0], known)


def _closes(closing: Closing | None, position: int, value: Value) -> bool:
    """Tell whether a value says that the thing is gone: that says nothing of the days before."""
    return closing is not None and closing.position == position and closing.value == value


def _closed(closing: Closing | None, state: list[Value]) -> int:
    """Return the bit of the field that says that the thing is gone, on a day when it does."""
    return 1 << closing.position if closing is not None and state[closing.position] == closing.value else 0


def _reopen(state: list[Value], seen: Observation, closing: Closing, before: Value) -> Value:
    """Take the closing value back where a sighting does not speak of the field; return what it hid."""
    at = closing.position
    if seen.spoken >> at & 1:
        return state[at] if seen.values[at] == closing.value != state[at] else before
    if state[at] == closing.value:
        state[at] = before
    return before


def _coalesce(
    days: Iterable[tuple[str, int, list[Value]]], first: list[Value], ever: int
) -> Iterable[Version]:
    before: tuple[Value, ...] | None = None
    for day, known, state in days:
        later = ever & ~known
        values = (
            tuple(first[i] if later >> i & 1 else value for i, value in enumerate(state))
            if later
            else tuple(state)
        )
        if values != before:
            yield Version(day, values)
            before = values
