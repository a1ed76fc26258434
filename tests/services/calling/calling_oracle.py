"""Usage, endpoints and features of one week, a second time: a slow reading of ``docs/calling.md``.

It shares no code with the program. What the page leaves open is marked "decided". `only` are the customers
that `--region` and `--where` leave; None where nobody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.services.calling.calling_oracle_data import (
    QUEUE,
    Data,
    Leg,
    Row,
    by_name,
    heading,
    in_week,
    legs_of,
    percent,
    rounded,
)
from tests.services.calling.calling_oracle_quality import judged, quality_legs

Subject = tuple[str | None, str | None]
"""What a row is about: a customer, an endpoint type, or both; None where it is about all of them."""

WINDOW = 8


def chosen(legs: list[Leg], only: frozenset[str] | None) -> list[Leg]:
    """Return the legs of the customers that are left."""
    return [leg for leg in legs if only is None or leg.org in only]


def usage(data: Data, week: date, by: str | None = None, only: frozenset[str] | None = None) -> list[Row]:
    """Return who called how much in that week, with the change and the slope.

    Decided: `anybody`, by whom a week is known, is anybody in the folder, whoever is left.
    """
    everybody = legs_of(data)
    legs = chosen(everybody, only)
    window = [week - timedelta(days=7 * back) for back in range(WINDOW)][::-1]
    heard = [day for day in window if any(in_week(leg.start, day) for leg in everybody)]
    rows = []
    for subject in {_subject(leg, by) for leg in legs}:
        own = [leg for leg in legs if _subject(leg, by) == subject]
        telling = [leg for leg in own if leg.human] if by == "endpoint" else own
        known = _known(telling, window, heard)
        if week in known:
            org, endpoint = subject
            figures = {day: _figures([leg for leg in own if in_week(leg.start, day)]) for day in known}
            rows.append(heading(data, week, org, endpoint=endpoint, **_compared(figures, week)))
    return sorted(rows, key=_usage_order)


def _subject(leg: Leg, by: str | None) -> Subject:
    if by == "week":
        return None, None
    return (None, leg.endpoint) if by == "endpoint" else (leg.org, None)


def _known(legs: list[Leg], window: list[date], heard: list[date]) -> list[date]:
    """Return the known weeks: with a record of anybody, and one of these in it or earlier in the window."""
    first = window[0]
    return [
        day
        for day in heard
        if any(first <= leg.start.date() and leg.start.date() < day + timedelta(days=7) for leg in legs)
    ]


def _figures(legs: list[Leg]) -> Row:
    people = [leg for leg in legs if leg.human]
    return {
        "calls": len([leg for leg in people if leg.originating]),
        "legs": len(people),
        "minutes": minutes(people),
        "active_users": active(people),
    }


def minutes(legs: Iterable[Leg]) -> float:
    """Return the sum of the duration in minutes, to one decimal."""
    exact = rounded(Fraction(sum(leg.seconds for leg in legs), 60))
    assert exact is not None
    return exact


def active(legs: Iterable[Leg]) -> int:
    """Return how many users there are, each counted once per customer."""
    return len({(leg.org, leg.user) for leg in legs if leg.user is not None})


def _compared(figures: dict[date, Row], week: date) -> Row:
    """Return the figures, the changes of the figures as shown, and the slope."""
    now, before = figures[week], figures.get(week - timedelta(days=7))
    changes: Row = {}
    for key, value in now.items():
        less = None if before is None else Fraction(str(value)) - Fraction(str(before[key]))
        exact = rounded(less)
        changes[f"{key}_change"] = exact if key == "minutes" or exact is None else int(exact)
    weeks = {Fraction((day - week).days, 7): Fraction(row["calls"]) for day, row in figures.items()}
    return {**now, **changes, "calls_slope": rounded(_slope(weeks), 2)}


def _slope(points: dict[Fraction, Fraction]) -> Fraction | None:
    """Return the slope of the straight line with the least squares through two points or more."""
    if len(points) < 2:
        return None
    middle_x = sum(points, Fraction(0)) / len(points)
    middle_y = sum(points.values(), Fraction(0)) / len(points)
    above = sum((x - middle_x) * (y - middle_y) for x, y in points.items())
    below = sum((x - middle_x) ** 2 for x in points)
    return Fraction(above) / Fraction(below)


def _usage_order(row: Row) -> tuple[Any, ...]:
    """Decliners first, unknown last; decided: by the slope as it is shown, endpoint types by the alphabet."""
    slope = row["calls_slope"]
    return (slope is None, slope or 0.0, *by_name(row), row["endpoint"] or "")


def endpoints(data: Data, week: date, by: str | None = None, only: frozenset[str] | None = None) -> list[Row]:
    """Return what people called on in that week.

    Decided: an endpoint type has a row where it has human legs or measured ones (`legs` is 0 there).
    """
    legs = [leg for leg in chosen(legs_of(data), only) if in_week(leg.start, week)]
    people = [leg for leg in legs if leg.human]
    measured = judged(data, week, only)
    subjects = {(leg.org, leg.endpoint) for leg in people} | {(row.org, row.endpoint) for row in measured}
    if by != "customer":
        subjects = {("", endpoint) for _, endpoint in subjects}
    rows = []
    for org, endpoint in subjects:
        whole = [leg for leg in people if by != "customer" or leg.org == org]
        own = [leg for leg in whole if leg.endpoint == endpoint]
        heard = quality_legs(
            [leg for leg in legs if leg.endpoint == endpoint and (by != "customer" or leg.org == org)],
            [one for one in measured if one.endpoint == endpoint and (by != "customer" or one.org == org)],
        )
        rows.append(
            heading(
                data,
                week,
                org or None,
                endpoint=endpoint,
                legs=len(own),
                legs_pct=percent(len(own), len(whole)),
                minutes=minutes(own),
                active_users=active(own),
                good=heard["good"],
                poor=heard["poor"],
                unknown=heard["unknown"],
                poor_pct=heard["poor_pct"],
            )
        )
    return sorted(rows, key=lambda row: (-row["legs"], *by_name(row), row["endpoint"]))


def _starts(header: str, *words: str) -> Callable[[Leg], bool]:
    return lambda leg: leg.word(header).startswith(tuple(word.lower() for word in words))


def _is(header: str, *words: str) -> Callable[[Leg], bool]:
    return lambda leg: leg.word(header) in {word.lower() for word in words}


def _reached(*user_types: str) -> Callable[[Leg], bool]:
    return lambda leg: leg.terminating and leg.word("User type") in {word.lower() for word in user_types}


FEATURES: dict[str, Callable[[Leg], bool]] = {
    "hunt_group": _reached("HuntGroup"),
    "auto_attendant": _reached("AutomatedAttendantVideo"),
    "call_queue": _reached(*QUEUE),
    "paging": _reached("GroupPaging"),
    "voicemail": _is("User type", "VoiceMailRetrieval", "VoiceMailGroup"),
    "call_forward": _starts("Related reason", "CallForward"),
    "call_transfer": lambda leg: (
        leg.word("Related reason") == "consultativetransfer"
        or leg.text("Transfer related call ID") is not None
    ),
    "call_pickup": _is("Related reason", "CallPickup", "DirectedCallPickup"),
    "call_park": _is("Related reason", "CallPark", "CalllPark", "CallParkRetrieve"),
    "barge_in": _is("Related reason", "BargeIn"),
    "executive": _starts("Related reason", "Executive"),
    "simultaneous_ring": _is("Related reason", "SimultaneousRingPersonal"),
    "sequential_ring": _is("Related reason", "SequentialRing"),
    "call_recording": lambda leg: leg.text("Call Recording Result") is not None,
    "mobile_network": _is("Sub client type", "MOBILE_NETWORK"),
}


def features(data: Data, week: date, by: str | None = None, only: frozenset[str] | None = None) -> list[Row]:
    """Return how many calls of that week used a feature; decided: among equals by the alphabet."""
    legs = [leg for leg in chosen(legs_of(data), only) if in_week(leg.start, week)]
    rows = []
    for org in {leg.org if by == "customer" else None for leg in legs}:
        for feature, shows in FEATURES.items():
            own = [leg for leg in legs if (org is None or leg.org == org) and shows(leg)]
            if own:
                calls = len({leg.call for leg in own})
                rows.append(heading(data, week, org, feature=feature, calls=calls, legs=len(own)))
    return sorted(rows, key=lambda row: (-row["calls"], *by_name(row), row["feature"]))
