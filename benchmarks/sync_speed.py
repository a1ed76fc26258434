"""A sync of 2,000 customers against the sandbox: the time that it takes over the least that it can take.

The least is (requests x latency / connections): no request may be sent while all connections wait. A sync may
take 1.3 times as long. The rate is set so high that it does not bind.

python -m benchmarks.sync_speed --customers 2000 --latency 50 --connections 8
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import program
from benchmarks.serving import Sandbox, reaching, sandbox

INVENTORY = "organizations,licenses,admins,locations,devices,numbers"
"""The parts that are asked for customer by customer, and the list of customers."""

MOST = 1.3
_RATE = "10000"


@dataclass(frozen=True, slots=True)
class Speed:
    """One sync: what it asked, and what it took. Times are in seconds, `memory` is its peak in MiB.

    `cpu` is the processor's time of the sync, `server_cpu` that of the sandbox meanwhile.
    """

    name: str
    requests: int
    latency: float
    connections: int
    wall: float
    cpu: float
    server_cpu: float
    memory: float

    @property
    def least(self) -> float:
        """Return the seconds that the requests take where nothing else takes any."""
        return self.requests * self.latency / self.connections

    @property
    def ratio(self) -> float:
        """Return how many times as long as the least it took."""
        return self.wall / self.least


def time_sync(server: Sandbox, home: Path, name: str, *words: str, latency: float, connections: int) -> Speed:
    """Sync into the store below `home`, and return what that took; raises RuntimeError where it fails.

    `words` are options of ``sync``; `latency` is the sandbox's own.
    """
    environ = reaching(home, server.api_url, server.token, rate=_RATE, connections=str(connections))
    before, cpu_before = server.count(), server.cpu_so_far()
    began = time.perf_counter()
    with subprocess.Popen(
        [*program(), "sync", *words, "--quiet"],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    server_cpu = server.cpu_so_far() - cpu_before
    requests = server.count() - before - 1  # the question itself is counted, too
    if process.returncode:
        raise RuntimeError(f"{name}: exit {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Speed(name, requests, latency, connections, wall, cpu, server_cpu, usage.ru_maxrss / 1024)


def measure_syncs(folder: Path, customers: int, latency: float, connections: int, runs: int) -> list[Speed]:
    """Return the quickest of `runs` syncs of the inventories alone, and of everything.

    Each begins with a store that does not exist, and a sandbox that nothing was asked of.
    """
    delay = f"{latency * 1000:.0f}ms"
    kinds = (("the inventories", ("--only", INVENTORY)), ("everything", ()))
    found = []
    for name, words in kinds:
        tries = []
        for number in range(runs):
            home = folder / f"{name} {number}"
            with sandbox(home, customers, "--latency", delay) as server:
                tries.append(time_sync(server, home, name, *words, latency=latency, connections=connections))
            shutil.rmtree(home)
        found.append(min(tries, key=lambda one: one.ratio))
    return found


def compare_syncs(customers: int, latency: float, connections: int, runs: int) -> bool:
    """Measure, print one table, and return whether no sync takes longer than it may."""
    with tempfile.TemporaryDirectory(prefix="partnerctl-sync-") as folder:
        found = measure_syncs(Path(folder), customers, latency, connections, runs)
    print(f"sync of {customers:,} customers, {latency * 1000:.0f} ms latency, {connections} connections")
    for one in found:
        figures = f"{one.requests:7,} requests  {one.wall:6.1f} s  least {one.least:6.1f} s"
        shares = f"cpu {one.cpu:5.1f} s, sandbox {one.server_cpu:5.1f} s  {one.memory:4.0f} MiB"
        print(f"  {one.name:16}  {figures}  {one.ratio:5.2f} x least  {shares}")
    print(f"  a sync may take {MOST} x the least")
    return all(one.ratio <= MOST for one in found)


def main() -> None:
    """Measure, print one table, and exit 1 where a sync takes longer than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync_speed")
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--latency", type=int, default=50, help="in milliseconds")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    good = compare_syncs(asked.customers, asked.latency / 1000, asked.connections, asked.runs)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
