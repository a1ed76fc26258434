"""Many processes tag the same customers at once: none fails for a lock, and no change is lost.

python -m benchmarks.concurrent_tags --processes 200
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CUSTOMERS = tuple(f"{number:08x}-0000-4000-8000-000000000000" for number in range(10))
TAGS = ("gold", "silver", "vip", "pilot", "renewal", "at risk")


@dataclass(frozen=True, slots=True)
class Crowd:
    """What became of the processes: their exit codes, the tags that stand, those that the audit replays."""

    codes: tuple[int, ...]
    errors: tuple[str, ...]
    standing: dict[str, list[str]]
    replayed: dict[str, list[str]]
    changes: int
    seconds: float

    @property
    def sound(self) -> bool:
        """Tell whether every process ended well, or at a limit of tags, and nothing was lost."""
        return set(self.codes) <= {0, 6} and self.standing == self.replayed


def crowd(home: Path, processes: int, seed: int) -> Crowd:
    """Let that many processes add and remove tags of the same ten customers, all at the same time."""
    file = home / "customers.csv"
    home.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"{org_id},Customer {org_id[:8]}\n" for org_id in CUSTOMERS)
    file.write_text(f"org_id,name\n{rows}", encoding="utf-8")
    _call(home, "import", str(file)).communicate()
    chance = random.Random(seed)
    began = time.perf_counter()
    running = [
        _call(
            home,
            "tags",
            chance.choice(("add", "add", "remove")),
            chance.choice(CUSTOMERS),
            chance.choice(TAGS),
        )
        for _ in range(processes)
    ]
    errors = [process.communicate()[1] for process in running]
    seconds = time.perf_counter() - began
    codes = tuple(process.returncode for process in running)
    listed = json.loads(_call(home, "customers", "list", "--json").communicate()[0])
    standing = {one["org_id"]: one["tags"] for one in listed}
    audit = json.loads(_call(home, "audit", "list", "--json", "--action", "tags").communicate()[0])
    replayed = {org_id: list[str]() for org_id in CUSTOMERS}
    lost = False
    for entry in reversed(
        audit
    ):  # the oldest first; what each says it found must be what the one before left
        lost = lost or json.loads(entry["before"]) != replayed[entry["object"]]
        replayed[entry["object"]] = json.loads(entry["after"])
    if lost:
        replayed = {}
    return Crowd(codes, tuple(filter(None, errors)), standing, replayed, len(audit), seconds)


def _call(home: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "partnerctl", *words],
        env={**os.environ, "PARTNERCTL_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def main() -> None:
    """Run one crowd, print what became of it, and exit 1 where something was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.concurrent_tags")
    parser.add_argument("--processes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partnerctl-crowd-") as folder:
        found = crowd(Path(folder), asked.processes, asked.seed)
    counts = {code: found.codes.count(code) for code in sorted(set(found.codes))}
    print(f"{asked.processes} processes in {found.seconds:.1f} s, codes {counts}; {found.changes} changes")
    print("sound" if found.sound else f"NOT SOUND: {found.standing} is not {found.replayed}")
    sys.exit(0 if found.sound else 1)


if __name__ == "__main__":
    main()
