"""Kill imports of call records: none is lost, none is there twice, and an import is whole or not there.

Every other one is killed at a random moment, the others once files begin to be replaced.
python -m benchmarks.kill_calls --rounds 50
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.kill_import import importing, time_import
from benchmarks.kill_tick import kill_when
from partnerctl.calling.counting import held
from partnerctl.domain.calling.place import CallingPlace

_ORG = "11111111-1111-4111-8111-111111111111"
_HEADERS = (
    "Start time,Duration,Correlation ID,Direction,Call type,Answered,User type,Org UUID,Report ID,Report time"
)
_DAYS = 28


@dataclass(frozen=True, slots=True)
class Round:
    """One import that was killed: whether it was alive, what the folder held then, and in the end."""

    killed: bool
    held: tuple[Any, ...]
    after: tuple[Any, ...]
    before: tuple[Any, ...]
    whole: tuple[Any, ...]

    @property
    def sound(self) -> bool:
        """Tell whether nothing was lost, and nothing is there twice."""
        return self.held in (self.before, self.whole) and self.after == self.whole


def write_calls(path: Path, first: int, last: int, version: int) -> Path:
    """Write the records numbered `first` to `last`, spread over 28 days, as reported in `version`."""
    with path.open("w", encoding="utf-8") as out:
        out.write(f"{_HEADERS}\n")
        for i in range(first, last):
            day = f"2026-11-{i % _DAYS + 1:02}"
            out.write(
                f"{day}T10:00:00.000Z,{version * 1000 + i % 7},c{i},ORIGINATING,SIP_NATIONAL,true,User,"
                f"{_ORG},r{i},{day}T1{version}:00:00.000Z\n"
            )
    return path


def look(home: Path) -> tuple[Any, ...]:
    """Return what the folder holds: records, different ones, the sum of their durations, days."""
    import duckdb

    root = home / "data" / "default-calling"
    held(CallingPlace(root))  # what any command does first: it settles what was begun
    files = root / "calls" / "day=*" / "calls.parquet"
    found = duckdb.execute(
        f"SELECT count(*), count(DISTINCT report_id), sum(duration), count(DISTINCT day)"
        f" FROM read_parquet('{files}')"
    ).fetchone()
    assert found is not None
    return tuple(found)


def kill_rounds(folder: Path, rows: int, rounds: int, seed: int) -> Iterator[Round]:
    """Yield `rounds` imports that were killed: of half of their records an older version is there."""
    made = folder / "made"
    first = write_calls(folder / "first.csv", 0, rows, 1)
    second = write_calls(folder / "second.csv", rows // 2, rows + rows // 2, 2)
    time_import(made, first)
    before = look(made)
    usual = time_import(shutil.copytree(made, folder / "whole"), second)
    whole = look(folder / "whole")
    chance = random.Random(seed)
    for number in range(rounds):
        home = shutil.copytree(made, folder / f"home{number}")
        journal = home / "data" / "default-calling" / ".staging" / "commit.json"
        after = chance.uniform(0.1, 1.0) * usual
        process = importing(home, second)
        if number % 2:
            killed = kill_when(process, journal, _begun)
        else:
            killed = kill_when(process, journal, partial(_passed, after))
        found = look(home)
        process = importing(home, second)
        if process.wait() != 0:
            raise subprocess.CalledProcessError(process.returncode, "import")
        yield Round(killed, found, look(home), before, whole)
        shutil.rmtree(home)


def _begun(journal: Path, _seconds: float) -> bool:
    return journal.exists()


def _passed(after: float, _journal: Path, seconds: float) -> bool:
    return seconds >= after


def main() -> None:
    """Run the rounds, print one line each, and exit 1 where a folder was not sound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_calls")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="partnerctl-kill-") as folder:
        for one in kill_rounds(Path(folder), asked.rows, asked.rounds, asked.seed):
            found.append(one)
            state = "whole" if one.held == one.whole else "not there"
            print(f"{'killed' if one.killed else 'too late'}  {state}  {'sound' if one.sound else one}")
    bad = sum(not one.sound for one in found)
    whole = sum(one.killed and one.held == one.whole for one in found)
    killed = sum(one.killed for one in found)
    print(f"{len(found)} rounds, {killed} killed: {bad} not sound, {whole} whole all the same")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
