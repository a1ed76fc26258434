"""Courses that follow from others: a customer's own tags, those of each subscription, its administrators,
and whether it is there at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partnerctl.domain.members import members_of
from partnerctl.domain.telling import Course, State, Values

NO_MEMBERS: Values = ([],)
"""What holds before anything is known of a set."""
THERE: Values = (0,)
"""What holds of a customer as long as nothing says that it is gone; ``(1,)`` is gone."""


def tag_courses(sets: Sequence[State]) -> dict[str, Course]:
    """Return the tags by subscription id (empty: the customer's own), out of the versions of one set."""
    days: dict[str, list[State]] = {}
    for state in sets:
        groups: dict[str, list[str]] = {subscription_id: [] for subscription_id in days}
        for subscription_id, tag, *_ in members_of(str(state.values[0] or "[]")):
            groups.setdefault(subscription_id, []).append(tag)
        for subscription_id, tags in groups.items():
            days.setdefault(subscription_id, []).append(State(state.day, (sorted(tags),)))
    return {group: _course(found, NO_MEMBERS) for group, found in sorted(days.items())}


def administrator_course(sets: Sequence[State]) -> Course:
    """Return the addresses of a customer's administrators, out of the versions of its set."""
    found = [
        State(state.day, ([address for (address,) in members_of(str(state.values[0] or "[]"))],))
        for state in sets
    ]
    return _course(found, NO_MEMBERS)


def presence_course(spans: Sequence[tuple[str, str, bool]]) -> Course:
    """Return when a customer was there and when it was gone.

    `spans` are the versions of its subscriptions: from a day, until before another, and whether it was
    absent. A customer is gone while it has subscriptions and all are absent, if one was not before. One
    whose subscriptions went to another customer is as it was, and so is one that never had any.
    """
    turns: dict[str, list[int]] = {}
    for since, until, absent in spans:
        turns.setdefault(since, [0, 0])[absent] += 1
        turns.setdefault(until, [0, 0])[absent] -= 1
    found: list[State] = []
    running = missing = 0
    was_there = False
    for day in sorted(turns):
        running += turns[day][0]
        missing += turns[day][1]
        was_there = was_there or running > 0
        if running or missing:
            found.append(State(day, (int(was_there and not running),)))
    return _course(found, THERE)


def _course(states: Iterable[State], nothing: Values) -> Course:
    """Return the course of those states that differ from what held before."""
    kept: list[State] = []
    before = nothing
    for state in states:
        if state.values != before:
            kept.append(state)
            before = state.values
    return Course(kept, nothing)
