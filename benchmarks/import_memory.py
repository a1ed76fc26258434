"""Measure the memory and the time of importing phone numbers, in a process of its own.

python -m benchmarks.import_memory --rows 1000000
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kill_import import write_numbers

_KIB = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in KiB elsewhere
_MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "partnerctl", "import", sys.argv[1]], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: seconds, and the most memory it held, in MiB."""

    seconds: float
    mebibytes: float


def measure_import(home: Path, file: Path) -> Imported:
    """Import `file` into the store of `home` and measure it; raises RuntimeError where the import fails."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(file)],
        env={**os.environ, "PARTNERCTL_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, peak = (int(word) for word in done.stdout.split())
    if code != 0:
        raise RuntimeError(f"the import ended with {code}: {done.stderr}")
    return Imported(time.perf_counter() - began, peak * _KIB / (1 << 20))


def main() -> None:
    """Import new numbers, the same ones again, and print both measurements."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_memory")
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partnerctl-memory-") as name:
        folder = Path(name)
        file = write_numbers(folder / "Phone Numbers_2026-11-22.csv", asked.rows)
        for what in ("new", "again"):
            found = measure_import(folder / "home", file)
            print(f"{asked.rows:,} phone numbers, {what}: {found.seconds:.1f} s, {found.mebibytes:.0f} MiB")


if __name__ == "__main__":
    main()
