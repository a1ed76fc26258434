"""``import``: the day of a row, observations, the same file twice (``files.md``, Rules)."""

from itertools import permutations
from pathlib import Path

import pytest

from tests.commands.importing import (
    ACME,
    CUSTOMERS,
    DETAILS,
    MEETINGS,
    ask,
    base,
    column,
    counts,
    details,
    notes,
    seen,
    stored,
    write,
)
from tests.conftest import Cli

LICENSES = "subscription_id,product,total,assigned"


def day(cli: Cli, *words: str | Path, **more: str) -> str:
    result: str = cli("import", *words, "--json", **more).json[0]["day"]  # type: ignore[arg-type]
    return result


def test_a_row_has_its_own_day_first_of_all(cli: Cli, tmp_path: Path) -> None:
    file = details(tmp_path / "d_2026-11-20.csv", seen("2026-11-19", "S1"))
    result = cli("import", file, "--as-of", "2026-11-18", "--json")

    assert result.json[0]["day"] == "2026-11-19"
    assert "from" not in result.stderr


def test_the_column_as_of_is_a_rows_own_day(cli: Cli, tmp_path: Path, home: Path) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / "licenses_2026-11-20.csv", f"{LICENSES},as_of\nS1,meetings,1,1,2026-11-19\n")

    assert day(cli, file) == "2026-11-19"
    assert column(home, "SELECT last_seen FROM licenses") == ["2026-11-19"]


