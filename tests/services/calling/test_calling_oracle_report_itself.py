"""Hand-worked examples of the reports Calling usage and Calling by customer; and of the made data."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.calling.calling_made import FIRST, LAST, PERIODS, made
from tests.services.calling.calling_made_files import (
    HEADERS,
    write_media,
    write_queue_stats,
    write_records_csv,
    write_records_items,
    write_records_lines,
    write_usage,
)
from tests.services.calling.calling_oracle import FEATURES, endpoints, features, usage
from tests.services.calling.calling_oracle_data import Data, Row, legs_of
from tests.services.calling.calling_oracle_quality import judged, quality
from tests.services.calling.calling_oracle_queues import queued, queues
from tests.services.calling.calling_oracle_report import FIGURES, TYPES, report, report_by_customer
from tests.services.calling.test_calling_oracle_itself import (
    ORG,
    WEEK,
    folder,
    heard,
    leg,
    picked,
    queue_leg,
    stat,
)

SATURDAY = date(2026, 11, 14)


def at(place: str, **cells: Any) -> dict[str, Any]:
    """Return the cells of a call at a location whose Site UUID is its name in small letters."""
    return {"Location": place, "Site_UUID": place.lower(), "Correlation_ID": "c", **cells}


def usage_row(location: str, **cells: Any) -> Row:
    return {"org_id": ORG, "since": WEEK, "until": SATURDAY, "location": location, **cells}


def test_legs_count_at_their_own_location_and_calls_at_that_of_the_originating_leg() -> None:
    data = folder(
        leg("09T10:00:00", **at("Faro", Call_type="SIP_ENTERPRISE")),
        leg("09T10:00:00", **at("Porto", Call_type="SIP_ENTERPRISE", Direction="TERMINATING")),
        leg("09T11:00:00", **at("Porto", Call_type="SIP_INBOUND", User_type="LocalGateway")),
        leg("09T11:00:00", **at("Faro", Call_type="SIP_INBOUND", Direction="TERMINATING", Duration="3")),
        leg("09T12:00:00", **at("Porto", Call_type="SIP_MOBILE", Direction="TERMINATING")),
        leg("09T12:00:00", **at("Porto", Call_type="UNKNOWN", Correlation_ID="")),
        leg("09T12:00:00", **at("Porto", Call_type="UNKNOWN", Correlation_ID="")),
    )
    keys: tuple[str, ...] = ("location", "total_calls", "total_call_legs", "call_minutes")
    # 63 seconds are 1.05 minutes: half to even
    assert picked(report(data, WEEK, SATURDAY), *keys) == [("Faro", 1, 2, 1.0), ("Porto", 2, 4, 4.0)]
    keys = (
        "internal_calls",
        "inbound_calls",
        "mobile_calls",
        "unknown_calls",
        "national_calls",
        "spark_calls",
    )
    assert picked(report(data, WEEK, SATURDAY), *keys) == [(1, 1, 0, 0, 0, None), (0, 0, 1, 2, 0, None)]


def test_a_call_with_two_originating_legs_counts_at_both_locations_and_once_for_the_customer() -> None:
    call = {"Call_type": "SIP_MOBILE"}
    data = folder(*(leg("09T10:00:00", **at(place, **call)) for place in ("Faro", "Porto", "Porto")))
    assert picked(report(data, WEEK, SATURDAY), "mobile_calls") == [(1,), (1,)]
    whole = report_by_customer(data, WEEK, SATURDAY)
    assert picked(whole, "region", "locations", "mobile_calls", "total_calls") == [("EU", 2, 1, 3)]


def test_a_location_has_the_name_of_its_latest_leg() -> None:
    data = folder(
        leg("09T10:00:00", Site_UUID="s", Location="Old"),
        leg("10T10:00:00", Site_UUID="s", Location="New"),
        leg("11T10:00:00", Site_UUID="s", Location="na"),
        leg("09T10:00:00", Location="Old"),
        leg("09T10:00:00"),
    )
    assert picked(report(data, WEEK, SATURDAY), "location", "total_calls") == [
        ("New", 3),
        ("Old", 1),
        (None, 1),
    ]


def test_measured_legs_go_to_the_location_of_that_name_or_make_one() -> None:
    data = folder(
        leg("09T10:00:00", **at("Faro")),
        leg("09T10:00:00", **at("Porto")),
        media=[
            heard(location="FARO", audio_jitter=150, video_duration=90),
            heard(location="faro", video_jitter=1),
            heard(location="Depot", call_quality="Bad", video_duration=0),
        ],
    )
    keys = (
        *("location", "poor_quality_calls", "call_minutes_video", "call_legs_audio", "call_legs_video"),
        *("total_calls", "internal_calls", "queue_timed_out_calls"),
    )
    assert picked(report(data, WEEK, SATURDAY), *keys) == [
        ("Depot", 1, 0.0, 0, 0, 0, 0, None),
        ("Faro", 1, 1.5, 1, 2, 1, 0, None),
        ("Porto", 0, 0.0, 0, 0, 1, 0, None),
    ]


def test_imported_figures_fill_what_records_do_not_know_and_whole_locations() -> None:
    row = dict.fromkeys(FIGURES, 5)
    data = folder(
        leg("09T10:00:00", **at("Faro", Call_type="SIP_MOBILE")),
        leg("09T10:00:00", **at("Porto", Call_type="SIP_MOBILE")),
        usage=[usage_row("faro", **row), usage_row("Depot", **{**row, "emergency_calls": None})],
    )
    keys = (
        "location",
        "total_calls",
        "poor_quality_calls",
        "queue_overflowed_calls",
        "spark_calls",
        "mobile_calls",
    )
    assert picked(report(data, WEEK, SATURDAY), *keys) == [
        ("Depot", 5, 5, 5, 5, 5),
        ("Faro", 1, 5, 5, 5, 1),
        ("Porto", 1, None, None, None, 1),
    ]
    whole = report_by_customer(data, WEEK, SATURDAY)
    # one call in two places, and 5 of the location without records
    assert picked(whole, "locations", *keys[1:], "emergency_calls") == [(3, 7, 10, 10, 10, 6, 0)]
    assert [row["location"] for row in report(data, WEEK, date(2026, 11, 13))] == ["Faro", "Porto"]


def test_call_queue_stats_tell_every_location_or_nothing() -> None:
    records = (
        queue_leg("09T10:00:00", **at("Faro", User_number="7", Releasing_party="Remote")),
        leg("09T10:00:05", **at("Porto", Redirect_reason="Deflection", Redirecting_number="7")),
    )
    keys = (
        *("location", "queue_total_calls", "queue_timed_out_calls", "queue_overflowed_calls"),
        *("queue_transferred_calls", "queue_abandoned_calls"),
    )
    assert picked(report(folder(*records), WEEK, SATURDAY), *keys) == [
        ("Faro", 1, None, None, 1, 1),
        ("Porto", 0, None, None, 0, 0),
    ]
    stats = [stat(8, 14, location="porto", total_calls=9, abandoned_calls=2, calls_timed_out=1)]
    told = report(folder(*records, queue_stats=stats), WEEK, SATURDAY)
    assert picked(told, *keys) == [("Faro", 0, 0, None, None, 0), ("Porto", 9, 1, None, None, 2)]


@pytest.fixture(scope="module")
def data() -> Data:
    return made(3)


def test_the_same_seed_makes_the_same_data() -> None:
    assert made(7, 200) == made(7, 200)
    assert made(7, 200).records != made(8, 200).records


def test_the_made_data_hold_everything_that_is_odd(data: Data) -> None:
    legs = legs_of(data)
    assert len(legs) < len(data.records)
    assert {endpoint["endpoint"] for endpoint in endpoints(data, LAST)} >= {
        "analog",
        "teams",
        "unknown",
        "sip",
    }
    assert all(any(shows(leg) for leg in legs) for shows in FEATURES.values())
    assert {leg.word("Call type").upper() for leg in legs} >= set(TYPES.values())
    assert len({leg.org for leg in legs} - set(data.customers)) == 2
    assert len([one for one in legs if one.text("Correlation ID") is None]) > 20
    calls = queued(legs)
    assert len([one for one in calls if one.abandoned]) > 20
    over_midnight = [
        one for one in calls for agent in one.agents if agent.start.date() > one.leg.start.date()
    ]
    assert len(over_midnight) > 5
    assert any(one.leg.start.weekday() == 5 for one in over_midnight)
    assert any(one.answered and one.time_to_answer is None for one in calls)
    weeks = [FIRST.fromordinal(FIRST.toordinal() + 7 * number) for number in range(9)]
    assert {one.verdict for week in weeks for one in judged(data, week)} == {"good", "poor", "unknown"}
    assert {row["source"] for week in weeks for row in queues(data, week)} == {"records", "queue_stats"}


def test_the_oracle_agrees_with_itself(data: Data) -> None:
    (week,) = usage(data, LAST, "week")
    assert sum(row["legs"] for row in usage(data, LAST)) == week["legs"]
    assert sum(row["legs"] for row in endpoints(data, LAST)) == week["legs"]
    assert (
        sum(row["poor"] for row in quality(data, LAST, "endpoint")) == quality(data, LAST, "week")[0]["poor"]
    )
    by_customer = features(data, LAST, "customer")
    assert sum(row["calls"] for row in by_customer) == sum(row["calls"] for row in features(data, LAST))
    for since, until in PERIODS:
        rows, customers = report(data, since, until), report_by_customer(data, since, until)
        assert sum(row["locations"] for row in customers) == len(rows)
        assert sum(row["total_calls"] or 0 for row in rows) == sum(
            row["total_calls"] or 0 for row in customers
        )
        assert sum(row["inbound_calls"] or 0 for row in rows) >= sum(
            row["inbound_calls"] or 0 for row in customers
        )


def test_files_hold_what_was_made(data: Data, tmp_path: Path) -> None:
    path = write_records_csv(tmp_path / "calls.csv", data.records[:50], seed=4)
    with path.open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    assert [cells(leg) for leg in told] == [cells(record) for record in data.records[:50]]
    assert list(told[0]) != list(HEADERS)
    lines = write_records_lines(tmp_path / "calls.jsonl", data.records[:50]).read_text(encoding="utf-8")
    items = write_records_items(tmp_path / "calls.json", data.records[:50]).read_text(encoding="utf-8")
    assert [json.loads(line) for line in lines.splitlines()] == json.loads(items)["items"]
    assert [cells(item) for item in json.loads(items)["items"]] == [cells(leg) for leg in told]
    written = [*write_queue_stats(tmp_path, data), *write_usage(tmp_path, data)]
    assert {(since, until) for _, since, until in written} == {
        (row["since"], row["until"]) for row in (*data.queue_stats, *data.usage)
    }
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) - 1 for path, _, _ in written]
    assert sum(lengths) == len(data.queue_stats) + len(data.usage)
    media = write_media(tmp_path / "media.csv", data).read_text(encoding="utf-8").splitlines()
    assert len(media) == 1 + len(data.media)


def cells(record: Row) -> dict[str, str]:
    """Return the cells that have a value, by the header in lower case."""
    return {header.lower(): str(text) for header, text in record.items() if text not in {"", None}}


def test_ambiguous_data_have_locations_of_one_name_and_periods_that_overlap() -> None:
    data = made(5, 300, ambiguous=True)
    rows = [(row["org_id"], row["location"]) for row in report(data, *PERIODS[3])]
    assert len(rows) > len(set(rows))
