"""``kpis`` at the command line: the dashboards, what programs get, what is refused (PH-K1 to PH-K7)."""

import pytest

from tests.commands.analytics import ALFA, CHARLIE, DELTA, analytics
from tests.conftest import Cli

__all__ = ["analytics"]


def test_kpis_alone_is_the_overview(analytics: Cli) -> None:
    result = analytics("kpis")

    assert result.stdout == (
        "License analytics, 90 days ahead\n"
        "Meetings and Calling · every region · as of 2026-11-23\n"
        "\n"
        "5                  1              1               1                 1\n"
        "total customers    near expiry    near renewal    low assignment    over limit\n"
        "\n"
        "data as of 2026-11-22\n"
    )
    assert analytics("kpis", "overview").stdout == result.stdout


def test_options_without_a_verb_are_the_overview_s(analytics: Cli) -> None:
    found = analytics("kpis", "--region", "EU", "--days", "30", "--json").json

    assert found == {
        "as_of": "2026-11-23",
        "region": "EU",
        "horizon_days": 30,
        "total_customers": 2,
        "near_expiry": 0,
        "near_renewal": 0,
        "low_assignment": 0,
        "over_limit": 0,
        "low_assignment_factor": 0.5,
        "data_as_of": "2026-11-22",
    }


def test_the_help_of_the_noun_is_still_there(cli: Cli) -> None:
    assert "Examples:\n  partnerctl kpis\n" in cli("kpis", "--help").stdout
    assert cli("kpis", "epxiring", expect=2).stderr == (
        "error: no such command: partnerctl kpis epxiring\nhint: did you mean expiring?\n"
    )


def test_a_section_reads_like_a_dashboard(analytics: Cli) -> None:
    result = analytics("kpis", "overage", terminal=True)

    assert result.stdout == (
        "Over the license limit\n"
        "Meetings and Calling · every region · as of 2026-11-23\n"
        "\n"
        "1            6                6.0\n"
        "customers    total overage    average overage\n"
        "\n"
        "Licenses over the limit, by customer\n"
        "customer  licenses over the limit\n"
        f"Charlie   {'█' * 68} 6\n"
        "\n"
        "customer  subscription_id  assigned  total  overage  used/assigned/available\n"
        "--------  ---------------  --------  -----  -------  ---------------------------\n"
        "Charlie   C1                     26     20        6  ################=====!!!!!!\n"
        "\n"
        "# used in 7 days   = assigned   ! over the limit   . available\n"
        "\n"
        "data as of 2026-11-22\n"
    )


def test_an_unknown_figure_is_a_dash_with_its_reason(analytics: Cli) -> None:
    result = analytics("kpis", "expiring")

    assert result.lines[3:5] == [
        "1            75.0 %      -                 65.0 %",
        "customers    assigned    used in 7 days    ever used",
    ]
    assert result.stderr == "used_7d is unknown for 1 of 2: licenses.csv tells it\n"


def test_json_is_one_object_with_the_kpis_and_the_rows(analytics: Cli) -> None:
    found = analytics("kpis", "low-assignment", "--json", "--product", "meetings").json

    assert found == {
        "section": "low-assignment",
        "product": "meetings",
        "as_of": "2026-11-23",
        "region": None,
        "horizon_days": None,
        "data_as_of": "2026-11-22",
        "kpis": {
            "customers": 1,
            "assigned_pct": 10.0,
            "used_when_assigned_pct": 5.0,
            "used_of_assigned_pct": 50.0,
            "unassigned_licenses": 36,
            "threshold_pct": 38.0,
        },
        "subscriptions": [
            {
                "customer": "Délta Foods",
                "org_id": DELTA,
                "subscription_id": "D1",
                "product": "meetings",
                "kind": "subscription",
                "region": "EU",
                "start_date": "2024-05-23",
                "end_date": "2028-05-22",
                "auto_renew": True,
                "total": 40,
                "assigned": 4,
                "used_7d": 2,
                "used_3m": 3,
                "used_ever": 4,
                "available": 36,
                "months_since_added": 30,
                "assigned_pct": 10.0,
                "threshold_pct": 38.0,
                "weekly_assigned_change": 1,
            }
        ],
    }


def test_fields_sort_and_limit_act_on_the_rows_alone(analytics: Cli) -> None:
    words = ("--fields", "subscription_id,total", "--sort", "-total", "--limit", "1")
    result = analytics("kpis", "expiring", *words, "--json")

    assert result.json["kpis"]["assigned_pct"] == 75.0
    assert result.json["subscriptions"] == [{"subscription_id": "A1", "total": 50}]
    assert result.stderr.startswith("showing 1 of 2\n")


