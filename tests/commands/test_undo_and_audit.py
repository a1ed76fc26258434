"""`undo` takes an import or a change back; `audit list` says who changed what."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.commands.upkeep_files import ACME, BETA, written
from tests.conftest import Cli


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return written(tmp_path)


def imported(cli: Cli, path: Path, *words: str) -> str:
    return str(cli("import", path, *words, "--json").json[0]["run_id"])


def customers(cli: Cli) -> Any:
    return cli("customers", "list", "--json").json


def test_an_undone_import_is_as_if_its_file_had_never_come(cli: Cli, files: Path) -> None:
    imported(cli, files / "customers.csv", "--as-of", "2026-11-01")
    before = customers(cli)
    (files / "customers.csv").write_text(f"org_id,name,region\n{ACME},Other,US\n")
    run_id = imported(cli, files / "customers.csv", "--as-of", "2026-11-08")

    done = cli("undo", run_id, "--json").json

    assert done == {
        "run_id": int(run_id) + 1,
        "undone": int(run_id),
        "kind": "import",
        "subject": done["subject"],
        "actor": done["actor"],
        "started": "2026-11-23T12:00:00Z",
        "observations": 1,
    }
    assert customers(cli) == before
    assert cli("store", "check", "--json").json == []


def test_a_dry_run_says_what_would_be_undone(cli: Cli, files: Path) -> None:
    run_id = imported(cli, files / "customers.csv")

    result = cli("undo", run_id, "--dry-run", "--json")

    assert (result.json["run_id"], result.json["observations"]) == (None, 2)
    assert result.stderr == "--dry-run: nothing was changed\n"
    assert len(customers(cli)) == 2


def test_an_unknown_run_exits_5_and_makes_no_store(cli: Cli, home: Path) -> None:
    assert "there is no run 7" in cli("undo", "7", expect=5).stderr
    assert not (home / "data").exists()


def test_what_is_undone_is_not_undone_again(cli: Cli, files: Path) -> None:
    run_id = imported(cli, files / "customers.csv")
    own = str(cli("undo", run_id, "--json").json["run_id"])

    assert f"taken back already, by run {own}" in cli("undo", run_id, expect=6).stderr
    assert f"put it back with: partnerctl undo {own}" in cli("undo", run_id, expect=6).stderr


def test_an_undo_is_undone_and_so_is_that(cli: Cli, files: Path) -> None:
    imported(cli, files)
    before = (customers(cli), cli("reports", "run", "devices", "--stdout").stdout)
    runs = [one["run_id"] for one in cli("audit", "list", "--action", "import", "--json").json]

    undos = [str(cli("undo", str(run), "--json").json["run_id"]) for run in runs]
    assert customers(cli) == []
    again = [str(cli("undo", undo, "--json").json["run_id"]) for undo in reversed(undos)]
    assert (customers(cli), cli("reports", "run", "devices", "--stdout").stdout) == before
    for undo in reversed(again):
        cli("undo", undo)
    assert customers(cli) == []
    assert cli("store", "check", "--json").json == []


def test_a_report_is_nothing_to_undo(cli: Cli, files: Path, tmp_path: Path) -> None:
    imported(cli, files)
    run = cli("reports", "run", "devices", "--dir", tmp_path, "--json").json

    assert "wrote a report file" in cli("undo", str(run["run_id"]), expect=6).stderr


def test_demo_data_is_not_undone(cli: Cli) -> None:
    cli("demo", "--customers", "1")

    assert "partnerctl demo" in cli("undo", "1", "--profile", "demo", expect=6).stderr


def changed(cli: Cli, *words: str) -> str:
    cli("customers", "set", "Acme GmbH", *words)
    return last_run(cli)


def last_run(cli: Cli) -> str:
    return str(cli("audit", "list", "--limit", "1", "--json").json[0]["run_id"])


def test_a_change_is_undone(cli: Cli, files: Path) -> None:
    imported(cli, files)
    before = customers(cli)
    run_id = changed(cli, "--region", "US", "--industry", "Retail")

    cli("undo", run_id)

    assert customers(cli) == before


def test_a_change_that_was_changed_since_is_not(cli: Cli, files: Path) -> None:
    imported(cli, files)
    first = changed(cli, "--region", "US")
    second = changed(cli, "--region", "CA")

    result = cli("undo", first, expect=6)

    assert f"changed since by run {second}: region of {ACME}" in result.stderr
    cli("undo", second)
    cli("undo", first)


def test_other_fields_do_not_stand_in_the_way(cli: Cli, files: Path) -> None:
    imported(cli, files)
    first = changed(cli, "--region", "US")
    changed(cli, "--country", "CA")

    cli("undo", first)

    (acme, _) = customers(cli)
    assert (acme["region"], acme["country"]) == ("EU", "CA")


def test_an_import_is_undone_whatever_came_since(cli: Cli, files: Path) -> None:
    run_id = imported(cli, files / "customers.csv", "--as-of", "2026-11-01")
    imported(cli, files / "customers.csv", "--as-of", "2026-11-08")

    cli("undo", run_id)

    assert len(customers(cli)) == 2
    assert customers(cli) == cli("customers", "list", "--json").json
    assert cli("customers", "list", "--as-of", "2026-11-02", "--json").json == []


def test_a_change_without_history_is_told_apart(cli: Cli) -> None:
    cli("init", "--name", "Acme Partner", "--accept-terms", "--yes")
    run_id = last_run(cli)

    assert "which has no history" in cli("undo", run_id, expect=6).stderr


def test_an_undo_is_audited(cli: Cli, files: Path) -> None:
    run_id = imported(cli, files / "customers.csv")
    cli("admins", "grant", "ana@acme.example", "full_admin")
    cli("config", "set", "me", "ana@acme.example")
    cli("undo", run_id)

    (entry,) = cli("audit", "list", "--action", "undo", "--json").json

    assert (entry["actor"], entry["object"]) == ("ana@acme.example", f"run {run_id}")


def test_another_writer_keeps_an_undo_waiting(cli: Cli, files: Path, home: Path) -> None:
    run_id = imported(cli, files / "customers.csv")
    writer = sqlite3.connect(home / "data" / "default.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    cli("undo", run_id, "--wait", "0s", expect=9)

    writer.execute("ROLLBACK")
    writer.close()
    assert len(customers(cli)) == 2


@pytest.fixture
def audited(cli: Cli, files: Path) -> None:
    imported(cli, files)
    for address in ("ana@acme.example", "bo@acme.example"):
        cli("admins", "grant", address, "full_admin")
    cli("config", "set", "me", "ana@acme.example")
    changed(cli, "--region", "US")
    cli("config", "set", "me", "bo@acme.example")
    changed(cli, "--region", "CA")


@pytest.mark.usefixtures("audited")
def test_the_audit_is_filtered(cli: Cli) -> None:
    def actors(*words: str) -> list[str]:
        return [entry["actor"] for entry in cli("audit", "list", *words, "--json").json]

    assert actors("--action", "customers set") == ["bo@acme.example", "ana@acme.example"]
    assert actors("--action", "customers") == ["bo@acme.example", "ana@acme.example"]
    assert actors("--action", "custom") == []
    assert actors("--actor", "ANA@acme.example") == ["ana@acme.example"]
    assert actors("--since", "tomorrow") == []
    assert actors("--until", "yesterday") == []
    assert actors("--since", "today", "--until", "today", "--limit", "1") == ["bo@acme.example"]


@pytest.mark.usefixtures("audited")
def test_the_audit_has_the_keys_of_the_contract(cli: Cli) -> None:
    (entry, *_) = cli("audit", "list", "--json").json

    assert list(entry) == ["at", "actor", "run_id", "action", "object", "before", "after"]
    assert entry["at"] == "2026-11-23T12:00:00Z"


def test_an_empty_audit_is_an_empty_list(cli: Cli) -> None:
    assert cli("audit", "list", "--json").json == []


def test_a_merge_is_undone(cli: Cli, files: Path) -> None:
    imported(cli, files, "--as-of", "2026-11-01")
    before = customers(cli), cli("subscriptions", "list", "--json").json
    cli("customers", "merge", ACME, BETA, "--yes")

    cli("undo", last_run(cli))

    assert (customers(cli), cli("subscriptions", "list", "--json").json) == before
    assert cli("store", "check", "--json").json == []
