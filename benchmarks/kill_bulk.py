"""Kill a change of 10,000 customers at random moments: what the audit says is what the store holds.

python -m benchmarks.kill_bulk --rounds 50
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Round:
    """One change that was killed: customers with the tag, changes in the audit, and what is wrong."""

    after: float
    tagged: int
    audited: int
    faults: tuple[str, ...]

    def sound(self, customers: int) -> bool:
        """Tell whether all of it happened or nothing, and the audit says the same."""
        return not self.faults and self.tagged == self.audited and self.tagged in (0, customers)


def kill_rounds(folder: Path, customers: int, rounds: int, seed: int) -> Iterator[Round]:
    """Yield `rounds` changes of all customers, each over a fresh store and killed at a random moment."""
    made = folder / "made"
    made.mkdir()
    file = made / "customers.csv"
    rows = "".join(
        f"{number:08x}-0000-4000-8000-000000000000,Customer {number}\n" for number in range(customers)
    )
    file.write_text(f"org_id,name\n{rows}", encoding="utf-8")
    _run(made, "import", str(file)).wait()
    began = time.perf_counter()
    _tag(_copy(made, folder / "whole"), file).wait()
    usual = time.perf_counter() - began
    chance = random.Random(seed)
    for number in range(rounds):
        home = _copy(made, folder / f"home{number}")
        after = chance.uniform(0.1, 1.4) * usual
        process = _tag(home, file)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        yield _look(home, after)
        shutil.rmtree(home)


def _copy(made: Path, home: Path) -> Path:
    shutil.copytree(made, home)
    return home


def _tag(home: Path, file: Path) -> subprocess.Popen[bytes]:
    return _run(home, "tags", "add", "--input", str(file), "--max-changes", "1000000", "killed")


def _run(home: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "partnerctl", *words],
        env={**os.environ, "PARTNERCTL_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _look(home: Path, after: float) -> Round:
    from partnerctl.stores.opening import open_store

    store = open_store(f"sqlite:///{home / 'data' / 'default.db'}", wait=5, create=True)
    try:
        tagged = sum(one.customers for one in store.tag_counts(None) if one.tag == "killed")
        audited = sum(entry.action == "tags add" for entry in store.audit_entries(None))
        return Round(after, tagged, audited, tuple(store.check()))
    finally:
        store.close()


def main() -> None:
    """Run the rounds, print one line each, and exit 1 where a store was not sound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill_bulk")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    bad = whole = 0
    with tempfile.TemporaryDirectory(prefix="partnerctl-bulk-") as folder:
        for found in kill_rounds(Path(folder), asked.customers, asked.rounds, asked.seed):
            sound = found.sound(asked.customers)
            bad += not sound
            whole += found.tagged == asked.customers
            print(
                f"{found.after:6.2f} s  {found.tagged:>7,} tagged  {found.audited:>7,} in the audit  {sound}"
            )
    print(f"{asked.rounds} rounds: {bad} not sound, {whole} whole, {asked.rounds - whole - bad} without it")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
