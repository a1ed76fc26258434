"""A desk at which ticks are seen from outside: the program, the small estate, a clock that is set."""

from __future__ import annotations

import os
import shlex
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from partnerctl import app
from partnerctl.clock import FixedClock
from tests.conftest import Cli
from tests.services.ticking_world import entry

SEVEN = "2026-11-24T07:00:00Z"

unix = pytest.mark.skipif(os.name == "nt", reason="modes, mounts and shell scripts are of Unix")


class Desk:
    """The program with the small estate, and a clock that is set; what it wrote is looked at through it."""

    def __init__(self, cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cli, self.home, self._monkeypatch = cli, home, monkeypatch

    def at(self, instant: str) -> Desk:
        """Let it be that instant from now on."""
        self._monkeypatch.setattr(app, "default_clock", FixedClock(datetime.fromisoformat(instant)))
        return self

    @property
    def file(self) -> Path:
        return self.home / "config" / "schedules.toml"

    def write(self, *entries: str) -> None:
        """Write the schedules file by hand, and let a tick see it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("".join(entries), "utf-8")
        self.cli("schedules", "tick", "-q")

    def tick(self, expect: int = 0) -> tuple[list[dict[str, Any]], str]:
        """Tick, and return the runs that it tells of, and what it says on stderr but for notes on runs."""
        result = self.cli("schedules", "tick", "--json", "-q", expect=expect)
        return (result.json if result.stdout else []), result.stderr

    def rows(self) -> list[tuple[str, str, str, str | None]]:
        """Return the history by due time: schedule, due time, status, error."""
        runs = self.cli("runs", "list", "--sort", "due,schedule", "--json").json
        return [(run["schedule"], run["due"], run["status"], run["error"]) for run in runs]

    def reports(self) -> list[Path]:
        """Return what stands in the reports folder, partial files too."""
        folder = self.home / "reports"
        return sorted(folder.iterdir()) if folder.exists() else []

    def set(self, name: str, value: str | Path) -> None:
        self.cli("config", "set", name, value)


def script(path: Path, lines: str) -> Path:
    """Write a shell script that runs in its own folder, and return its path."""
    path.write_text(f"#!/bin/sh\ncd {shlex.quote(str(path.parent))}\n{lines}\n", "utf-8")
    path.chmod(0o755)
    return path


DAILY = entry("daily", "0 7 * * *")
