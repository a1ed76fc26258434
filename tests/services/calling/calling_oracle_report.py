"""The reports Calling usage and Calling by customer, a second time: a slow reading of ``docs/calling.md``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.services.calling.calling_oracle import FEATURES, minutes
from tests.services.calling.calling_oracle_data import (
    Data,
    Leg,
    Row,
    added,
    by_name,
    counting,
    endpoint_of,
    in_days,
    legs_of,
    rounded,
)
from tests.services.calling.calling_oracle_quality import PICTURE, SOUND, UNMEASURABLE, verdict_of
from tests.services.calling.calling_oracle_queues import Queued, queued

TYPES = {
    "internal_calls": "SIP_ENTERPRISE",
    "toll_free_calls": "SIP_TOLLFREE",
    "premium_calls": "SIP_PREMIUM",
    "integrated_audio_calls": "SIP_MEETING",
    "national_calls": "SIP_NATIONAL",
    "inbound_calls": "SIP_INBOUND",
    "operator_calls": "SIP_OPERATOR",
    "short_code_calls": "SIP_SHORTCODE",
    "international_calls": "SIP_INTERNATIONAL",
    "mobile_calls": "SIP_MOBILE",
    "emergency_calls": "SIP_EMERGENCY",
    "unknown_calls": "UNKNOWN",
}
FIGURES = (
    *("total_calls", "total_call_legs", "poor_quality_calls", "call_minutes", "call_minutes_video"),
    *("call_legs_audio", "call_legs_video", "call_legs_desk_phone", "call_legs_room_device"),
    *("call_legs_other_devices", "hunt_group_calls", "auto_attendant_calls", "queue_total_calls"),
    *("queue_timed_out_calls", "queue_overflowed_calls", "queue_transferred_calls", "queue_abandoned_calls"),
    *("internal_calls", "toll_free_calls", "premium_calls", "integrated_audio_calls", "national_calls"),
    *("inbound_calls", "operator_calls", "spark_calls", "short_code_calls", "international_calls"),
    *("mobile_calls", "emergency_calls", "unknown_calls"),
)
MEASURED = ("poor_quality_calls", "call_minutes_video", "call_legs_audio", "call_legs_video")
STATS = {
    "queue_total_calls": "total_calls",
    "queue_timed_out_calls": "calls_timed_out",
    "queue_overflowed_calls": "calls_overflowed",
    "queue_transferred_calls": "calls_transferred",
    "queue_abandoned_calls": "abandoned_calls",
}
IMPORTED_ALONE = ("queue_timed_out_calls", "queue_overflowed_calls", "spark_calls")

Place = tuple[str, str | None]


@dataclass
class Customer:
    """Everything of one customer in the days of the report; None is what does not count."""

    legs: list[Leg]
    calls: list[Queued]
    everywhere: list[Leg]
    media: list[Row]
    stats: list[Row] | None
    imported: list[Row]

    @property
    def names(self) -> dict[Place, str | None]:
        """Return the locations with records, and the name in the latest leg that has one.

        Decided: the latest of these days; of two that began together, the one with the greater Report ID.
        """
        names: dict[Place, str | None] = {}
        for leg in sorted(self.legs, key=lambda leg: (leg.start, leg.id)):
            names[leg.place] = leg.text("Location") or names.get(leg.place)
        return names


def customer_of(data: Data, legs: list[Leg], org: str, since: date, until: date) -> Customer:
    """Return what the folder holds of a customer, for these days."""
    everywhere = [leg for leg in legs if leg.org == org]
    media = [row for row in data.media if row["org_id"] == org and in_days(row["start_time"], since, until)]
    # decided: a customer whose measured legs are all left out has no measured leg
    media = [row for row in media if _endpoint(row) not in UNMEASURABLE]
    return Customer(
        [leg for leg in everywhere if in_days(leg.start, since, until)],
        [one for one in queued(everywhere) if in_days(one.leg.start, since, until)],
        everywhere,
        media,
        counting(data.queue_stats, org, since, until),
        counting(data.usage, org, since, until) or [],
    )


def _endpoint(row: Row) -> str:
    return endpoint_of(row.get("client_type"), row.get("model"))


def _same(one: str | None, other: str | None) -> bool:
    return (one or "").strip().casefold() == (other or "").strip().casefold()


def _named(rows: Iterable[Row], name: str | None) -> list[Row]:
    """Return the rows of that name; decided: those without a location have the name None."""
    return [row for row in rows if _same(row.get("location"), name)]


def location_rows(customer: Customer) -> list[Row]:
    """Return a row per location: key `place` has what it is known by, None where it has no record."""
    rows: list[Row] = []
    taken: list[str | None] = []
    for place, name in sorted(customer.names.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        # decided: of two locations with one name, what files say of it goes to the first
        first = not any(_same(name, other) for other in taken)
        rows.append({"place": place, "location": name, **_of_records(customer, place, name, first)})
        taken.append(name)
    for row in _spelled(customer.imported):
        name = row.get("location")
        if not any(_same(name, other) for other in taken):
            rows.append({"place": None, "location": name, **_imported(customer, name)})
            taken.append(name)
    for row in _spelled([*customer.media, *(customer.stats or [])]):
        name = row.get("location")
        if not any(_same(name, other) for other in taken):
            rows.append({"place": None, "location": name, **_of_records(customer, None, name, True)})
            taken.append(name)
    return rows


def _spelled(rows: Iterable[Row]) -> list[Row]:
    """Return rows so that of several spellings of a location the first in the alphabet comes first."""
    return sorted(rows, key=lambda row: row.get("location") or "")


def _imported(customer: Customer, name: str | None) -> Row:
    """Return the imported figures of a location; decided: as they are, whatever other files say of it."""
    rows = _named(customer.imported, name)
    return {key: _exact_sum(row.get(key) for row in rows) for key in FIGURES}


def _exact_sum(values: Iterable[Any]) -> Any:
    """Return the sum of the known values, without what floats add to it."""
    known = [value for value in values if value is not None]
    if not any(isinstance(value, float) for value in known):
        return sum(known) if known else None
    return float(sum((Fraction(str(value)) for value in known), Fraction(0)))


def _of_records(customer: Customer, place: Place | None, name: str | None, first: bool) -> Row:
    """Return the figures of a location with records, or of one that only measuring files name.

    Decided: files go to the location that is shown by their name; to a name that it has lost, they do not.
    """
    legs = [leg for leg in customer.legs if leg.place == place]
    people = [leg for leg in legs if leg.human]
    calls = [one for one in customer.calls if one.leg.place == place]
    imported = _imported(customer, name if first else "\0")
    row: Row = dict.fromkeys(FIGURES)
    row["total_calls"] = len([leg for leg in people if leg.originating])
    row["total_call_legs"] = len(people)
    row["call_minutes"] = minutes(people)
    row["call_legs_desk_phone"] = len([leg for leg in people if leg.endpoint in {"desk_phone", "analog"}])
    row["call_legs_room_device"] = len([leg for leg in people if leg.endpoint == "room_device"])
    row["call_legs_other_devices"] = len([leg for leg in people if leg.endpoint == "third_party"])
    row["hunt_group_calls"] = len(list(filter(FEATURES["hunt_group"], legs)))
    row["auto_attendant_calls"] = len(list(filter(FEATURES["auto_attendant"], legs)))
    row["queue_total_calls"] = len(calls)
    row["queue_transferred_calls"] = len([one for one in calls if _deflected(one.leg, customer.everywhere)])
    row["queue_abandoned_calls"] = len([one for one in calls if one.abandoned])
    row.update({key: imported[key] for key in (*IMPORTED_ALONE, *MEASURED)})
    if customer.media:
        row.update(_measured(_named(customer.media, name) if first else []))
    if customer.stats is not None:
        row.update(_stats(customer.stats, _named(customer.stats, name) if first else []))
    for key, call_type in TYPES.items():
        row[key] = len([call for call in _calls(customer.legs, call_type) if place in _counts_at(call)])
    return row


def _deflected(leg: Leg, legs: list[Leg]) -> bool:
    """Tell whether the call left the queue for elsewhere.

    Decided: numbers are compared letter by letter; the other leg may begin at any time, also before the queue
    leg, and out of the days of the report.
    """
    numbers = {leg.text("User number"), leg.text("Called number")} - {None}
    return any(
        "deflection" in {other.word("Redirect reason"), other.word("Related reason")}
        and other.text("Redirecting number") in numbers
        for other in legs
        if other.call == leg.call
    )


def _measured(rows: list[Row]) -> Row:
    """Return what the measured legs of a location say; decided: no known video duration is 0 minutes."""
    video = sum((Fraction(str(row.get("video_duration") or 0)) for row in rows), Fraction(0))
    return {
        "poor_quality_calls": len([row for row in rows if verdict_of(row) == "poor"]),
        "call_minutes_video": rounded(video / 60),
        "call_legs_audio": len([row for row in rows if _has(row, SOUND)]),
        "call_legs_video": len([r for r in rows if _has(r, PICTURE) or (r.get("video_duration") or 0) > 0]),
    }


def _has(row: Row, keys: tuple[str, ...]) -> bool:
    return any(row.get(key) is not None for key in keys)


def _stats(rows: list[Row], own: list[Row]) -> Row:
    """Return columns 16 to 20 of a location; decided: a column that is empty in every row is not there."""
    figures: Row = {}
    for key, column in STATS.items():
        there = any(row.get(column) is not None for row in rows)
        figures[key] = added(row.get(column) for row in own) if own else (0 if there else None)
    return figures


@dataclass(frozen=True)
class TypedCall:
    """The legs of one type of one call."""

    call_type: str
    legs: tuple[Leg, ...]


def _calls(legs: list[Leg], call_type: str) -> list[TypedCall]:
    """Return the calls of that type; decided: only legs in the days of the report say where they count."""
    typed: dict[tuple[str, str], list[Leg]] = {}
    for leg in legs:
        if leg.word("Call type") == call_type.lower():
            typed.setdefault(leg.call, []).append(leg)
    return [TypedCall(call_type, tuple(own)) for own in typed.values()]


def _counts_at(call: TypedCall) -> set[Place]:
    """Return the locations at which a call counts, once at each."""
    inbound = call.call_type == "SIP_INBOUND"
    preferred = {leg.place for leg in call.legs if (leg.terminating if inbound else leg.originating)}
    return preferred or {leg.place for leg in call.legs}


def _orgs(data: Data, legs: list[Leg], since: date, until: date) -> set[str]:
    in_records = {leg.org for leg in legs if in_days(leg.start, since, until)}
    in_media = {row["org_id"] for row in data.media if in_days(row["start_time"], since, until)}
    in_files = {row["org_id"] for row in (*data.usage, *data.queue_stats)}
    return in_records | in_media | in_files


def report(data: Data, since: date, until: date) -> list[Row]:
    """Return Calling usage: a row for each customer and location."""
    rows, legs = [], legs_of(data)
    for org in _orgs(data, legs, since, until):
        for found in location_rows(customer_of(data, legs, org, since, until)):
            figures = {key: found[key] for key in FIGURES}
            rows.append({"customer": data.name(org), "org_id": org, "location": found["location"], **figures})
    return sorted(rows, key=lambda row: (*by_name(row), row["location"] is None, row["location"] or ""))


def report_by_customer(data: Data, since: date, until: date) -> list[Row]:
    """Return Calling by customer; decided: minutes are the sums of the minutes that the rows show."""
    rows, legs = [], legs_of(data)
    for org in _orgs(data, legs, since, until):
        customer = customer_of(data, legs, org, since, until)
        found = location_rows(customer)
        if found:
            figures = {key: _exact_sum(row[key] for row in found) for key in FIGURES}
            for key, call_type in TYPES.items():
                own = len(_calls(customer.legs, call_type))
                # a location that only measuring files name has 0 of them
                figures[key] = _exact_sum([own, *(row[key] for row in found if row["place"] is None)])
            heading = {"customer": data.name(org), "org_id": org, "region": data.region(org)}
            rows.append({**heading, "locations": len(found), **figures})
    return sorted(rows, key=by_name)
