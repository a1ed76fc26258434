"""``customers list`` and ``filter`` at the command line (PH-C1 to PH-C9, PH-C11)."""

import pytest

from tests.commands.clientele import ALFA, BRAVO, CHARLIE, DELTA, DELTA_TOO, OWN, clientele
from tests.conftest import Cli

__all__ = ["clientele"]

TABLE = """\
name          region  statuses                                             subscriptions  trials  licenses_assigned  licenses_total  next_end_date
------------  ------  ---------------------------------------------------  -------------  ------  -----------------  --------------  -------------
Ação Telecom  US      expiring_soon, license_overage, trial, subscription              1       1                116             125  2026-12-01
Bravo GmbH    EU      suspended, subscription, no_recent_activity                      2       0                  2              10  2026-12-20
Charlie       -       expired                                                          0       0                  0               0  -
Delta         CA      expired                                                          0       0                  0               0  -
Delta         AE      ready_for_order_setup                                            0       0                  0               0  -
Own Partner   -       expired                                                          0       0                  0               0  -

data as of 2026-11-22
"""  # noqa: E501
ALFA_RECORD = {
    "org_id": ALFA,
    "name": "Ação Telecom",
    "region": "US",
    "country": "BR",
    "managed_by": "partner",
    "statuses": ["expiring_soon", "license_overage", "trial", "subscription"],
    "products": ["meetings", "calling_standard"],
    "tags": ["Gold"],
    "subscriptions": 1,
    "trials": 1,
    "licenses_total": 125,
    "licenses_assigned": 116,
    "next_end_date": "2026-12-01",
    "created_date": None,
    "last_admin_login": "2026-11-20",
    "data_as_of": "2026-11-22",
}


def ids(cli: Cli, *words: str) -> list[str]:
    """Return the customers that a list holds, by id."""
    return [one["org_id"] for one in cli("customers", *words, "--json").json]


def test_the_table_shows_who_needs_attention(clientele: Cli) -> None:
    result = clientele("customers", "list")

    assert result.stdout == TABLE
    assert result.stderr == ""


def test_a_narrow_terminal_gets_the_columns_that_fit(clientele: Cli) -> None:
    lines = clientele("customers", "list", terminal=True).lines

    assert lines[0].split() == ["name", "region", "statuses", "next_end_date"]
    assert max(map(len, lines)) <= 90


def test_json_has_every_field_in_its_order(clientele: Cli) -> None:
    record = clientele("customers", "list", "--json").json[0]

    assert record == ALFA_RECORD
    assert list(record) == list(ALFA_RECORD)


def test_csv_joins_lists_of_words(clientele: Cli) -> None:
    lines = clientele("customers", "list", "-o", "csv", "--fields", "name,statuses,region").lines

    assert lines[:4] == [
        "name,statuses,region",
        "Ação Telecom,expiring_soon;license_overage;trial;subscription,US",
        "Bravo GmbH,suspended;subscription;no_recent_activity,EU",
        "Charlie,expired,",
    ]


def test_a_limit_says_how_many_there_are(clientele: Cli) -> None:
    result = clientele("customers", "list", "--limit", "2", "--fields", "org_id", "-o", "tsv", "--no-header")

    assert result.lines == [ALFA, BRAVO]
    assert result.stderr == "showing 2 of 6\n"


def test_sorting_puts_the_unknown_last_either_way(clientele: Cli) -> None:
    assert ids(clientele, "list", "--sort", "next_end_date")[:2] == [ALFA, BRAVO]
    assert ids(clientele, "list", "--sort", "-next_end_date")[:2] == [BRAVO, ALFA]
    assert ids(clientele, "list", "--sort", "region") == [DELTA_TOO, DELTA, BRAVO, ALFA, CHARLIE, OWN]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--where", "status:trial"], [ALFA]),
        (["--region", "EU"], [BRAVO]),
        (["--region", "EU", "--region", "unknown"], [BRAVO, CHARLIE, OWN]),
        (["--where", "seats:10..20", "--region", "EU"], [BRAVO]),
        (["--where", "delta"], [DELTA, DELTA_TOO]),
    ],
)
def test_a_list_narrows_by_query_and_region(clientele: Cli, words: list[str], found: list[str]) -> None:
    assert ids(clientele, "list", *words) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["status:suspended"], [BRAVO]),
        (["-status:expired", "-tag:sul"], [ALFA, DELTA_TOO]),
        (["acao"], [ALFA]),
        (["--status", "suspended", "--status", "trial"], [ALFA, BRAVO]),
        (["--status", "expiring-soon"], [ALFA]),
        (["--tag", "gold", "--region", "US"], [ALFA]),
        (["--tag", "GOLD"], [ALFA, BRAVO]),
        (["--product", "calling"], [ALFA, BRAVO]),
        (["--kind", "trial"], [ALFA]),
        (["--kind", "trial", "--kind", "subscription"], [ALFA, BRAVO]),
        (["tag:gold", "--where", "region:EU"], [BRAVO]),
        (["--managed-by", "partner"], [ALFA]),
        (["--managed-by", "External"], [BRAVO]),
        (["--managed-by", "Rui@partner.example"], [ALFA, BRAVO]),
        (["--managed-by", "external", "--managed-by", "ana@partner.example"], [ALFA, BRAVO]),
    ],
)
def test_a_filter_takes_query_and_options(clientele: Cli, words: list[str], found: list[str]) -> None:
    assert ids(clientele, "filter", *words) == found


