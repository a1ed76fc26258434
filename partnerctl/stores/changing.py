"""What a unit of work answers while it checks and absorbs a file (`unit`)."""

from __future__ import annotations

from dataclasses import dataclass

from partnerctl.domain.history import Value


@dataclass(frozen=True, slots=True)
class Clash:
    """Two lines of one file that say different things of one key on one day."""

    key: tuple[Value, ...]
    day: str
    line: int
    other: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """What an inventory file did: rows of new, changed and unchanged customers, repeats, older customers.

    `disagreeing` counts the customers of whom another file of the same day said something else.
    """

    inserted: int
    updated: int
    unchanged: int
    repeats: int
    older: int
    disagreeing: int


@dataclass(frozen=True, slots=True)
class UnknownReference:
    """A line that speaks of something the store does not know."""

    line: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How many rows say otherwise than an earlier file of their day; the first one's line, day and key."""

    count: int
    line: int
    day: str
    key: tuple[Value, ...]