def test_csv_holds_the_rows_and_with_kpis_one_row_of_them(analytics: Cli) -> None:
    rows = analytics("kpis", "added", "-o", "csv", "--fields", "customer,subscription_id,days_since_added")

    assert rows.lines == ["customer,subscription_id,days_since_added", "Alfa Telecom,A2,21", "Charlie,C1,83"]
    assert analytics("kpis", "added", "-o", "csv", "--kpis").lines == ["new_customers,total_licenses", "2,30"]
    assert analytics("kpis", "added", "-o", "jsonl", "--kpis").json == {
        "new_customers": 2,
        "total_licenses": 30,
    }
    assert "total licenses" in analytics("kpis", "added", "--kpis").stdout


def test_weekly_changes_compare_two_files(analytics: Cli) -> None:
    found = analytics("kpis", "added", "--json").json["subscriptions"]

    changes = {
        one["subscription_id"]: (one["weekly_assigned_change"], one["weekly_used_change"]) for one in found
    }
    assert changes == {"A2": (3, None), "C1": (6, 5)}


def test_a_day_in_the_past_knows_what_was_known_then(analytics: Cli) -> None:
    found = analytics("kpis", "overage", "--as-of", "2026-11-20", "--json").json

    assert (found["as_of"], found["data_as_of"]) == ("2026-11-20", "2026-11-15")
    assert found["kpis"] == {"customers": 0, "total_overage": 0, "average_overage": 0.0}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("product:calling", ["A2"]),
        ("total:20..", ["A1"]),
        ("kind:trial", ["A2"]),
        ("alfa", ["A2", "A1"]),
        ("-region:US", []),
        ("statuses:expiring_soon days_left:..5", ["A2"]),
    ],
)
def test_a_query_may_ask_for_what_the_rows_hold(analytics: Cli, query: str, ids: list[str]) -> None:
    found = analytics("kpis", "expiring", "--where", query, "--json").json["subscriptions"]

    assert [one["subscription_id"] for one in found] == ids


def test_who_has_no_region_is_counted_in_a_note(analytics: Cli) -> None:
    result = analytics("kpis", "overage", "--region", "EU", "-o", "csv", "--no-header")

    assert result.stdout == ""
    assert result.stderr == (
        "1 left out because region is unknown; import --region or customers set --region tells it\n"
    )


def test_the_trend_has_a_point_per_saturday_since_the_first_figure(analytics: Cli) -> None:
    found = analytics("kpis", "trend", "--as-of", "2026-11-30", "--json").json

    keys = ("week_ending", "total", "assigned", "used_7d", "used_ever", "customers")
    points = (("2026-11-21", 232, 133, 83, 129, 4), ("2026-11-28", 222, 142, 92, 131, 4))
    assert found == [dict(zip(keys, values, strict=True)) for values in points]


def test_the_trend_says_where_its_figures_are_old(analytics: Cli) -> None:
    result = analytics("kpis", "trend", "--as-of", "2026-12-20", "--weeks", "3", "-o", "csv")

    assert (
        result.stderr == "2026-12-12 to 2026-12-19 (2 points): the newest figures were older than 14 days\n"
    )


def test_the_trend_is_drawn_above_its_table(analytics: Cli) -> None:
    result = analytics("kpis", "trend", "--weeks", "2", "--region", "US")

    assert result.lines[:3] == [
        "License distribution trend",
        "Meetings and Calling · region US · as of 2026-11-21",
        "licenses",
    ]
    assert "o bought   x assigned   + used in 7 days   * ever used" in result.stdout
    assert result.lines[-3].split() == ["2026-11-21", "60", "40", "21", "36", "1"]


def test_a_chart_becomes_a_picture(analytics: Cli, home: object) -> None:
    from pathlib import Path

    pytest.importorskip("vl_convert")
    target = Path(str(home)).with_name("overage.svg")

    first = analytics("kpis", "overage", "--chart", target, "--json")
    taken = analytics("kpis", "overage", "--chart", target, "--json", expect=6)
    analytics("kpis", "trend", "--chart", target, "--overwrite", "-q")

    assert first.stderr == f"drawn: {target}\n"
    assert taken.stdout == ""
    assert f"{target} exists already" in taken.stderr
    assert "License distribution trend" in target.read_text(encoding="utf-8")


def test_nothing_to_draw_leaves_no_picture(analytics: Cli, home: object) -> None:
    from pathlib import Path

    target = Path(str(home)).with_name("none.svg")
    result = analytics("kpis", "renewing", "--days", "1", "--chart", target, "-o", "csv", "--no-header")

    assert (result.stdout, target.exists()) == ("", False)
    assert result.stderr == f"nothing to draw: {target} was not written\n"


def test_renewal_dates_that_passed_since_the_newest_file_are_counted(analytics: Cli) -> None:
    result = analytics("kpis", "renewing", "--as-of", "2027-02-01", "--json")

    assert result.json["subscriptions"] == []
    assert result.stderr == (
        "1 auto-renewing subscription had a renewal date since the newest file, of 2026-11-22: import again\n"
    )


