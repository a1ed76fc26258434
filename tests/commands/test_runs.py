"""``runs`` at the command line: the history of report runs."""

from pathlib import Path

import pytest

from tests.commands.estate import import_estate
from tests.conftest import Cli


@pytest.fixture
def history(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Return the program after three runs: devices, phone numbers of the EU, and an import between them."""
    monkeypatch.chdir(tmp_path)
    cli("reports", "run", "devices", "--file", "d.csv")
    import_estate(cli, tmp_path / "in")
    cli("reports", "run", "phone-numbers", "--file", "p.csv", "--region", "EU")
    return cli


def test_list_shows_the_newest_first(history: Cli, tmp_path: Path) -> None:
    result = history("runs", "list", "-o", "csv", "--fields", "run_id,template,status,rows,region,path")

    assert result.stdout == (
        "run_id,template,status,rows,region,path\n"
        f"7,phone-numbers,done,1,EU,{tmp_path}/p.csv\n"
        f"1,devices,done,0,,{tmp_path}/d.csv\n"
    )


def test_list_as_a_table_hides_what_nobody_knows(history: Cli) -> None:
    result = history("runs", "list", "--limit", "1")

    assert result.lines[0].split() == [
        "run_id",
        "template",
        "status",
        "finished",
        "rows",
        "region",
        "path",
    ]
    assert "showing 1 of 2" in result.stderr


def test_list_can_be_sorted(history: Cli) -> None:
    runs = history("runs", "list", "--sort", "template", "--json").json

    assert [run["template"] for run in runs] == ["devices", "phone-numbers"]


def test_nulls_come_last_in_any_order(history: Cli) -> None:
    for sort in ("region", "-region"):
        runs = history("runs", "list", "--sort", sort, "--json").json
        assert [run["region"] for run in runs] == ["EU", None]


def test_show_has_the_fields_of_the_contract(history: Cli) -> None:
    assert " ".join(history("runs", "show", "7", "--json").json) == (
        "run_id template schedule due status path rows bytes sha256 region since until data_as_of started"
        " finished error"
    )


def test_show_of_another_kind_of_run_says_what_it_is(history: Cli) -> None:
    result = history("runs", "show", "2", expect=5)

    assert result.stderr == (
        "error: run 2 is no run of a report: its kind is import\n"
        "hint: `partnerctl audit list` shows imports and changes\n"
    )


@pytest.mark.parametrize(("run", "code"), [("99", 5), ("0", 2), ("x", 2), ("9" * 30, 2)])
def test_show_of_no_run(cli: Cli, run: str, code: int) -> None:
    assert cli("runs", "show", run, expect=code).stdout == ""


def test_no_runs_are_an_empty_list(cli: Cli, home: Path) -> None:
    assert cli("runs", "list", "--json").json == []
    assert cli("runs", "list").stdout == ""
    assert not (home / "data").exists()
