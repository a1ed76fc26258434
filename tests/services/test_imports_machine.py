"""``import`` as a process: killed at any moment, and within its memory."""

from pathlib import Path

import pytest

from benchmarks.import_memory import measure_import
from benchmarks.kill_import import kill_rounds, write_numbers


@pytest.mark.slow
def test_an_import_that_is_killed_is_whole_or_not_there(tmp_path: Path) -> None:
    rounds = list(kill_rounds(tmp_path, rows=200_000, rounds=3, seed=7))

    assert [r for r in rounds if not r.sound(200_000)] == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = write_numbers(tmp_path / "Phone Numbers_2026-11-22.csv", 100_000)

    assert measure_import(tmp_path / "home", file).mebibytes < 64
