"""The windows in which call records are asked for, and from where on: nothing between them is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

WIDEST = timedelta(hours=12)
"""How long a window may be."""

OVERLAP = timedelta(minutes=30)
"""How long before the end of one window the next one begins."""

LATE = timedelta(hours=24)
"""How long after a moment records of it may still appear.

It is not certain whether Webex looks for when a call began, or for when it was reported: by the former, a
call that was not over when its window was asked for comes in no later window. What comes twice counts once.
"""

_MARGIN = timedelta(minutes=10)  # no request may leave the feed's limits while it waits for its turn

OLDEST = timedelta(days=30) - _MARGIN
"""How long ago the first window may begin; the feed itself goes back 30 days."""

NEWEST = _MARGIN
"""How long ago the last window ends; the feed itself ends 5 minutes ago."""


class Window(NamedTuple):
    """A piece of time; whole seconds, in UTC."""

    since: datetime
    until: datetime

    @property
    def name(self) -> str:
        """The beginning, as a name of a file has it."""
        return self.since.strftime("%Y%m%dT%H%M%SZ")

    @property
    def words(self) -> str:
        """The piece of time, to be read."""
        return f"{minutes(self.since)} to {minutes(self.until)}"


class Reached(NamedTuple):
    """How far one got: the end of the last window that came in, and when it was asked for."""

    end: datetime
    asked: datetime

    @property
    def next(self) -> datetime:
        """Where to go on: late records of what was asked for too early come with it."""
        return min(self.end - OVERLAP, self.asked - LATE)


def windows(since: datetime, until: datetime) -> list[Window]:
    """Return windows that cover a piece of time, oldest first, each overlapping the next; none for none."""
    found = []
    while since < until:
        window = Window(since, min(since + WIDEST, until))
        found.append(window)
        since = until if window.until == until else window.until - OVERLAP
    return found


def limits(now: datetime) -> Window:
    """Return the piece of time that can be asked for at an instant."""
    now = now.astimezone(UTC).replace(microsecond=0)
    return Window(now - OLDEST, now - NEWEST)


def minutes(instant: datetime) -> str:
    """Write an instant for somebody to read, to the minute."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
