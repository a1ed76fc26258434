"""Whole processes, timed: medians over interleaved runs, so that a noisy machine blurs all alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Timed:
    """One command and how it is to be run."""

    name: str
    argv: Sequence[str]
    env: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of a command's runs: seconds of wall clock and of processor, peak memory in MiB."""

    name: str
    wall: float
    cpu: float
    memory: float


def partnerctl(home: Path, *words: str, name: str | None = None) -> Timed:
    """Return a call of the program with a home of its own."""
    env = {"PARTNERCTL_HOME": str(home)}
    return Timed(name or " ".join(words), (*program(), *words), env)


def program() -> tuple[str, ...]:
    """Return the installed program, or this checkout's where none is installed beside this Python."""
    script = Path(sys.executable).with_name("partnerctl")
    return (str(script),) if script.exists() else (sys.executable, "-m", "partnerctl")


def measure(commands: Sequence[Timed], runs: int) -> dict[str, Measured]:
    """Run all commands in turn, `runs` times after one warm-up, and return their medians by name."""
    samples: dict[str, list[tuple[float, float, float]]] = {c.name: [] for c in commands}
    for turn in range(runs + 1):
        for command in commands:
            sample = _run(command)
            if turn:
                samples[command.name].append(sample)
    return {
        name: Measured(name, *(statistics.median(column) for column in zip(*found, strict=True)))
        for name, found in samples.items()
    }


def _run(command: Timed) -> tuple[float, float, float]:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | (command.env or {})
    start = time.perf_counter()
    with subprocess.Popen(
        command.argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=env
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{command.name}: exit {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
