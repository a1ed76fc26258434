"""Not more requests than agreed, and none while Webex asks for a pause: one pace for all threads."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from partnerctl.errors import TimedOut

if TYPE_CHECKING:
    from partnerctl.clock import Stopwatch

_BURST = 0.1
"""Seconds' worth of requests that may go at once after a quiet time."""

_GRAIN = 1e-6  # a wait shorter than this may not move the watch at all


class Pace:
    """Lets `rate` requests go in a second, and nobody while it is held; for all threads of a process."""

    def __init__(self, stopwatch: Stopwatch, rate: float) -> None:
        self._stopwatch = stopwatch
        self._gap = 1 / rate
        self._ahead = max(_BURST - self._gap, 0.0)
        self._lock = Lock()
        self._due = stopwatch.elapsed()
        """When a request would go if none ever went early; one may go `ahead` of that."""

    def turn(self, deadline: float) -> None:
        """Return once a request may go; raises TimedOut where that is after `deadline` (in elapsed seconds).

        A pause that begins meanwhile holds those that wait already, too.
        """
        while (wait := self._wait_or_go(deadline)) > 0:
            self._stopwatch.wait(wait)

    def hold(self, seconds: float) -> None:
        """Let nobody go for so long; they go one after the other afterwards, not at once."""
        with self._lock:
            self._due = max(self._due, self._stopwatch.elapsed() + seconds + self._ahead)

    def _wait_or_go(self, deadline: float) -> float:
        with self._lock:
            now = self._stopwatch.elapsed()
            free = self._due - self._ahead
            if max(free, now) > deadline:
                raise TimedOut("Webex: the time for this ran out before it could be asked", "try again later")
            if free > now + _GRAIN:
                return free - now
            self._due = max(self._due, now) + self._gap
            return 0.0
