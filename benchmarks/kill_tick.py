"""Kill ticks with SIGKILL: the next one finishes the story, with one row and one whole file per due time.

python -m benchmarks.kill_tick --rounds 50            # real processes, at random moments of three kinds
python -m benchmarks.kill_tick --every-step           # at every statement and every change of a folder
python -m benchmarks.kill_tick --every-step --inbox   # the same, while a file is taken in from the inbox
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from benchmarks.kill_import import write_numbers

ROOT = Path(__file__).resolve().parents[1]
NAME = "numbers"
DUE = "2026-11-24T07:00:00Z"
_MADE = "2026-11-23T12:00:00+00:00"
_FIRST = datetime.fromisoformat("2026-11-24T07:00:20+00:00")
_LEASE_IS_OVER = timedelta(minutes=6)
_CHANGES = frozenset({"os.link", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate", "os.utime"})
_PRELOADED = (
    *("options.ticking", "services.inbox", "services.report_pages", "stores.opening", "stores.slots"),
    *("commands.schedules", "reports.atomic", "reports.writing", "scheduling.file", "output.render"),
)


@dataclass(frozen=True, slots=True)
class Round:
    """One tick that was killed, at a moment or a step, and what the ticks after it left.

    `killed` is whether it was still alive; `statuses` are those of the due time's rows, `files` what stands
    in the reports folder, `faults` what is wrong with any of it.
    """

    where: str
    killed: bool
    statuses: tuple[str, ...]
    attempts: tuple[int, ...]
    files: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether the due time ended as one row, done, with one file that is whole."""
        return not self.faults and self.statuses == ("done",) and len(self.files) == 1


# --- the world of a round ---


def make_home(home: Path, numbers: int) -> Path:
    """Make a store with so many phone numbers, and a report of them that is due at `DUE`; return `home`."""
    home.mkdir(parents=True)
    file = write_numbers(home / "Phone Numbers_2026-11-22.csv", numbers)
    when = ("--daily", "--at", "07:00", "--tz", "UTC")
    for words in (
        ("import", str(file), "--quiet"),
        ("reports", "schedule", "phone-numbers", "--name", NAME, *when, "--quiet"),
        ("schedules", "tick"),
    ):
        subprocess.run(
            command(_MADE, *words), env=environment(home), cwd=ROOT, check=True, capture_output=True
        )
    file.unlink()
    return home


def command(instant: str, *words: str) -> list[str]:
    """Return the words that run a command in a process of its own, whose clock stands at an instant."""
    return [sys.executable, "-m", "benchmarks.kill_tick", "--as", instant, *words]


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a process that works below `home`."""
    return {**os.environ, "PARTNERCTL_HOME": str(home), "TZ": "UTC"}


def start_tick(home: Path, instant: datetime) -> subprocess.Popen[bytes]:
    """Start a tick in a process of its own."""
    return subprocess.Popen(
        command(instant.isoformat(), "schedules", "tick", "--json"),
        env=environment(home),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def look(home: Path, where: str, *, killed: bool, also: tuple[str, ...] = ()) -> Round:
    """Return what a round left below `home`."""
    faults = list(also)
    faults += _faults_of_inbox(home / "inbox")
    connection = sqlite3.connect(home / "data" / "default.db")
    try:
        rows = connection.execute(
            "SELECT due, status, attempt, path, sha256 FROM report_runs WHERE schedule = ?", (NAME,)
        ).fetchall()
        faults += [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    finally:
        connection.close()
    files = sorted((home / "reports").iterdir()) if (home / "reports").exists() else []
    faults += [f"due at {due}" for due, *_ in rows if due != DUE]
    faults += [f"left over: {path.name}" for path in files if path.name.startswith(".")]
    for _, status, _, path, digest in rows:
        if status == "done" and hashlib.sha256(Path(path).read_bytes()).hexdigest() != digest:
            faults.append(f"{path} is not what its row says")
        if path is not None and [Path(path)] != files:
            faults.append(f"{path} is not the one file there")
    return Round(
        where,
        killed,
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        tuple(path.name for path in files),
        tuple(faults),
    )


def fill_inbox(home: Path) -> Path:
    """Give `home` an inbox with one file, which arrived a minute before the first tick; return the folder."""
    folder = home / "inbox"
    folder.mkdir()
    (home / "config" / "config.toml").write_text(
        f"[profiles.default.inbox]\ndir = {json.dumps(str(folder))}\n", "utf-8"
    )
    file = folder / "customers_2026-11-23.csv"
    file.write_text("org_id,name\n00000000-0000-4000-8000-00000000000a,Newcomer\n", "utf-8")
    os.utime(file, (_FIRST.timestamp() - 60,) * 2)
    return folder


def _faults_of_inbox(folder: Path) -> list[str]:
    """Return what is wrong where the one file of an inbox is not taken in and put away."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    found = [name for name in found if not name.startswith(".")]
    return [f"inbox: {found}"] if found not in ([], ["done/customers_2026-11-23.csv"]) else []


# --- real processes, killed from outside ---


def kill_rounds(folder: Path, numbers: int, rounds: int, seed: int) -> Iterator[Round]:
    """Yield `rounds` ticks, each killed at a moment: any, while it writes, or when its file has its name.

    Two more ticks follow each: at once, while its claim holds, and after its lease is over.
    """
    made = make_home(folder / "made", numbers)
    began = time.perf_counter()
    start_tick(shutil.copytree(made, folder / "whole"), _FIRST).communicate()
    usual = time.perf_counter() - began
    chance = random.Random(seed)
    aims: tuple[tuple[str, Callable[[Path, float], bool]], ...] = (
        ("at any moment", lambda _reports, passed: passed >= after),
        ("while it writes", lambda reports, _passed: _bytes_written(reports) > portion),
        ("when it is named", lambda reports, _passed: _named(reports)),
    )
    for number in range(rounds):
        home = shutil.copytree(made, folder / f"home{number}")
        after, portion = chance.uniform(0.05, 1.1) * usual, chance.uniform(0, 60) * numbers
        where, reached = aims[number % len(aims)]
        killed = kill_when(start_tick(home, _FIRST), home / "reports", reached)
        faults = _tick_on(home)
        yield look(home, where, killed=killed, also=faults)
        shutil.rmtree(home)


