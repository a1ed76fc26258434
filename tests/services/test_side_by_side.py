"""Several calls at a time."""

from __future__ import annotations

import threading

import pytest

from partnerctl.services.syncing.side_by_side import side_by_side


def test_every_job_is_done_once() -> None:
    assert sorted(side_by_side(lambda n: n * n, range(100), 7)) == [n * n for n in range(100)]


def test_so_many_at_a_time() -> None:
    """Three calls wait for each other: they can only go on where three are under way."""
    together = threading.Barrier(3, timeout=30)
    assert list(side_by_side(lambda _n: together.wait() >= 0, range(9), 3)) == [True] * 9


def test_nothing_to_do() -> None:
    assert list(side_by_side(str, (), 3)) == []


def test_a_fault_is_raised_and_nothing_more_is_begun() -> None:
    begun: list[int] = []

    def call(number: int) -> int:
        begun.append(number)
        if number == 2:
            raise KeyboardInterrupt
        return number

    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(call, range(1000), 1))
    assert begun == [0, 1, 2]


def test_jobs_are_taken_as_they_are_wanted() -> None:
    taken: list[int] = []

    def jobs() -> object:
        for number in range(1000):
            taken.append(number)
            yield number

    gate = threading.Semaphore(2)
    results = side_by_side(lambda n: gate.acquire(timeout=30) and n, jobs(), 2)  # type: ignore[arg-type]
    next(results)
    next(results)
    assert len(taken) <= 4
    for _ in range(1000):
        gate.release()
    assert len(list(results)) == 998
