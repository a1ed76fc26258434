"""Ticks where something is wrong: the schedules file, a folder, the disk, the store."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from partnerctl.errors import InvalidData
from tests.services.ticking_desk import DAILY, SEVEN, Desk, script, unix
from tests.services.ticking_world import World, border_at_flushes, entry

START = datetime(2026, 11, 23, 12, tzinfo=UTC)

# --- the schedules file ---


def test_a_file_that_is_seen_half_written_loses_no_due_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever part of the file a tick sees while an editor writes it: each due time has its row then."""
    border_at_flushes(monkeypatch)
    text = entry("first", "0 7 * * *", tz="Europe/Lisbon") + entry("second", "0 7 * * *", "retries = 0")
    for cut in {*range(0, len(text), 9), text.index("[schedules.second]")}:
        world = World.made(tmp_path / f"home{cut}", START)
        world.write(text)
        world.tick()
        world.clock.move(hours=19, seconds=20)
        world.write(text[:cut])
        with suppress(InvalidData):
            world.tick()
        world.clock.move(minutes=1)
        world.write(text)
        world.tick()

        found = [(row.schedule, row.due) for row in world.rows()]
        assert found == [("first", SEVEN), ("second", SEVEN)], text[:cut]
        for row in world.rows():
            assert row.status == "done" or row.error == "the schedule was removed", (row, text[:cut])


def test_what_was_due_while_an_entry_could_not_be_read_is_settled_when_it_is_mended(desk: Desk) -> None:
    other = entry("other", "0 8 * * *")
    desk.write(DAILY, other)
    desk.at("2026-11-24T06:00:00Z").file.write_text(DAILY.replace("0 7", "every 7") + other, "utf-8")
    _, told = desk.tick(expect=3)
    runs, _ = desk.at("2026-11-25T09:00:00Z").tick(expect=3)

    assert "schedules.daily.cron: 'every 7 * * *' is not a cron expression" in told
    assert [run["schedule"] for run in runs] == ["other"]
    desk.file.write_text(DAILY + other, "utf-8")
    desk.tick()
    assert [row for row in desk.rows() if row[0] == "daily"] == [
        ("daily", "2026-11-24T07:00:00Z", "missed", "a later due time ran instead"),
        ("daily", "2026-11-25T07:00:00Z", "done", None),
    ]


@unix
def test_a_file_that_others_may_write_runs_no_program_and_no_report(desk: Desk, tmp_path: Path) -> None:
    hook = script(tmp_path / "hook", "cat > heard")
    desk.write(entry("daily", "0 7 * * *", f'on_success = ["{hook}"]'))
    desk.file.chmod(0o664)

    runs, told = desk.at(SEVEN).tick(expect=12)

    assert runs == []
    assert json.loads(told)["error"]["message"] == (
        f"{desk.file}: others may write it, and it names programs to run: refused"
    )
    assert (desk.rows(), desk.reports(), (tmp_path / "heard").exists()) == ([], [], False)
    desk.file.chmod(0o644)
    assert [run["status"] for run in desk.tick()[0]] == ["done"]
    assert json.loads((tmp_path / "heard").read_text("utf-8"))["due"] == SEVEN


