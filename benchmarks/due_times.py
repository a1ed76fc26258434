"""Scheduled times of every zone, around every change of its clock, against a watch of the wall clock.

python -m benchmarks.due_times --hours 48
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice

from cronsim import CronSim

from partnerctl.scheduling.cron import parse_cron
from partnerctl.scheduling.times import due_times
from tests.scheduling.cron_oracle import END, FIRST, Clock, changes_of, clocks, due, watch, zone_of_tzdata

TEXTS = (
    "*/7 * * * *",
    "0 2,3 * * *",
    "15 0-23/2 * * *",
    "0-59/20 0-5 * * *",
    "*/15 */2 * * *",
    "*/30 1 * * *",
    "5,*/30 1-3 * * *",
    "45 23,0,1 * * sat,7",
    "30 0 */2 * sun",
    "30 2 1-7 * 1",
    "0 3 L * *",
    "20 1 * * sun#1,sun#2",
    "@hourly",
)
"""Tried beside those that meet the change."""

RATES = ("* * * * *", "0 7 * * 1", "30 2 * * *", "0 0 L * *")
"""What is timed, in New York."""

cron = cache(parse_cron)


@dataclass(frozen=True, slots=True)
class Tried:
    """What was compared: zones, changes of offset, comparisons, and those that failed."""

    zones: int
    changes: int
    comparisons: int
    wrong: tuple[str, ...]
    seconds: float


def compare(around: timedelta) -> Tried:
    """Compare every zone around every change from 2020 to 2035; the zones of one clock share a watch."""
    began = time.perf_counter()
    zones = changes = comparisons = 0
    wrong = list[str]()
    for clock in clocks():
        zones += len(clock.zones)
        changes += len(clock.zones) * len(clock.changes)
        for line in _compare(clock, around):
            comparisons += 1
            wrong += [line] if line else []
    return Tried(zones, changes, comparisons, tuple(wrong), time.perf_counter() - began)


def _compare(clock: Clock, around: timedelta) -> Iterator[str]:
    """Yield one text for each comparison: an empty one where both agree."""
    middles = [change.instant for change in clock.changes] or [FIRST]
    texts = [change.texts for change in clock.changes] or [()]
    for middle, meeting in zip(middles, texts, strict=True):
        after, until = middle - around, middle + around
        passed = watch(zone_of_tzdata(clock.zones[0]), after, until)
        for text in (*TEXTS, *meeting):
            true = due(text, passed)
            for name in clock.zones:
                ours = list(due_times(cron(text), zone_of_tzdata(name), after, until))
                yield "" if ours == true else f"{name}: {text}: {after} to {until}"


def unseen_changes() -> tuple[str, ...]:
    """Return a zone of each clock that changes within two days and back; nobody should.

    The changes were looked for every other day; here every hour is looked at.
    """
    hour = timedelta(hours=1)
    return tuple(
        clock.zones[0]
        for clock in clocks()
        if {change.instant for change in changes_of(zone_of_tzdata(clock.zones[0]), hour)}
        != {change.instant for change in clock.changes}
    )


def _rate(times: Iterator[datetime], most: int = 20_000) -> float:
    began = time.perf_counter()
    count = sum(1 for _ in islice(times, most))
    return count / (time.perf_counter() - began)


def print_rates() -> None:
    """Print how many times a second are found, ours and those of cronsim."""
    zone = zone_of_tzdata("America/New_York")
    for text in RATES:
        ours = _rate(due_times(cron(text), zone, FIRST, END))
        theirs = _rate(CronSim(text, FIRST.astimezone(zone)), 2_000)
        print(f"  {text:12} {ours:9,.0f} times a second; cronsim {theirs:9,.0f}")


def main() -> None:
    """Print the rates and what was compared, and exit 1 where a time is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.due_times")
    parser.add_argument("--hours", type=int, default=48, help="on each side of a change")
    asked = parser.parse_args()
    print_rates()
    unseen = unseen_changes()
    print(f"changes that were not looked at: {', '.join(unseen) or 'none'}")
    tried = compare(timedelta(hours=asked.hours))
    print(
        f"{tried.zones} zones, {tried.changes:,} changes of offset, {tried.comparisons:,} comparisons"
        f" in {tried.seconds:.0f} s"
    )
    print("\n".join(tried.wrong[:40]) or "no time is wrong")
    sys.exit(1 if tried.wrong or unseen else 0)


if __name__ == "__main__":
    main()
