"""Syncs with a Webex of which every request may fail in five ways, each for 30 %: the store is as without.

The sandbox is in this process, and time is made up: an hour of it takes a second or two.

python -m benchmarks.sync_faults --seeds 1-200
"""

from __future__ import annotations

import argparse
import heapq
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from partnerctl.errors import PartnerctlError
from partnerctl.services.syncing.sync import Synced
from tests.sandbox.in_process import FakeTime
from tests.services.syncing_world import Partner, everything, faults

WORDS = "429:0.3,500:0.3,slow:0.3,truncate:0.3,html:0.3"
BUDGET = 7200.0
"""Seconds that a sync may take, as the setting ``sync.budget`` has it."""


class SideBySide(FakeTime):
    """A made-up time in which threads wait at once, as they do in truth: a FakeTime adds their waits up.

    It moves on to where the first of those who wait is due, once nobody has been due before for a `moment`,
    which is of real seconds.
    """

    def __init__(self, moment: float = 0.0005) -> None:
        super().__init__()
        self._moment = moment
        self._moved = threading.Condition()
        self._due: list[float] = []

    def wait(self, seconds: float) -> None:
        """Let time pass, together with all others who wait."""
        with self._moved:
            due = self._elapsed + max(seconds, 0.0)
            heapq.heappush(self._due, due)
            while self._elapsed < due:
                if not self._moved.wait(self._moment) and self._due[0] == due:
                    self._elapsed = max(self._elapsed, due)
                    self._moved.notify_all()
            self._due.remove(due)
            heapq.heapify(self._due)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One seed: the requests without faults and with them, the made-up seconds, and what is wrong."""

    seed: int
    plain: int
    broken: int
    seconds: float
    wrong: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether the sync with faults ended complete, in time, and with the same store."""
        return not self.wrong and self.seconds < BUDGET and self.broken > self.plain


def try_seeds(folder: Path, seeds: Iterable[int], customers: int) -> Iterator[Outcome]:
    """Yield what comes of a sync for each seed, which makes the customers and the faults."""
    for seed in seeds:
        yield _try_seed(folder / f"seed{seed}", seed, customers)


def _try_seed(folder: Path, seed: int, customers: int) -> Outcome:
    folder.mkdir()
    plain = Partner(folder / "plain", customers=customers, seed=seed)
    broken = Partner(
        folder / "broken", customers=customers, seed=seed, faults=faults(WORDS, retry_after=0, slow=0.1)
    )
    broken.time = passing = SideBySide()
    plain.sync().raise_failure()
    wrong = [] if (fault := _fault_of(broken)) is None else [fault]
    expected, found = everything(plain.store), everything(broken.store)
    wrong += [f"{name} differs" for name in expected if expected[name] != found[name]]
    wrong += broken.store.check()
    for partner in (plain, broken):
        partner.store.close()
    asked, asked_more = len(plain.world.calls), len(broken.world.calls)
    return Outcome(seed, asked, asked_more, passing.elapsed(), tuple(wrong))


def _fault_of(partner: Partner) -> str | None:
    """Sync, and return why that did not end complete; None where it did."""
    done = Synced((), ())
    try:
        done = partner.sync(budget=BUDGET)
        done.raise_failure()
    except PartnerctlError as fault:
        reasons = [f"{one.part}: {one.error}" for one in done.parts if one.error]
        return "; ".join([fault.reason, *reasons])
    return None


def read_seeds(text: str) -> range:
    """Return the seeds that a text such as ``1-200`` or ``7`` names; raises ValueError."""
    first, dash, last = text.partition("-")
    return range(int(first), int(last if dash else first) + 1)


def main() -> None:
    """Try all seeds, print one line for each that went wrong, and exit 1 where one did."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync_faults")
    parser.add_argument("--seeds", type=read_seeds, default=range(1, 201), help="such as 1-200, or 7")
    parser.add_argument("--customers", type=int, default=4)
    asked = parser.parse_args()
    began = time.perf_counter()
    found = []
    with tempfile.TemporaryDirectory(prefix="partnerctl-faults-") as folder:
        for one in try_seeds(Path(folder), asked.seeds, asked.customers):
            found.append(one)
            if not one.sound:
                print(f"seed {one.seed}: NOT SOUND: {one}", flush=True)
    took = time.perf_counter() - began
    plain, broken = sum(one.plain for one in found), sum(one.broken for one in found)
    longest = max((one.seconds for one in found), default=0.0)
    bad = sum(not one.sound for one in found)
    print(f"{len(found)} seeds, {asked.customers} customers each, in {took:.0f} s: {WORDS}")
    print(
        f"  {plain:,} requests without faults, {broken:,} with them; the longest took {longest:.0f} s made up"
    )
    print(f"  {bad} not sound")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
