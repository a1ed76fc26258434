"""``tags``: read, changed and written whole, within the limits, one by one and in bulk (PH-T1, PH-T2)."""

import json

import pytest

from tests.commands.analytics import ALFA, BRAVO, CHARLIE, DELTA, ECHO, analytics
from tests.conftest import Cli

__all__ = ["analytics"]


def tags(cli: Cli) -> dict[str, list[str]]:
    """Return the tags of every customer that has any."""
    return {one["name"]: one["tags"] for one in cli("customers", "list", "--json").json if one["tags"]}


def test_tags_are_added_and_printed(analytics: Cli) -> None:
    result = analytics("tags", "add", "alfa telecom", " Gold ", "renewals", "--json")

    assert result.json == {
        "org_id": ALFA,
        "customer": "Alfa Telecom",
        "subscription_id": None,
        "tags": ["Gold", "renewals"],
    }
    assert result.stderr == "changed 1 object; take it back with: partnerctl undo 7\n"
    assert analytics("tags", "list", "--json").json == [
        {"tag": "Gold", "customers": 1, "subscriptions": 0},
        {"tag": "renewals", "customers": 1, "subscriptions": 0},
    ]


def test_the_first_spelling_of_a_tag_wins(analytics: Cli) -> None:
    analytics("tags", "add", "Alfa Telecom", "Gold")
    again = analytics("tags", "add", "Alfa Telecom", "GOLD")
    analytics("tags", "add", "Charlie", "gold")

    assert again.stderr == "nothing to change: it is so already\n"
    assert tags(analytics) == {"Alfa Telecom": ["Gold"], "Charlie": ["Gold"]}


def test_tags_are_removed_and_one_that_nobody_carries_is_gone(analytics: Cli) -> None:
    analytics("tags", "add", "Charlie", "Gold", "vip")
    analytics("tags", "remove", "Charlie", "gold", "never-there")

    assert tags(analytics) == {"Charlie": ["vip"]}
    assert [one["tag"] for one in analytics("tags", "list", "--json").json] == ["vip"]


def test_set_puts_tags_in_the_place_of_all_and_clears_without_any(analytics: Cli) -> None:
    analytics("tags", "add", "Charlie", "Gold", "vip")

    assert analytics("tags", "set", "Charlie", "GOLD", "new", "--json").json["tags"] == ["Gold", "new"]
    assert analytics("tags", "set", "Charlie", "--json").json["tags"] == []


def test_a_subscription_has_tags_of_its_own(analytics: Cli) -> None:
    analytics("tags", "add", "Alfa Telecom", "gold")
    result = analytics("tags", "add", "--subscription", "a1", "renewals", "--json")

    assert (result.json["subscription_id"], result.json["tags"]) == ("A1", ["renewals"])
    assert tags(analytics) == {"Alfa Telecom": ["gold"]}
    assert analytics("subscriptions", "show", "A1", "--json").json["tags"] == ["renewals"]


def test_a_dry_run_prints_the_plan_and_changes_nothing(analytics: Cli) -> None:
    result = analytics("tags", "add", "Alfa Telecom", "gold", "--dry-run", "--json")

    assert result.json == [
        {"action": "tags add", "object": ALFA, "before": [], "after": ["gold"], "problem": None}
    ]
    assert result.stderr == "dry run: 1 object would change; nothing was changed\n"
    assert tags(analytics) == {}


def test_a_query_tags_many_as_one_run(analytics: Cli) -> None:
    result = analytics("tags", "add", "--where", "region:US", "us", "--json")

    assert [one["object"] for one in result.json] == [ALFA, ECHO]
    assert result.stderr == "changed 2 objects; take it back with: partnerctl undo 7\n"
    analytics("undo", "7")
    assert tags(analytics) == {}
    analytics("undo", "8")
    assert tags(analytics) == {"Alfa Telecom": ["us"], "Echo": ["us"]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"org_id": BRAVO, "name": "x", "tags": ["a"]}, {"org_id": "", "customer": "Charlie"}]),
        f'{{"org_id": "{BRAVO}", "statuses": []}}\n{{"customer": "charlie"}}\n',
        f"Org ID,Customer,Note\n{BRAVO},,x\n,Charlie,y\n{BRAVO},again,z\n",
    ],
    ids=["array", "lines", "csv"],
)
def test_an_input_names_the_customers(analytics: Cli, text: str) -> None:
    analytics("tags", "add", "--input", "-", "listed", input=text)

    assert tags(analytics) == {"Bravo GmbH": ["listed"], "Charlie": ["listed"]}


def test_what_a_list_prints_can_be_piped_in(analytics: Cli) -> None:
    listed = analytics("customers", "filter", "status:suspended", "--json").stdout
    analytics("tags", "add", "--input", "-", "unpaid", input=listed)

    assert tags(analytics) == {"Echo": ["unpaid"]}


