"""The windows of call records: together they are the whole period, and each is one that Webex allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from partnerctl.services.syncing.call_windows import Reached, Window, limits, windows

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECONDS = st.integers(0, 30 * 86400).map(lambda seconds: timedelta(seconds=seconds))
MOMENTS = st.integers(0, 10**15).map(lambda microseconds: NOW + timedelta(microseconds=microseconds))


@given(MOMENTS, SECONDS)
def test_windows_cover_the_period_without_a_gap(since: datetime, length: timedelta) -> None:
    found = windows(since, since + length)

    if not length:
        assert found == []
        return
    assert found[0].since == since
    assert found[-1].until == since + length
    assert all(timedelta(0) < one.until - one.since <= timedelta(hours=12) for one in found)
    assert all(one.until - other.since == timedelta(minutes=30) for one, other in pairwise(found))
    assert all(one.until < other.until for one, other in pairwise(found))  # each brings something new


@given(MOMENTS)
def test_what_can_be_asked_for_is_within_the_limits_of_the_feed(now: datetime) -> None:
    limit = limits(now)

    assert now - timedelta(days=30) < limit.since
    assert limit.until < now - timedelta(minutes=5)
    assert (limit.since.microsecond, limit.until.microsecond) == (0, 0)


def test_thirty_days_are_63_windows() -> None:
    """docs/syncing.md tells how long they take."""
    assert len(windows(*limits(NOW))) == 63


def test_a_day_later_there_are_5_windows() -> None:
    """docs/syncing.md tells this, too."""
    last = Reached(NOW - timedelta(minutes=10), NOW)
    tomorrow = limits(NOW + timedelta(days=1))

    assert len(windows(last.next, tomorrow.until)) == 5


def test_one_goes_on_before_what_may_still_have_come_late() -> None:
    long_ago, just_now = NOW - timedelta(days=7), NOW - timedelta(minutes=10)

    assert Reached(long_ago, NOW).next == long_ago - timedelta(minutes=30)
    assert Reached(just_now, NOW).next == NOW - timedelta(hours=24)


def test_a_window_has_a_name_for_a_file_and_words_to_be_read() -> None:
    window = Window(NOW, NOW + timedelta(hours=12))

    assert window.name == "20261123T120000Z"
    assert window.words == "2026-11-23T12:00Z to 2026-11-24T00:00Z"
