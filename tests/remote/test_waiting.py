"""How long to wait: what an answer asks for, and what doubles."""

from random import Random

import pytest

from partnerctl.remote.transport import Response
from partnerctl.remote.waiting import Waits, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "1.5"}, 1.5),
        ({}, 5),
        ({"retry-after": ""}, 5),
        ({"retry-after": "soon"}, 5),
        ({"retry-after": "-3"}, 5),
        ({"retry-after": "nan"}, 5),
        ({"retry-after": "9" * 400}, 5),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 30),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT", "date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 0),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}, 5),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT", "date": "today"}, 5),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT", "date": "Mon, 23 Nov 2026 12:00:00 -0000"}, 5),
    ],
)
def test_an_answer_says_how_long(headers: dict[str, str], seconds: float) -> None:
    assert retry_after(Response(429, headers)) == seconds


def _waits(first: float = 0.5, longest: float = 60.0) -> Waits:
    return Waits(first, longest, Random(7))


def test_what_is_asked_for_is_waited_a_little_longer_and_never_shorter() -> None:
    waits = _waits()
    asked = [waits.asked(10) for _ in range(100)]

    assert min(asked) >= 10
    assert max(asked) <= 11
    assert len(set(asked)) == 100


def test_no_wait_is_longer_than_the_longest_and_none_stays_none() -> None:
    assert _waits().asked(3600) == 60
    assert _waits().asked(0) == 0


@pytest.mark.parametrize(
    ("attempt", "whole"), [(1, 0.5), (2, 1), (3, 2), (7, 32), (8, 60), (20, 60), (10_000, 60)]
)
def test_the_wait_doubles_up_to_the_longest(attempt: int, whole: float) -> None:
    waits = _waits()
    found = [waits.back_off(attempt, 1e6) for _ in range(100)]

    assert whole / 2 <= min(found) < max(found) <= whole


def test_a_short_budget_still_has_many_attempts() -> None:
    waits = _waits()
    left, attempt = 120.0, 0
    while left > 0:
        attempt += 1
        left -= waits.back_off(attempt, left)

    assert attempt > 30