def test_items_that_fail_are_told_one_by_one_and_the_others_are_done(analytics: Cli) -> None:
    analytics("tags", "add", "Charlie", "a", "b", "c", "d", "e")
    text = f"org_id\n{ALFA}\n{CHARLIE}\n00000000-0000-4000-8000-000000000999\n"
    result = analytics("tags", "add", "--input", "-", "sixth", "--json", input=text, expect=3)

    assert [one["object"] for one in result.json] == [ALFA]
    assert result.stderr.splitlines()[:3] == [
        f"warning: {CHARLIE}: {CHARLIE} would have more than 5 tags: a, b, c, d, e, sixth",
        (
            "warning: 00000000-0000-4000-8000-000000000999: there is no customer with the organization id"
            " 00000000-0000-4000-8000-000000000999"
        ),
        "changed 1 object; take it back with: partnerctl undo 8",
    ]
    assert "2 of 3 could not be changed" in result.stderr


def test_atomic_is_all_or_nothing(analytics: Cli) -> None:
    analytics("tags", "add", "Charlie", "a", "b", "c", "d", "e")
    result = analytics("tags", "add", "--where", "region:*,unknown", "sixth", "--atomic", expect=6)

    assert result.stdout == ""
    assert "nothing was changed, because 1 of 5 cannot be" in result.stderr
    assert tags(analytics) == {"Charlie": ["a", "b", "c", "d", "e"]}


def test_more_than_max_changes_is_refused(analytics: Cli) -> None:
    result = analytics("tags", "add", "--where", "region:US", "us", "--max-changes", "1", expect=6)

    assert result.stderr == (
        "error: this would make 2 changes, more than 1; nothing was changed\n"
        "hint: look at them with --dry-run, then give --max-changes 2\n"
    )
    assert tags(analytics) == {}


def test_nothing_to_change_is_an_error_unless_it_may_be(analytics: Cli) -> None:
    empty = analytics("tags", "add", "--where", "nobody", "x", expect=2)
    allowed = analytics("tags", "add", "--where", "nobody", "x", "--allow-empty", "--json")

    assert empty.stderr.startswith("error: there is nothing to change\n")
    assert allowed.json == []
    assert analytics("tags", "add", "--input", "-", "x", input="", expect=2).stdout == ""


def test_tags_of_a_day_are_those_of_that_day(analytics: Cli) -> None:
    analytics("tags", "add", "Alfa Telecom", "gold")

    assert analytics("tags", "list", "--as-of", "2026-11-22", "--json").json == []


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["add", "Nobody", "gold"], 5, "error: there is no customer 'Nobody'\n"),
        (["add", "Alfa Telecom"], 2, "error: no tag is given\n"),
        (["add"], 2, "error: CUSTOMER is missing\n"),
        (["add", "Alfa Telecom", "a,b"], 2, "error: the tag 'a,b' holds a comma or a control character\n"),
        (["add", "Alfa Telecom", "x" * 26], 2, f"error: the tag '{'x' * 26}' has 26 characters; at most 25"),
        (["add", "Alfa Telecom", " "], 2, "error: a tag cannot be empty\n"),
        (["add", "Alfa Telecom", *"abcdef"], 6, f"error: {ALFA} would have more than 5 tags: a, b, c"),
        (["add", "--where", "tier:1", "x"], 2, "error: there is no field 'tier'\n  tier:1\n"),
        (["add", "--where", "a", "--input", "-", "x"], 2, "error: --input and --where"),
        (["add", "--input", "missing.csv", "x"], 2, "error: "),
        (["add", "Alfa Telecom", "x", "--atomic"], 2, "error: --atomic and --allow-empty go with"),
        (["add", "--subscription", "Nope", "x"], 5, "error: there is no subscription or trial 'Nope'\n"),
    ],
)
def test_what_is_refused_leaves_stdout_empty_and_the_store_alone(
    analytics: Cli, words: list[str], code: int, reason: str
) -> None:
    result = analytics("tags", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)
    assert tags(analytics) == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name\nAlfa\n", "error: standard input, line 1: has no column org_id or customer\n"),
        ('[{"org_id": null}]', "error: standard input, line 1: names nothing: org_id or customer is missing"),
        ('{"org_id": ', "error: standard input, line 1: is not valid JSON"),
    ],
)
def test_an_input_that_names_nothing_is_invalid(analytics: Cli, text: str, reason: str) -> None:
    result = analytics("tags", "add", "--input", "-", "x", input=text, expect=12)

    assert (result.stdout, result.stderr[: len(reason)]) == ("", reason)


def test_a_tags_file_of_the_future_does_not_hide_a_change(analytics: Cli, tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "tags.csv"
    file.write_text(f"org_id,tag\n{DELTA},later\n", encoding="utf-8")
    analytics("import", file, "--as-of", "2026-12-24", "-q")
    analytics("tags", "add", DELTA, "now")

    assert tags(analytics) == {"Délta Foods": ["later", "now"]}


def test_a_subscription_and_a_query_exclude_each_other(analytics: Cli) -> None:
    result = analytics("tags", "add", "--subscription", "A1", "--where", "region:EU", "gold", expect=2)

    assert result.stderr == (
        "error: --subscription and --where or --input both say what is changed\nhint: give one of them\n"
    )
    assert analytics("tags", "list", "--json").json == []
