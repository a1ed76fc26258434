"""Hand-worked examples that hold the oracle of Webex Calling against ``docs/calling.md``."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

import pytest

from tests.services.calling.calling_oracle import endpoints, features, usage
from tests.services.calling.calling_oracle_data import Data, Row, endpoint_of, makes_up, week_of
from tests.services.calling.calling_oracle_quality import quality, verdict_of
from tests.services.calling.calling_oracle_queues import queues

WEEK = date(2026, 11, 8)
BEFORE = date(2026, 11, 1)
ORG, OTHER = "0a", "0b"
CUSTOMERS = {ORG: ("Acme Example", "EU"), OTHER: ("Zebra Example", None)}
_numbers = count()


def leg(start: str, **cells: Any) -> Row:
    """Return an answered originating leg of a user, on the app; `_` in a key is a blank."""
    row = {
        "Start time": f"2026-11-{start}Z",
        "Report time": "2026-11-30T00:00:00Z",
        "Org UUID": ORG,
        "Report ID": f"r{next(_numbers):04}",
        "Direction": "ORIGINATING",
        "User type": "User",
        "User UUID": "ann",
        "Answered": "true",
        "Duration": "60",
        "Client type": "WXC_CLIENT",
    }
    return {**row, **{key.replace("_", " "): text for key, text in cells.items()}}


def heard(**cells: Any) -> Row:
    """Return a measured leg of which only these things are known."""
    return {"org_id": ORG, "start_time": datetime(2026, 11, 9, 12), **cells}  # noqa: DTZ001


def folder(*records: Row, **more: Any) -> Data:
    return Data(list(records), customers=CUSTOMERS, **more)


def picked(rows: list[Row], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in keys) for row in rows]


def test_a_week_runs_from_sunday_to_saturday() -> None:
    assert week_of(date(2026, 11, 8)) == WEEK
    assert week_of(date(2026, 11, 14)) == WEEK
    assert week_of(date(2026, 11, 7)) == BEFORE


def test_usage_counts_human_legs_and_compares_the_weeks() -> None:
    data = folder(
        leg("02T10:00:00", Duration="30"),
        leg("09T10:00:00", Duration="90"),
        leg("14T23:59:59.999", Direction="TERMINATING", User_UUID="bob", Duration="na"),
        leg("09T10:00:00", User_type="HuntGroup"),
        leg("15T00:00:00"),
    )
    assert usage(data, WEEK) == [
        {
            "week": WEEK,
            "customer": "Acme Example",
            "org_id": ORG,
            "region": "EU",
            "endpoint": None,
            "calls": 1,
            "legs": 2,
            "minutes": 1.5,
            "active_users": 2,
            "calls_change": 0,
            "legs_change": 1,
            "minutes_change": 1.0,
            "active_users_change": 1,
            "calls_slope": 0.0,
        }
    ]


def test_who_stopped_has_zeros_and_who_begins_has_no_change() -> None:
    data = folder(
        leg("02T10:00:00"),
        leg("02T11:00:00"),
        leg("09T10:00:00", Org_UUID=OTHER),
        leg("02T10:00:00", Org_UUID="0C"),
    )
    keys = ("customer", "org_id", "calls", "calls_change", "calls_slope")
    assert picked(usage(data, WEEK), *keys) == [
        ("Acme Example", ORG, 0, -2, -2.0),
        (None, "0c", 0, -1, -1.0),
        ("Zebra Example", OTHER, 1, None, None),
    ]
    assert picked(usage(data, WEEK, "week"), *keys) == [(None, None, 1, -2, -2.0)]


def test_a_week_without_any_record_is_known_of_nobody() -> None:
    data = folder(leg("02T10:00:00"), leg("16T10:00:00", Org_UUID=OTHER))
    assert usage(data, WEEK) == []
    stopped, began = usage(data, date(2026, 11, 15))
    # known are the weeks of 1 and 15 November: a call less in two weeks
    assert (stopped["calls"], stopped["calls_change"], stopped["calls_slope"]) == (0, None, -0.5)
    assert (began["calls_change"], began["calls_slope"]) == (None, None)


def test_after_8_weeks_a_customer_is_forgotten() -> None:
    old = leg("02T10:00:00", Start_time="2026-09-19T10:00:00Z")
    assert picked(usage(folder(old, leg("09T10:00:00", Org_UUID=OTHER)), WEEK), "org_id") == [(OTHER,)]
    kept = leg("02T10:00:00", Start_time="2026-09-20T10:00:00Z")
    assert len(usage(folder(kept, leg("09T10:00:00", Org_UUID=OTHER)), WEEK)) == 2


def test_a_leg_that_is_not_human_makes_a_customer_known_but_no_endpoint_type() -> None:
    data = folder(
        leg("09T10:00:00", User_type="HuntGroup"), leg("09T10:00:00", Org_UUID=OTHER, Client_type="SIP")
    )
    assert picked(usage(data, WEEK), "org_id", "legs") == [(ORG, 0), (OTHER, 1)]
    assert picked(usage(data, WEEK, "endpoint"), "endpoint", "legs") == [("sip", 1)]


def test_of_one_report_id_the_newest_record_lives_whatever_the_order_and_case() -> None:
    old = leg("09T10:00:00", Report_ID="aa", Report_time="2026-11-09T11:00:00Z", Duration="6")
    new = {**old, "Report ID": "AA", "Report time": "2026-11-09T12:00:00Z", "Duration": "12"}
    none = {**old, "Report time": "", "Duration": "18"}
    for records in ([old, new, none], [new, none, old]):
        assert picked(usage(folder(*records), WEEK), "legs", "minutes") == [(1, 0.2)]


@pytest.mark.parametrize(
    ("client", "model", "expected"),
    [
        ("WXC_CLIENT", "Cisco Room", "app"),
        ("teams_anything", None, "teams"),
        ("WXC_DEVICE", "Cisco ROOM Kit", "room_device"),
        ("WXC_DEVICE", "dx80", "room_device"),
        ("WXC_DEVICE", "ATA191", "analog"),
        ("WXC_DEVICE", "cisco vg400", "analog"),
        ("WXC_DEVICE", "Strata", "desk_phone"),
        ("WXC_DEVICE", None, "desk_phone"),
        ("WXC_THIRD_PARTY", "Room", "third_party"),
        ("WXC_SIP_GW", None, "gateway"),
        ("cloud_aware_sip", None, "sip"),
        (None, "ATA191", "unknown"),
    ],
)
def test_endpoint_types(client: str | None, model: str | None, expected: str) -> None:
    assert endpoint_of(client, model) == expected


SOUND = {"audio_jitter": 149.9, "audio_latency": 399, "audio_packet_loss": 4.9}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (SOUND, "good"),
        ({**SOUND, "call_quality": "Poor"}, "good"),
        ({**SOUND, "audio_jitter": 150}, "poor"),
        ({**SOUND, "video_packet_loss": 5}, "poor"),
        ({"audio_latency": 400, "call_quality": "Good"}, "poor"),
        ({"audio_latency": 399, "call_quality": "good"}, "good"),
        ({"call_quality": "Bad"}, "poor"),
        ({"audio_latency": 10, "audio_jitter": 10, "video_jitter": 1}, "unknown"),
        ({"call_quality": "Fair"}, "unknown"),
    ],
)
def test_verdicts(row: Row, expected: str) -> None:
    assert verdict_of(row) == expected


def test_quality_compares_legs_and_measured_ones_customer_by_customer() -> None:
    data = folder(
        leg("09T10:00:00"),
        leg("09T10:00:00", Answered="false"),
        leg("09T10:00:00", Client_type="WXC_DEVICE", Model="ATA191", Public_Calling_IP_Address="::1"),
        leg("09T10:00:00", Public_Calling_IP_Address="2001:db8::1"),
        leg("09T10:00:00", Public_Called_IP_Address="2001:db8::1"),
        leg("09T10:00:00", Org_UUID=OTHER),
        media=[heard(**SOUND), heard(call_quality="Bad"), heard(), heard(client_type="WXC_THIRD_PARTY")],
    )
    keys: tuple[str, ...] = ("org_id", "legs", "good", "poor", "unknown", "poor_pct")
    # 2 legs that could be measured, 3 that were
    assert picked(quality(data, WEEK), *keys) == [(ORG, 3, 1, 1, 1, 50.0), (OTHER, 1, 0, 0, 1, None)]
    assert picked(quality(data, WEEK, "week"), *keys) == [(None, 4, 1, 1, 2, 50.0)]
    keys = ("excluded", "excluded_analog", "excluded_third_party", "excluded_ipv6")
    assert picked(quality(data, WEEK, "week"), *keys) == [(2, 1, 0, 1)]
    # the file tells no endpoint
    keys = ("endpoint", "legs", "good", "poor", "unknown", "excluded")
    assert picked(quality(data, WEEK, "endpoint"), *keys) == [
        ("unknown", 3, 1, 1, 1, 0),
        ("analog", 0, 0, 0, 0, 1),
        ("app", 3, 0, 0, 3, 1),
    ]


def test_endpoints_count_every_human_leg_and_what_was_measured() -> None:
    data = folder(
        leg("09T10:00:00"),
        leg("09T10:00:00", Answered="false", Duration="0"),
        leg("09T10:00:00", Client_type="WXC_DEVICE", Model="ATA191", User_type="Place"),
        leg("09T10:00:00", Org_UUID=OTHER, Duration="33"),
        media=[heard(client_type="WXC_CLIENT", **SOUND), heard()],
    )
    keys = ("endpoint", "legs", "legs_pct", "minutes", "active_users", "good", "unknown", "poor_pct")
    assert picked(endpoints(data, WEEK), *keys) == [
        ("app", 3, 75.0, 1.6, 2, 1, 1, 0.0),
        ("analog", 1, 25.0, 1.0, 0, 0, 0, None),
        ("unknown", 0, 0.0, 0.0, 0, 0, 1, None),
    ]
    assert picked(endpoints(data, WEEK, "customer"), "org_id", "endpoint", "legs_pct") == [
        (ORG, "app", 66.7),
        (ORG, "analog", 33.3),
        (OTHER, "app", 100.0),
        (ORG, "unknown", 0.0),
    ]


def test_figures_are_of_the_customers_that_are_left() -> None:
    only = frozenset({OTHER})
    data = folder(
        leg("02T10:00:00"), leg("09T10:00:00", Org_UUID=OTHER), leg("09T10:00:00"), media=[heard(**SOUND)]
    )
    assert picked(usage(data, WEEK, "week", only), "legs", "legs_change") == [(1, None)]
    assert picked(quality(data, WEEK, None, only), "org_id", "good") == [(OTHER, 0)]
    assert picked(endpoints(data, WEEK, None, only), "legs", "good") == [(1, 0)]


def test_features_count_calls_and_legs() -> None:
    data = folder(
        leg("09T10:00:00", Correlation_ID="c", Related_reason="callforwardbusy"),
        leg("09T10:00:00", Correlation_ID="c", Related_reason="CallForwardAlways"),
        leg("09T10:00:00", Correlation_ID="c", Org_UUID=OTHER, Related_reason="CallForwardAlways"),
        leg("09T10:00:00", Correlation_ID="", Transfer_related_call_ID="t", Call_Recording_Result="failed"),
        leg("09T10:00:00", Correlation_ID="NA", Transfer_related_call_ID="t", Call_Recording_Result="NA"),
        leg("09T10:00:00", Correlation_ID="d", User_type="HuntGroup"),
    )
    assert picked(features(data, WEEK), "feature", "calls", "legs") == [
        ("call_forward", 2, 3),
        ("call_transfer", 2, 2),
        ("call_recording", 1, 1),
    ]


def queue_leg(start: str, **cells: Any) -> Row:
    return leg(
        start,
        **{"Direction": "TERMINATING", "User_type": "CallCenterPremium", "Correlation_ID": "c", **cells},
    )


def agent_leg(start: str, **cells: Any) -> Row:
    cells = {"Direction": "TERMINATING", "Original_reason": "CallQueue", "Correlation_ID": "c", **cells}
    return leg(start, **{"Answer_time": f"2026-11-{start}Z", **cells})


QUEUED = (
    "org_id",
    "calls",
    "answered",
    "abandoned",
    "abandoned_pct",
    "answer_seconds",
    "wait_seconds",
    "source",
)


def test_an_agent_answers_the_last_queue_that_the_call_reached() -> None:
    data = folder(
        queue_leg("14T23:59:00", Releasing_party="Remote", Release_time="2026-11-14 23:59:30"),
        queue_leg("14T23:59:40", Releasing_party="Remote"),
        agent_leg("15T00:00:10"),
        agent_leg("15T00:00:05", Answer_time="2026-11-15T00:00:25Z"),
        agent_leg("15T00:00:01", Answered="false"),
    )
    assert picked(queues(data, WEEK), *QUEUED) == [(ORG, 2, 1, 1, 50.0, 30.0, 30.0, "records")]
    assert queues(data, date(2026, 11, 15)) == []


def test_agents_of_no_call_and_of_the_day_after_the_next_answer_nothing() -> None:
    data = folder(
        queue_leg("09T10:00:00", Correlation_ID=""),
        agent_leg("09T10:00:01", Correlation_ID=""),
        queue_leg("09T23:00:00", Correlation_ID="d"),
        agent_leg("11T00:00:00", Correlation_ID="d"),
        queue_leg("09T23:00:00", Correlation_ID="e"),
        agent_leg("10T23:59:59", Correlation_ID="e", Answer_time="2026-11-09T22:00:00Z"),
    )
    assert picked(queues(data, WEEK), *QUEUED) == [(ORG, 3, 1, 0, 0.0, None, None, "records")]


def stat(since: int, until: int, **cells: Any) -> Row:
    days = {"since": date(2026, 11, since), "until": date(2026, 11, until)}
    return {"org_id": ORG, "queue": "Sales", "location": "Porto", **days, **cells}


def test_call_queue_stats_go_before_records_where_they_make_up_the_week() -> None:
    first = stat(8, 10, total_calls=4, answered_calls=3, abandoned_calls=1, total_wait_seconds=30)
    second = stat(11, 14, total_calls=2, answered_calls=1, abandoned_calls=1, avg_wait_seconds=20.5)
    known = {**second, "avg_abandoned_seconds": 7}
    records = (queue_leg("09T10:00:00"), queue_leg("09T10:00:00", Org_UUID=OTHER))
    assert picked(queues(folder(*records, queue_stats=[first, known]), WEEK), *QUEUED) == [
        (ORG, 6, 4, 2, 33.3, 12.6, 7.0, "queue_stats"),
        (OTHER, 1, 0, 0, 0.0, None, None, "records"),
    ]
    together = queues(folder(*records, queue_stats=[first, known]), WEEK, "week")
    assert picked(together, *QUEUED) == [(None, 7, 4, 2, 28.6, 12.6, 7.0, "both")]
    assert picked(queues(folder(records[0], queue_stats=[first]), WEEK), "source") == [("records",)]


def test_periods_make_up_days_where_each_day_stands_in_one_of_them() -> None:
    def days(*pairs: tuple[int, int]) -> list[tuple[date, date]]:
        return [(date(2026, 11, since), date(2026, 11, until)) for since, until in pairs]

    first, last = date(2026, 11, 8), date(2026, 11, 14)
    assert makes_up(days((8, 14)), first, last)
    assert makes_up(days((8, 8), (9, 14), (15, 21)), first, last)
    assert not makes_up(days((8, 13)), first, last)
    assert not makes_up(days((8, 15)), first, last)
    assert not makes_up([], first, last)
