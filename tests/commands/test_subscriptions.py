"""``subscriptions``, ``licenses`` and ``users`` at the command line (PH-S1 to PH-S4, PH-O2)."""

import pytest

from tests.commands.clientele import ALFA, BRAVO, OWN, clientele
from tests.conftest import Cli

__all__ = ["clientele"]

TABLE = """\
subscription_id  customer      kind          status         end_date    days_left  auto_renew  assigned  total
---------------  ------------  ------------  -------------  ----------  ---------  ----------  --------  -----
Sub1             Ação Telecom  subscription  active         2027-01-31         69  yes              110    120
Sub2             Ação Telecom  trial         active         2026-12-01          8  no                 6      5
Sub3             Bravo GmbH    subscription  suspended      2026-12-15         22  no                 0      0
Sub4             Bravo GmbH    subscription  active         2026-12-20         27  yes                2     10
Sub7             Bravo GmbH    subscription  active         -                   -  no                 0      0
Sub5             Delta         subscription  expired        2026-10-01        -53  no                 0      0
Sub6             Delta         subscription  pending_setup  -                   -  -                  0      0

data as of 2026-11-22
"""
SUB1 = {
    "subscription_id": "Sub1",
    "customer": "Ação Telecom",
    "org_id": ALFA,
    "kind": "subscription",
    "subscription_type": "Annual",
    "status": "active",
    "start_date": "2026-02-01",
    "first_seen": "2026-11-01",
    "end_date": "2027-01-31",
    "auto_renew": True,
    "days_left": 69,
    "invoice": "INV-1",
    "tags": [],
    "total": 120,
    "assigned": 110,
    "used_7d": None,
    "used_3m": None,
    "used_ever": None,
    "available": 10,
    "assigned_pct": 91.7,
    "wants_more": False,
    "licenses": [
        {
            "product": "meetings",
            "total": 100,
            "assigned": 90,
            "used_7d": 60,
            "used_3m": None,
            "used_ever": 80,
            "available": 10,
        },
        {
            "product": "calling_standard",
            "total": 20,
            "assigned": 20,
            "used_7d": None,
            "used_3m": None,
            "used_ever": None,
            "available": 0,
        },
    ],
}
PAGE = """\
subscription_id    Sub4
customer           Bravo GmbH
org_id             00000000-0000-4000-8000-00000000000b
kind               subscription
subscription_type  Annual
status             active
start_date         2025-12-21
first_seen         2026-11-22
end_date           2026-12-20
auto_renew         yes
days_left          27
invoice            INV-4
tags               renew
total              10
assigned           2
used_7d            1
used_3m            -
used_ever          1
available          8
assigned_pct       20.0
wants_more         no

licenses:
product               total  assigned  used_7d  used_ever  available
--------------------  -----  --------  -------  ---------  ---------
calling_professional     10         2        1          1          8
"""
ORDERS = """\
order_id  subscription_id  ordered_date  product           quantity  status     invoice
--------  ---------------  ------------  ----------------  --------  ---------  -------
O1        Sub1             2026-02-01    meetings               100  fulfilled  INV-1
O2        Sub1             2026-06-01    calling_standard        20  fulfilled  INV-1b
"""
LICENSES = """\
customer      subscription_id  product               total  assigned  assigned_pct  used_7d  used_ever  available  as_of
------------  ---------------  --------------------  -----  --------  ------------  -------  ---------  ---------  ----------
Ação Telecom  Sub1             calling_standard         20        20         100.0        -          -          0  2026-11-22
Ação Telecom  Sub1             meetings                100        90          90.0       60         80         10  2026-11-22
Ação Telecom  Sub2             meetings                  5         6         120.0        6          6          0  2026-11-22
Bravo GmbH    Sub4             calling_professional     10         2          20.0        1          1          8  2026-11-22

data as of 2026-11-22
"""  # noqa: E501


def ids(cli: Cli, *words: str) -> list[str]:
    """Return the subscriptions that a list holds."""
    return [one["subscription_id"] for one in cli("subscriptions", "list", *words, "--json").json]


def test_the_table_of_subscriptions(clientele: Cli) -> None:
    assert clientele("subscriptions", "list").stdout == TABLE


def test_json_has_every_field_in_its_order(clientele: Cli) -> None:
    record = clientele("subscriptions", "show", "sub1", "--json").json

    assert record == SUB1
    assert list(record) == list(SUB1)


def test_licenses_in_csv_are_short(clientele: Cli) -> None:
    lines = clientele("subscriptions", "list", "-o", "csv", "--fields", "subscription_id,licenses").lines

    assert lines[1] == "Sub1,meetings:90/100;calling_standard:20/20"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--customer", "acao telecom"], ["Sub1", "Sub2"]),
        (["--customer", BRAVO, "--status", "active"], ["Sub4", "Sub7"]),
        (["--status", "suspended", "--status", "Expired"], ["Sub3", "Sub5"]),
        (["--kind", "trial"], ["Sub2"]),
        (["--product", "calling"], ["Sub1", "Sub4"]),
        (["--product", "meetings", "--kind", "subscription"], ["Sub1"]),
        (["--ending-within", "27"], ["Sub2", "Sub4"]),
        (["--ending-within", "26"], ["Sub2"]),
        (["--expiring-within", "8"], ["Sub2"]),
        (["--expiring-within", "7"], []),
        (["--expiring-within", "90"], ["Sub2"]),
        (["--renewing-within", "27"], ["Sub4"]),
        (["--renewing-within", "26"], []),
        (["--renewing-within", "99999"], ["Sub1", "Sub4"]),
        (["--auto-renew"], ["Sub1", "Sub4"]),
        (["--no-auto-renew"], ["Sub2", "Sub3", "Sub7", "Sub5"]),
        (["--where", "tag:renew"], ["Sub4"]),
        (["--where", "days_left:..30", "--region", "EU"], ["Sub3", "Sub4"]),
        (["--sort", "-days_left", "--status", "active"], ["Sub1", "Sub4", "Sub2", "Sub7"]),
    ],
)
def test_the_filters_of_subscriptions(clientele: Cli, words: list[str], found: list[str]) -> None:
    assert ids(clientele, *words) == found


