"""The edges of the license analytics by name: what ``kpis.md`` says of each, worked out by hand.

Every test asks the program, and the oracle of the random comparisons too, which so is tested itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from partnerctl.errors import UsageError
from tests.services.kpi_oracle import Oracle
from tests.services.kpi_oracle_units import Inquiry
from tests.services.kpi_stores import TODAY as DAY
from tests.services.kpi_stores import Program, days, ended, of, one, row, sub, taken, units
from tests.stores.said import Said, told

Ask = Callable[..., Any]


@pytest.fixture(params=["program", "oracle"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Return what answers for files, an inquiry in keywords; as_of is DAY, a Monday, if not among them."""

    def about(*files: Said, **inquiry: Any) -> Program | Oracle:
        asked = Inquiry(**{"today": DAY, "as_of": DAY, **inquiry})
        return Program(told(files), asked) if request.param == "program" else Oracle(files, asked)

    return about


def ids(section: dict[str, Any]) -> list[str]:
    """Return the subscriptions that a section lists."""
    return [row["subscription_id"] for row in section["subscriptions"]]


def first(section: dict[str, Any], *fields: str) -> tuple[Any, ...]:
    """Return some fields of the first row of a section."""
    return tuple(section["subscriptions"][0][field] for field in fields)


# Running, expiring, renewing


@pytest.mark.parametrize(("left", "listed"), [(-1, False), (0, True), (90, True), (91, False)])
@pytest.mark.parametrize("renews", [0, 1, None])
def test_the_horizon_includes_today_and_day_90(ask: Ask, left: int, listed: bool, renews: int | None) -> None:
    about = ask(one(row(10, 5), end_date=days(left), auto_renew=renews))
    here, there = ("renewing", "expiring") if renews else ("expiring", "renewing")

    assert [r["days_left"] for r in about.section(here)["subscriptions"]] == [left] * listed
    assert ids(about.section(there)) == []
    near = about.overview()
    assert near["near_expiry"] == (listed and not renews)
    assert near["near_renewal"] == (listed and bool(renews))


def test_days_change_the_horizon(ask: Ask) -> None:
    about = ask(one(row(10, 5), end_date=days(8)), days=7)

    assert ids(about.section("expiring")) == []
    assert (about.section("expiring")["horizon_days"], about.overview()["horizon_days"]) == (7, 7)


@pytest.mark.parametrize("name", ["low-assignment", "unassigned", "overage"])
def test_a_section_without_a_horizon_takes_no_days(name: str) -> None:
    assert Program(told([]), Inquiry(DAY)).section(name)["horizon_days"] is None
    with pytest.raises(UsageError):
        Program(told([]), Inquiry(DAY, days=7)).section(name)


def test_a_trial_never_auto_renews_whatever_its_row_says(ask: Ask) -> None:
    about = ask(one(row(10, 5), kind="trial", end_date=days(3), auto_renew=1))

    assert first(about.section("expiring"), "kind", "auto_renew", "days_left") == ("trial", True, 3)
    assert ids(about.section("renewing")) == []


def test_what_starts_today_runs(ask: Ask) -> None:
    section = ask(one(row(10, 5), start_date=days(0))).section("added")

    assert first(section, "days_since_added", "added_basis") == (0, "start_date")
    assert section["kpis"] == {"new_customers": 1, "total_licenses": 10}


@pytest.mark.parametrize(("since", "listed"), [(90, ["s1"]), (91, [])])
def test_added_within_90_days(ask: Ask, since: int, listed: list[str]) -> None:
    assert ids(ask(one(row(10, 5), start_date=days(-since))).section("added")) == listed


@pytest.mark.parametrize(
    "cells",
    [
        {"start_date": days(1)},
        {"start_date": days(5), "end_date": days(-5)},
        {"start_date": days(0), "end_date": days(-1)},
        *({"status": s} for s in ("suspended", "expired", "cancelled", "pending_setup", "other", None)),
    ],
)
def test_what_does_not_run_counts_in_total_customers_alone(ask: Ask, cells: dict[str, Any]) -> None:
    about = ask(one(row(10, 12), **cells))

    assert about.overview()["total_customers"] == 1
    assert about.overview()["over_limit"] == 0
    assert [ids(about.section(s)) for s in ("added", "expiring", "overage")] == [[], [], []]


# Units and their figures


def test_a_row_of_zeros_is_no_unit(ask: Ask) -> None:
    about = ask(one(row(0, 0), start_date=days(-1)))

    assert about.overview()["total_customers"] == 0
    assert ids(about.section("added")) == []


def test_a_row_of_zeros_beside_others_is_part_of_the_unit(ask: Ask) -> None:
    rows = {"s1 calling_professional": row(4, 9, 3), "s1 calling_standard": row(0, 0, None)}
    section = ask(of(days(0), {"s1": sub()}, rows)).section("overage")

    assert first(section, "product", "total", "assigned", "used_7d") == ("calling", 4, 9, None)


