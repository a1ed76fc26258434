"""``today``: who needs a person now, in words, the most urgent first."""

import pytest

from tests.commands.analytics import DELTA, analytics
from tests.conftest import Cli

__all__ = ["analytics"]


def test_the_most_urgent_come_first_with_their_reasons(analytics: Cli) -> None:
    result = analytics("today")

    assert result.stdout == (
        "score  customer      reasons                                                            since\n"
        "-----  ------------  -----------------------------------------------------------------  ----------\n"
        "117.2  Alfa Telecom  trial ends in 2 days with 5 licenses assigned; 1 more soon after   2026-11-15\n"
        "100.0  Echo          1 subscription is suspended                                        2026-11-15\n"
        " 36.0  Délta Foods   assigned 10 % of Meetings where the typical customer assigns 76 %  2026-11-15\n"
        "                     12 licenses bought, none of them assigned\n"
        "                     1 subscription is not fully set up\n"
        " 13.8  Charlie       6 licenses over the limit                                          2026-11-22\n"
        " 11.4  Bravo GmbH    no administrator signed in for 120 days                            2026-10-25\n"
        "\n"
        "data as of 2026-11-22\n"
    )


def test_reasons_are_broken_at_words_where_the_terminal_is_narrow(analytics: Cli) -> None:
    result = analytics("today", "--where", "delta", terminal=True)

    assert result.stdout == (
        "score  customer     reasons                                      since\n"
        "-----  -----------  -------------------------------------------  ----------\n"
        " 36.0  Délta Foods  assigned 10 % of Meetings where the typical  2026-11-15\n"
        "                      customer assigns 76 %\n"
        "                    12 licenses bought, none of them assigned\n"
        "                    1 subscription is not fully set up\n"
        "\n"
        "data as of 2026-11-22\n"
    )


def test_programs_get_codes_and_values(analytics: Cli) -> None:
    (found,) = analytics("today", "--where", "delta", "--json").json

    assert found == {
        "org_id": DELTA,
        "customer": "Délta Foods",
        "score": 36.0,
        "reasons": [
            {
                "code": "low_assignment",
                "text": "assigned 10 % of Meetings where the typical customer assigns 76 %",
                "value": 10.0,
            },
            {"code": "unassigned", "text": "12 licenses bought, none of them assigned", "value": 12},
            {"code": "order_setup", "text": "1 subscription is not fully set up", "value": 1},
        ],
        "since": "2026-11-15",
    }


def test_new_are_those_who_were_not_listed_the_day_before(analytics: Cli) -> None:
    # Charlie went over the limit with the file of 22 November
    found = analytics("today", "--new", "--as-of", "2026-11-22", "--json").json

    assert [one["customer"] for one in found] == ["Charlie"]
    assert analytics("today", "--new", "--json").json == []
    assert len(analytics("today", "--new", "--as-of", "2026-11-15", "--json").json) == 4


def test_a_region_and_a_limit_narrow_the_list(analytics: Cli) -> None:
    result = analytics("today", "--region", "EU", "--limit", "1", "-o", "csv", "--fields", "customer,score")

    assert result.lines == ["customer,score", "Délta Foods,36.0"]
    assert result.stderr == (
        "showing 1 of 2\n"
        "1 left out because region is unknown; import --region or customers set --region tells it\n"
    )


@pytest.mark.parametrize(
    ("setting", "value", "first"),
    [
        ("points_over_limit", "1000", "Charlie"),
        ("points_inactive", "1000", "Bravo GmbH"),
        ("points_order_setup", "200", "Délta Foods"),
        ("ending_days", "1", "Echo"),
    ],
)
def test_what_a_reason_is_worth_is_a_setting(analytics: Cli, setting: str, value: str, first: str) -> None:
    analytics("config", "set", f"today.{setting}", value)

    assert analytics("today", "--json").json[0]["customer"] == first


def test_nothing_pressing_is_an_empty_list(analytics: Cli) -> None:
    result = analytics("today", "--where", "nobody", "--json")

    assert (result.json, result.stderr) == ([], "")


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["--max-age", "0d"], 11, "error: the newest data is of 2026-11-22"),
        (["--where", "score:3"], 2, "error: there is no field 'score'\n  score:3\n  ^^^^^\n"),
        (["--sort", "reasons"], 2, "error: --sort: reasons is a list and has no order"),
        (["--fields", "why"], 2, "error: --fields: there is no field 'why'"),
    ],
)
def test_what_is_refused_leaves_stdout_empty(
    analytics: Cli, words: list[str], code: int, reason: str
) -> None:
    result = analytics("today", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)


def test_a_bad_number_of_points_is_refused(analytics: Cli) -> None:
    result = analytics("config", "set", "today.points_ending", "2000", expect=2)

    assert result.stderr == "error: today.points_ending: '2000' is not a number of points, 0 to 1000\n"
