"""``export`` at the command line."""

from pathlib import Path

from tests.commands.importing import ACME, BETA, base, write
from tests.conftest import Cli


def test_it_writes_one_file_per_entity_that_is_known(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    result = cli("export", "--dir", tmp_path / "out", "--json")

    assert [(r["entity"], r["rows"]) for r in result.json] == [("customers", 2), ("subscriptions", 2)]
    assert (tmp_path / "out" / "customers.csv").read_text() == (
        "org_id,name,region,country,industry,planned_users,managed_by,external_id,total_users,verified_users,"
        f"created_date,last_admin_login\n{ACME},Acme,,,,,,,,,,\n{BETA},Beta,,,,,,,,,,\n"
    )


def test_licenses_always_carry_the_day_of_their_figures(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    header = "subscription_id,product,total,assigned"
    cli("import", write(tmp_path / "licenses_2026-11-10.csv", f"{header}\nS1,meetings,9,8\n"))
    cli("export", "--dir", tmp_path / "out")

    assert (tmp_path / "out" / "licenses.csv").read_text() == (
        "subscription_id,product,total,assigned,used_7d,used_3m,used_ever,as_of\nS1,meetings,9,8,,,,2026-11-10\n"
    )


def test_a_history_has_a_row_per_observed_day(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    cli("import", write(tmp_path / "tags_2026-11-10.csv", f"org_id,tag\n{ACME},vip\n"))
    cli("import", write(tmp_path / "tags_2026-11-11.csv", f"org_id,tag\n{ACME},\n"))
    cli("export", "--dir", tmp_path / "out", "--history")

    assert (tmp_path / "out" / "tags.csv").read_text() == (
        f"org_id,subscription_id,tag,as_of\n{ACME},,vip,2026-11-10\n{ACME},,,2026-11-11\n"
    )


def test_nothing_is_overwritten_unless_it_is_said(cli: Cli, tmp_path: Path) -> None:
    base(cli, tmp_path)
    cli("export", "--dir", tmp_path / "out")
    before = (tmp_path / "out" / "customers.csv").stat().st_mtime_ns
    result = cli("export", "--dir", tmp_path / "out", expect=6)

    assert "already holds customers.csv, subscriptions.csv" in result.stderr
    assert (tmp_path / "out" / "customers.csv").stat().st_mtime_ns == before
    cli("export", "--dir", tmp_path / "out", "--overwrite")


def test_a_store_that_does_not_exist_is_empty_and_stays_away(cli: Cli, tmp_path: Path, home: Path) -> None:
    assert cli("export", "--dir", tmp_path / "out", "--json").json == []
    assert not (home / "data").exists()


def test_a_history_keeps_the_day_of_an_inventory(cli: Cli, tmp_path: Path) -> None:
    def numbers(day: str, number: str) -> Path:
        header = "Customer,Customer organization ID,Phone number"
        return write(tmp_path / f"Phone Numbers_{day}.csv", f"{header}\nAcme,{ACME},{number}\n")

    cli("import", numbers("2026-10-01", "+12025550100"))
    cli("export", "--dir", tmp_path / "out", "--history")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    cli("import", tmp_path / "out", "--store", other)
    [record] = cli("import", numbers("2026-11-01", "+12025550199"), "--store", other, "--json").json

    assert record["updated"] == 1
