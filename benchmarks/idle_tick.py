"""A tick with nothing due, over 1,000 schedules, against the least that the program can do (``--version``).

A tick comes every minute, for ever: it may take 1.5 times as long as ``--version``, and 50 ms.

python -m benchmarks.idle_tick --schedules 1000
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.processes import Measured, Timed, measure, partnerctl
from partnerctl.clock import Clock, SystemClock

_ZONES = ("UTC", "Europe/Lisbon", "America/New_York", "Asia/Tokyo", "Australia/Sydney")
FLOOR = "--version"
IDLE = "schedules tick, nothing due"
FULL = "schedules tick that looks at every schedule"


def budget(floor: float) -> float:
    """Return how many seconds a tick with nothing due may take where ``--version`` takes `floor`."""
    return 1.5 * floor + 0.05


def write_schedules(home: Path, count: int, clock: Clock) -> Path:
    """Write so many schedules, of which none is due within two hours, and return the file's path."""
    path = home / "config" / "schedules.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = []
    for number in range(count):
        at = clock.now() + timedelta(hours=2, minutes=number * 20 * 60 // count)
        local = at.astimezone(_zone(number))
        entries.append(
            f'[schedules.report-{number}]\ntemplate = "devices"\n'
            f'cron = "{local.minute} {local.hour} * * {number % 7}"\ntz = "{_ZONES[number % len(_ZONES)]}"\n'
        )
    path.write_text("\n".join(entries), "utf-8")
    return path


def _zone(number: int) -> ZoneInfo:
    return ZoneInfo(_ZONES[number % len(_ZONES)])


def compare(home: Path, schedules: int, runs: int) -> dict[str, Measured]:
    """Return medians: of ``--version``, of a tick with nothing due, of one that looks at everything."""
    write_schedules(home, schedules, SystemClock())
    tick = partnerctl(home, "schedules", "tick", "--quiet")
    measure([tick], 1)  # the first one sees the schedules, and leaves word that nothing is due
    found = measure([partnerctl(home, FLOOR), Timed(IDLE, tick.argv, tick.env)], runs)
    # an edit by hand is what makes a tick look again
    touched = 'echo \'# edited\' >> "$PARTNERCTL_HOME/config/schedules.toml"; exec "$@"'
    full = Timed(FULL, ("sh", "-c", touched, "sh", *tick.argv), tick.env)
    return found | measure([full], max(2, runs // 4))


def main() -> None:
    """Measure, print one table, and exit 1 where a tick with nothing due takes longer than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.idle_tick")
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=21)
    asked = parser.parse_args()
    sys.exit(0 if compare_ticks(asked.schedules, asked.runs) else 1)


def compare_ticks(schedules: int, runs: int) -> bool:
    """Measure, print one table, and return whether a tick with nothing due is as quick as it must be."""
    home = Path(tempfile.mkdtemp(prefix="partnerctl-idle-"))
    try:
        found = compare(home, schedules, runs)
    finally:
        shutil.rmtree(home)
    floor = found[FLOOR].wall
    print(f"{schedules:,} schedules, medians of {runs} runs")
    for one in found.values():
        figures = f"{one.wall * 1000:7.0f} ms  cpu {one.cpu * 1000:7.0f} ms  {one.memory:6.0f} MiB"
        print(f"  {one.name:45}  {figures}  {one.wall / floor:6.2f} x floor")
    most = budget(floor)
    print(f"  a tick with nothing due may take {most * 1000:.0f} ms")
    return found[IDLE].wall <= most


if __name__ == "__main__":
    main()
