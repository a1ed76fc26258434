"""``import`` of call records as a process: killed, and without room for what it writes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kill_calls import kill_rounds, write_calls
from tests.calling.made_records import kept


@pytest.mark.slow
def test_an_import_that_is_killed_loses_nothing_and_has_nothing_twice(tmp_path: Path) -> None:
    rounds = list(kill_rounds(tmp_path, rows=10_000, rounds=4, seed=7))
    assert [one for one in rounds if not one.sound] == []
    assert any(one.killed for one in rounds)


@pytest.mark.slow
def test_an_import_that_finds_no_room_changes_nothing(tmp_path: Path) -> None:
    path = write_calls(tmp_path / "calls.csv", 0, 50_000, 1)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-m", "partnerctl", "import", str(path)],
        env={**os.environ, "PARTNERCTL_HOME": str(tmp_path / "home")},
        preexec_fn=little_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 13, done.stderr
    assert done.stderr.startswith("error: "), done.stderr
    assert "Traceback" not in done.stderr
    assert kept(tmp_path / "home" / "data" / "default-calling") == []