def test_total_0_has_no_percentages_and_nothing_available(ask: Ask) -> None:
    section = ask(one(row(0, 2, 1))).section("overage")

    assert first(section, "available", "assigned_pct", "used_pct", "overage") == (0, None, None, 2)


def test_a_customer_with_only_messaging_is_outside(ask: Ask) -> None:
    file = of(days(0), {"s1": sub(start_date=days(-1))}, {"s1": row(5, 9)}, "messaging")

    assert ask(file).overview()["total_customers"] == 0
    assert ask(file).trend(3) == []


def test_an_ended_row_is_no_unit(ask: Ask) -> None:
    files = (of(days(-3), {"s1": sub()}, {"s1": row(5, 9)}), of(days(0), {}, {"s1": ended()}))

    assert ask(*files).overview()["total_customers"] == 0
    assert ask(*files, as_of=DAY - timedelta(days=1)).overview()["over_limit"] == 1


def test_an_unknown_figure_in_one_of_three_rows_hides_the_sum_alone(ask: Ask) -> None:
    soon = {f"s{n}": sub(f"o{n}", end_date=days(5)) for n in (1, 2, 3)}
    rows = {"s1": row(10, 5, 1, 7), "s2": row(10, 5, None, 7), "s3": row(20, 5, 3, 7)}
    section = ask(of(days(0), soon, rows)).section("expiring")

    assert section["kpis"] == {"customers": 3, "assigned_pct": 37.5, "used_pct": None, "used_ever_pct": 52.5}
    assert [r["used_7d"] for r in section["subscriptions"]] == [1, None, 3]


def test_figures_of_different_days_are_added_up_across_products(ask: Ask) -> None:
    older = of(
        days(-30), {"s1": sub()}, {"s1 calling_professional": row(5, 6, 1), "s1 calling_standard": row(1, 1)}
    )
    newer = of(days(-1), {}, {"s1 calling_standard": row(3, 4, 2)})
    section = ask(older, newer).section("overage")

    assert first(section, "total", "assigned", "used_7d", "overage") == (8, 10, 3, 2)


def test_a_figure_is_never_carried_over_from_an_older_day(ask: Ask) -> None:
    older = of(days(-3), {"s1": sub()}, {"s1": row(5, 6, 4)})
    newer = Said(days(0), {"licenses": {("s1", "meetings"): {"total": 5, "assigned": 7, "ended": 0}}})

    assert first(ask(older, newer).section("overage"), "assigned", "used_7d") == (7, None)


def test_figures_may_be_older_than_all_else(ask: Ask) -> None:
    named = of(days(-1), {"s1": sub(end_date=days(2))}, {})
    figures = of(days(-50), {}, {"s1": row(5, 6)})
    long_ago = DAY - timedelta(days=40)

    assert first(ask(named, figures).section("expiring"), "total", "days_left") == (5, 2)
    then = ask(named, figures, as_of=long_ago).overview()
    assert (then["total_customers"], then["near_expiry"], then["over_limit"]) == (1, 1, 1)
    assert then["data_as_of"] == DAY - timedelta(days=50)


def test_regions_mixed_and_unknown(ask: Ask) -> None:
    subs = {"s1": sub("o1"), "s2": sub("o2"), "s3": sub("o3")}
    said = of(days(-9), subs, dict.fromkeys(subs, row(1, 3)), regions={"o1": "US", "o2": None})
    later = of(days(0), {}, {}, regions={"o3": "EU"})

    def over(*region: str) -> list[str]:
        return ids(ask(said, later, region=region, as_of=DAY - timedelta(days=1)).section("overage"))

    assert (over("US"), over("EU"), over("unknown")) == (["s1"], ["s3"], ["s2"])
    assert over("unknown", "US") == ["s1", "s2"]
    assert ask(said, region=("EU", "US")).overview()["region"] == "EU,US"


# Low assignment, unassigned, overage


def test_fewer_than_4_units_with_a_total_have_no_threshold(ask: Ask) -> None:
    section = ask(units(row(10, 0), row(10, 9), row(10, 9), row(0, 3)), product="meetings").section(
        "low-assignment"
    )

    assert (section["kpis"]["threshold_pct"], ids(section)) == (None, [])


def test_an_unknown_assigned_counts_among_the_4_but_not_in_the_median(ask: Ask) -> None:
    section = ask(units(row(10, 1), row(10, 8), row(10, 9), row(10, None)), product="meetings").section(
        "low-assignment"
    )

    assert (section["kpis"]["threshold_pct"], ids(section)) == (40.0, ["s1"])


