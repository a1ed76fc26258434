"""``customers set`` and ``merge`` at the command line, and how both are taken back."""

import json
from pathlib import Path

import pytest

from tests.commands.clientele import ALFA, BRAVO, CHARLIE, clientele
from tests.conftest import Cli

__all__ = ["clientele"]

FIELDS = ("region", "country", "managed_by", "industry", "planned_users")


def fields_of(cli: Cli, customer: str, *words: str) -> list[object]:
    """Return the fields of a customer that can be set."""
    record = cli("customers", "show", customer, *words, "--json").json
    return [record[name] for name in FIELDS]


def test_set_changes_the_fields_that_are_given(clientele: Cli) -> None:
    result = clientele("customers", "set", "Charlie", "--region", "UAE", "--planned-users", "40", "--json")

    assert (result.json["region"], result.json["planned_users"]) == ("AE", 40)
    assert fields_of(clientele, CHARLIE) == ["AE", None, None, None, 40]
    assert result.stderr.startswith("changed region, planned_users; take it back with: partnerctl undo ")


def test_an_empty_text_makes_a_field_unknown(clientele: Cli) -> None:
    clientele("customers", "set", ALFA, "--industry", "", "--managed-by", "External")

    assert fields_of(clientele, ALFA) == ["US", "BR", "external", None, 120]


def test_a_change_counts_from_today_on(clientele: Cli) -> None:
    clientele("customers", "set", ALFA, "--country", "pt")

    assert fields_of(clientele, ALFA)[1] == "PT"
    assert fields_of(clientele, ALFA, "--as-of", "2026-11-22")[1] == "BR"


def test_what_is_so_already_is_no_change(clientele: Cli) -> None:
    before = clientele("audit", "list", "--json").json

    result = clientele("customers", "set", ALFA, "--region", "us", "--json")

    assert result.stderr == "nothing to change: it is so already\n"
    assert clientele("audit", "list", "--json").json == before


def test_a_dry_run_prints_what_would_be(clientele: Cli) -> None:
    result = clientele("customers", "set", ALFA, "--region", "EU", "--dry-run", "--json")

    assert result.json["region"] == "EU"
    assert result.stderr == "dry run: region would change; nothing was changed\n"
    assert fields_of(clientele, ALFA)[0] == "US"


def test_many_are_set_by_a_query_and_taken_back_as_one_run(clientele: Cli) -> None:
    planned = clientele(
        "customers", "set", "--where", "region:US,EU", "--country", "PT", "--dry-run", "--json"
    )
    result = clientele("customers", "set", "--where", "region:US,EU", "--country", "PT", "--json")

    assert planned.json == result.json
    assert [(one["before"], one["after"]) for one in result.json] == [
        (["country=BR"], ["country=PT"]),
        (["country=DE"], ["country=PT"]),
    ]
    assert fields_of(clientele, BRAVO)[1] == "PT"
    clientele("undo", result.stderr.split()[-1])
    assert (fields_of(clientele, ALFA)[1], fields_of(clientele, BRAVO)[1]) == ("BR", "DE")


def test_a_customer_and_a_query_are_one_too_many(clientele: Cli) -> None:
    both = clientele("customers", "set", ALFA, "--where", "x", "--country", "PT", expect=2)
    none = clientele("customers", "set", "--country", "PT", expect=2)

    assert both.stderr.startswith("error: CUSTOMER and --where or --input both say what is changed\n")
    assert none.stderr.startswith("error: CUSTOMER is missing\n")


def test_a_change_is_audited_and_can_be_undone(clientele: Cli) -> None:
    clientele("customers", "set", ALFA, "--region", "EU", "--industry", "Banking")

    entry = clientele("audit", "list", "--limit", "1", "--json").json[0]
    assert (entry["action"], entry["object"]) == ("customers set", ALFA)
    assert json.loads(entry["before"]) == {"region": "US", "industry": "Retail"}
    assert json.loads(entry["after"]) == {"region": "EU", "industry": "Banking"}

    clientele("undo", str(entry["run_id"]), "--yes")
    assert fields_of(clientele, ALFA) == ["US", "BR", "partner", "Retail", 120]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "error: nothing to set\nhint: give --region, --country, --managed-by,"),
        (
            ["--region", "Mars"],
            "error: --region: 'Mars' is not a region\nhint: choose from: US, CA, EU, AE\n",
        ),
        (["--country", "Narnia"], "error: --country: 'Narnia' is no country\n"),
        (["--managed-by", "me"], "error: --managed-by: 'me' is neither partner nor external\n"),
        (["--planned-users", "-1"], "error: --planned-users: '-1' is not a number of users\n"),
        (["--industry", "a\nb"], "error: --industry: at most 200 characters"),
    ],
)
def test_a_bad_value_changes_nothing(clientele: Cli, words: list[str], reason: str) -> None:
    result = clientele("customers", "set", ALFA, *words, expect=2)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)
    assert fields_of(clientele, ALFA) == ["US", "BR", "partner", "Retail", 120]


def test_a_customer_that_is_not_there_makes_no_store(cli: Cli, home: Path) -> None:
    cli("customers", "set", "Acme", "--region", "EU", expect=5)

    assert not list(home.rglob("*.db"))


def everything(cli: Cli) -> list[str]:
    """Return all that the lists say, now and of two earlier days."""
    lists = [("customers", "list"), ("subscriptions", "list"), ("licenses", "list")]
    days: list[list[str]] = [[], ["--as-of", "2026-11-22"], ["--as-of", "2026-11-01"]]
    return [cli(*words, *day, "--json").stdout for words in lists for day in days]


