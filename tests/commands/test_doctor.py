"""`doctor` says what is amiss on this machine, and what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zoneinfo
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from partnerctl.config.folders import Folders
from partnerctl.errors import ExitCode
from partnerctl.services import diagnosis
from partnerctl.services.diagnosis import Finding, Machine, diagnose, exit_code
from partnerctl.stores import connection, migrate
from partnerctl.stores.migrate import MIGRATIONS
from tests.conftest import Cli

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def machine(folder: Path, store: str | None = None, now: datetime = NOW) -> Machine:
    folders = Folders(folder / "config", folder / "data", folder / "state", folder / "reports")
    return Machine(folders, store or f"sqlite:///{folder / 'data' / 'default.db'}", now)


def found(of: Machine, check: str) -> Finding:
    return next(finding for finding in diagnose(of) if finding.check == check)


def test_a_good_machine_exits_0_and_nothing_is_created(cli: Cli, home: Path) -> None:
    result = cli("doctor", "--json")

    checks = [one["check"] for one in result.json]
    assert {"python", "sqlite", "clock", "time zones", "configuration", "store"} <= set(checks)
    assert {one["result"] for one in result.json} <= {"ok", "warn"}
    assert not home.exists()


def test_a_bad_configuration_exits_12_and_all_else_is_told(cli: Cli, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("[profiles.default]\nnonsense = 1\n")

    result = cli("doctor", "--json", expect=12)

    (bad,) = [one for one in result.json if one["result"] == "fail"]
    assert bad["check"] == "configuration"
    assert "line 2" in bad["found"]


def test_a_damaged_store_exits_13(cli: Cli, home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "default.db").write_text("no database, though long enough to be one " * 50)

    result = cli("doctor", expect=13)

    assert "damaged or is no store" in result.stdout


def test_a_store_that_others_may_read_is_a_warning(cli: Cli, home: Path) -> None:
    cli("init", "--name", "Acme Partner", "--accept-terms", "--yes")
    (home / "data" / "default.db").chmod(0o644)

    (store,) = [one for one in cli("doctor", "--json").json if one["check"] == "store"]

    assert (store["result"], store["advice"].split()[0]) == ("warn", "chmod")


def test_a_store_of_a_newer_version_fails(tmp_path: Path, cli: Cli) -> None:
    cli("init", "--name", "Acme Partner", "--accept-terms", "--yes")
    path = tmp_path / "home" / "data" / "default.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    assert found(machine(tmp_path / "home"), "store").result == "fail"


def test_another_kind_of_store_fails(tmp_path: Path) -> None:
    assert found(machine(tmp_path, "mysql://host/x"), "store").result == "fail"


def test_a_store_in_memory_is_well(tmp_path: Path) -> None:
    assert found(machine(tmp_path, ":memory:"), "store").result == "ok"


def test_a_clock_in_the_past_is_a_warning(tmp_path: Path) -> None:
    assert found(machine(tmp_path, now=datetime(1970, 1, 1, tzinfo=UTC)), "clock").result == "warn"


def test_a_file_in_the_place_of_a_folder_fails(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    finding = found(machine(tmp_path), "data folder")

    assert (finding.result, exit_code([finding])) == ("fail", ExitCode.MACHINE)


def test_a_folder_that_others_may_change_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config").chmod(0o777)

    assert found(machine(tmp_path), "config folder").result == "warn"


def test_a_missing_package_is_a_warning_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "PACKAGES", {"nowhere_to_be_found": "tables"})

    finding = found(machine(tmp_path), "packages")

    assert (finding.result, finding.advice) == ("warn", "pip install nowhere_to_be_found")


def test_an_old_python_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "OLDEST_PYTHON", (9, 0))

    assert found(machine(tmp_path), "python").result == "fail"


def test_an_old_sqlite_fails_and_says_which_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "OLDEST_SQLITE", (99, 1, 0))

    finding = found(machine(tmp_path), "sqlite")

    assert (finding.result, finding.advice) == ("fail", "use a Python build with SQLite 99.1.0 or newer")


def no_zones(name: str) -> NoReturn:
    raise zoneinfo.ZoneInfoNotFoundError(name)


def without_summer(name: str) -> zoneinfo.ZoneInfo:
    return UTC_ZONE


UTC_ZONE = zoneinfo.ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("zones", "words", "advice"),
    [
        (no_zones, "there is no time zone data", "pip install tzdata"),
        (without_summer, "the time zone data is wrong", "pip install --upgrade tzdata"),
    ],
)
def test_time_zones_that_are_missing_or_wrong_are_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zones: object, words: str, advice: str
) -> None:
    monkeypatch.setattr(zoneinfo, "ZoneInfo", zones)

    finding = found(machine(tmp_path), "time zones")

    assert finding == Finding("time zones", "warn", words, advice)


def test_a_folder_that_may_not_be_written_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, how: False)

    finding = found(machine(tmp_path), "data folder")

    assert finding.result == "fail"
    assert finding.found == f"{tmp_path}: no permission to write"
    assert "PARTNERCTL_HOME" in str(finding.advice)


def test_a_configuration_that_cannot_be_read_is_the_machine(tmp_path: Path) -> None:
    (tmp_path / "config" / "config.toml").mkdir(parents=True)

    findings = diagnose(machine(tmp_path))

    assert [one.check for one in findings if one.result == "fail"] == ["configuration file"]
    assert exit_code(findings) == ExitCode.MACHINE


def test_a_store_of_an_older_version_is_a_warning_and_stays_as_it_is(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("init", "--name", "Acme Partner", "--accept-terms", "--yes")
    before = (home / "data" / "default.db").read_bytes()
    monkeypatch.setattr(migrate, "MIGRATIONS", (*migrate.MIGRATIONS, "m002_later"))

    finding = found(machine(home), "store")

    assert (finding.result, finding.advice) == (
        "warn",
        "the next command brings it up to date, and keeps a copy",
    )
    assert (home / "data" / "default.db").read_bytes() == before


def test_a_store_for_its_owner_alone_is_well(cli: Cli, home: Path) -> None:
    cli("init", "--name", "Acme Partner", "--accept-terms", "--yes")

    assert found(machine(home), "store") == Finding(
        "store", "ok", f"{home / 'data' / 'default.db'}, schema {len(MIGRATIONS)}"
    )


@pytest.mark.parametrize(("free", "result"), [(100 << 20, "warn"), (1 << 30, "ok")])
def test_little_space_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, result: str
) -> None:
    usage = type(shutil.disk_usage(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(1 << 40, (1 << 40) - free, free))

    finding = found(machine(tmp_path), "disk space")

    assert (finding.result, finding.found) == (result, f"{free >> 20} MiB free at {tmp_path}")


def test_space_that_nobody_tells_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def untold(place: Path) -> NoReturn:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", untold)

    assert found(machine(tmp_path), "disk space").found == f"{tmp_path}: Input/output error"
