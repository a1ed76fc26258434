"""What is rare is there: each rule that the usual made data hardly touch is touched here, and matters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.services.calling.calling_made import FIRST, LAST
from tests.services.calling.calling_made_rare import SILENT, STRANGE, rare
from tests.services.calling.calling_oracle import endpoints, features, usage
from tests.services.calling.calling_oracle_data import Data, Row, in_week, legs_of
from tests.services.calling.calling_oracle_queues import queued, queues
from tests.services.calling.calling_oracle_report import report, report_by_customer

SATURDAY = LAST + timedelta(days=6)


@pytest.fixture(scope="module")
def data() -> Data:
    return rare(1)


def week(number: int) -> date:
    return FIRST + timedelta(days=7 * number)


def of(rows: list[Row], customer: str | None, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in keys) for row in rows if row["customer"] == customer]


def test_the_same_seed_makes_the_same_data() -> None:
    assert rare(2) == rare(2)
    assert rare(2) != rare(3)


def test_dead_deliveries_stand_in_a_week_that_nobody_knows(data: Data) -> None:
    assert not any(in_week(leg.start, week(SILENT)) for leg in legs_of(data))
    assert any(in_week(leg.start, week(SILENT)) for row in data.records for leg in legs_of(Data([row])))
    assert usage(data, week(SILENT)) == []
    # the week before is not known, so nothing changed, but the line goes on
    ((change, slope),) = of(usage(data, week(SILENT + 1)), "Acme Example", "calls_change", "calls_slope")
    assert change is None
    assert slope is not None


def test_a_week_with_a_stranger_alone_is_known_of_all_who_called_before(data: Data) -> None:
    assert of(usage(data, week(STRANGE)), "Acme Example", "calls", "legs") == [(0, 0)]
    acme = frozenset(org for org, (name, _) in data.customers.items() if name == "Acme Example")
    assert of(usage(data, week(STRANGE), None, acme), "Acme Example", "calls", "legs") == [(0, 0)]


def test_who_called_in_the_first_week_alone_is_forgotten_after_8(data: Data) -> None:
    assert of(usage(data, week(7)), "Once Example", "calls", "calls_change") == [(0, 0)]
    assert of(usage(data, LAST), "Once Example", "calls") == []


def test_services_make_a_customer_known_and_no_endpoint_type(data: Data) -> None:
    assert of(usage(data, LAST), "Services Example", "legs", "legs_change") == [(0, 0)]
    types = {row["endpoint"]: row["calls"] for row in usage(data, LAST, "endpoint")}
    assert "gateway" not in types
    assert types["sip"] == 0
    # `VG420` and `Cisco VG400` are analog, the three with a room's word in them are not
    kinds = {row["endpoint"]: row["legs"] for row in endpoints(data, LAST)}
    assert (kinds["room_device"], kinds["analog"]) == (3, 2)


def test_one_correlation_id_of_two_customers_is_two_calls(data: Data) -> None:
    (forward,) = [row for row in features(data, LAST) if row["feature"] == "call_forward"]
    # one that crosses midnight, and the one of both customers
    assert (forward["calls"], forward["legs"]) == (3, 4)


def test_agents_of_queues(data: Data) -> None:
    calls = [one for one in queued(legs_of(data)) if in_week(one.leg.start, week(7))]
    late = [one for one in calls if any(a.start.date() > one.leg.start.date() for a in one.agents)]
    # on Wednesday and on Saturday one each, after more than 24 hours
    assert [one.agents[0].start - one.leg.start > timedelta(hours=24) for one in late] == [True, True]
    assert of(queues(data, week(7)), "Acme Example", "calls", "answered", "abandoned", "source") == [
        (10, 3, 6, "records")
    ]


def test_a_location_has_its_latest_name_and_one_has_none(data: Data) -> None:
    rows = report(data, week(1), week(1) + timedelta(days=6))
    assert of(rows, "Acme Example", "location", "poor_quality_calls", "queue_timed_out_calls") == [
        ("Norte Novo", 1, 0),
        ("Sul", 1, 1),
    ]
    assert (None,) in of(rows, "Beta Example", "location")


def test_measured_analog_legs_are_as_good_as_none(data: Data) -> None:
    imported = {
        row["location"]: row["poor_quality_calls"]
        for row in data.usage
        if data.name(row["org_id"]) == "Beta Example" and row["since"] == LAST
    }
    told = dict(of(report(data, LAST, SATURDAY), "Beta Example", "location", "poor_quality_calls"))
    assert (told["Sul"], told["Leste"]) == (imported["SUL"], imported["Leste"])
    assert "Depot" not in told


def test_calls_by_type_know_the_legs_of_the_period_alone(data: Data) -> None:
    # the originating leg at Sul is of Saturday, the terminating one at Oeste of the Sunday after it
    rows = dict(of(report(data, LAST, SATURDAY), "Beta Example", "location", "operator_calls"))
    assert (rows["Sul"], rows["Oeste"]) == (1, 1)
    whole = report_by_customer(data, LAST, SATURDAY)
    leste = [row for row in report(data, LAST, SATURDAY) if row["location"] == "Leste"]
    assert of(whole, "Beta Example", "operator_calls") == [(2 + leste[0]["operator_calls"],)]


def test_the_call_of_a_saturday_is_transferred_on_sunday(data: Data) -> None:
    saturday = week(7) + timedelta(days=6)
    rows = report(data, saturday, saturday)
    assert sum(n for (n,) in of(rows, "Acme Example", "queue_transferred_calls")) == 1
