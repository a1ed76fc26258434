"""What the report Calling usage rests on: records, measured legs, Call Queue Stats, imported figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from partnerctl.calling.querying import Analysis, Days, ask
from partnerctl.domain.calling.kinds import USAGE, USAGE_FIGURES
from partnerctl.domain.calling.periods import Period, tiling
from partnerctl.domain.calling.place import CallingPlace
from partnerctl.services.calling.queue_figures import Queued, of_records, stats_of

TYPES = {
    "SIP_ENTERPRISE": "internal_calls",
    "SIP_TOLLFREE": "toll_free_calls",
    "SIP_PREMIUM": "premium_calls",
    "SIP_MEETING": "integrated_audio_calls",
    "SIP_NATIONAL": "national_calls",
    "SIP_INBOUND": "inbound_calls",
    "SIP_OPERATOR": "operator_calls",
    "SIP_SHORTCODE": "short_code_calls",
    "SIP_INTERNATIONAL": "international_calls",
    "SIP_MOBILE": "mobile_calls",
    "SIP_EMERGENCY": "emergency_calls",
    "UNKNOWN": "unknown_calls",
}
"""The column in which calls of each type are counted."""

Name = str | None
"""The name of a location in lower case, by which files are matched; None where there is none."""


class Site(NamedTuple):
    """One location that has records: what is counted there."""

    name: str | None
    total_calls: int
    legs: int
    seconds: int
    desk_phone: int
    room_device: int
    other_devices: int
    hunt_group: int
    auto_attendant: int
    queued: Queued
    types: dict[str, int]


class Measured(NamedTuple):
    """The measured legs of one location."""

    poor: int = 0
    audio: int = 0
    video: int = 0
    video_seconds: Fraction = Fraction(0)

    def plus(self, other: Measured) -> Measured:
        """Return the sums."""
        return Measured(
            self.poor + other.poor,
            self.audio + other.audio,
            self.video + other.video,
            self.video_seconds + other.video_seconds,
        )


class Imported(NamedTuple):
    """The imported figures of one location, by their keys, and its name as the file writes it."""

    name: str | None
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Organization:
    """What is known of one organization; of files that there are not of the period, None."""

    sites: tuple[Site, ...]
    measured: dict[Name, Measured] | None
    stats: dict[Name, Queued] | None
    imported: dict[Name, Imported] | None
    types: dict[str, int]
    spelled: dict[Name, str | None]


def folded(name: str | None) -> Name:
    """Return the name by which locations of files are matched."""
    return name.strip().lower() if name is not None and name.strip() else None


def organizations(place: CallingPlace, since: date, until: date) -> dict[str, Organization]:
    """Return what the folder says of each organization over a period.

    Raises UsageError without the extra, Locked, MachineFault.
    """
    days = Days(since, until, weekly=False, ahead=True)
    period = Period(since, until)
    told = ask(place, days, _Told)
    sites = _sites(told)
    measured = _measured(told.measured)
    stats = {org_id: _by_name(places) for (_, org_id), places in stats_of(told.queue_stats, [period]).items()}
    imported = _imported(told.usage, period)
    spelled: dict[str, dict[Name, str | None]] = defaultdict(dict)
    named = {(row[1], row[3]) for row in told.measured} | {(row[0], row[3]) for row in told.queue_stats}
    for org_id, location in sorted(named, key=lambda one: one[1] or ""):
        spelled[org_id].setdefault(folded(location), location)
    types: dict[str, dict[str, int]] = defaultdict(dict)
    for org_id, call_type, calls in told.types_by_customer:
        types[org_id][TYPES[call_type]] = calls
    return {
        org_id: Organization(
            tuple(sites.get(org_id, ())),
            measured.get(org_id),
            stats.get(org_id),
            imported.get(org_id),
            types.get(org_id, {}),
            spelled.get(org_id, {}),
        )
        for org_id in {**sites, **measured, **stats, **imported}
    }


def _by_name(places: dict[str | None, Queued]) -> dict[Name, Queued]:
    found: dict[Name, Queued] = defaultdict(Queued)
    for location, one in places.items():
        found[folded(location)] = found[folded(location)].plus(one)
    return dict(found)


class _Told:
    """The rows of the SQL files."""

    def __init__(self, analysis: Analysis) -> None:
        self.legs = analysis.rows_by_endpoint("report_legs")
        self.names = analysis.rows("report_names")
        self.types = analysis.rows("report_types")
        self.types_by_customer = analysis.rows("report_types_by_customer")
        self.queues = analysis.rows("queues")
        self.transferred = analysis.rows("transferred")
        self.measured = analysis.rows_by_endpoint("measured")
        self.queue_stats = analysis.rows("queue_stats")
        self.usage = analysis.rows("imported_usage")


def _sites(told: _Told) -> dict[str, list[Site]]:
    names = {(org_id, key): name for org_id, key, name in told.names}
    types: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for org_id, key, call_type, calls in told.types:
        types[org_id, key][TYPES[call_type]] = calls
    queued: dict[tuple[str, str], Queued] = {}
    for _, org_id, key, *figures in told.queues:
        queued[org_id, key] = of_records(figures)._replace(transferred=0)
    for org_id, key, transferred in told.transferred:
        queued[org_id, key] = queued[org_id, key]._replace(transferred=transferred)
    none = Queued(0, 0, 0, transferred=0)
    found: dict[str, list[Site]] = defaultdict(list)
    for org_id, key, *counts, _ in sorted(told.legs, key=lambda row: row[:2]):
        where = (org_id, key)
        site = (names.get(where), *counts, queued.get(where, none), types.get(where, {}))
        found[org_id].append(Site._make(site))
    return found


def _measured(rows: Iterable[Sequence[Any]]) -> dict[str, dict[Name, Measured]]:
    found: dict[str, dict[Name, Measured]] = defaultdict(lambda: defaultdict(Measured))
    for _, org_id, _, location, _, _, poor, audio, video, seconds in rows:
        places, name = found[org_id], folded(location)
        places[name] = places[name].plus(Measured(poor, audio, video, Fraction(round(seconds * 1000), 1000)))
    return found


def _imported(rows: Iterable[Sequence[Any]], wanted: Period) -> dict[str, dict[Name, Imported]]:
    """Return imported figures by organization and location, where their periods make up the wanted one."""
    by_org: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row[2] or ""):  # by location: of two spellings the first one
        one = dict(zip(USAGE.keys, row, strict=False))
        by_org[one["org_id"]].append(one)
    found: dict[str, dict[Name, Imported]] = {}
    for org_id, own in by_org.items():
        chosen = tiling((Period(one["since"], one["until"]) for one in own), wanted)
        if chosen:
            places: dict[Name, Imported] = {}
            for one in own:
                if Period(one["since"], one["until"]) in chosen:
                    name = folded(one["location"])
                    before = places.get(name, Imported(one["location"], dict.fromkeys(USAGE_FIGURES)))
                    places[name] = Imported(before.name, _added(before.figures, one))
            found[org_id] = places
    return found


def _added(figures: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {key: known_total((figures[key], more[key])) for key in USAGE_FIGURES}


def known_total(parts: Iterable[Any]) -> Any:
    """Return the exact sum of what is known of the parts; None where nothing is."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    if any(isinstance(part, float) for part in known):
        return float(sum(Fraction(str(part)) for part in known))
    return sum(known)
