"""Kill a sync of 2,000 customers with SIGKILL: the next one goes on, and the store is as without that.

python -m benchmarks.kill_sync --rounds 50
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from benchmarks.kill_tick import ROOT, command, kill_when
from benchmarks.serving import in_a_thread, reaching

if TYPE_CHECKING:
    from partnerctl.sandbox.world import Asked, World

INSTANT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""Where every clock stands, so that a sync of today and one of a minute later say the same."""

_CONNECTIONS = 8
_ONCE = {"/people": "people.json", "/organizations": "organizations.json", "/partner/tags": "tags.json"}
"""What is asked for once, by the beginning of its path, and the file that holds it when it is there."""


@dataclass(frozen=True, slots=True)
class Round:
    """One sync that was killed, and the one that went on with it.

    `finished` customers were in the spool when it died. `repeated` are requests whose answer was there and
    which were sent all the same; `faults` is what else is wrong.
    """

    where: str
    killed: bool
    finished: int
    asked_before: int
    asked_after: int
    repeated: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether the store is as if nothing had happened, and nothing was asked for twice."""
        return not self.repeated and not self.faults


class Whole(NamedTuple):
    """A sync that nobody killed: what its store says, what it asked, and the seconds of its two halves.

    `made` are the reports that Webex made for it.
    """

    content: dict[str, str]
    asked: int
    made: int
    fetched: float
    stored: float


class Target(NamedTuple):
    """What is synced: a world and where it is served, with a token for it, and the parts that are."""

    world: World
    api_url: str
    token: str
    parts: tuple[str, ...]


def start_sync(target: Target, home: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a sync in a process of its own, whose clock stands at `INSTANT`."""
    only = ("--only", ",".join(target.parts)) if target.parts else ()
    connections = str(_CONNECTIONS)
    return subprocess.Popen(
        command(INSTANT.isoformat(), "sync", *only, *words, "--quiet"),
        env=reaching(home, target.api_url, target.token, rate="10000", connections=connections),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def kill_rounds(
    folder: Path, customers: int, rounds: int, seed: int, parts: tuple[str, ...] = ()
) -> Iterator[Round]:
    """Yield `rounds` syncs, each into a new store and killed: at any moment, or in one of two of its last.

    Those are while it stores, and as soon as it has stored. A sync without a kill comes before them.
    """
    from partnerctl.clock import FixedClock
    from partnerctl.sandbox.world import World

    world = World(7, customers, as_of=INSTANT.date(), clock=FixedClock(INSTANT), report_delay=0)
    with in_a_thread(world) as api_url:
        target = Target(world, api_url, world.issue_token(), parts)
        whole = _whole(target, folder / "whole")
        chance = random.Random(seed)
        for number in range(rounds):
            where, moment = _aim(number, whole, world, chance)
            home = folder / f"home{number}"
            yield _round(target, home, whole, where, moment)
            shutil.rmtree(home)


Moment = Callable[[Path, float], bool]
"""Tells whether it is time to kill: of a home, and of the seconds since the sync began."""


def _aim(number: int, whole: Whole, world: World, chance: random.Random) -> tuple[str, Moment]:
    """Return when to kill the sync of a round that begins now, in words and as what tells it."""
    kind, first = number % 3, len(world.calls)
    if kind == 0:
        after = chance.uniform(0.02, 1.0) * (whole.fetched + whole.stored)
        return f"at {after:.2f} s", lambda _home, passed: passed >= after
    if kind == 1:
        delay, since = chance.random() * whole.stored, list[float]()

        def stores(_home: Path, passed: float) -> bool:
            if not since and len(world.calls) - first >= whole.asked:
                since.append(passed)
            return bool(since) and passed >= since[0] + delay

        return f"{delay:.2f} s after it asked its last", stores
    return "once it has stored", lambda home, _passed: _has_stored(home)


def _round(target: Target, home: Path, whole: Whole, where: str, moment: Moment) -> Round:
    world, first = target.world, len(target.world.calls)
    killed = kill_when(start_sync(target, home), home, moment)
    time.sleep(0.05)  # what it had sent is asked by now
    there, finished = _kept(home), finished_customers(home)
    second = len(world.calls)
    process = start_sync(target, home)
    said = process.communicate()[1]
    faults = [] if process.returncode == 0 else [f"exit {process.returncode}: {said.decode()}"]
    faults += differences(home, whole.content)
    before, after = world.calls[first:second], world.calls[second:]
    repeated: tuple[str, ...] = ()
    if killed and _SESSION in there:
        repeated = repeated_requests(after, finished, there)
        if (made := _made([*before, *after])) > whole.made:
            faults.append(f"{made} reports were made, not {whole.made}")
    return Round(where, killed, len(finished), len(before), len(after), repeated, tuple(faults))


def _whole(target: Target, home: Path) -> Whole:
    began = time.perf_counter()
    process = start_sync(target, home)
    asked, fetched = 0, 0.0
    while process.poll() is None:
        if len(target.world.calls) > asked:
            asked, fetched = len(target.world.calls), time.perf_counter() - began
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.002)
    said = process.communicate()[1]
    if process.returncode:
        raise RuntimeError(f"the sync that nobody killed ended with {process.returncode}: {said.decode()}")
    took = time.perf_counter() - began
    faults = differences(home, content := read_store(home))
    if faults:
        raise RuntimeError(f"the sync that nobody killed: {faults}")
    shutil.rmtree(home)
    return Whole(content, asked, _made(target.world.calls), fetched, took - fetched)


