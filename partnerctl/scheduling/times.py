"""Due times: from a cron expression and a time zone to instants (``cli.md``, Rule of scheduled times).

Where minute or hour start with ``*``, the wall clock is matched as time really passes: an hour that comes
twice counts twice. Otherwise each matching local time runs once: in an overlap at its first pass, inside a
gap at the end of the gap. Times that fall on one instant are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import heapify, heappop
from zoneinfo import ZoneInfo

from partnerctl.scheduling.cron import Cron

_DAY = timedelta(days=1)
_SHIFT = timedelta(hours=26)  # no clock was ever set by more: the Samoan islands skipped a day


def due_times(cron: Cron, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the instants in UTC at which a schedule is due: strictly after `after`, up to `until`, in order.

    Both are aware. Whoever asks for one more alone may leave `until` far away: days are looked at as needed.
    """
    last: datetime | None = None
    for instant in _instants(cron, zone, after, until):
        if after < instant <= until and instant != last:
            last = instant
            yield instant


def next_due(cron: Cron, zone: ZoneInfo, after: datetime, until: datetime | None = None) -> datetime | None:
    """Return the first due time after an instant; None where there is none up to `until`, or in 50 years."""
    return next(due_times(cron, zone, after, until or after + 50 * 366 * _DAY), None)


def _instants(cron: Cron, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the instants of all days around the span, in order; twice where two local times are one."""
    day = (after - _SHIFT).astimezone(zone).date()
    end = (until + _SHIFT).astimezone(zone).date()
    waiting: list[datetime] = []
    while day <= end:
        if cron.picks(day):
            waiting.extend(_instants_of(cron, zone, day))
            heapify(waiting)
        # a later day may still bring an earlier instant where clocks went back over midnight
        horizon = datetime.combine(day, time(), UTC) - _SHIFT
        while waiting and waiting[0] < horizon:
            yield heappop(waiting)
        day += _DAY
    while waiting:
        yield heappop(waiting)


def _instants_of(cron: Cron, zone: ZoneInfo, day: date) -> Iterator[datetime]:
    midnight = datetime.combine(day, time())
    offsets = {_offset(midnight + timedelta(hours=hours), zone) for hours in range(0, 25, 3)}
    if len(offsets) == 1:  # nothing is set on that day: plain arithmetic is ten times faster
        start = midnight.replace(tzinfo=UTC) - offsets.pop()
        for at in cron.times():
            yield start + timedelta(hours=at.hour, minutes=at.minute)
        return
    for at in cron.times():
        yield from _passes(datetime.combine(day, at), zone, cron.real_time)


def _passes(local: datetime, zone: ZoneInfo, real_time: bool) -> Iterator[datetime]:
    """Yield the instants at which a local time runs: none, one, or both."""
    first, second = _offset(local, zone), _offset(local.replace(fold=1), zone)
    naive = local.replace(tzinfo=UTC)
    if first == second:
        yield naive - first
    elif first > second:  # an overlap: the clock shows it twice
        yield naive - first
        if real_time:
            yield naive - second
    elif not real_time:  # a gap: the clock never shows it
        yield _end_of_gap(naive - second, naive - first, zone)


def _end_of_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant after `low`, up to `high`, from which on the later offset holds."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _offset(local: datetime, zone: ZoneInfo) -> timedelta:
    offset = local.replace(tzinfo=zone).utcoffset()
    assert offset is not None  # ZoneInfo knows one for every instant
    return offset
