"""The pace of requests: a rate, a small burst, and pauses that hold everybody."""

import pytest

from partnerctl.errors import TimedOut
from partnerctl.remote.pacing import Pace
from tests.remote.fakes import FakeStopwatch

FAR = 1e9


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    stopwatch = FakeStopwatch()
    pace = Pace(stopwatch, 50)
    went = []
    for _ in range(9):
        pace.turn(FAR)
        went.append(round(stopwatch.elapsed() - 1000, 3))

    assert went == [0, 0, 0, 0, 0, 0.02, 0.04, 0.06, 0.08]


def test_a_slow_rate_has_no_burst() -> None:
    stopwatch = FakeStopwatch()
    pace = Pace(stopwatch, 2)
    for _ in range(4):
        pace.turn(FAR)

    assert stopwatch.waits == [0.5, 0.5, 0.5]


def test_a_pause_holds_everybody_and_has_no_burst_after_it() -> None:
    stopwatch = FakeStopwatch()
    pace = Pace(stopwatch, 50)
    pace.hold(5)
    went = []
    for _ in range(3):
        pace.turn(FAR)
        went.append(round(stopwatch.elapsed() - 1000, 3))

    assert went == [5, 5.02, 5.04]


def test_a_pause_that_begins_while_somebody_waits_holds_him_too() -> None:
    class Interrupted(FakeStopwatch):
        def wait(self, seconds: float) -> None:
            super().wait(seconds)
            if len(self.waits) == 1:
                pace.hold(7)

    stopwatch = Interrupted()
    pace = Pace(stopwatch, 2)
    pace.turn(FAR)
    pace.turn(FAR)

    assert stopwatch.waits == [0.5, 7]


def test_a_shorter_pause_does_not_shorten_a_longer_one() -> None:
    stopwatch = FakeStopwatch()
    pace = Pace(stopwatch, 50)
    pace.hold(9)
    pace.hold(1)
    pace.turn(FAR)

    assert stopwatch.waits == [9]


@pytest.mark.parametrize("deadline", [999.9, 1004.9])
def test_a_turn_after_the_deadline_is_not_waited_for(deadline: float) -> None:
    stopwatch = FakeStopwatch()
    pace = Pace(stopwatch, 50)
    pace.hold(5)

    with pytest.raises(TimedOut, match="ran out before it could be asked"):
        pace.turn(deadline)
    assert stopwatch.waits == []


def test_a_wait_too_short_to_move_the_watch_does_not_go_on_for_ever() -> None:
    stopwatch = FakeStopwatch()
    stopwatch.wait(1e10)  # where a microsecond no longer counts
    pace = Pace(stopwatch, 100_000)
    for _ in range(20_000):
        pace.turn(1e11)

    assert len(stopwatch.waits) < 20_000