# --- what is there when it dies ---

_SESSION = "session.json"


def _spool(home: Path) -> Path:
    return home / "state" / "sync" / "default"


def _kept(home: Path) -> frozenset[str]:
    """Return the names of the files that the spool holds."""
    return frozenset(path.name for path in _spool(home).glob("*.json*"))


def finished_customers(home: Path) -> frozenset[str]:
    """Return the ids of the customers whose line is whole in the spool."""
    from partnerctl.services.syncing.customers import in_spool
    from partnerctl.services.syncing.spool import Spool

    return frozenset(one.org_id for one in in_spool(Spool(_spool(home))))


def _has_stored(home: Path) -> bool:
    path = home / "data" / "default.db"
    if not path.exists():
        return False
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader:
        return bool(reader.execute("SELECT count(*) FROM runs WHERE kind = 'sync'").fetchone()[0])
    return False


# --- what comes of it ---


def repeated_requests(
    calls: Sequence[Asked], finished: frozenset[str], there: frozenset[str]
) -> tuple[str, ...]:
    """Return those of the calls whose answer was there: of a finished customer, or in a file of the spool."""
    from partnerctl.domain.identifiers import bare_id

    found = []
    for call in calls:
        given = next((value for name, value in call.query if name == "orgId"), None)
        words = call.path.split("/")
        if given is None and call.path.startswith("/partner/organizations/"):
            given = unquote(words[3])
        once = next((file for path, file in _ONCE.items() if _is_below(call.path, path)), None)
        if given is not None and bare_id(given) in finished and not call.path.startswith("/people"):
            found.append(f"{call.method} {call.path} of {bare_id(given)}")
        elif once in there and call.path != "/people/me":
            found.append(f"{call.method} {call.path}")
    return tuple(found)


def _made(calls: Sequence[Asked]) -> int:
    return sum(call.method == "POST" and call.path == "/partner/reports" for call in calls)


def _is_below(path: str, beginning: str) -> bool:
    return path == beginning or path.startswith(f"{beginning}/")


def read_store(home: Path) -> dict[str, str]:
    """Return a digest of all that a store says of each entity, with its history."""
    from partnerctl.domain.entities import ENTITIES
    from partnerctl.stores.opening import open_store

    store = open_store(f"sqlite:///{home / 'data' / 'default.db'}", wait=5, create=False)
    try:
        return {
            name: _digest(store.exported(entity, history=entity.history)) for name, entity in ENTITIES.items()
        }
    finally:
        store.close()


def _digest(rows: Any) -> str:
    lines = sorted(map(repr, rows))
    return f"{len(lines)} rows, {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"


def differences(home: Path, content: dict[str, str]) -> list[str]:
    """Return what is wrong with a store that has to say `content`, and with what is left of the sync."""
    from partnerctl.stores.opening import open_store

    found = read_store(home)
    faults = [
        f"{name}: {found[name]}, not {content[name]}" for name in content if found[name] != content[name]
    ]
    store = open_store(f"sqlite:///{home / 'data' / 'default.db'}", wait=5, create=False)
    try:
        faults += store.check()
    finally:
        store.close()
    left = sorted(_kept(home))
    return faults + ([f"left in the spool: {left}"] if left else [])


def main() -> None:
    """Run the rounds, print one line each, and exit 1 where one was not sound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_sync")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="parts, as sync takes them; default: all")
    asked = parser.parse_args()
    parts = tuple(filter(None, asked.only.split(",")))
    bad = killed = 0
    with tempfile.TemporaryDirectory(prefix="partnerctl-kill-") as folder:
        for found in kill_rounds(Path(folder), asked.customers, asked.rounds, asked.seed, parts):
            bad += not found.sound
            killed += found.killed
            print(_line(found), flush=True)
    print(f"{asked.rounds} rounds, {killed} killed alive: {bad} not sound")
    sys.exit(1 if bad else 0)


def _line(found: Round) -> str:
    state = "killed" if found.killed else "was over"
    end = "sound" if found.sound else f"NOT SOUND: {found.repeated[:3]} {found.faults}"
    counts = f"{found.finished:6,} finished, {found.asked_before:6,} + {found.asked_after:6,} requests"
    return f"{found.where:32} {state:8} {counts}  {end}"


if __name__ == "__main__":
    main()
