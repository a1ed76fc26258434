"""``customers search``, ``show`` and ``open`` at the command line (PH-C10, PH-C12, PH-C13)."""

import pytest

from tests.commands.clientele import ALFA, BRAVO, CHARLIE, OWN, clientele
from tests.conftest import Cli

__all__ = ["clientele"]

PAGE = """\
org_id             00000000-0000-4000-8000-00000000000a
name               Ação Telecom
region             US
country            BR
managed_by         partner
statuses           expiring_soon, license_overage, trial, subscription
products           meetings, calling_standard
tags               Gold
subscriptions      1
trials             1
licenses_total     125
licenses_assigned  116
next_end_date      2026-12-01
created_date       -
last_admin_login   2026-11-20
data_as_of         2026-11-22
industry           Retail
planned_users      120
total_users        -
verified_users     -
external_id        -

subscriptions_detail:
subscription_id  status  end_date    days_left  auto_renew  assigned  total
---------------  ------  ----------  ---------  ----------  --------  -----
Sub1             active  2027-01-31         69  yes              110    120

trials_detail:
subscription_id  status  end_date    days_left  assigned  total
---------------  ------  ----------  ---------  --------  -----
Sub2             active  2026-12-01          8         6      5

admins:
email                name  role
-------------------  ----  ----------
ana@partner.example  Ana   full_admin
rui@partner.example  Rui   admin

data as of 2026-11-22
"""


def matches(cli: Cli, text: str) -> list[tuple[str, str | None, str]]:
    """Return whom a search finds, by which address, and where that stands."""
    found = cli("customers", "search", text, "--json").json
    return [(one["org_id"], one["matched_email"], one["matched_in"]) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("joe@alfa.example", [(ALFA, "joe@alfa.example", "users"), (CHARLIE, "joe@alfa.example", "devices")]),
        ("JOE@Alfa.Example", [(ALFA, "joe@alfa.example", "users"), (CHARLIE, "joe@alfa.example", "devices")]),
        ("joe@alfa.exampl", []),
        ("%@alfa.example", []),
        ("_oe@alfa.example", []),
        ("@bravo.example", [(BRAVO, "ana@bravo.example", "users")]),
        ("desk@bravo.example", [(BRAVO, "desk@bravo.example", "devices")]),
        (
            "rui@partner.example",
            [(ALFA, "rui@partner.example", "admins"), (BRAVO, "rui@partner.example", "admins")],
        ),
        (
            "ana@*",
            [
                (ALFA, "ana@partner.example", "admins"),
                (BRAVO, "ana@bravo.example", "users"),
                (OWN, "ana@partner.example", "users"),
            ],
        ),
        ("acao", [(ALFA, None, "name")]),
        ("nobody", []),
    ],
)
def test_a_search_finds_each_customer_once(
    clientele: Cli, text: str, found: list[tuple[str, str | None, str]]
) -> None:
    assert matches(clientele, text) == found


def test_a_search_takes_the_options_of_a_list(clientele: Cli) -> None:
    result = clientele("customers", "search", "ana@*", "--region", "EU", "--json")

    assert [one["name"] for one in result.json] == ["Bravo GmbH"]


@pytest.mark.parametrize("text", ["", " ", "*", "@", "@*"])
def test_a_search_for_nothing_is_refused(clientele: Cli, text: str) -> None:
    result = clientele("customers", "search", text, expect=2)

    assert result.stdout == ""
    assert result.stderr.startswith(f"error: {text!r} is nothing to search for\nhint: write ")


@pytest.mark.parametrize(
    "name",
    [
        "Ação Telecom",
        "ACAO  telecom",
        ALFA,
        ALFA.upper(),
        "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMGE",
    ],
)
def test_a_customer_goes_by_name_and_by_id(clientele: Cli, name: str) -> None:
    assert clientele("customers", "show", name).stdout == PAGE


