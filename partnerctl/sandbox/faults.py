"""Faults that the sandbox makes: which kinds, how often, and by what chance."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from partnerctl.domain.folding import did_you_mean
from partnerctl.errors import UsageError
from partnerctl.sandbox.exchange import Call
from partnerctl.sandbox.ids import rng_of

KINDS: dict[str, str] = {
    "429": "answered with 429, most times with Retry-After",
    "423": "answered with 423, most times with Retry-After",
    "500": "answered with 500; half of the changes are carried out all the same",
    "502": "answered with 502, as a gateway writes it",
    "503": "answered with 503",
    "504": "answered with 504; half of the changes are carried out all the same",
    "401": "the token is refused this once",
    "403": "the right to the customer lapses until GET /organizations/{id}",
    "slow": "answered after some seconds",
    "html": "a web page instead of JSON, with 502 or with 200",
    "empty": "200 without a body",
    "truncate": "half of the body, although content-length says all",
    "drop": "the connection is closed without an answer; half of the changes are carried out all the same",
    "dup-page": "the next page begins with the second half of this one again",
    "lost-filter": "the address of the next page lacks the filters",
    "url-expired": "the address of a download has expired already",
    "report-failed": "the report that is asked for fails",
}
"""Every kind of fault, and what it does to a request."""

_PROBABILITY = re.compile(r"(0(\.[0-9]{1,6})?|1(\.0{1,6})?|\.[0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Faults:
    """The kinds of faults and how probable each is for one request, 0 to 1.

    `retry_after` is what a 429 tells, in seconds (None: never tells); `slow` is how many seconds a slow
    answer takes.
    """

    rates: tuple[tuple[str, float], ...] = ()
    retry_after: int | None = 1
    slow: float = 2.0

    @classmethod
    def parse(cls, text: str, *, retry_after: int | None = 1, slow: float = 2.0) -> Faults:
        """Return the faults of a text such as ``429:0.1,slow:0.05``; raises UsageError naming the part."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        rates = dict(_part(part) for part in parts)
        return cls(tuple(rates.items()), retry_after, slow)


def _part(text: str) -> tuple[str, float]:
    kind, colon, probability = text.partition(":")
    kind = kind.strip().lower()
    if kind not in KINDS:
        hint = did_you_mean(kind, list(KINDS), f"there are: {', '.join(KINDS)}")
        raise UsageError(f"{text!r} names no kind of fault", hint)
    if not colon or not _PROBABILITY.fullmatch(probability.strip()):
        raise UsageError(f"{text!r} has no probability from 0 to 1", f"for example: {kind}:0.1")
    return kind, float(probability)


class Dice:
    """Draws the faults of each call by a seed.

    What a call meets depends on the call itself and on how often it was made before, never on others: so
    calls that are made at once, in whatever order, meet the same faults every time.
    """

    def __init__(self, seed: int, faults: Faults) -> None:
        self._seed = seed
        self._faults = faults
        self._asked: Counter[tuple[object, ...]] = Counter()

    def draw(self, call: Call) -> frozenset[str]:
        """Return the kinds of faults that this call meets; each is drawn by itself."""
        if not self._faults.rates:
            return frozenset()
        key = (call.method, call.path, call.query)
        self._asked[key] += 1
        rng = rng_of(self._seed, self._asked[key], *key)
        hit = {kind for kind, rate in self._faults.rates if rng.random() < rate}
        # of two kinds of chance more, one each: whether a change is carried out, whether all is told
        hit |= {name for name in (CARRIED_OUT, UNTOLD) if rng.random() < _SHARES[name]}
        return frozenset(hit)


CARRIED_OUT = "carried-out"
"""Drawn with a fault: a change is carried out before it fails."""

UNTOLD = "untold"
"""Drawn with a fault: Retry-After is missing; a page comes with 200."""

_SHARES = {CARRIED_OUT: 0.5, UNTOLD: 0.25}
