"""``import``: what files refer to, several files of one command, and all or nothing (``files.md``, Rules)."""

from pathlib import Path

import pytest

from tests.commands.importing import (
    ACME,
    BETA,
    CUSTOMERS,
    DETAILS,
    GAMA,
    SUBSCRIPTIONS,
    ask,
    base,
    column,
    counts,
    details,
    seen,
    write,
)
from tests.conftest import Cli


def test_an_unknown_customer_is_an_error_with_line_and_value(cli: Cli, tmp_path: Path, home: Path) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / "users.csv", f"email,org_id\nana@acme.example,{ACME}\nbo@acme.example,{GAMA}\n")
    result = cli("import", file, expect=12)

    assert result.stdout == ""
    assert f"{file}, line 3: org_id: {GAMA} is not known to the store" in result.stderr
    assert column(home, "SELECT email FROM users") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("licenses.csv", "subscription_id,product,total,assigned\nS9,meetings,1,1\n"),
        ("orders.csv", "order_id,subscription_id,ordered_date\nO1,S9,2026-01-01\n"),
        ("tags.csv", f"org_id,subscription_id,tag\n{ACME},S9,vip\n"),
    ],
)
def test_an_unknown_subscription_is_an_error_with_line_and_value(
    cli: Cli, tmp_path: Path, name: str, text: str
) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / name, text)

    assert f"{file}, line 2: subscription_id: S9 is not known" in cli("import", file, expect=12).stderr


@pytest.mark.parametrize(
    "name", ["subscriptions", "locations", "assignments", "tags", "devices", "app-versions"]
)
def test_every_entity_of_a_customer_needs_a_known_one(cli: Cli, tmp_path: Path, name: str) -> None:
    rows = {
        "subscriptions": f"subscription_id,org_id,kind\nS1,{ACME},trial\n",
        "locations": f"location_id,org_id\nL1,{ACME}\n",
        "assignments": f"email,org_id\nana@acme.example,{ACME}\n",
        "tags": f"org_id,tag\n{ACME},vip\n",
        "devices": f"org_id,mac,product,firmware\n{ACME},00,Desk,1\n",
        "app-versions": f"org_id,app_type,users\n{ACME},desktop,1\n",
    }
    file = write(tmp_path / f"{name}.csv", rows[name])

    assert f"{file}, line 2: org_id: {ACME} is not known" in cli("import", file, expect=12).stderr


def test_files_of_one_command_resolve_each_other_whatever_their_order(cli: Cli, tmp_path: Path) -> None:
    files = [
        write(tmp_path / "f9.csv", "order_id,subscription_id,ordered_date\nO1,S1,2026-01-01\n"),
        write(tmp_path / "f8.csv", f"org_id,subscription_id,tag\n{ACME},S1,vip\n"),
        write(tmp_path / "f7.csv", "subscription_id,product,total,assigned\nS1,meetings,1,1\n"),
        write(tmp_path / "f6.csv", SUBSCRIPTIONS),
        write(tmp_path / "f5.csv", CUSTOMERS),
    ]
    entities = [r["entity"] for r in cli("import", *files, "--json").json]

    assert entities == ["customers", "subscriptions", "licenses", "orders", "tags"]


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("details", f"{DETAILS}\n2026-11-22,Acme,{ACME},S1,\n"),
        ("Devices", f"Customer,Customer organization ID,MAC\nAcme,{ACME},00\n"),
        ("Phone Numbers", f"Customer,Customer organization ID,Phone number\nAcme,{ACME},+1\n"),
        ("versions", f"Customer name,Organization ID,App type,Number of users\nAcme,{ACME},desktop,1\n"),
    ],
)
def test_a_report_introduces_customers_to_the_canonical_files_beside_it(
    cli: Cli, tmp_path: Path, name: str, report: str
) -> None:
    users = write(tmp_path / "users.csv", f"email,org_id\nana@acme.example,{ACME}\n")

    assert len(counts(cli, users, write(tmp_path / f"{name}.csv", report))) == 2


