"""Several processes at once, and processes that are killed: the rounds of ``benchmarks/``, fewer of them."""

from pathlib import Path

import pytest

from benchmarks.concurrent_tags import crowd
from benchmarks.kill_bulk import kill_rounds


@pytest.mark.slow
def test_no_change_is_lost_where_many_change_the_same(tmp_path: Path) -> None:
    found = crowd(tmp_path / "home", processes=16, seed=7)

    assert found.sound, found
    assert found.changes > 0
    assert not any("lock" in error for error in found.errors)


@pytest.mark.slow
def test_a_killed_change_of_many_is_whole_or_never_was(tmp_path: Path) -> None:
    rounds = list(kill_rounds(tmp_path, customers=2_000, rounds=4, seed=7))

    assert [one for one in rounds if not one.sound(2_000)] == []
