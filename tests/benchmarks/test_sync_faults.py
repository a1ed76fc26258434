"""A few seeds of ``benchmarks/sync_faults.py``; 200 of them take minutes."""

import threading
from pathlib import Path

import pytest

from benchmarks.sync_faults import SideBySide, read_seeds, try_seeds
from partnerctl.services.syncing.side_by_side import side_by_side


@pytest.mark.slow
def test_a_sync_with_every_fault_ends_as_one_without(tmp_path: Path) -> None:
    found = list(try_seeds(tmp_path, range(30, 33), customers=4))

    assert [one for one in found if not one.sound] == []
    assert all(one.broken > 2 * one.plain for one in found)  # the faults were there


@pytest.mark.slow
def test_those_who_wait_at_once_wait_as_long_as_the_longest() -> None:
    passing, all_there = SideBySide(moment=0.2), threading.Barrier(3)
    reached = []

    def wait(seconds: float) -> None:
        all_there.wait(20)
        passing.wait(seconds)
        reached.append((seconds, passing.elapsed()))

    list(side_by_side(wait, [30.0, 10.0, 20.0], 3))

    assert reached == [(10.0, 10.0), (20.0, 20.0), (30.0, 30.0)]


@pytest.mark.parametrize(("text", "seeds"), [("1-3", [1, 2, 3]), ("7", [7])])
def test_seeds_are_read(text: str, seeds: list[int]) -> None:
    assert list(read_seeds(text)) == seeds