def test_canonical_licenses_find_the_subscription_of_a_report_beside_them(cli: Cli, tmp_path: Path) -> None:
    licenses = write(tmp_path / "licenses.csv", "subscription_id,product,total,assigned\nS1,messaging,1,1\n")
    report = details(tmp_path / "report.csv", seen("2026-11-22", "S1"))

    assert len(counts(cli, licenses, report)) == 2


def test_a_dry_run_lets_files_resolve_each_other_too(cli: Cli, tmp_path: Path, home: Path) -> None:
    files = (
        write(tmp_path / "customers.csv", CUSTOMERS),
        write(tmp_path / "subscriptions.csv", SUBSCRIPTIONS),
    )

    assert counts(cli, *files, "--dry-run") == [(2, 2, 0, 0, 0), (2, 2, 0, 0, 0)]
    assert ask(home, "SELECT * FROM customers") == []


def test_one_bad_file_stores_nothing(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,name\n{ACME},Acme\nnone,Beta\n")
    result = cli("import", file, expect=12)

    assert result.stderr.startswith(f"error: {file}, line 3: org_id: 'none' is no organization id")
    assert ask(home, "SELECT * FROM customers") == ask(home, "SELECT * FROM runs") == []


def test_some_bad_files_exit_3_and_the_good_ones_are_stored(cli: Cli, tmp_path: Path, home: Path) -> None:
    good = write(tmp_path / "customers.csv", CUSTOMERS)
    bad = write(tmp_path / "users.csv", f"email,org_id\nana@acme.example,{GAMA}\n")
    result = cli("import", good, bad, "--json", expect=3)

    assert [r["file"] for r in result.json] == [str(good)]
    assert f"warning: {bad}, line 2: org_id: {GAMA} is not known to the store" in result.stderr
    assert "1 of 2 files could not be imported" in result.stderr
    assert column(home, "SELECT name FROM customers ORDER BY 1") == ["Acme", "Beta"]


def test_all_files_bad_exit_12_and_each_is_told(cli: Cli, tmp_path: Path, home: Path) -> None:
    one = write(tmp_path / "users.csv", f"email,org_id\nana@acme.example,{GAMA}\n")
    two = write(tmp_path / "locations.csv", f"location_id,org_id\nL1,{GAMA}\n")
    result = cli("import", one, two, expect=12)

    assert result.stdout == ""
    assert str(one) in result.stderr
    assert str(two) in result.stderr
    assert ask(home, "SELECT * FROM runs") == []


def test_the_audit_tells_of_each_import(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers.csv", CUSTOMERS)
    cli("import", file)

    assert ask(home, "SELECT kind, subject FROM runs") == [("import", str(file))]
    assert ask(home, "SELECT action, object, after FROM audit") == [
        ("import", str(file), '{"entity": "customers", "rows": 2, "inserted": 2}')
    ]


def test_a_path_that_is_not_there_is_wrong_usage(cli: Cli, tmp_path: Path) -> None:
    assert "there is no such file or folder" in cli("import", tmp_path / "x.csv", expect=2).stderr


def test_a_local_path_with_a_dot_is_named_too(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "shopping.csv", "what,how many\nmilk,2\n")
    monkeypatch.chdir(tmp_path)

    assert "Say it with --entity" in cli("import", "./shopping.csv", expect=12).stderr


def test_standard_input_that_is_not_recognised_asks_for_the_entity(cli: Cli) -> None:
    assert "Say it with --entity" in cli("import", "-", input="what,how many\nmilk,2\n", expect=12).stderr


def test_beta_may_be_named_in_the_form_of_webex(cli: Cli, tmp_path: Path, home: Path) -> None:
    import base64

    text = base64.b64encode(f"ciscospark://us/ORGANIZATION/{BETA.upper()}".encode()).decode()
    cli("import", write(tmp_path / "customers.csv", f"org_id,name\n{text},Beta\n"))

    assert column(home, "SELECT org_id FROM customers") == [BETA]
