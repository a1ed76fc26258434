"""Now and today, and waiting: the only reader of the real clock.

Everything else receives a ``Clock`` or a ``Stopwatch``; tests hand in ones of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; every instant is aware and in UTC."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""


class SystemClock:
    """The real clock of this machine."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)


class Stopwatch(Protocol):
    """Measures time that passes, and waits; may be used by several threads at once."""

    def elapsed(self) -> float:
        """Return seconds since some fixed instant; they never go back."""

    def wait(self, seconds: float) -> None:
        """Let that many seconds pass."""


class SystemStopwatch:
    """The real time that passes."""

    def elapsed(self) -> float:
        """Return seconds since some fixed instant."""
        import time

        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Sleep."""
        import time

        time.sleep(max(seconds, 0.0))


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for tests and for made data."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant that the clock was made with, in UTC."""
        return self.instant.astimezone(UTC)


def today(clock: Clock) -> date:
    """Return the present day in UTC (``cli.md``: date arithmetic is for today in UTC)."""
    return clock.now().date()


def timestamp(instant: datetime) -> str:
    """Write an instant as RFC 3339 in UTC with ``Z``, whole seconds (``cli.md``)."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