def kill_when(process: subprocess.Popen[bytes], folder: Path, reached: Callable[[Path, float], bool]) -> bool:
    """Kill a process once `reached` says so, by what its folder holds and the seconds that it has run.

    Return whether it was alive then.
    """
    began = time.perf_counter()
    while process.poll() is None and not reached(folder, time.perf_counter() - began):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _bytes_written(reports: Path) -> int:
    with suppress(OSError):
        return max((path.stat().st_size for path in reports.glob(".*.partial-*")), default=-1)
    return -1


def _named(reports: Path) -> bool:
    return any(not path.name.startswith(".") for path in reports.glob("*"))


def _tick_on(home: Path) -> tuple[str, ...]:
    """Tick at once, and when the lease is over; return what went wrong with that."""
    faults = []
    for later in (timedelta(seconds=40), _LEASE_IS_OVER, 2 * _LEASE_IS_OVER):
        process = start_tick(home, _FIRST + later)
        said = process.communicate()[1]
        if process.returncode != 0 or said.replace(b"numbers: done", b"").count(b"warning"):
            faults.append(f"exit {process.returncode} after {later}: {said.decode()}")
    return tuple(faults)


# --- forked processes that kill themselves, at every step ---


def kill_every_step(folder: Path, numbers: int, every: int = 1, *, inbox: bool = False) -> Iterator[Round]:
    """Yield a round for each step of a tick, or for one of `every`: killed just before it was done.

    A step is a statement to SQLite, a file that is opened for writing, or another change of a folder. This
    process is forked for each tick, so it must have no threads: run it in one of its own.
    """
    for module in _PRELOADED:
        import_module(f"partnerctl.{module}")
    made = make_home(folder / "made", numbers)
    step, alive = 1, True
    while alive:
        home = shutil.copytree(made, folder / f"home{step}")
        if inbox:
            fill_inbox(home)
        status, where = _forked(home, _FIRST, die_at=step)
        alive = status == -signal.SIGKILL
        faults = [] if alive or status == 0 else [f"exit {status}"]
        for later in (timedelta(seconds=40), _LEASE_IS_OVER):
            status, _ = _forked(home, _FIRST + later)
            faults += [f"exit {status} after {later}"] if status else []
        yield look(home, f"step {step}: {where}", killed=alive, also=tuple(faults))
        shutil.rmtree(home)
        step += every


def _forked(home: Path, instant: datetime, die_at: int | None = None) -> tuple[int, str]:
    """Tick in a fork of this process; return how it ended, as an exit code or a signal below 0, and where."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.environ.update(environment(home))
        with suppress(BaseException):
            if die_at is not None:
                _die_at(die_at, writer)
            os._exit(_run_at(instant.isoformat(), ["schedules", "tick", "--json"]))
        os._exit(99)
    os.close(writer)
    with open(reader, "rb") as pipe:  # noqa: PTH123 - a descriptor
        where = pipe.read().decode("utf-8", "replace")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), where


def _die_at(step: int, writer: int) -> None:
    """Let this process kill itself just before its n-th step, having said through `writer` what that is."""
    from partnerctl.app import App

    count = 0

    def hear(what: str) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.write(writer, " ".join(what.split())[:90].encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, args: tuple[object, ...]) -> None:
        if event in _CHANGES:
            hear(f"{event} {Path(str(args[0])).name}")
        elif event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
            hear(f"open {Path(str(args[0])).name}")

    sys.addaudithook(audit)
    App.tracer = property(lambda _app: hear)  # type: ignore[method-assign,assignment]


def _run_at(instant: str, words: list[str]) -> int:
    """Run a command line in this process, with a clock that stands at an instant; return its exit code."""
    from partnerctl import app, cli
    from partnerctl.clock import FixedClock

    app.default_clock = FixedClock(datetime.fromisoformat(instant))
    return cli.main(words)


# --- the command line ---


def main() -> None:
    """Run the rounds, print one line each, and exit 1 where one was not sound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_tick")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--numbers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--every-step", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="with --every-step: one step of so many")
    parser.add_argument("--inbox", action="store_true", help="with --every-step: with a file in the inbox")
    parser.add_argument("--json", action="store_true", help="one object a line")
    asked = parser.parse_args()
    bad = count = 0
    with tempfile.TemporaryDirectory(prefix="partnerctl-tick-") as name:
        folder = Path(name)
        if asked.every_step:
            rounds = kill_every_step(folder, min(asked.numbers, 3000), asked.every, inbox=asked.inbox)
        else:
            rounds = kill_rounds(folder, asked.numbers, asked.rounds, asked.seed)
        for found in rounds:
            count += 1
            bad += not found.sound
            print(json.dumps(asdict(found)) if asked.json else _line(found), flush=True)
    if not asked.json:
        print(f"{count} rounds: {bad} not sound")
    sys.exit(1 if bad else 0)


def _line(found: Round) -> str:
    state = "killed" if found.killed else "was over"
    end = "sound" if found.sound else f"NOT SOUND: {found.statuses} {found.files} {found.faults}"
    return f"{found.where:110.110} {state:8} attempts {found.attempts}  {end}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--as"]:
        sys.exit(_run_at(sys.argv[2], sys.argv[3:]))
    main()
