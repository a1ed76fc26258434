"""The inbox where something is odd: in the order of files, in a file, in the folder."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from tests.commands.estate import FILES
from tests.conftest import Cli
from tests.services.ticking_desk import DAILY, SEVEN, Desk, unix


@pytest.fixture
def inbox(desk: Desk, tmp_path: Path) -> Path:
    """Return the inbox of the desk, an empty folder."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    desk.set("inbox.dir", folder)
    return folder


def arrive(path: Path, text: str | bytes) -> None:
    """Let a file arrive, a minute before seven."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    written = datetime.fromisoformat(SEVEN).timestamp() - 60
    os.utime(path, (written, written))


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("[!.]*") if not path.is_dir())


def test_files_that_refer_to_each_other_in_the_wrong_order_are_all_taken_in(
    cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(cli, home, monkeypatch)
    folder = tmp_path / "inbox"
    folder.mkdir()
    desk.set("inbox.dir", folder)
    for name, entity in (("a", "licenses"), ("b", "subscriptions"), ("c", "customers")):
        arrive(folder / f"{name}-{entity}.csv", FILES[entity])

    desk.at(SEVEN).tick()

    assert names(folder) == ["done/a-licenses.csv", "done/b-subscriptions.csv", "done/c-customers.csv"]
    assert len(cli("licenses", "list", "--json", "-q").json) == 2


@unix
def test_odd_things_in_the_inbox_stop_no_report(desk: Desk, inbox: Path) -> None:
    desk.write(DAILY)
    arrive(inbox / "empty.csv", "")
    arrive(inbox / "noise.bin", bytes(range(256)) * 8)
    arrive(inbox / "no.zip", "PK\x03\x04 and no more")
    arrive(inbox / "two\nlines.csv", "a,b\n1,2\n")
    (inbox / "folder").mkdir()
    (inbox / "gone.csv").symlink_to(inbox / "nowhere")
    os.mkfifo(inbox / "pipe.csv")

    runs, told = desk.at(SEVEN).tick(expect=3)

    assert [run["status"] for run in runs] == ["done"]
    assert told.count("warning: inbox: ") == 4
    put_aside = ["empty.csv", "no.zip", "noise.bin", "two\nlines.csv"]
    assert names(inbox / "failed") == sorted([*put_aside, *(f"{name}.txt" for name in put_aside)])
    assert all((inbox / "failed" / f"{name}.txt").read_text("utf-8").strip() for name in put_aside)


def test_an_inbox_that_is_not_there_stops_no_report(desk: Desk, inbox: Path) -> None:
    desk.write(DAILY)
    inbox.rmdir()

    _, told = desk.at(SEVEN).tick(expect=13)

    assert f"the inbox {inbox} cannot be read" in told
    assert desk.rows() == [("daily", SEVEN, "done", None)]


def test_a_file_with_a_row_that_is_refused_takes_in_nothing_of_it(desk: Desk, inbox: Path) -> None:
    text = "org_id,name\n00000000-0000-4000-8000-00000000000a,Newcomer\nnot-an-id,Other\n"
    arrive(inbox / "customers.csv", text)

    _, told = desk.at(SEVEN).tick(expect=3)

    assert names(inbox) == ["failed/customers.csv", "failed/customers.csv.txt"]
    assert "Newcomer" not in desk.cli("customers", "list", "--json", "-q").stdout
    assert "line 3" in told


def test_the_reports_wait_for_an_import_that_another_tick_is_at(desk: Desk, inbox: Path) -> None:
    from filelock import FileLock

    desk.write(DAILY)
    arrive(inbox / "customers.csv", FILES["customers"])

    with FileLock(inbox / ".partnerctl.lock"):
        runs, told = desk.at(SEVEN).tick()

    assert (runs, desk.rows(), names(inbox)) == ([], [], ["customers.csv"])
    assert told == "warning: another tick is importing from the inbox: the next tick goes on\n"
    assert [run["status"] for run in desk.tick()[0]] == ["done"]