def test_a_customer_in_json_holds_what_it_bought_and_who_manages_it(clientele: Cli) -> None:
    record = clientele("customers", "show", BRAVO, "--json").json

    assert [one["subscription_id"] for one in record["subscriptions_detail"]] == ["Sub3", "Sub4", "Sub7"]
    assert record["subscriptions_detail"][1]["tags"] == ["renew"]
    assert record["trials_detail"] == []
    assert record["admins"] == [
        {
            "email": "rui@partner.example",
            "name": "Rui",
            "role": "admin",
            "org_id": BRAVO,
            "customer": "Bravo GmbH",
        }
    ]


def test_a_customer_of_an_earlier_day(clientele: Cli) -> None:
    record = clientele("customers", "show", ALFA, "--as-of", "2026-11-05", "--json").json

    assert (record["name"], record["region"], record["industry"]) == ("Alfa Telecom", "US", "Retail")
    assert [one["days_left"] for one in record["subscriptions_detail"]] == [15]
    assert record["admins"] == []


@pytest.mark.parametrize("verb", ["show", "open", "set"])
def test_a_name_of_two_customers_is_answered_with_their_ids(clientele: Cli, verb: str) -> None:
    more = ["--region", "US"] if verb == "set" else []
    result = clientele("customers", verb, "Delta", *more, expect=5)

    assert result.stdout == ""
    assert result.stderr == (
        "error: several customers are named 'Delta'\n"
        "hint: give the organization id:\n"
        "  00000000-0000-4000-8000-00000000000d  Delta\n"
        "  00000000-0000-4000-8000-0000000000dd  Delta\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["show", "Brav"], 5, "error: there is no customer 'Brav'\nhint: did you mean 'Bravo GmbH'?\n"),
        (
            ["show", "Bravp Gmbh"],
            5,
            "error: there is no customer 'Bravp Gmbh'\nhint: did you mean 'Bravo GmbH'?\n",
        ),
        (
            ["show", "quite another"],
            5,
            "error: there is no customer 'quite another'\nhint: list them with: partnerctl customers list\n",
        ),
        (
            ["show", ALFA.replace("a", "e")],
            5,
            (
                f"error: there is no customer with the organization id {ALFA.replace('a', 'e')}\n"
                "hint: list them with: partnerctl customers list\n"
            ),
        ),
        (
            ["show", BRAVO, "--as-of", "2026-11-05"],
            5,
            f"error: customer {BRAVO} was not known on 2026-11-05\nhint: choose a later day\n",
        ),
        (["show", ALFA, "--max-age", "0d"], 11, "error: the newest data is of 2026-11-22, more than 0 days"),
        (["show", ALFA, "--where", "x"], 2, "error: no such option"),
        (["show"], 2, "error: missing argument 'CUSTOMER'"),
    ],
)
def test_what_is_refused_leaves_stdout_empty(clientele: Cli, words: list[str], code: int, text: str) -> None:
    result = clientele("customers", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(text)


def test_an_empty_store_says_why_nobody_is_found(cli: Cli) -> None:
    result = cli("customers", "show", "Acme", expect=5)

    assert result.stderr == (
        "error: there is no customer 'Acme'\n"
        "hint: the store is empty; import a report: partnerctl import FILE\n"
    )


def test_open_prints_the_address_of_control_hub(clientele: Cli) -> None:
    result = clientele("customers", "open", "bravo gmbh", "--print")

    assert result.stdout == f"https://admin.webex.com/login?orgId={BRAVO}\n"
    assert result.stderr == ""


def test_open_starts_the_browser(clientele: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", open_browser)

    result = clientele("customers", "open", BRAVO)

    assert opened == [f"https://admin.webex.com/login?orgId={BRAVO}"]
    assert result.stdout == ""


def test_open_without_a_browser_fails(clientele: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: False)

    result = clientele("customers", "open", BRAVO, expect=13)

    assert result.stdout == ""
    assert result.stderr.endswith("hint: print the address alone with --print\n")