def test_a_merge_moves_what_belongs_to_the_local_customer(clientele: Cli) -> None:
    result = clientele("customers", "merge", ALFA, "Charlie", "--yes", "--json")

    assert result.stderr == f"merged Ação Telecom ({ALFA}) into Charlie ({CHARLIE})\n"
    record = result.json
    assert record["org_id"] == CHARLIE
    assert record["tags"] == ["Gold"]
    assert [one["email"] for one in record["admins"]] == ["ana@partner.example", "rui@partner.example"]
    assert [one["subscription_id"] for one in record["subscriptions_detail"]] == ["Sub1"]
    assert [one["subscription_id"] for one in record["trials_detail"]] == ["Sub2"]


def test_a_merged_customer_is_shown_nowhere(clientele: Cli) -> None:
    clientele("customers", "merge", ALFA, CHARLIE, "--yes")

    assert not [text for text in everything(clientele) if ALFA in text]
    assert [one["org_id"] for one in clientele("customers", "search", "joe@alfa.example", "--json").json] == [
        CHARLIE
    ]
    shown = clientele("customers", "show", ALFA, expect=5)
    assert shown.stderr == f"error: customer {ALFA} was merged into {CHARLIE}\nhint: use {CHARLIE}\n"


def test_a_merge_holds_on_earlier_days_too(clientele: Cli) -> None:
    clientele("customers", "merge", ALFA, CHARLIE, "--yes")

    (early,) = clientele("subscriptions", "list", "--as-of", "2026-11-01", "--json").json
    assert (early["subscription_id"], early["org_id"]) == ("Sub1", CHARLIE)


def test_a_merge_leaves_the_store_sound_and_can_be_undone(clientele: Cli) -> None:
    before = everything(clientele)
    clientele("customers", "merge", ALFA, BRAVO, "--yes")
    assert everything(clientele) != before
    clientele("store", "check")
    run = clientele("audit", "list", "--limit", "1", "--json").json[0]["run_id"]

    clientele("undo", str(run), "--yes")

    assert everything(clientele) == before
    clientele("store", "check")


def test_a_later_file_that_names_the_merged_customer_speaks_of_the_real_one(
    clientele: Cli, tmp_path: Path
) -> None:
    clientele("customers", "merge", ALFA, CHARLIE, "--yes")
    later = tmp_path / "subscriptions.csv"
    later.write_text(
        f"subscription_id,org_id,kind,status\nSub9,{ALFA},subscription,active\n", encoding="utf-8"
    )

    clientele("import", later, "--as-of", "2026-11-23", "-q")

    assert clientele("subscriptions", "show", "Sub9", "--json").json["org_id"] == CHARLIE


def test_merges_follow_each_other(clientele: Cli) -> None:
    clientele("customers", "merge", ALFA, CHARLIE, "--yes")
    clientele("customers", "merge", CHARLIE, BRAVO, "--yes")

    shown = clientele("customers", "show", ALFA, expect=5)
    assert shown.stderr.endswith(f"hint: use {BRAVO}\n")
    assert clientele("subscriptions", "show", "Sub1", "--json").json["org_id"] == BRAVO


def test_a_dry_run_of_a_merge_changes_nothing(clientele: Cli) -> None:
    before = everything(clientele)

    result = clientele("customers", "merge", ALFA, CHARLIE, "--dry-run", "--json")

    assert result.stderr.startswith(f"dry run: would merge Ação Telecom ({ALFA}) into Charlie")
    assert everything(clientele) == before


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ([ALFA, "Ação Telecom", "--yes"], 6, f"error: {ALFA} cannot be merged into itself\n"),
        ([ALFA, "Charlie"], 2, "error: this needs a confirmation: merge Ação Telecom"),
        ([ALFA, "Delta", "--yes"], 5, "error: several customers are named 'Delta'\n"),
        (["Nobody at all", ALFA, "--yes"], 5, "error: there is no customer 'Nobody at all'\n"),
    ],
)
def test_a_merge_that_is_refused(clientele: Cli, words: list[str], code: int, reason: str) -> None:
    before = everything(clientele)

    result = clientele("customers", "merge", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)
    assert everything(clientele) == before


def test_a_customer_is_merged_once(clientele: Cli) -> None:
    clientele("customers", "merge", ALFA, CHARLIE, "--yes")

    again = clientele("customers", "merge", ALFA, BRAVO, "--yes", expect=6)
    backwards = clientele("customers", "merge", BRAVO, ALFA, "--yes", expect=6)

    assert again.stderr == backwards.stderr == f"error: customer {ALFA} was merged into {CHARLIE} already\n"


def test_two_customers_with_too_many_tags_stay_two(clientele: Cli, tmp_path: Path) -> None:
    tags = tmp_path / "tags.csv"
    rows = "".join(f"{ALFA},,{tag}\n" for tag in ("a", "b", "c", "d"))
    tags.write_text(f"org_id,subscription_id,tag\n{rows}", encoding="utf-8")
    clientele("import", tags, "--as-of", "2026-11-23", "-q")

    result = clientele("customers", "merge", ALFA, BRAVO, "--yes", expect=6)

    assert result.stdout == ""
    assert result.stderr == (
        "error: together they would have more than 5 tags: Gold, Sul, a, b, c, d\n"
        "hint: take tags away from one of them first\n"
    )