def test_managed_by_me_is_whom_i_administrate(clientele: Cli) -> None:
    clientele("config", "set", "me", "Ana@partner.example")

    assert ids(clientele, "filter", "--managed-by", "me") == [ALFA]


def test_customers_of_whom_too_little_is_known_are_counted(clientele: Cli) -> None:
    result = clientele("customers", "filter", "--managed-by", "partner", "--json")

    assert result.stderr == "4 left out because managed_by is unknown\n"


def test_exit_10_tells_that_something_matches(clientele: Cli) -> None:
    assert clientele("customers", "filter", "status:trial", "--exit-code", "--json", expect=10).json
    clientele("customers", "filter", "status:trial", "--exit-code", "--limit", "0", "--json", expect=10)
    assert clientele("customers", "filter", "seats:900..", "--exit-code", "--json").json == []


def test_as_of_a_day_is_what_was_said_by_then(clientele: Cli) -> None:
    result = clientele("customers", "list", "--as-of", "2026-11-02", "--json")

    assert result.stderr == ""
    (record,) = result.json
    assert record == ALFA_RECORD | {
        "name": "Alfa Telecom",
        "statuses": ["expiring_soon", "subscription"],
        "products": ["meetings"],
        "tags": [],
        "trials": 0,
        "licenses_total": 50,
        "licenses_assigned": 10,
        "next_end_date": "2026-11-20",
        "last_admin_login": "2026-10-30",
        "data_as_of": "2026-11-01",
    }


def test_as_of_a_future_day_is_the_newest_knowledge_on_that_day(clientele: Cli) -> None:
    records = {
        one["org_id"]: one for one in clientele("customers", "list", "--as-of", "2026-12-02", "--json").json
    }

    assert records[ALFA]["statuses"] == ["subscription"]
    assert records[ALFA]["trials"] == 0


def test_before_anything_was_known_the_list_is_empty(clientele: Cli) -> None:
    result = clientele("customers", "list", "--as-of", "2026-10-31", "--json")

    assert result.json == []
    assert result.stderr == "nothing was known on 2026-10-31\n"


@pytest.mark.parametrize(
    "words",
    [
        ["customers", "list"],
        ["subscriptions", "list"],
        ["licenses", "list"],
        ["customers", "search", "a@b.example"],
    ],
)
def test_an_empty_store_says_what_comes_next(cli: Cli, words: list[str]) -> None:
    result = cli(*words, "--json")

    assert result.json == []
    assert result.stderr == (
        "the store is empty\nimport a report: partnerctl import FILE\nsee made data: partnerctl demo\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["list", "--where", "regin:EU"], 2, "error: there is no field 'regin'\n  regin:EU\n  ^^^^^\n"),
        (["list", "--sort", "statuses"], 2, "error: statuses is a list and has no order\n"),
        (
            ["list", "--fields", "nam"],
            2,
            "error: --fields: there is no field 'nam'\nhint: did you mean name?\n",
        ),
        (
            ["list", "--region", "Mars"],
            2,
            "error: --region: 'Mars' is not a region\nhint: choose from: US, CA,",
        ),
        (["list", "--as-of", "soon"], 2, "error: --as-of: 'soon' is not a day\n"),
        (["list", "--max-age", "0d"], 11, "error: the newest data is of 2026-11-22, more than 0 days"),
        (["filter", "--status", "lost"], 2, "error: 'lost' is no value of statuses\n  --status lost\n"),
        (["filter", "--kind", "lease"], 2, "error: invalid value for '--kind'"),
        (["filter", "--managed-by", "bob"], 2, "error: --managed-by: 'bob' is nobody\nhint: choose me,"),
        (
            ["filter", "--managed-by", "me"],
            2,
            (
                "error: --managed-by me: your own address is not set\n"
                "hint: set your address: partnerctl config set me you@example.com\n"
            ),
        ),
    ],
)
def test_what_is_refused_leaves_stdout_empty(
    clientele: Cli, words: list[str], code: int, reason: str
) -> None:
    result = clientele("customers", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)
