"""Calling analytics from Python: the same answers as the command line's, each with a frame."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from partnerctl import open_hub
from partnerctl.clock import FixedClock
from partnerctl.errors import StaleData, UsageError
from partnerctl.hub import Hub
from tests.commands.calling_weeks import calling
from tests.conftest import Cli

__all__ = ["calling"]


@pytest.fixture
def hub(calling: Cli) -> Hub:
    """Return the hub over the two customers and their calls."""
    return open_hub(clock=FixedClock(datetime(2026, 11, 23, 12, tzinfo=UTC)))


def test_usage_is_a_list_and_a_frame(hub: Hub) -> None:
    found = hub.calling.usage(sort="-calls")

    assert [(one.customer, one.calls) for one in found.records] == [("Alfa Telecom", 3), ("Bravo GmbH", 1)]
    frame = found.to_frame()
    assert frame["calls_change"].tolist() == [1, -2]
    assert frame.dtypes["calls_change"].name == "Int64"


def test_the_week_the_weeks_and_what_a_row_is_about(hub: Hub) -> None:
    by_week = hub.calling.quality(week=date(2026, 11, 16), weeks=2, by="week").records

    assert [(one.week, one.legs, one.poor) for one in by_week] == [
        (date(2026, 11, 8), 5, 1),
        (date(2026, 11, 15), 4, 1),
    ]
    assert [one.endpoint for one in hub.calling.endpoints(region="eu").records] == ["app"]


def test_features_queues_and_what_there_is(hub: Hub) -> None:
    assert [one.feature for one in hub.calling.features(limit=1).records] == ["call_queue"]
    queues = hub.calling.queues(where="alfa")
    assert [(one.calls, one.abandoned) for one in queues.records] == [(2, 1)]
    assert queues.notes[0].startswith("in total: 2 calls")
    assert [one.records for one in hub.calling.info().records] == [12, 3, 0, 0]


def test_what_is_refused(hub: Hub) -> None:
    with pytest.raises(UsageError, match="features cannot be told by endpoint"):
        hub.calling.features(by="endpoint")
    with pytest.raises(UsageError, match="521 is not from 1 to 520"):
        hub.calling.usage(weeks=521)
    with pytest.raises(StaleData, match="the newest call records are of 2026-11-18"):
        hub.calling.usage(max_age=timedelta(days=1))


def test_a_report_of_calls_is_written_into_a_folder(hub: Hub, tmp_path: Path) -> None:
    run = hub.reports.run("calling-by-customer", tmp_path, since=date(2026, 11, 8))

    assert (run.rows, run.since, run.until) == (2, date(2026, 11, 8), date(2026, 11, 14))