def test_the_factor_of_low_assignment_is_a_setting(analytics: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_KPIS_LOW_ASSIGNMENT_FACTOR", "0.96")

    found = analytics("kpis", "low-assignment", "--product", "meetings", "--json").json

    assert found["kpis"]["threshold_pct"] == 73.0  # 0.96 x 76 % is 72.96 %
    assert [one["subscription_id"] for one in found["subscriptions"]] == ["D1", "B1"]


def test_a_check_that_holds_says_so_and_exits_0(analytics: Cli) -> None:
    result = analytics("kpis", "check", "near_expiry<=1", "over_limit!=0", "renewing.assigned_pct >= 72%")

    assert (result.stdout, result.stderr) == ("", "all 3 hold\n")
    assert analytics("kpis", "check", "near_expiry=1", "--json").json == []


def test_a_check_prints_what_failed_and_exits_10(analytics: Cli) -> None:
    conditions = ("near_expiry<=1", "over_limit=0", "expiring.used_pct>1", "unassigned.customers < 1")
    result = analytics("kpis", "check", *conditions, "--json", expect=10)

    assert result.json == [
        {"condition": "over_limit=0", "figure": "over_limit", "value": 1, "reason": "over_limit is 1"},
        {
            "condition": "expiring.used_pct>1",
            "figure": "expiring.used_pct",
            "value": None,
            "reason": "expiring.used_pct is unknown; used_7d is unknown for 1 of 2: licenses.csv tells it",
        },
        {
            "condition": "unassigned.customers < 1",
            "figure": "unassigned.customers",
            "value": 1,
            "reason": "unassigned.customers is 1",
        },
    ]


def test_a_check_takes_the_options_of_the_analytics(analytics: Cli) -> None:
    analytics("kpis", "check", "total_customers=2", "near_renewal=0", "--region", "EU", "--days", "30")
    analytics("kpis", "check", "low_assignment.threshold_pct=38", "--product", "meetings")
    failed = analytics("kpis", "check", "low-assignment.threshold_pct=38", "--product", "calling", expect=10)

    assert "low-assignment.threshold_pct is unknown; there is nothing to work it out from" in failed.stdout


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (
            ["check", "over_limit"],
            2,
            "error: 'over_limit' is not a condition\nhint: write it as",
        ),
        (
            ["check", "near_expriy=0"],
            2,
            "error: 'near_expriy=0': there is no KPI 'near_expriy'\nhint: did",
        ),
        (
            ["check", "ending.customers=0"],
            2,
            "error: there is no section 'ending'\nhint: choose from: added",
        ),
        (
            ["check", "added.customers=0"],
            2,
            "error: 'added.customers=0': there is no KPI 'customers'",
        ),
        (["check"], 2, "error: missing argument"),
        (["overage", "--days", "30"], 2, "error: no such option '--days'"),
        (["expiring", "--product", "messaging"], 2, "error: invalid value for '--product'"),
        (["expiring", "--where", "tier:gold"], 2, "error: there is no field 'tier'\n  tier:gold\n  ^^^^\n"),
        (["expiring", "--fields", "left"], 2, "error: --fields: there is no field 'left'"),
        (["expiring", "--sort", "left"], 2, "error: --sort: there is no field 'left' to sort by"),
        (["expiring", "--max-age", "0d"], 11, "error: the newest data is of 2026-11-22"),
        (["overview", "--max-age", "0d"], 11, "error: the newest data is of 2026-11-22"),
        (["trend", "--max-age", "0d"], 11, "error: the newest data is of 2026-11-22"),
        (["trend", "--weeks", "0"], 2, "error: invalid value for '--weeks'"),
        (
            ["trend", "--chart", "trend.gif"],
            2,
            "error: --chart: trend.gif is no kind of picture\nhint: let",
        ),
        (["trend", "--chart", "no/such/trend.svg"], 2, "error: there is no folder no/such"),
    ],
)
def test_what_is_refused_leaves_stdout_empty(
    analytics: Cli, words: list[str], code: int, reason: str
) -> None:
    result = analytics("kpis", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)


def test_before_anything_was_known_everything_is_empty(analytics: Cli) -> None:
    early = ("--as-of", "2026-01-01")

    assert analytics("kpis", *early, "--json").json["total_customers"] == 0
    result = analytics("kpis", "expiring", *early, "--json")
    assert (result.json["subscriptions"], result.json["data_as_of"]) == ([], None)
    assert result.stderr == "nothing was known on 2026-01-01\n"
    assert analytics("kpis", "trend", *early, "--json").json == []


def test_an_empty_store_says_what_to_do(cli: Cli) -> None:
    for words in (["kpis"], ["kpis", "overage"], ["kpis", "trend"], ["today"]):
        result = cli(*words, "--json")

        assert result.stderr.endswith(
            "the store is empty\nimport a report: partnerctl import FILE\nsee made data: partnerctl demo\n"
        )


def test_ids_of_the_estate_are_as_the_rows_say(analytics: Cli) -> None:
    found = analytics("kpis", "expiring", "--json").json["subscriptions"]

    assert {one["org_id"] for one in found} == {ALFA}
    assert analytics("kpis", "overage", "--json").json["subscriptions"][0]["org_id"] == CHARLIE
