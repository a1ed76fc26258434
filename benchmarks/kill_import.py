"""Kill an import of 200,000 rows at random moments: the store is sound, and holds the file whole or not.

python -m benchmarks.kill_import --rounds 50
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADERS = "Customer,Customer organization ID,Location ID,Phone number,Extension,Active,User ID"
_PER_CUSTOMER = 500


@dataclass(frozen=True, slots=True)
class Round:
    """One import that was killed `after` seconds: the numbers that stand, and what is wrong."""

    after: float
    numbers: int
    faults: tuple[str, ...]

    def sound(self, rows: int) -> bool:
        """Tell whether the store is as it was before the file, or holds all of it."""
        return not self.faults and self.numbers in (0, rows)


def write_numbers(path: Path, rows: int) -> Path:
    """Write a Phone numbers report of `rows` numbers, 500 to a customer, and return its path."""
    with path.open("w", encoding="utf-8") as out:
        out.write(f"{HEADERS}\n")
        for i in range(rows):
            org = i // _PER_CUSTOMER
            out.write(
                f"Customer {org:06},{org:08x}-0000-4000-8000-000000000000,L{org},+1408{i:07},{i % 10000:04},"
                f"true,user{i}@acme.example\n"
            )
    return path


def importing(home: Path, file: Path) -> subprocess.Popen[bytes]:
    """Start an import of `file` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "partnerctl", "import", str(file)],
        env={**os.environ, "PARTNERCTL_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def time_import(home: Path, file: Path) -> float:
    """Return how many seconds a whole import takes into a new store."""
    began = time.perf_counter()
    process = importing(home, file)
    if process.wait() != 0:
        raise RuntimeError(f"the import ended with {process.returncode}")
    return time.perf_counter() - began


def kill_rounds(folder: Path, rows: int, rounds: int, seed: int) -> Iterator[Round]:
    """Yield `rounds` imports, each into a new store and killed at a random moment of the time one takes."""
    file = write_numbers(folder / "Phone Numbers_2026-11-22.csv", rows)
    usual = time_import(folder / "whole", file)
    chance = random.Random(seed)
    for number in range(rounds):
        home = folder / f"home{number}"
        after = chance.uniform(0.1, 1.0) * usual
        process = importing(home, file)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        yield _look(home, after)


def _look(home: Path, after: float) -> Round:
    from partnerctl.stores.opening import open_store

    store = open_store(f"sqlite:///{home / 'data' / 'default.db'}", wait=5, create=True)
    try:
        return Round(after, store.counts()["phone-numbers"], tuple(store.check()))
    finally:
        store.close()


def main() -> None:
    """Run the rounds, print one line each, and exit 1 where a store was not sound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_import")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    bad = whole = 0
    with tempfile.TemporaryDirectory(prefix="partnerctl-kill-") as folder:
        for found in kill_rounds(Path(folder), asked.rows, asked.rounds, asked.seed):
            sound = found.sound(asked.rows)
            bad += not sound
            whole += found.numbers == asked.rows
            print(f"{found.after:6.2f} s  {found.numbers:>9,} numbers  {'sound' if sound else found.faults}")
    print(f"{asked.rounds} rounds: {bad} not sound, {whole} whole, {asked.rounds - whole - bad} without it")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
