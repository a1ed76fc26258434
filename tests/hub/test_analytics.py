"""The analytics from Python: the same answers as the command line's, each with a frame."""

from datetime import UTC, date, datetime

import pytest

from partnerctl import open_hub
from partnerctl.clock import FixedClock
from partnerctl.errors import UsageError
from partnerctl.hub import Hub
from tests.commands.analytics import analytics
from tests.conftest import Cli

__all__ = ["analytics"]


@pytest.fixture
def hub(analytics: Cli) -> Hub:
    """Return the hub over the store of the five customers."""
    return open_hub(clock=FixedClock(datetime(2026, 11, 23, 12, tzinfo=UTC)))


def test_the_overview_is_a_record_and_a_frame_of_one_row(hub: Hub) -> None:
    page = hub.kpis.overview(region="EU")

    assert (page.record.total_customers, page.record.low_assignment) == (2, 0)
    frame = page.to_frame()
    assert frame[["total_customers", "horizon_days"]].values.tolist() == [[2, 90]]


def test_a_section_is_a_record_and_a_frame_of_its_rows(hub: Hub) -> None:
    page = hub.kpis.section("expiring", days=5)

    assert page.record.horizon_days == 5
    frame = page.to_frame()
    assert frame["subscription_id"].tolist() == ["A2"]
    assert frame.dtypes["used_7d"].name == "Int64"  # unknown stays unknown, numbers stay whole
    assert frame["end_date"].tolist() == [date(2026, 11, 25)]


def test_the_trend_is_a_frame_of_weeks(hub: Hub) -> None:
    frame = hub.kpis.trend(product="meetings", as_of=date(2026, 11, 30)).to_frame()

    assert frame["week_ending"].tolist() == [date(2026, 11, 21), date(2026, 11, 28)]
    assert frame["assigned"].tolist() == [131, 142]


def test_a_check_tells_what_does_not_hold(hub: Hub) -> None:
    found = hub.kpis.check("over_limit=0", "total_customers=5")

    assert [one.figure for one in found.failed] == ["over_limit"]


def test_today_is_a_list_and_a_frame(hub: Hub) -> None:
    found = hub.today(limit=2)

    assert [one.customer for one in found.records] == ["Alfa Telecom", "Echo"]
    assert found.to_frame()["score"].tolist() == [117.2, 100.0]
    assert tuple(hub.today(new=True).records) == ()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"product": "messaging"}, "there is no product family 'messaging'"),
        ({"days": -1}, "-1 days are fewer than none"),
    ],
)
def test_what_is_refused_says_why(hub: Hub, options: dict[str, object], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        hub.kpis.section("expiring", **options)  # type: ignore[arg-type]


def test_a_horizon_where_there_is_none_is_refused(hub: Hub) -> None:
    with pytest.raises(UsageError, match="overage has no horizon"):
        hub.kpis.section("overage", days=30)
