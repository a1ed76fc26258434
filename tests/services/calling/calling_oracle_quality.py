"""How well the calls of one week were heard, a second time: a slow reading of ``docs/calling.md``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.services.calling.calling_oracle_data import (
    Data,
    Leg,
    Row,
    by_name,
    endpoint_of,
    heading,
    in_week,
    legs_of,
    percent,
)

LIMITS = {
    "audio_jitter": 150,
    "audio_latency": 400,
    "audio_packet_loss": 5,
    "video_jitter": 150,
    "video_latency": 400,
    "video_packet_loss": 5,
}
SOUND = ("audio_jitter", "audio_latency", "audio_packet_loss")
PICTURE = ("video_jitter", "video_latency", "video_packet_loss")
UNMEASURABLE = ("analog", "third_party")


@dataclass(frozen=True)
class Measured:
    """A measured leg: good, poor, or unknown."""

    org: str
    endpoint: str
    verdict: str


def verdict_of(row: Row) -> str:
    """Return what a row of a Calling Media Quality file says."""
    known = [key for key in LIMITS if row.get(key) is not None]
    if any(row[key] >= LIMITS[key] for key in known):
        return "poor"
    if all(key in known for key in SOUND):
        return "good"
    word = (row.get("call_quality") or "").strip().lower()
    return {"good": "good", "poor": "poor", "bad": "poor"}.get(word, "unknown")


def judged(data: Data, week: date, only: frozenset[str] | None = None) -> list[Measured]:
    """Return the measured legs of that week, without those of endpoint types that have no metrics."""
    rows = [row for row in data.media if in_week(row["start_time"], week)]
    measured = [
        Measured(row["org_id"], endpoint_of(row.get("client_type"), row.get("model")), verdict_of(row))
        for row in rows
        if only is None or row["org_id"] in only
    ]
    return [one for one in measured if one.endpoint not in UNMEASURABLE]


def excluded_as(leg: Leg) -> str | None:
    """Return why an answered human leg has no metrics; None where it may have them."""
    if leg.endpoint in UNMEASURABLE:
        return leg.endpoint
    if leg.originating:
        own = leg.text("Public Calling IP Address")
    else:
        own = leg.text("Public Called IP Address") if leg.terminating else None
    return "ipv6" if own is not None and ":" in own else None


def quality_legs(legs: Iterable[Leg], measured: Iterable[Measured], apart: bool = True) -> Row:
    """Return the figures of quality; legs are compared per customer, and per endpoint type where `apart`."""
    answered = [leg for leg in legs if leg.human and leg.answered]
    hearable = [leg for leg in answered if excluded_as(leg) is None]
    heard = list(measured)
    total = 0
    units = {_unit(leg, apart) for leg in hearable} | {_unit(one, apart) for one in heard}
    for org, endpoint in units:
        total += max(
            len([leg for leg in hearable if _unit(leg, apart) == (org, endpoint)]),
            len([one for one in heard if _unit(one, apart) == (org, endpoint)]),
        )
    good = len([one for one in heard if one.verdict == "good"])
    poor = len([one for one in heard if one.verdict == "poor"])
    reasons = [excluded_as(leg) for leg in answered]
    return {
        "legs": total,
        "good": good,
        "poor": poor,
        "unknown": total - good - poor,
        "poor_pct": percent(poor, good + poor),
        "excluded": len(answered) - len(hearable),
        "excluded_analog": reasons.count("analog"),
        "excluded_third_party": reasons.count("third_party"),
        "excluded_ipv6": reasons.count("ipv6"),
    }


def _unit(one: Leg | Measured, apart: bool) -> tuple[str, str]:
    return one.org, one.endpoint if apart else ""


def quality(data: Data, week: date, by: str | None = None, only: frozenset[str] | None = None) -> list[Row]:
    """Return how well that week was heard.

    Decided: excluded legs are legs that make a row; measured ones of the types that are left out are not.
    """
    measured = judged(data, week, only)
    answered = [
        leg
        for leg in legs_of(data)
        if (only is None or leg.org in only) and in_week(leg.start, week) and leg.human and leg.answered
    ]
    rows = []
    for subject in {_about(leg, by) for leg in answered} | {_about(one, by) for one in measured}:
        org, endpoint = subject
        figures = quality_legs(
            [leg for leg in answered if _about(leg, by) == subject],
            [one for one in measured if _about(one, by) == subject],
            apart=by == "endpoint",
        )
        rows.append(heading(data, week, org, endpoint=endpoint, **figures))
    return sorted(rows, key=_order)


def _about(one: Leg | Measured, by: str | None) -> tuple[str | None, str | None]:
    if by == "week":
        return None, None
    return (None, one.endpoint) if by == "endpoint" else (one.org, None)


def _order(row: Row) -> tuple[Any, ...]:
    return (-row["poor"], *by_name(row), row["endpoint"] or "")