def test_only_what_runs_and_has_no_known_end_is_counted_as_unknown(clientele: Cli) -> None:
    expiring = clientele("subscriptions", "list", "--expiring-within", "30", "--json")
    renewing = clientele("subscriptions", "list", "--renewing-within", "30", "--json")

    assert expiring.stderr == "1 left out because expires_on is unknown\n"
    assert renewing.stderr == ""


def test_days_are_counted_from_the_day_asked_for(clientele: Cli) -> None:
    assert ids(clientele, "--as-of", "2026-11-10", "--expiring-within", "10") == ["Sub1"]
    assert ids(clientele, "--as-of", "2026-11-10", "--expiring-within", "9") == []
    assert ids(clientele, "--as-of", "2026-12-21", "--renewing-within", "99999") == ["Sub1"]


def test_the_page_of_a_subscription(clientele: Cli) -> None:
    assert clientele("subscriptions", "show", "Sub4").stdout == PAGE


def test_the_orders_of_a_subscription(clientele: Cli) -> None:
    assert clientele("subscriptions", "orders", "Sub1").stdout == ORDERS
    newest = clientele("subscriptions", "orders", "Sub1", "--sort", "-ordered_date", "--limit", "1", "--json")
    assert [one["order_id"] for one in newest.json] == ["O2"]
    assert newest.stderr == "showing 1 of 2\n"
    assert clientele("subscriptions", "orders", "Sub2", "--json").json == []


def test_the_table_of_licenses(clientele: Cli) -> None:
    assert clientele("licenses", "list").stdout == LICENSES


def test_licenses_by_query_and_day(clientele: Cli) -> None:
    found = clientele("licenses", "list", "--where", "product:calling", "--json").json
    early = clientele("licenses", "list", "--as-of", "2026-11-21", "--json").json

    assert [one["subscription_id"] for one in found] == ["Sub1", "Sub4"]
    assert [(one["total"], one["as_of"]) for one in early] == [(50, "2026-11-01")]


def test_users_are_of_the_own_organization(clientele: Cli) -> None:
    clientele("init", "--name", "Own Partner", "--accept-terms", "--yes")
    clientele("org", "set", "--org-id", OWN)

    assert clientele("users", "list", "--json").json == [
        {
            "email": "ana@partner.example",
            "name": "Ana",
            "org_id": OWN,
            "customer": "Own Partner",
            "role": "full_admin",
        }
    ]


def test_users_of_a_customer(clientele: Cli) -> None:
    found = clientele("users", "list", "--customer", "bravo gmbh", "--json").json

    assert [(one["email"], one["role"]) for one in found] == [("ana@bravo.example", None)]


def test_users_without_an_own_organization_say_what_to_do(clientele: Cli) -> None:
    result = clientele("users", "list", "--json")

    assert result.json == []
    assert result.stderr == (
        "your own organization is not set up: partnerctl init; or name a customer with --customer\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (
            ["subscriptions", "show", "Sub"],
            5,
            (
                "error: there is no subscription or trial 'Sub'\n"
                "hint: did you mean 'Sub1', 'Sub2', 'Sub3', 'Sub4' or 'Sub5'?\n"
            ),
        ),
        (
            ["subscriptions", "orders", "Sbu1"],
            5,
            "error: there is no subscription or trial 'Sbu1'\nhint: did you mean",
        ),
        (
            ["subscriptions", "show", "Sub4", "--as-of", "2026-11-05"],
            5,
            "error: nothing is known of Sub4 on 2026-11-05\n",
        ),
        (["subscriptions", "show", "Sub4", "--max-age", "0d"], 11, "error: the newest data is of 2026-11-22"),
        (["subscriptions", "list", "--customer", "Delta"], 5, "error: several customers are named 'Delta'\n"),
        (
            ["subscriptions", "list", "--expiring-within", "-1"],
            2,
            "error: invalid value for '--expiring-within'",
        ),
        (["subscriptions", "list", "--kind", "lease"], 2, "error: invalid value for '--kind'"),
        (
            ["subscriptions", "list", "--where", "days:3"],
            2,
            "error: there is no field 'days'\n  days:3\n  ^^^^\n",
        ),
        (["subscriptions", "orders", "Sub1", "--sort", "day"], 2, "error: --sort: there is no field 'day'"),
        (["subscriptions", "orders", "Sub1", "--as-of", "today"], 2, "error: no such option '--as-of'"),
        (["licenses", "list", "--sort", "x"], 2, "error: there is no field 'x' to sort by\n"),
        (["users", "list", "--customer", "Nobody"], 5, "error: there is no customer 'Nobody'\n"),
        (["users", "list", "--as-of", "today"], 2, "error: no such option '--as-of'"),
    ],
)
def test_what_is_refused_leaves_stdout_empty(
    clientele: Cli, words: list[str], code: int, reason: str
) -> None:
    result = clientele(*words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)