@unix
def test_a_file_that_others_may_write_is_taken_where_it_names_no_program(desk: Desk) -> None:
    desk.write(DAILY)
    desk.file.chmod(0o666)

    assert [run["status"] for run in desk.at(SEVEN).tick()[0]] == ["done"]


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (lambda path: path.write_bytes(b"\xff\xfe[schedules]"), 12, "is not UTF-8 text"),
        (lambda path: path.write_text("schedules = 7"), 12, "is not a table"),
        (lambda path: path.write_text(f"{DAILY}[shedules.x]\ncron = 1\n"), 12, "shedules: is not known here"),
        (lambda path: (path.unlink(), path.mkdir()), 13, "is no ordinary file"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_and_nothing_is_lost(
    desk: Desk, spoil: Callable[[Path], object], code: int, words: str
) -> None:
    desk.write(DAILY)
    spoil(desk.file)

    runs, told = desk.at("2026-11-24T07:00:20Z").tick(expect=code)

    assert (runs, desk.rows()) == ([], [])
    assert words in told
    if desk.file.is_dir():
        desk.file.rmdir()
    desk.file.write_text(DAILY, "utf-8")
    assert [run["due"] for run in desk.at("2026-11-24T07:03:00Z").tick()[0]] == [SEVEN]


def test_two_profiles_may_share_a_store(desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_STORE", f"sqlite:///{home / 'data' / 'default.db'}")
    desk.write(DAILY, entry("theirs", "0 7 * * *", 'profile = "two"'))
    desk.cli("schedules", "tick", "-q", "--profile", "two")
    desk.tick()

    desk.at("2026-11-24T07:00:20Z").tick()
    desk.cli("schedules", "tick", "-q", "--profile", "two")

    assert desk.rows() == [("daily", SEVEN, "done", None), ("theirs", SEVEN, "done", None)]


# --- folders, disks, the store ---


@contextmanager
def small_disk(folder: Path, size: str = "256k") -> Iterator[Path]:
    """Yield a folder that is a disk of its own; skips where this machine lets nobody mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as fault:
        pytest.skip(f"there is no mount here: {fault}")
    if done.returncode:
        pytest.skip(f"a disk may not be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a disk to its last byte, and return the file that does."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError:
                return ballast


@unix
def test_a_full_disk_is_a_failed_run_and_no_file(desk: Desk, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        desk.write(entry("full", "0 7 * * *", f'dir = "{disk}"'), DAILY)
        fill(disk)

        runs, told = desk.at(SEVEN).tick(expect=3)

        assert {run["schedule"]: (run["status"], run["path"]) for run in runs} == {
            "daily": ("done", str(desk.reports()[0])),
            "full": ("failed", None),
        }
        assert "the disk is full; nothing was written" in told
        assert [path.name for path in disk.iterdir()] == ["ballast"]


@unix
def test_a_read_only_folder_is_a_failed_run(desk: Desk, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        desk.write(entry("locked", "0 7 * * *", f'dir = "{disk}"'), DAILY)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

        runs, told = desk.at(SEVEN).tick(expect=3)

        assert [(run["schedule"], run["status"]) for run in runs] == [("daily", "done"), ("locked", "failed")]
        assert "no permission to write there" in told
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        runs, _ = desk.at("2026-11-25T07:00:00Z").tick()
        assert [run["status"] for run in runs] == ["done", "done"]
        assert len(list(disk.iterdir())) == 1


@unix
def test_a_full_disk_under_the_store_is_exit_13_and_the_next_tick_does_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        shown = desk.home / "data" / "default.db"
        store = disk / "store.db"
        store.write_bytes(shown.read_bytes())
        monkeypatch.setenv("PARTNERCTL_STORE", f"sqlite:///{store}")
        desk.write(DAILY)
        ballast = fill(disk)

        runs, told = desk.at("2026-11-24T07:00:20Z").tick(expect=13)

        assert (runs, desk.reports()) == ([], [])
        assert "the disk is full" in told or "disk I/O error" in told
        ballast.unlink()
        runs, _ = desk.at("2026-11-24T07:01:20Z").tick()
        assert [(run["due"], run["status"]) for run in runs] == [(SEVEN, "done")]
        assert "the store is sound" in desk.cli("store", "check").stderr


def test_a_state_folder_that_cannot_be_written_is_a_warning(desk: Desk) -> None:
    desk.write(DAILY)
    for path in sorted((desk.home / "state").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (desk.home / "state").rmdir()
    (desk.home / "state").write_text("in the way", "utf-8")

    runs, told = desk.at(SEVEN).tick()

    assert [run["status"] for run in runs] == ["done"]
    assert told == (
        f"warning: {desk.home / 'state'} cannot be written: `schedules status` will not know of this tick\n"
    )


def test_a_store_that_another_run_writes_is_left_for_the_next_tick(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write(DAILY)
    monkeypatch.setenv("PARTNERCTL_WAIT", "10ms")
    holder = sqlite3.connect(desk.home / "data" / "default.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    runs, told = desk.at(SEVEN).tick()

    assert (runs, desk.rows(), desk.reports()) == ([], [], [])
    assert told.endswith("another run is writing: the next tick goes on\n")
    holder.close()
    assert [run["status"] for run in desk.tick()[0]] == ["done"]


@unix
def test_a_store_that_is_written_at_any_moment_fails_no_run_and_loses_no_hook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    hook = script(tmp_path / "hook", "cat > /dev/null; echo >> heard")
    world = World.made(tmp_path / "home", START)
    hooked = f'on_success = ["{hook}"]'
    world.write(entry("one", "0 12 * * *", hooked) + entry("two", "0 12 * * *", hooked))
    world.tick()
    border, days, going = 0, 0, True
    while going:
        days += 1
        world.clock.move(days=1)
        course = world.course()
        going = all(course.step() for _ in range(border + 1))
        holder = sqlite3.connect(world.path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        course.step()
        holder.close()
        course.finish()
        for _ in range(2):
            world.clock.move(minutes=6)
            world.tick()
        world.clock.move(minutes=-12)
        border += 1

    rows = world.rows()
    assert {(row.status, row.error) for row in rows} == {("done", None)}
    assert len(rows) == 2 * days
    assert world.files() == {row.path for row in rows}
    assert len((tmp_path / "heard").read_text().splitlines()) >= 2 * days
