"""``trials``: local records that say so, never a pretence of Webex (PH-T3, PH-T4)."""

import re

import pytest

from tests.commands.analytics import ALFA, BRAVO, CHARLIE, analytics
from tests.conftest import Cli

__all__ = ["analytics"]

HERE = "recorded here, nothing was sent to Webex\n"


def start(cli: Cli, *words: str) -> str:
    """Start a trial and return its id."""
    return str(cli("trials", "start", *words, "--json").json["subscription_id"])


def test_a_trial_of_several_products_is_recorded(analytics: Cli) -> None:
    result = analytics(
        "trials",
        "start",
        "Charlie",
        "--product",
        "calling-professional=10",
        "--product",
        "Contact Center=5",
        "--json",
    )

    found = result.json
    assert re.fullmatch(r"TRIAL-[A-Z2-9]{10}", found["subscription_id"])
    assert (found["kind"], found["status"], found["start_date"]) == ("trial", "active", "2026-11-23")
    assert (found["end_date"], found["days_left"], found["org_id"]) == ("2026-12-23", 30, CHARLIE)
    assert [(one["product"], one["total"], one["assigned"]) for one in found["licenses"]] == [
        ("calling_professional", 10, 0),
        ("contact_center", 5, 0),
    ]
    assert result.stderr.endswith(HERE)
    assert "trial" in analytics("customers", "show", "Charlie", "--json").json["statuses"]


def test_a_new_customer_is_recorded_with_its_trial(analytics: Cli) -> None:
    words = (
        "--new",
        "--country",
        "br",
        "--email",
        "Eva@new.example",
        "--product",
        "meetings=25",
        "--days",
        "14",
    )
    trial = start(analytics, "New  Ltd", *words)

    (customer,) = analytics("customers", "search", "eva@new.example", "--json").json
    assert (customer["name"], customer["country"], customer["trials"]) == ("New Ltd", "BR", 1)
    assert analytics("trials", "show", trial, "--json").json["days_left"] == 14
    run = analytics("audit", "list", "--limit", "1", "--json").json[0]["run_id"]
    analytics("undo", str(run))
    assert analytics("customers", "search", "eva@new.example", "--json").json == []
    assert len(analytics("customers", "list", "--json").json) == 5


def test_a_trial_is_extended_and_ended(analytics: Cli) -> None:
    trial = start(analytics, "Charlie", "--product", "meetings=25", "--days", "14")

    extended = analytics("trials", "extend", trial, "--days", "10", "--json")
    assert extended.json["end_date"] == "2026-12-17"
    ended = analytics("trials", "end", trial.lower(), "--json")
    assert (ended.json["status"], ended.json["end_date"]) == ("expired", "2026-11-23")
    again = analytics("trials", "end", trial)
    assert again.stderr == f"nothing to change: it is so already\n{HERE}"
    assert "has ended on 2026-11-23" in analytics("trials", "extend", trial, "--days", "10", expect=6).stderr


def test_a_trial_is_linked_to_the_subscription_that_it_became(analytics: Cli) -> None:
    trial = start(analytics, "Charlie", "--product", "calling_professional=25")
    analytics("tags", "add", "--subscription", trial, "pilot")

    linked = analytics("trials", "link", trial, "C1", "--json").json
    assert (linked["status"], linked["subscription_type"], linked["tags"]) == ("linked", "Trial, now C1", [])
    assert analytics("subscriptions", "show", "C1", "--json").json["tags"] == ["pilot"]
    assert analytics("customers", "show", "Charlie", "--json").json["trials"] == 0
    assert analytics("trials", "link", trial, "C1").stderr.startswith("nothing to change: it is so already\n")


def test_trials_of_webex_and_of_here_are_listed(analytics: Cli) -> None:
    trial = start(analytics, "Charlie", "--product", "calling_professional=25")

    found = analytics("trials", "list", "--json").json
    assert [(one["customer"], one["subscription_id"]) for one in found] == [
        ("Alfa Telecom", "A2"),
        ("Charlie", trial),
    ]
    assert len(analytics("trials", "list", "--customer", "Charlie", "--json").json) == 1


