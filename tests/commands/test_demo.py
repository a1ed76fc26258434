"""``demo`` at the command line."""

from pathlib import Path

from tests.commands.importing import CUSTOMERS, write
from tests.conftest import Cli


def test_it_fills_the_store_of_its_own_profile(cli: Cli, home: Path) -> None:
    made = cli("demo", "--customers", "20", "--json").json

    assert (made["as_of"], made["seed"], made["customers"], made["weeks"]) == ("2026-11-23", 7, 20, 26)
    assert made["store"] == str(home / "data" / "demo.db")
    assert not (home / "data" / "default.db").exists()


def test_it_can_be_run_again(cli: Cli) -> None:
    first = cli("demo", "--customers", "20", "--json").stdout

    assert cli("demo", "--customers", "20", "--json").stdout == first


def test_every_table_says_so(cli: Cli) -> None:
    cli("demo", "--customers", "20")

    assert cli("--profile", "demo", "regions", "list").lines[-1] == "data as of 2026-11-23 · DEMO"


def test_it_leaves_other_data_alone(cli: Cli, tmp_path: Path) -> None:
    cli("import", write(tmp_path / "customers.csv", CUSTOMERS), "--profile", "demo")

    assert "holds data that is not the demo's" in cli("demo", "--customers", "20", expect=6).stderr


def test_the_language_goes_with_report_files(cli: Cli) -> None:
    assert "--language goes with --write-reports DIR" in cli("demo", "--language", "pt", expect=2).stderr


def test_its_report_files_can_be_imported(cli: Cli, tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "reports"
    written = cli("demo", "--customers", "20", "--write-reports", folder, "--language", "pt", "--json").json
    imported = cli("import", folder, "--json").json

    assert len(written) == len(imported) == 29
    assert sum(w["rows"] for w in written) == sum(i["rows"] for i in imported)
    assert not (home / "data" / "demo.db").exists()
