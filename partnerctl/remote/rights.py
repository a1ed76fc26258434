"""Rights to customers that have lapsed: asking for the organization renews them (``upstream.md``, 1)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class LapsedRights:
    """Remembers whose rights were renewed, so that many calls for one organization renew them once."""

    def __init__(self) -> None:
        self._renewed: set[str] = set()
        self._locks: dict[str, Lock] = {}
        self._guard = Lock()

    def renewed(self, org: str | None) -> bool:
        """Tell whether the rights to an organization were renewed already: then 403 is the last word."""
        return org in self._renewed

    def renew(self, org: str, look_at: Callable[[str], None]) -> None:
        """Call `look_at` for an organization, unless another thread has meanwhile: then wait for that."""
        with self._guard:
            lock = self._locks.setdefault(org, Lock())
        with lock:
            if org not in self._renewed:
                look_at(org)
                self._renewed.add(org)