@pytest.mark.parametrize(
    ("factor", "low"), [("0.5", ["s2"]), ("1", ["s2", "s1"]), ("0.375", []), ("0.3751", ["s2"])]
)
def test_a_ratio_on_the_threshold_is_not_low(ask: Ask, factor: str, low: list[str]) -> None:
    about = ask(units(row(10, 1), row(40, 3), row(10, 2), row(10, 2), row(10, 9)), factor=factor)

    assert ids(about.section("low-assignment")) == low


def test_the_median_of_an_even_count_is_the_mean_of_the_middle_two(ask: Ask) -> None:
    file = units(row(10, 1, 1), row(10, 2), row(10, 4), row(10, 9))

    assert ask(file, product="meetings").section("low-assignment")["kpis"] == {
        "customers": 1,
        "assigned_pct": 10.0,
        "used_when_assigned_pct": 10.0,
        "used_of_assigned_pct": 100.0,
        "unassigned_licenses": 9,
        "threshold_pct": 15.0,
    }
    of_all = ask(file).section("low-assignment")
    assert of_all["kpis"]["threshold_pct"] is None
    assert first(of_all, "threshold_pct", "assigned_pct") == (15.0, 10.0)


def test_the_largest_of_what_nobody_has_comes_first(ask: Ask) -> None:
    section = ask(units(row(5, 0), row(7, 0), row(5, 0), row(9, None), row(0, 0))).section("unassigned")

    assert ids(section) == ["s2", "s1", "s3"]
    assert section["kpis"] == {"customers": 3, "unassigned_licenses": 17}


@pytest.mark.parametrize(
    ("overages", "average"), [((1, 1, 1, 2), 1.2), ((1, 2, 2, 2), 1.8), ((4, 2), 3.0), ((), 0.0)]
)
def test_the_average_overage_is_rounded_half_to_even(
    ask: Ask, overages: tuple[int, ...], average: float
) -> None:
    section = ask(units(row(5, 5), *(row(5, 5 + over) for over in overages))).section("overage")

    assert list(section["kpis"].values()) == [len(overages), sum(overages), average]


@pytest.mark.parametrize(
    ("assigned", "total", "printed"), [(1, 16, "6.2"), (3, 16, "18.8"), (1, 3, "33.3"), (2, 1, "200.0")]
)
def test_percentages_are_rounded_half_to_even(ask: Ask, assigned: int, total: int, printed: str) -> None:
    kpis = ask(one(row(total, assigned), end_date=days(1))).section("expiring")["kpis"]

    assert str(kpis["assigned_pct"]) == printed


def test_equals_are_in_the_order_of_name_id_and_product(ask: Ask) -> None:
    subs = {"s3": sub("o1"), "s2": sub("o2"), "s1": sub("o9")}
    rows = {f"{one} {product}": row(1, 2) for one in subs for product in ("meetings", "calling_standard")}
    section = ask(of(days(0), subs, rows, regions={"o1": None, "o2": None})).section("overage")

    assert [(r["subscription_id"], r["product"]) for r in section["subscriptions"]] == [
        (one, product) for one in ("s3", "s2", "s1") for product in ("calling", "meetings")
    ]
    assert section["kpis"]["customers"] == 3


# Days and changes


@pytest.mark.parametrize(
    ("start", "day", "months"),
    [
        ("2026-10-23", "2026-11-23", 1),
        ("2026-10-24", "2026-11-23", 0),
        ("2024-02-29", "2025-02-27", 11),
        ("2024-02-29", "2025-02-28", 12),  # a year later there is no 29th: the month's last day completes it
        ("2026-01-31", "2026-02-28", 1),
        (None, "2026-11-23", None),
    ],
)
def test_months_are_whole_calendar_months(ask: Ask, start: str | None, day: str, months: int | None) -> None:
    file = of("2024-01-01", {"s1": sub(start_date=start)}, {"s1": row(5, 0)})
    section = ask(file, as_of=date.fromisoformat(day)).section("unassigned")

    assert first(section, "months_since_added") == (months,)


@pytest.mark.parametrize(("end", "left"), [("2027-01-22", 1), ("2027-01-23", 2), (None, None)])
def test_months_left(ask: Ask, end: str | None, left: int | None) -> None:
    assert first(ask(one(row(1, 2), end_date=end)).section("overage"), "months_left") == (left,)


def test_without_a_start_what_came_after_the_first_day_was_added_when_first_seen(ask: Ask) -> None:
    begun = of(days(-20), {"s1": sub(start_date=None)}, {"s1": row(5, 0)})
    later = of(days(-4), {"s1": sub(start_date=None), "s2": sub("o2", start_date=None)}, {"s2": row(5, 0)})
    section = ask(begun, later).section("added")

    assert ids(section) == ["s2"]
    assert first(section, "days_since_added", "added_basis") == (4, "first_seen")
    rows = ask(begun, later).section("unassigned")["subscriptions"]
    assert [one["months_since_added"] for one in rows] == [None, 0]


