"""How long to wait before a request is sent again: as long as the answer says, else longer each time."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

    from partnerctl.remote.transport import Response

UNSAID = 5.0
"""Seconds where an answer asks for a pause and does not say how long."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_SPREAD = 0.1
_SHARE = 8


def retry_after(response: Response, unsaid: float = UNSAID) -> float:
    """Return the seconds for which an answer asks not to be bothered, `unsaid` where it does not say.

    A date is measured against the answer's own date: our clock may differ from the server's.
    """
    told = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(told):
        return float(told)
    try:
        until = parsedate_to_datetime(told)
        now = parsedate_to_datetime(response.headers.get("date", ""))
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):  # no date, or one with a zone and one without
        return unsaid


class Waits(NamedTuple):
    """The waits of one request that is sent again and again; seconds."""

    first: float
    longest: float
    random: Random

    def asked(self, seconds: float) -> float:
        """Return a wait that was asked for, a little longer, so that not everybody comes back at once."""
        return min(seconds * (1 + _SPREAD * self.random.random()), self.longest)

    def back_off(self, attempt: int, left: float) -> float:
        """Return the wait after the `attempt`th failure, counted from 1: twice as long each time, jittered.

        It takes an eighth of what is left of the budget at most: a short budget still has many attempts.
        """
        doubled = self.first * 2.0 ** min(attempt - 1, 30)
        wait = min(doubled, self.longest, max(left / _SHARE, self.first))
        return wait * (0.5 + 0.5 * self.random.random())
