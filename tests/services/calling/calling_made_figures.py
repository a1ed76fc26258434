"""Made rows of Calling Media Quality, Call Queue Stats and Partner Hub's Calling usage."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.services.calling.calling_made import ENDPOINTS, FIRST, PERIODS, WEEKS, Org, World
from tests.services.calling.calling_oracle_data import Row
from tests.services.calling.calling_oracle_report import FIGURES

MEASUREMENTS = {
    "audio_jitter": (0, 12.5, 149, 149.99, 150, 150.01, 900),
    "audio_latency": (0, 80, 399, 399.9, 400, 401),
    "audio_packet_loss": (0, 0.3, 4.99, 5, 5.01, 40),
    "video_jitter": (0, 20, 149.5, 150),
    "video_latency": (0, 200, 399, 400),
    "video_packet_loss": (0, 1, 4.9, 5),
}
MONTH = (date(2026, 10, 1), date(2026, 10, 31))
HABITS = ("none", "weekly", "daily", "split", "gaps", "across", "month")


def _cased(world: World, name: str) -> str:
    """Return the name, for locations with records at times in another case."""
    if name in {"Depot", "Éire"}:
        return name
    return world.rng.choice((str, str, str.upper, str.lower))(name)


def made_media(world: World, many: int) -> list[Row]:
    """Return so many measured legs; nothing, some or everything is known of each."""
    return [_measured(world, world.rng.choice(_measuring(world)), number) for number in range(many)]


def _measuring(world: World) -> list[Org]:
    """Return the customers that have such files: not all."""
    return [org for number, org in enumerate(world.orgs) if number != 1] + world.orgs[:1] * 4


def _measured(world: World, org: Org, number: int) -> Row:
    rng = world.rng
    seconds = rng.randrange(WEEKS * 7 * 86400)
    start = world.moment(org, None) if world.chance(0.5) else None
    client, model = rng.choice(ENDPOINTS) if world.chance(0.6) else ("", "")
    calm = world.chance(0.5)
    row: Row = {
        "org_id": org.id,
        "start_time": start or _midnight(FIRST) + timedelta(seconds=seconds),
        "location": _cased(world, rng.choice(names_of(world, org))) if world.chance(0.95) else None,
        "user_name": f"Person {number}",
        "client_type": _known(client),
        "model": _known(model),
        "call_quality": rng.choice((None, "Good", "good", "Poor", "BAD", "Fair")),
        "duration": rng.choice((None, 60, 61.5)),
        "video_duration": rng.choice((None, None, 0, 30, 61.5, 600)),
    }
    for key, values in MEASUREMENTS.items():
        row[key] = rng.choice(values[:3] if calm else values) if world.chance(0.6) else None
    return row


def _known(text: str) -> str | None:
    return text if text.lower() not in {"", "na"} else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def names_of(world: World, org: Org) -> list[str]:
    """Return names of locations; where it is ambiguous, those that were lost, too."""
    lost = [place.first_name for place in org.places if place.renamed] if world.ambiguous else []
    return list(dict.fromkeys([*org.file_names, *lost]))


def periods_of(world: World, habit: str) -> list[tuple[date, date]]:
    """Return the periods of the files that a customer of that habit has."""
    sundays = [FIRST + timedelta(days=7 * week) for week in range(WEEKS)]
    if habit == "none":
        return []
    if habit == "month":
        return [MONTH, PERIODS[4]]
    if habit == "weekly":
        return [(day, day + timedelta(days=6)) for day in sundays if not world.chance(0.2)]
    if habit == "daily":
        return [(day, day) for day in (FIRST + timedelta(days=n) for n in range(7 * WEEKS))]
    if habit == "split":
        first = [(day, day + timedelta(days=2)) for day in sundays]
        return first + [(day + timedelta(days=3), day + timedelta(days=6)) for day in sundays]
    if habit == "gaps":
        return [(day, day + timedelta(days=world.rng.choice((4, 5, 6)))) for day in sundays]
    # weeks that begin on a Monday
    return [(day + timedelta(days=1), day + timedelta(days=7)) for day in sundays]


def _habits(world: World) -> list[str]:
    habits = list(HABITS)
    world.rng.shuffle(habits)
    return [*habits, *world.rng.choices(HABITS, k=len(world.orgs))][: len(world.orgs)]


def _spans(world: World, habit: str) -> list[tuple[date, date]]:
    spans = periods_of(world, habit)
    return [*spans, MONTH] if world.ambiguous and habit == "daily" else spans


def made_queue_stats(world: World) -> list[Row]:
    """Return rows of Call Queue Stats: per customer a habit, per period some queues at some locations."""
    rows: list[Row] = []
    for org, habit in zip(world.orgs, _habits(world), strict=True):
        columns = world.chance(0.7)
        for since, until in _spans(world, habit):
            # a period for which a customer has no row is a period that it does not have
            named = world.rng.sample(names_of(world, org), world.rng.randrange(1, 3))
            for queue, location in ((queue, name) for name in named for queue in ("Sales", "Help")):
                if queue == "Sales" or world.chance(0.5):
                    rows.append(_stat(world, org, (since, until), (queue, _cased(world, location)), columns))
    return rows


def _stat(world: World, org: Org, span: tuple[date, date], queue: tuple[str, str], columns: bool) -> Row:
    rng = world.rng
    answered, abandoned = rng.choice((0, 1, 7, 40)), rng.choice((0, 2, 9))
    wait, given_up = answered * rng.randrange(90), abandoned * rng.randrange(200)
    row: Row = {
        "org_id": org.id,
        "since": span[0],
        "until": span[1],
        "queue": queue[0],
        "location": queue[1],
        "total_wait_seconds": wait,
        "avg_wait_seconds": None,
        "answered_calls": answered,
        "abandoned_calls": abandoned,
        "avg_abandoned_seconds": None,
        "total_abandoned_seconds": given_up,
        "total_calls": answered + abandoned + rng.randrange(3),
        "calls_overflowed": rng.randrange(4) if columns else None,
        "calls_timed_out": rng.randrange(4) if columns else None,
        "calls_transferred": rng.choice((None, 0, 3)) if columns else None,
    }
    if world.chance(0.3):
        row["total_wait_seconds"], row["avg_wait_seconds"] = None, rng.choice((None, 12.5, 30, 0.1))
        row["total_abandoned_seconds"], row["avg_abandoned_seconds"] = None, rng.choice((None, 33.3, 61))
    if world.chance(0.05):
        row[rng.choice(("total_calls", "answered_calls", "abandoned_calls"))] = None
    return row


def made_usage(world: World) -> list[Row]:
    """Return rows of Partner Hub's Calling usage: likewise."""
    rows: list[Row] = []
    for org, habit in zip(world.orgs, _habits(world), strict=True):
        for since, until in _spans(world, habit):
            names = names_of(world, org)
            for name in world.rng.sample(names, world.rng.randrange(1, len(names) + 1)):
                row: Row = {"org_id": org.id, "since": since, "until": until}
                row["location"] = _cased(world, name)
                row.update({key: _figure(world, key) for key in FIGURES})
                rows.append(row)
    return rows


def _figure(world: World, key: str) -> Any:
    if world.chance(0.1):
        return None
    number = world.rng.randrange(50)
    return number + world.rng.choice((0.5, 0.2, 0.1)) if "minutes" in key else number
