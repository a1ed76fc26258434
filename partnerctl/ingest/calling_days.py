"""The days that the records of a file are of, and those that are hard to believe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

_FIRST_DAY = "2000-01-01"


class DaysSeen:
    """The first and the last day of a file, and those too far off to be believed without a word."""

    def __init__(self, latest: str) -> None:
        self._latest = latest
        self._bounds: tuple[str, str] | None = None
        self._far: tuple[int, str] | None = None
        self._count = 0

    @property
    def first(self) -> date | None:
        """Return the first day."""
        return date.fromisoformat(self._bounds[0]) if self._bounds else None

    @property
    def last(self) -> date | None:
        """Return the last day."""
        return date.fromisoformat(self._bounds[1]) if self._bounds else None

    def see(self, numbers: Sequence[int], times: Sequence[str]) -> None:
        """Take in the times of some rows."""
        low, high = min(times)[:10], max(times)[:10]
        known = self._bounds or (low, high)
        self._bounds = min(low, known[0]), max(high, known[1])
        if low >= _FIRST_DAY and high <= self._latest:
            return
        for number, time in zip(numbers, times, strict=True):
            if not _FIRST_DAY <= time[:10] <= self._latest:
                self._far = self._far or (number, time[:10])
                self._count += 1

    def notes(self, name: str, unit: str) -> Iterator[str]:
        """Yield a note where a day is far off."""
        if self._far is not None:
            number, day = self._far
            rows = "" if self._count == 1 else f" ({self._count} rows in all are so far off)"
            yield f"{name}, {unit} {number}: the day {day} is far off; kept{rows}"
