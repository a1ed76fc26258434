"""The inbox: what has arrived is taken in before reports are written (``inbox.dir``)."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from partnerctl import app
from partnerctl.clock import FixedClock
from tests.commands.estate import FILES
from tests.conftest import Cli

SEVEN = datetime.fromisoformat("2026-11-24T07:00:00Z")


@pytest.fixture
def inbox(cli: Cli, tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    cli("config", "set", "inbox.dir", folder)
    return folder


def arrive(folder: Path, name: str, text: str, age: int = 60) -> Path:
    """Let a file arrive that was last written so many seconds before SEVEN."""
    path = folder / name
    path.write_text(text, "utf-8")
    written = SEVEN.timestamp() - age
    os.utime(path, (written, written))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.fixture
def seven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "default_clock", FixedClock(SEVEN))


def test_reports_rest_on_what_has_arrived(cli: Cli, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("reports", "schedule", "devices", "--daily", "--at", "7:00", "--tz", "UTC")
    arrive(inbox, "customers_2026-11-24.csv", FILES["customers"])
    arrive(inbox, "devices_2026-11-24.csv", FILES["devices"])
    monkeypatch.setattr(app, "default_clock", FixedClock(SEVEN))

    (run,) = cli("schedules", "tick", "--json").json

    assert (run["rows"], run["data_as_of"]) == (1, "2026-11-24")
    assert names(inbox) == ["done"]
    assert names(inbox / "done") == ["customers_2026-11-24.csv", "devices_2026-11-24.csv"]


@pytest.mark.usefixtures("seven")
def test_a_file_that_refers_to_a_later_one_is_tried_again(cli: Cli, inbox: Path) -> None:
    arrive(inbox, "a-subscriptions.csv", FILES["subscriptions"])
    arrive(inbox, "z-customers.csv", FILES["customers"])

    cli("schedules", "tick", "-q")

    assert names(inbox / "done") == ["a-subscriptions.csv", "z-customers.csv"]
    assert len(cli("subscriptions", "list", "--json", "-q").json) == 2


@pytest.mark.usefixtures("seven")
def test_a_bad_file_is_put_aside_with_the_reason(cli: Cli, inbox: Path) -> None:
    arrive(inbox, "bad.csv", 'org_id,name\n"cut')
    arrive(inbox, "customers.csv", FILES["customers"])

    result = cli("schedules", "tick", expect=3)

    reason = (inbox / "failed" / "bad.csv.txt").read_text("utf-8")
    assert names(inbox / "failed") == ["bad.csv", "bad.csv.txt"]
    assert names(inbox / "done") == ["customers.csv"]
    assert f"warning: inbox: bad.csv: {reason}" in result.stderr
    assert "line 2" in reason


@pytest.mark.usefixtures("seven")
def test_what_is_still_being_written_is_left(cli: Cli, inbox: Path) -> None:
    arrive(inbox, "customers.csv", FILES["customers"], age=29)
    arrive(inbox, "customers.csv.part", FILES["customers"])
    arrive(inbox, ".hidden.csv", FILES["customers"])
    arrive(inbox, "ahead.csv", FILES["customers"], age=-3600)  # of a machine whose clock is ahead

    cli("schedules", "tick")

    assert names(inbox) == ["customers.csv", "customers.csv.part", "done"]
    assert names(inbox / "done") == ["ahead.csv"]


@pytest.mark.usefixtures("seven")
def test_a_name_that_was_there_before_is_kept(cli: Cli, inbox: Path) -> None:
    for text in (FILES["customers"], FILES["customers"].replace("Ação", "Acao")):
        arrive(inbox, "customers.csv", text)
        cli("schedules", "tick", "-q")

    assert names(inbox / "done") == ["customers.csv", "customers_2.csv"]
    assert "Acao" in (inbox / "done" / "customers_2.csv").read_text("utf-8")


@pytest.mark.usefixtures("seven")
def test_an_inbox_that_is_not_there_is_told(cli: Cli, inbox: Path) -> None:
    inbox.rmdir()

    result = cli("schedules", "tick", expect=13)

    assert result.stderr.startswith(f"error: the inbox {inbox} cannot be read")


@pytest.mark.usefixtures("seven")
def test_what_is_wrong_with_the_inbox_is_told_to_monitoring(cli: Cli, inbox: Path) -> None:
    arrive(inbox, "bad.csv", 'org_id,name\n"cut')
    cli("schedules", "tick", expect=3)

    (failed,) = cli("schedules", "status", "--json", "--exit-code", expect=10).json
    (inbox / "failed" / "bad.csv").unlink()
    well = cli("schedules", "status", "--json").json
    inbox.rename(inbox.with_name("elsewhere"))
    (missing,) = cli("schedules", "status", "--json").json

    assert failed["problem"] == f"1 file of the inbox could not be taken in: see {inbox / 'failed'}"
    assert (well, missing["problem"]) == ([], f"there is no inbox {inbox}")


@pytest.mark.usefixtures("seven")
def test_a_file_is_imported_where_the_schedules_cannot_be_read(cli: Cli, inbox: Path, home: Path) -> None:
    (home / "config" / "schedules.toml").write_text("[half", "utf-8")
    arrive(inbox, "customers.csv", FILES["customers"])

    cli("schedules", "tick", expect=12)

    assert names(inbox / "done") == ["customers.csv"]
