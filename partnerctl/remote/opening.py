"""Waiting for an answer to begin, for so long and no longer.

The time limits of the network are for each piece that comes; a server that sends its headers drop by drop
keeps to all of them, and never begins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from partnerctl.remote.transport import NetworkFault

A = TypeVar("A")


class Opening(Generic[A]):
    """One answer that is opened in a thread of its own; what comes too late is closed again."""

    def __init__(self, open_: Callable[[], A], close: Callable[[A], None]) -> None:
        self._open, self._close = open_, close
        self._lock, self._over = threading.Lock(), threading.Event()
        self._answer: A | None = None
        self._fault: BaseException | None = None
        self._given_up = False

    def within(self, seconds: float, host: str) -> A:
        """Return the answer once it has begun; raises NetworkFault after `seconds`, or what opening does."""
        threading.Thread(target=self._work, name="opening", daemon=True).start()
        in_time = self._over.wait(seconds)
        with self._lock:
            self._given_up = not in_time and not self._over.is_set()
        if self._given_up:
            raise NetworkFault(f"{host} does not begin to answer within {seconds:g} s", timed_out=True)
        if self._fault is not None:
            raise self._fault
        assert self._answer is not None
        return self._answer

    def _work(self) -> None:
        answer: A | None = None
        try:
            answer = self._open()
        except BaseException as fault:  # noqa: BLE001 - it is raised in the thread that waits
            self._fault = fault
        with self._lock:
            self._answer = answer
            self._over.set()
            late = self._given_up
        if late and answer is not None:
            self._close(answer)