def change(ask: Ask, *files: Said) -> tuple[Any, ...]:
    return first(ask(*files).section("added"), "weekly_assigned_change", "weekly_used_change")


@pytest.mark.parametrize(
    ("before", "now", "expected"), [(-7, 0, (3, -1)), (-30, -6, (3, -1)), (-6, 0, (None, None))]
)
def test_a_weekly_change_needs_figures_of_both_sides(
    ask: Ask, before: int, now: int, expected: tuple[int | None, ...]
) -> None:
    assert change(ask, taken(before, row(9, 2, 2)), taken(now, row(9, 5, 1))) == expected


def test_one_snapshot_or_none_within_the_week_says_no_change(ask: Ask) -> None:
    assert change(ask, taken(0, row(9, 5))) == (None, None)
    assert change(ask, taken(-9, row(9, 2)), taken(-7, row(9, 5))) == (None, None)


def test_the_same_figures_again_are_a_change_of_0(ask: Ask) -> None:
    assert change(ask, taken(-7, row(9, 2, 1)), taken(0, row(9, 2, 1))) == (0, 0)


def test_an_unknown_figure_hides_its_own_change_alone(ask: Ask) -> None:
    assert change(ask, taken(-7, row(9, 2, None)), taken(0, row(9, 5, 1))) == (3, None)


def test_a_row_that_stands_in_only_one_snapshot_hides_the_change(ask: Ask) -> None:
    before = taken(-8, row(9, 2), "calling_standard")
    now = taken(0, row(9, 5), "calling_standard")

    assert change(ask, before, now) == (3, 0)
    assert change(ask, before, now, taken(-1, row(0, 0), "calling_professional")) == (None, None)
    gone = (taken(-9, row(1, 1), "calling_professional"), taken(-2, ended(), "calling_professional"))
    assert change(ask, before, now, *gone) == (None, None)


def test_figures_of_another_product_show_that_figures_were_taken(ask: Ask) -> None:
    assert change(ask, taken(-8, row(9, 2)), taken(-1, row(1, 1), "messaging")) == (0, 0)


def test_the_mark_that_ends_a_row_is_no_figure(ask: Ask) -> None:
    standing = (taken(-8, row(9, 2)), taken(-9, row(1, 1), "messaging"))
    points = ask(taken(-30, ended()), taken(-9, row(9, 2))).trend(26)

    assert change(ask, *standing, taken(-1, ended(), "messaging")) == (None, None)
    assert [(point["week_ending"].day, point["total"]) for point in points] == [(14, 9), (21, 9)]


# The trend


def test_the_trend_tells_each_saturday_what_was_known_on_it(ask: Ask) -> None:
    files = (
        of(days(-12), {"s1": sub(end_date=days(-5))}, {"s1": row(5, 2, None, 1)}, regions={"o1": None}),
        of(days(-9), {"s2": sub("o1")}, {"s2": row(1, 1, 1, 1)}),
        of(days(-1), {"s2": sub("o1")}, {"s2": row(7, 3, 2, 3)}, regions={"o1": "EU"}),
    )
    points: list[dict[str, Any]] = ask(*files, region=("EU",)).trend(26)

    assert [tuple(point.values()) for point in points] == [
        (date(2026, 11, 14), 6, 3, None, 2, 1),
        (date(2026, 11, 21), 1, 1, 1, 1, 1),
    ]


@pytest.mark.parametrize(
    ("region", "total"), [(("unknown",), 1), (("unknown", "EU"), 3), (("EU",), 2), (("AE",), 0), ((), 7)]
)
def test_the_trend_of_a_region(ask: Ask, region: tuple[str, ...], total: int) -> None:
    subs = {f"s{n}": sub(f"o{n}") for n in (1, 2, 4)}
    rows = {f"s{n}": row(n, 1) for n in (1, 2, 4)}
    file = of(days(-9), subs, rows, regions={"o1": None, "o2": "EU", "o4": "US"})

    assert [point["total"] for point in ask(file, region=region).trend(1)] == [total]


def test_the_trend_includes_a_saturday_asked_for_and_no_more_weeks_than_that(ask: Ask) -> None:
    file = of("2026-10-01", {"s1": sub()}, {"s1": row(5, 2)}, regions={"o1": "US"})
    points = ask(file, as_of=date(2026, 11, 21)).trend(2)

    assert [point["week_ending"] for point in points] == [date(2026, 11, 14), date(2026, 11, 21)]
    assert ask(file, as_of=date(2026, 11, 21), product="calling").trend(2) == []
