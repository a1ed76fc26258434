"""Charts of calling analytics: which values their bars have, and of which rows (PH-L2, PH-L3, PH-L5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from partnerctl.domain.calling.place import CallingPlace
from partnerctl.domain.records import CallingEndpoint, CallingFeature, CallingQuality
from partnerctl.output.chart import BarChart, Series
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.services.calling.asking import Span
from partnerctl.services.calling.charts import (
    chart_of,
    endpoints_chart,
    features_chart,
    quality_chart,
    subtitle,
    weekly_span,
)
from partnerctl.services.questions import Asked
from partnerctl.stores.contract import Store

TODAY = date(2026, 11, 23)
FIRST, SECOND, THIRD = date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)


def quality(week: date, good: int, poor: int, unknown: int) -> CallingQuality:
    legs = good + poor + unknown
    return CallingQuality(week, None, None, None, None, legs, good, poor, unknown, None, 0, 0, 0, 0)


def endpoint(kind: str, good: int, poor: int, unknown: int, week: date = THIRD) -> CallingEndpoint:
    return CallingEndpoint(week, None, None, None, kind, 99, None, 1.0, 1, good, poor, unknown, None)


def feature(name: str, calls: int, customer: str | None = None) -> CallingFeature:
    return CallingFeature(THIRD, customer, None, None, name, calls, calls * 2)


def test_quality_has_a_bar_for_each_week_and_unknown_is_no_part_of_good() -> None:
    rows = [quality(FIRST, 5, 1, 4), quality(THIRD, 0, 0, 7)]

    assert quality_chart(rows, (FIRST, SECOND, THIRD), ("EU", "US")) == BarChart(
        "Call quality, by week",
        "2026-11-01 to 2026-11-21 · region EU,US",
        "legs",
        "week, poor",
        ("2026-11-01, 16.7 %", "2026-11-08", "2026-11-15"),
        (
            Series("good", (5, None, 0)),
            Series("poor", (1, None, 0)),
            Series("unknown", (4, None, 7)),
        ),
    )


def test_endpoints_are_added_up_over_weeks_the_most_first() -> None:
    rows = [
        endpoint("app", 1, 0, 2),
        endpoint("analog", 0, 0, 0),
        endpoint("desk_phone", 5, 1, 0),
        endpoint("app", 2, 1, 3, SECOND),
    ]

    chart = endpoints_chart(rows, (SECOND, THIRD))

    assert chart is not None
    assert (chart.labels, chart.horizontal) == (("app, 25.0 %", "desk_phone, 16.7 %"), True)
    assert [(one.name, one.values) for one in chart.series] == [
        ("good", (3, 5)),
        ("poor", (1, 1)),
        ("unknown", (5, 0)),
    ]


def test_bars_of_what_nobody_measured_say_nothing_of_poor() -> None:
    by_week = quality_chart([quality(THIRD, 0, 0, 7)], (THIRD,))
    by_type = endpoints_chart([endpoint("app", 0, 0, 7), endpoint("sip", 2, 0, 0)], (THIRD,))

    assert by_week is not None
    assert by_type is not None
    assert (by_week.label, by_week.labels) == ("week", ("2026-11-15",))
    assert (by_type.label, by_type.labels) == ("endpoint, poor", ("app", "sip, 0.0 %"))


def test_features_are_added_up_over_customers() -> None:
    rows = [feature("voicemail", 2, "Alfa"), feature("paging", 3, "Alfa"), feature("voicemail", 4, "Bravo")]

    chart = features_chart(rows, (THIRD,))

    assert chart is not None
    assert chart.labels == ("voicemail", "paging")
    assert chart.series == (Series("calls", (6, 3)),)


def test_nothing_is_drawn_of_nothing() -> None:
    assert quality_chart([], (THIRD,)) is None
    assert endpoints_chart([endpoint("analog", 0, 0, 0)], (THIRD,)) is None
    assert features_chart([], (THIRD,)) is None


def test_a_subtitle_says_which_days_and_where() -> None:
    assert subtitle((THIRD,), ()) == "2026-11-15 to 2026-11-21 · every region"


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        (Span(), Span(None, 8, "week")),
        (Span(SECOND, 3, "endpoint"), Span(SECOND, 8, "week")),
        (Span(None, 12), Span(None, 12, "week")),
        (Span(SECOND, 2, "week"), Span(SECOND, 2, "week")),
    ],
)
def test_quality_is_drawn_over_8_weeks_at_least_unless_somebody_asks_for_weeks(
    asked: Span, drawn: Span
) -> None:
    assert weekly_span(asked) == drawn


class Counting:
    """A service that remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[tuple[Asked, Span]] = []

    def __call__(self, store: Store, place: CallingPlace, asked: Asked, span: Span) -> Answer[CallingQuality]:
        self.heard.append((asked, span))
        rows = [quality(SECOND, 1, 2, 3), quality(THIRD, 4, 5, 6)]
        return arranged(CallingQuality, rows, asked.sort, asked.limit)


def drawn(service: Counting, asked: Asked, span: Span, store: Store, place: CallingPlace) -> BarChart | None:
    """Return the chart of what the service was asked once before."""
    shown = service(store, place, asked, span)
    return chart_of("quality", service, store, place, asked, span, shown)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> CallingPlace:
    return CallingPlace(tmp_path_factory.mktemp("calling"))


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    from partnerctl.stores.opening import open_store

    path = tmp_path_factory.mktemp("store") / "none.db"
    return open_store(f"sqlite:///{path}", wait=0, create=False, at="2026-11-23T12:00:00Z")


def test_rows_that_are_all_there_are_not_counted_again(store: Store, place: CallingPlace) -> None:
    service = Counting()

    chart = drawn(service, Asked(TODAY, sort=("-poor",)), Span(None, 2, "week"), store, place)

    assert chart is not None
    assert chart.labels == ("2026-11-08, 66.7 %", "2026-11-15, 55.6 %")
    assert len(service.heard) == 1


def test_a_chart_is_of_every_row_and_of_the_weeks(store: Store, place: CallingPlace) -> None:
    service = Counting()
    asked = Asked(TODAY, region=("EU",), sort=("-poor",), limit=1)

    chart = drawn(service, asked, Span(None, 2, "week"), store, place)
    other = drawn(service, replace(asked, limit=None), Span(by="customer"), store, place)

    assert chart is not None
    assert other is not None
    assert chart.series[0].values == (1, 4)
    assert other.labels[0] == "2026-09-27"
    whole = replace(asked, sort=(), limit=None)
    assert [service.heard[at] for at in (1, 3)] == [
        (whole, Span(None, 2, "week")),
        (whole, Span(None, 8, "week")),
    ]
