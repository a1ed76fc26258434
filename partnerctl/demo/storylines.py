"""The storylines of made-up subscriptions: one per thing that a partner wants to see coming.

The first customers take one storyline each, in order, so that even little data shows every status of
``kpis.md``; later ones draw by weight, most of them in good health.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from partnerctl.demo.plans import LAST, NEVER, Terms


@dataclass(frozen=True, slots=True)
class Story:
    """The life of one subscription. `share`: percent of the licenses assigned in the newest week."""

    name: str
    weight: int
    kind: str = "subscription"
    share: tuple[int, int] = (62, 97)
    alone: bool = False  # the customer has no other subscription in good health beside it


STORIES: tuple[Story, ...] = (
    Story("suspended", 3),
    Story("expiring_soon", 4),
    Story("overage", 5, share=(104, 130)),
    Story("pending_setup", 3, share=(0, 0)),
    Story("trial", 5, kind="trial", share=(20, 90)),
    Story("healthy", 44),
    Story("inactive", 5),
    Story("expired", 3, alone=True),
    Story("expiring", 4),
    Story("renewing", 5),
    Story("low", 4, share=(4, 20)),
    Story("unassigned", 3, share=(0, 0)),
    Story("added", 4, share=(15, 60)),
    Story("added_unknown", 2, share=(15, 60)),
    Story("extended", 2),
    Story("renewal_off", 2),
    Story("renewal_unknown", 3),
    Story("trial_ending", 2, kind="trial", share=(30, 95), alone=True),
    Story("gone", 1, alone=True),
)
"""Every storyline, with its weight among all customers, in percent or so."""

HEALTHY = next(story for story in STORIES if story.name == "healthy")
"""The storyline of a customer's other subscriptions."""

_WEIGHTS = [story.weight for story in STORIES]


def choose_story(number: int, rng: Random) -> Story:
    """Return the storyline of the customer with that number, counted from 0."""
    if number < len(STORIES):
        return STORIES[number]
    return rng.choices(STORIES, _WEIGHTS)[0]


@dataclass(frozen=True, slots=True)
class Life:
    """The dates and terms of one subscription: see ``SubscriptionPlan``."""

    start: date | None
    first: Terms
    then: Terms
    turn: int = NEVER
    seen: int = 0
    gone: int = LAST


def live(story: Story, as_of: date, rng: Random) -> Life:
    """Return a life that follows `story`, dated relative to `as_of`."""
    teller = _TELLERS.get(story.name, _healthy)
    return teller(as_of, rng)


def _day(as_of: date, rng: Random, low: int, high: int) -> date:
    return as_of + timedelta(days=rng.randint(low, high))


def _steady(start: date | None, terms: Terms, seen: int = 0) -> Life:
    return Life(start, terms, terms, seen=seen)


def _healthy(as_of: date, rng: Random) -> Life:
    start = _day(as_of, rng, -1100, -200)
    return _steady(start, Terms("active", _day(as_of, rng, 95, 900), rng.random() < 0.7))


def _ending(as_of: date, rng: Random, low: int, high: int, auto_renew: bool | None) -> Life:
    end = _day(as_of, rng, low, high)
    start = end - timedelta(days=rng.choice((365, 730, 1095)))
    return _steady(start, Terms("active", end, auto_renew))


def _expiring_soon(as_of: date, rng: Random) -> Life:
    return _ending(as_of, rng, 0, 29, False)


def _expiring(as_of: date, rng: Random) -> Life:
    return _ending(as_of, rng, 31, 89, False)


def _renewing(as_of: date, rng: Random) -> Life:
    return _ending(as_of, rng, 1, 89, True)


def _renewal_unknown(as_of: date, rng: Random) -> Life:
    return _ending(as_of, rng, 40, 150, None)


def _suspended(as_of: date, rng: Random) -> Life:
    start, end = _day(as_of, rng, -900, -300), _day(as_of, rng, 100, 600)
    return Life(
        start, Terms("active", end, True), Terms("suspended", end, True), turn=rng.randint(LAST - 9, LAST)
    )


def _pending_setup(as_of: date, rng: Random) -> Life:
    start = _day(as_of, rng, -20, 0)
    terms = Terms("pending_setup", start + timedelta(days=365), None)
    return _steady(start, terms, seen=_week_of(start, as_of))


def _trial(as_of: date, rng: Random) -> Life:
    start = _day(as_of, rng, -40, -1)
    return _steady(start, Terms("active", _day(as_of, rng, 32, 120), False), seen=_week_of(start, as_of))


def _trial_ending(as_of: date, rng: Random) -> Life:
    start, end = _day(as_of, rng, -60, -30), _day(as_of, rng, 1, 20)
    extended = Terms("active", end, False)
    return Life(
        start,
        Terms("active", end - timedelta(days=14), False),
        extended,
        turn=rng.randint(LAST - 1, LAST),
        seen=_week_of(start, as_of),
    )


def _expired(as_of: date, rng: Random) -> Life:
    turn = rng.randint(4, LAST - 1)
    end = as_of - timedelta(days=7 * (LAST - turn) + rng.randint(0, 6))
    return Life(
        end - timedelta(days=365), Terms("active", end, False), Terms("expired", end, False), turn=turn
    )


def _gone(as_of: date, rng: Random) -> Life:
    turn = rng.randint(5, LAST - 6)
    end = as_of - timedelta(days=7 * (LAST - turn))
    return Life(
        end - timedelta(days=500),
        Terms("active", end + timedelta(days=200), True),
        Terms("cancelled", end, False),
        turn=turn,
        gone=turn + 2,
    )


def _added(as_of: date, rng: Random) -> Life:
    start = _day(as_of, rng, -88, -3)
    terms = Terms("active", start + timedelta(days=rng.choice((365, 1095))), True)
    return _steady(start, terms, seen=_week_of(start, as_of))


def _added_unknown(as_of: date, rng: Random) -> Life:
    return _steady(
        None, Terms("active", _day(as_of, rng, 200, 700), True), seen=rng.randint(LAST - 11, LAST - 1)
    )


def _extended(as_of: date, rng: Random) -> Life:
    start, end = _day(as_of, rng, -700, -370), _day(as_of, rng, -30, 20)
    later = end + timedelta(days=365)
    return Life(
        start, Terms("active", end, False), Terms("active", later, False), turn=rng.randint(8, LAST - 6)
    )


def _renewal_off(as_of: date, rng: Random) -> Life:
    start, end = _day(as_of, rng, -700, -320), _day(as_of, rng, 30, 88)
    return Life(
        start, Terms("active", end, True), Terms("active", end, False), turn=rng.randint(LAST - 6, LAST)
    )


def _week_of(start: date, as_of: date) -> int:
    """Return the first week that ends on or after `start`."""
    return max(0, LAST - (as_of - start).days // 7)


_TELLERS = {
    "suspended": _suspended,
    "expiring_soon": _expiring_soon,
    "pending_setup": _pending_setup,
    "trial": _trial,
    "expired": _expired,
    "expiring": _expiring,
    "renewing": _renewing,
    "added": _added,
    "added_unknown": _added_unknown,
    "extended": _extended,
    "renewal_off": _renewal_off,
    "renewal_unknown": _renewal_unknown,
    "trial_ending": _trial_ending,
    "gone": _gone,
}
