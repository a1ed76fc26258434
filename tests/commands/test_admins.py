"""``admins``: roles, and who manages which customer (PH-A1 to PH-A3, PH-O3)."""

import pytest

from tests.commands.analytics import ALFA, BRAVO, DELTA, analytics
from tests.conftest import Cli

__all__ = ["analytics"]


@pytest.fixture
def staffed(analytics: Cli) -> Cli:
    """Return the program over the five customers, with a full administrator and two who are assigned."""
    analytics("admins", "grant", "ana@partner.example", "full_admin", "--name", "Ana Silva", "-q")
    analytics("admins", "grant", "rui@partner.example", "admin", "-q")
    analytics("admins", "grant", "eva@partner.example", "provisioning_admin", "--name", "Eva", "-q")
    return analytics


def test_a_role_is_granted_and_printed(analytics: Cli) -> None:
    result = analytics(
        "admins", "grant", "Ana@Partner.example", "full_admin", "--name", "Ana Silva", "--json"
    )

    assert result.json == {
        "email": "ana@partner.example",
        "name": "Ana Silva",
        "role": "full_admin",
        "customers": None,
    }


def test_administrators_are_listed_with_how_many_customers_they_manage(staffed: Cli) -> None:
    staffed("admins", "add", "Alfa Telecom", "rui@partner.example")
    staffed("admins", "add", "Bravo GmbH", "rui@partner.example")

    assert staffed("admins", "list", "-o", "csv").lines == [
        "email,name,role,customers",
        "ana@partner.example,Ana Silva,full_admin,",
        "eva@partner.example,Eva,provisioning_admin,0",
        "rui@partner.example,,admin,2",
    ]


def test_who_manages_a_customer_is_printed_after_a_change(staffed: Cli) -> None:
    added = staffed("admins", "add", "Alfa Telecom", "RUI@partner.example", "--json")
    assert added.json == staffed("admins", "list", "--customer", "alfa telecom", "--json").json
    assert added.json == [
        {
            "email": "rui@partner.example",
            "name": None,
            "role": "admin",
            "org_id": ALFA,
            "customer": "Alfa Telecom",
        }
    ]
    assert staffed("admins", "remove", "Alfa Telecom", "rui@partner.example", "--json").json == []


def test_many_are_assigned_by_a_query_and_it_is_undone(staffed: Cli) -> None:
    result = staffed("admins", "add", "--where", "region:EU", "rui@partner.example", "--json")

    assert [one["object"] for one in result.json] == [BRAVO, DELTA]
    run = result.stderr.split()[-1]
    staffed("undo", run)
    assert staffed("admins", "list", "--customer", BRAVO, "--json").json == []


def test_removing_from_many_tells_who_did_not_manage_it(staffed: Cli) -> None:
    staffed("admins", "add", BRAVO, "rui@partner.example")
    result = staffed("admins", "remove", "--where", "region:EU", "rui@partner.example", "--json", expect=3)

    assert [one["object"] for one in result.json] == [BRAVO]
    assert f"warning: {DELTA}: rui@partner.example does not manage customer {DELTA}\n" in result.stderr


def test_a_role_that_sees_all_lets_go_of_single_customers(staffed: Cli) -> None:
    staffed("admins", "add", BRAVO, "rui@partner.example")
    staffed("admins", "grant", "rui@partner.example", "readonly_admin")

    assert staffed("admins", "list", "--customer", BRAVO, "--json").json == []
    run = staffed("audit", "list", "--limit", "1", "--json").json[0]["run_id"]
    staffed("undo", str(run))
    assert [one["role"] for one in staffed("admins", "list", "--customer", BRAVO, "--json").json] == ["admin"]


def test_revoking_takes_role_and_customers_and_needs_a_word(staffed: Cli) -> None:
    staffed("admins", "add", BRAVO, "rui@partner.example")

    refused = staffed("admins", "revoke", "rui@partner.example", expect=2)
    mistyped = staffed("admins", "revoke", "rui@partner.example", terminal=True, input="ruy\n", expect=130)
    assert (refused.stdout, mistyped.stdout) == ("", "")
    assert "give --yes to confirm it" in refused.stderr
    staffed("admins", "revoke", "rui@partner.example", terminal=True, input="rui@partner.example\n")

    assert "rui@partner.example" not in staffed("admins", "list", "-o", "csv").stdout
    assert staffed("admins", "list", "--customer", BRAVO, "--json").json == []


def test_the_last_full_administrator_cannot_go(staffed: Cli) -> None:
    for words in (["revoke", "ana@partner.example", "--yes"], ["grant", "ana@partner.example", "admin"]):
        result = staffed("admins", *words, expect=6)

        assert result.stdout == ""
        assert result.stderr.startswith("error: ana@partner.example is the last full administrator\n")
    staffed("admins", "grant", "zoe@partner.example", "full_admin")
    staffed("admins", "revoke", "ana@partner.example", "--yes")


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (
            ["add", "Alfa Telecom", "ana@partner.example"],
            6,
            "error: ana@partner.example is full_admin, which sees every customer and cannot be assigned",
        ),
        (["add", "Alfa Telecom", "new@partner.example"], 5, "error: new@partner.example is no partner"),
        (["add", "Alfa Telecom"], 2, "error: one address is needed\n"),
        (["add", "Alfa Telecom", "rui"], 2, "error: 'rui' is not an address such as ana@acme.example\n"),
        (["add", "Nobody", "rui@partner.example"], 5, "error: there is no customer 'Nobody'\n"),
        (["remove", "Alfa Telecom", "rui@partner.example"], 5, "error: rui@partner.example does not manage"),
        (
            ["grant", "x@partner.example", "boss"],
            2,
            "error: there is no role 'boss'\nhint: choose from",
        ),
        (
            ["grant", "x@partner.example", "full-admin"],
            2,
            "error: there is no role 'full-admin'\nhint: did",
        ),
        (
            ["revoke", "x@partner.example", "--yes"],
            5,
            "error: x@partner.example is no partner",
        ),
    ],
)
def test_what_is_refused_leaves_stdout_empty(staffed: Cli, words: list[str], code: int, reason: str) -> None:
    before = staffed("admins", "list", "--json").stdout
    result = staffed("admins", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)
    assert staffed("admins", "list", "--json").stdout == before
