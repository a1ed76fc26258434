"""What the rows of a file mean: typed rows become observations of customers, subscriptions, licenses...

A plan is made once per file, from the columns that the file has; it knows no store, only where an
observation goes: the name of a table of things and the columns that are spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

from partnerctl.domain.history import Value
from partnerctl.tabular.cells import Value as Typed

Observed: TypeAlias = tuple[int, str, tuple[Value, ...]]
"""Where it goes (a position in the plan's targets), the day, and the values in the target's columns."""


@dataclass(frozen=True, slots=True)
class Target:
    """One table that the file's rows speak of, and the columns that they give.

    `inventory`: the rows are a whole inventory. `report`: rows of one key may repeat and differ, the last
    one counts (a report repeats its customer on every row).
    """

    name: str
    columns: tuple[str, ...]
    inventory: bool = False
    report: bool = False


class Plan(Protocol):
    """The meaning of one file's rows."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return where observations go, what others refer to first."""

    def observe(self, line: int, values: Sequence[Typed], /) -> Iterator[Observed]:
        """Yield what one row says."""

    def finish(self) -> Iterator[tuple[int, Observed]]:
        """Yield what only the whole file says, each with a line that says so."""


class Days:
    """The day of each row: its own date, else the file's; remembers which there are.

    `own`: the file has a column of days; `otherwise` counts the rows that have no day in it.
    """

    def __init__(self, keys: Sequence[str], own: str, otherwise: date) -> None:
        self._at = keys.index(own) if own in keys else None
        self._otherwise = otherwise.isoformat()
        self.days: set[str] = set()
        self.own = self._at is not None
        self.otherwise = 0

    def of(self, values: Sequence[Typed]) -> str:
        """Return the day of a row, as ISO text."""
        given = values[self._at] if self._at is not None else None
        if isinstance(given, date):
            day = given.isoformat()
        else:
            day = self._otherwise
            self.otherwise += 1
        self.days.add(day)
        return day


def stored(value: Typed) -> Value:
    """Return a typed value as the store keeps it: days as ISO text, booleans as 0 and 1."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, float) else value


class LastSaid:
    """What rows say of a customer, without the repeats of every row."""

    def __init__(self) -> None:
        self._said: dict[tuple[Value, str], tuple[Value, ...]] = {}

    def news(self, key: Value, day: str, values: tuple[Value, ...]) -> bool:
        """Tell whether the row says something that the last one of this customer did not."""
        if self._said.get((key, day)) == values:
            return False
        self._said[key, day] = values
        return True
