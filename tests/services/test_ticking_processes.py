"""Ticks as processes of their own: many at once, and such that are killed with SIGKILL.

The rounds are those of ``benchmarks/kill_tick.py``, fewer of them. Clocks stand where the test says.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.kill_tick import (
    DUE,
    NAME,
    ROOT,
    Round,
    command,
    environment,
    fill_inbox,
    kill_rounds,
    look,
    make_home,
)
from partnerctl.stores import migrate
from partnerctl.stores.opening import open_store

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL and fork are of Unix"),
]

CROWD = 20
AT_SEVEN = "2026-11-24T07:00:20+00:00"


class Ended(NamedTuple):
    """What a process printed, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def runs(self) -> list[dict[str, object]]:
        """The runs that a tick tells of."""
        found: list[dict[str, object]] = json.loads(self.stdout)
        return found


def at_once(home: Path, count: int, instant: str = AT_SEVEN) -> list[Ended]:
    """Let so many ticks run at the same time, and return how each ended."""
    running = [
        subprocess.Popen(
            command(instant, "schedules", "tick", "--json"),
            env=environment(home),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    said = [process.communicate() for process in running]
    return [Ended(one.returncode, *texts) for one, texts in zip(running, said, strict=True)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a store of 500 phone numbers, whose report is due on 24 November at seven."""
    return make_home(tmp_path_factory.mktemp("made") / "home", 500)


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """Return a home of the test's own like `made`."""
    return shutil.copytree(made, tmp_path / "processes")


@pytest.mark.parametrize("more", [("--every", "3"), ("--every", "5", "--inbox")])
def test_a_tick_that_is_killed_at_any_step_is_finished_by_the_next(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    words = ("--every-step", "--numbers", "50", "--json", *more)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kill_tick", *words],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(one["killed"] for one in rounds) >= 12
    assert {tuple(one["attempts"]) for one in rounds} == {(1,), (2,)}


def test_a_tick_that_is_killed_at_a_random_moment_is_finished_by_the_next(tmp_path: Path) -> None:
    rounds = list(kill_rounds(tmp_path, numbers=20_000, rounds=6, seed=7))

    assert [one for one in rounds if not one.sound] == []
    assert any(one.killed for one in rounds)


def test_of_twenty_ticks_at_once_one_runs_the_report(home: Path) -> None:
    ended = at_once(home, CROWD)

    assert [(one.code, one.stderr) for one in ended if (one.code, one.stderr) != (0, "")] == [
        (0, f"{NAME}: done {run['path']}\n") for one in ended for run in one.runs
    ]
    (run,) = [run for one in ended for run in one.runs]
    assert (run["due"], run["status"], run["rows"]) == (DUE, "done", 500)
    assert look(home, "a crowd", killed=False) == Round(
        "a crowd", False, ("done",), (1,), (Path(str(run["path"])).name,), ()
    )


def test_of_twenty_ticks_at_once_one_takes_over_what_died(home: Path) -> None:
    connection = sqlite3.connect(home / "data" / "default.db")
    at_once(home, 1)
    with connection:  # as a process leaves it that dies just before the end
        connection.execute(
            "UPDATE report_runs SET status = 'running', owner = 'dead', sha256 = NULL,"
            " lease_until = '2026-11-24T07:05:20Z'"
        )
        connection.execute("DELETE FROM facts WHERE name LIKE 'tick.idle%'")
    connection.close()

    ended = at_once(home, CROWD, "2026-11-24T07:06:00+00:00")

    assert {one.code for one in ended} == {0}
    assert sum(len(one.runs) for one in ended) == 1
    found = look(home, "a crowd", killed=False)
    assert (found.sound, found.attempts) == (True, (2,)), found


def test_twenty_ticks_at_once_make_one_store_where_there_was_none(home: Path) -> None:
    shutil.rmtree(home / "data")

    first = at_once(home, CROWD, "2026-11-23T13:00:00+00:00")
    second = at_once(home, 1)

    assert [(one.code, one.stderr) for one in first] == [(0, "")] * CROWD
    assert [run["status"] for one in second for run in one.runs] == ["done"]


def test_a_store_of_an_older_version_that_is_being_written_is_left_for_the_next_tick(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(home / "data")
    path = home / "data" / "default.db"
    with monkeypatch.context() as older:
        older.setattr(migrate, "MIGRATIONS", migrate.MIGRATIONS[:3])
        open_store(f"sqlite:///{path}", wait=0, create=True, at="2026-11-01T00:00:00Z").close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setenv("PARTNERCTL_WAIT", "50ms")

    (held,) = at_once(home, 1, "2026-11-23T13:00:00+00:00")
    holder.close()
    (free,) = at_once(home, 1, "2026-11-23T13:01:00+00:00")

    assert (held.code, held.stdout) == (0, "[]\n"), held.stderr
    assert "another run is writing" in held.stderr
    assert (free.code, free.stderr) == (0, "")


# --- the inbox ---


def imports(home: Path) -> list[str]:
    """Return what was imported from the inbox, by the store."""
    connection = sqlite3.connect(home / "data" / "default.db")
    try:
        found = connection.execute("SELECT subject FROM runs WHERE kind = 'import' ORDER BY run_id")
        return [Path(subject).name for (subject,) in found if "inbox" in subject]
    finally:
        connection.close()


def test_of_many_ticks_at_once_one_imports_what_has_arrived(home: Path) -> None:
    inbox = fill_inbox(home)

    ended = at_once(home, CROWD)
    last = at_once(home, 1)

    assert {one.code for one in (*ended, *last)} == {0}, [one.stderr for one in ended]
    assert imports(home) == ["customers_2026-11-23.csv"]
    assert [path.name for path in (inbox / "done").iterdir()] == ["customers_2026-11-23.csv"]
    assert sum(len(one.runs) for one in (*ended, *last)) == 1
    assert look(home, "a crowd", killed=False).sound