def test_many_trials_are_started_and_ended_by_a_query(analytics: Cli) -> None:
    words = ("--where", "region:US", "--product", "calling_professional=5")
    result = analytics("trials", "start", *words, "--json", expect=3)  # Alfa Telecom has one that runs

    assert len(result.json) == 1
    assert f"warning: {ALFA}: a trial of calling_professional runs already: A2\n" in result.stderr
    ended = analytics("trials", "end", "--where", "TRIAL-*", "--dry-run", "--allow-empty", "--json")
    assert ended.json == []
    ended = analytics("trials", "end", "--where", "subscription_id:TRIAL-*", "--json")
    assert [one["object"][:6] for one in ended.json] == ["TRIAL-"]


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["start", "Charlie"], 2, "error: missing option '--product'"),
        (["start", "--product", "meetings=5"], 2, "error: nothing says what gets a trial\n"),
        (
            ["start", "Charlie", "--product", "meetings"],
            2,
            "error: --product: 'meetings' does not say",
        ),
        (
            ["start", "Charlie", "--product", "meetings=0"],
            2,
            "error: --product: 'meetings=0' does not say",
        ),
        (
            ["start", "Charlie", "--product", "calling=5"],
            2,
            "error: --product: there is no product",
        ),
        (
            ["start", "Charlie", "--product", "meetings=5", "--days", "181"],
            2,
            "error: invalid value",
        ),
        (
            ["start", "Charlie", "--product", "meetings=5", "--country", "BR"],
            2,
            "error: --country goes",
        ),
        (
            ["start", "Charlie", "--new", "--product", "meetings=5"],
            6,
            "error: there is a customer",
        ),
        (["start", "Nobody", "--product", "meetings=5"], 5, "error: there is no customer 'Nobody'\n"),
        (
            ["start", "X", "--new", "--country", "ZZ", "--product", "meetings=5"],
            2,
            "error: --country: 'ZZ'",
        ),
        (
            ["start", ALFA, "--product", "calling_professional=5"],
            6,
            "error: a trial of calling_prof",
        ),
        (
            ["extend", "A2", "--days", "5"],
            6,
            "error: A2 is a trial of Webex, which",
        ),
        (["extend", "A1", "--days", "5"], 5, "error: A1 is a subscription, not a trial\n"),
        (["end", "TRIAL-NOPE"], 5, "error: there is no subscription or trial 'TRIAL-NOPE'\n"),
        (["extend", "A2"], 2, "error: missing option '--days'"),
        (["show", "A1"], 5, "error: A1 is a subscription, not a trial\n"),
        (["link", "A2", "A1"], 6, "error: A2 is a trial of Webex"),
    ],
)
def test_what_is_refused_leaves_stdout_empty_and_the_store_alone(
    analytics: Cli, words: list[str], code: int, reason: str
) -> None:
    before = analytics("subscriptions", "list", "--json").stdout
    result = analytics("trials", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)
    assert analytics("subscriptions", "list", "--json").stdout == before


def test_a_link_to_another_customer_s_subscription_is_refused(analytics: Cli) -> None:
    trial = start(analytics, "Charlie", "--product", "meetings=25")

    result = analytics("trials", "link", trial, "B1", expect=6)

    assert result.stderr == (
        f"error: B1 belongs to customer {BRAVO}, not to {CHARLIE}\n"
        f"hint: join the customers first: partnerctl customers merge {CHARLIE} {BRAVO}\n"
    )


def test_an_address_of_another_customer_is_refused(analytics: Cli) -> None:
    start(analytics, "Charlie", "--product", "meetings=25", "--email", "eva@charlie.example")

    words = ("--product", "meetings=25", "--email", "eva@charlie.example")
    result = analytics("trials", "start", "Bravo GmbH", *words, expect=6)

    assert result.stderr.startswith(f"error: eva@charlie.example belongs to customer {CHARLIE}\n")


def test_a_link_names_its_trial_and_takes_no_query(analytics: Cli) -> None:
    result = analytics("trials", "link", "A2", "A1", "--where", "kind:trial", expect=2)

    assert result.stderr == (
        "error: ID and --where or --input both say what is changed\nhint: give one of them\n"
    )