def test_next_comes_what_the_user_says(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers_2026-11-20.csv", CUSTOMERS)
    result = cli("import", file, "--as-of", "yesterday", "--json")

    assert result.json[0]["day"] == "2026-11-22"
    assert f"{file}: day 2026-11-22, from --as-of\n" in result.stderr


def test_next_comes_the_date_in_the_name(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers_2026-11-20.csv", CUSTOMERS)
    result = cli("import", file, "--json")

    assert result.json[0]["day"] == "2026-11-20"
    assert f"{file}: day 2026-11-20, from the file's name\n" in result.stderr


def test_else_it_is_today(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", CUSTOMERS)
    result = cli("import", file, "--json")

    assert result.json[0]["day"] == "2026-11-23"
    assert f"{file}: day 2026-11-23, from today: neither the file nor its name has a date\n" in result.stderr


def test_rows_whose_own_day_is_empty_take_the_next_choice_and_it_is_told(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    file = details(tmp_path / "d_2026-11-20.csv", seen("2026-11-19", "S1"), seen("", "S2"))
    result = cli("import", file)

    assert ask(home, "SELECT subscription_id, last_seen FROM subscriptions ORDER BY 1") == [
        ("S1", "2026-11-19"),
        ("S2", "2026-11-20"),
    ]
    assert notes(result.stderr, "day 2026-11-20, from the file's name", "(1 row without a date)")


def test_a_future_day_is_kept_with_a_warning(cli: Cli, tmp_path: Path, home: Path) -> None:
    file = write(tmp_path / "customers_2026-12-24.csv", CUSTOMERS)

    assert notes(cli("import", file).stderr, "dated in the future (2026-12-24); kept")
    assert column(home, "SELECT DISTINCT last_seen FROM customers") == ["2026-12-24"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("customers.csv", CUSTOMERS),
        ("users.csv", f"email,org_id,name\nana@acme.example,{ACME},Ana\n"),
        ("admins.csv", "email,role\nana@acme.example,full_admin\n"),
        ("licenses.csv", f"{LICENSES},used_7d\nS1,meetings,9,8,\nS1,messaging,,,\n"),
        ("orders.csv", "order_id,subscription_id,ordered_date,quantity\nO1,S1,2026-01-01,5\n"),
        ("tags.csv", f"org_id,subscription_id,tag\n{ACME},,vip\n{ACME},S1,gold\n"),
        ("assignments.csv", f"email,org_id\nana@acme.example,{ACME}\nbo@acme.example,{ACME}\n"),
        ("locations.csv", f"location_id,org_id,name,country\nL1,{ACME},Lyon,FR\n"),
        ("devices.csv", f"Customer,Customer organization ID,MAC\nAcme,{ACME},00\nAcme,{ACME},01\n"),
        ("phone-numbers.csv", f"org_id,phone_number,active\n{ACME},+1,Yes\n{ACME},+2,\n"),
        ("app-versions.csv", f"org_id,app_type,users\n{ACME},desktop,7\n"),
        (
            "details.csv",
            f"{DETAILS},{MEETINGS}\n2026-11-22,Acme,{ACME},S1,Trial,9,8,7\n2026-11-22,Acme,{ACME},,,,,\n",
        ),
    ],
    ids=lambda value: value if value.endswith(".csv") else "",
)
def test_the_same_file_twice_changes_nothing(
    cli: Cli, tmp_path: Path, home: Path, name: str, text: str
) -> None:
    base(cli, tmp_path)
    file = write(tmp_path / name, text)
    cli("import", file)
    before = stored(home)
    rows = text.count("\n") - 1

    assert counts(cli, file) == [(rows, 0, 0, rows, 0)]
    assert stored(home) == before


def test_all_that_is_new_counts_as_inserted(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    tags = write(tmp_path / "tags.csv", f"org_id,subscription_id,tag\n{ACME},,vip\n{ACME},S1,gold\n")

    assert counts(cli, tags) == [(2, 2, 0, 0, 0)]


def test_files_of_different_days_in_any_order_give_the_same_store(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        details(tmp_path / "1.csv", seen("2026-11-01", "S1"), seen("2026-11-01", "S2")),
        details(tmp_path / "2.csv", seen("2026-11-08", "S1", status="Suspended", name="Acme Ltd")),
        details(tmp_path / "3.csv", seen("2026-11-15", "S1"), seen("2026-11-15", "S2", status="Expired")),
    ]
    found = []
    for number, order in enumerate(permutations(files)):
        home = tmp_path / f"home{number}"
        monkeypatch.setenv("PARTNERCTL_HOME", str(home))
        for file in (*order, order[0]):
            cli("import", file)
        found.append(stored(home))

    assert all(one == found[0] for one in found)


def test_two_files_of_one_day_that_disagree_the_later_wins_with_a_note(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    cli("import", details(tmp_path / "1.csv", seen("2026-11-22", "S1"), seen("2026-11-22", "S2")))
    later = details(tmp_path / "2.csv", seen("2026-11-22", "S1"), seen("2026-11-22", "S2", status="Expired"))
    result = cli("import", later)

    assert result.stderr == (
        f"{later}, line 3: another file says something else of S2 for 2026-11-22; this one counts\n"
    )
    assert column(home, "SELECT status FROM subscriptions ORDER BY subscription_id") == ["active", "expired"]
    assert cli("import", later).stderr == ""


def test_a_second_inventory_of_one_day_replaces_the_first_with_a_note(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    cli("import", write(tmp_path / "a" / "devices_2026-11-22.csv", f"org_id,mac\n{ACME},00\n"))
    later = write(tmp_path / "b" / "devices_2026-11-22.csv", f"org_id,mac\n{ACME},01\n")

    assert notes(cli("import", later).stderr, "1 customer", "2026-11-22", "this one counts")


def test_an_absent_column_leaves_alone_and_an_empty_cell_makes_unknown(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    cli(
        "import",
        write(tmp_path / "customers_2026-11-01.csv", f"org_id,name,region,country\n{ACME},Acme,EU,FR\n"),
    )
    cli("import", write(tmp_path / "customers_2026-11-02.csv", f"org_id,name,country\n{ACME},Acme,\n"))

    assert ask(home, "SELECT region, country FROM customers") == [("EU", None)]


def test_newer_knowledge_stays_when_an_older_file_comes(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", details(tmp_path / "1.csv", seen("2026-11-22", "S1", status="Expired")))
    cli("import", details(tmp_path / "2.csv", seen("2026-11-01", "S1")))

    assert ask(home, "SELECT status, first_seen, last_seen FROM subscriptions") == [
        ("expired", "2026-11-01", "2026-11-22")
    ]


def test_the_last_day_of_all_is_a_day_like_others(cli: Cli, tmp_path: Path) -> None:
    cli("import", details(tmp_path / "details.csv", seen("2026-11-20", "S1")))

    assert [c["name"] for c in cli("customers", "list", "--as-of", "9999-12-31", "--json").json] == ["Acme"]
