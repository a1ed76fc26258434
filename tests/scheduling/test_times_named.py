"""Scheduled times by example: every instant is worked out by hand from the rule (``cli.md``).

All instants are UTC; the local time is in the comment. The oracle is held to the same examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from partnerctl.scheduling.cron import parse_cron
from partnerctl.scheduling.times import due_times
from tests.scheduling.cron_oracle import oracle, zone_of_tzdata


class Example(NamedTuple):
    """An expression, a zone, the window (after, until), and the times that are due in it."""

    text: str
    zone: str
    after: str
    until: str
    due: tuple[str, ...]


NEW_YORK_SPRING = (
    # 2025-03-09 02:00 EST (-5) becomes 03:00 EDT (-4), at 07:00
    Example(  # a time within the gap runs at its end
        "30 2 * * *",
        "America/New_York",
        "2025-03-08 00:00",
        "2025-03-11 00:00",
        (
            "2025-03-08 07:30",  # 02:30 EST
            "2025-03-09 07:00",  # 03:00 EDT, for 02:30
            "2025-03-10 06:30",  # 02:30 EDT
        ),
    ),
    Example(  # 02:00 is due at the end of the gap, 03:00 as well: one instant
        "0 2,3 * * *",
        "America/New_York",
        "2025-03-08 00:00",
        "2025-03-11 00:00",
        (
            "2025-03-08 07:00",  # 02:00 EST
            "2025-03-08 08:00",  # 03:00 EST
            "2025-03-09 07:00",  # 03:00 EDT, for both
            "2025-03-10 06:00",  # 02:00 EDT
            "2025-03-10 07:00",  # 03:00 EDT
        ),
    ),
    Example(  # the hour starts with *: what the clock does not show is not due
        "30 * * * *",
        "America/New_York",
        "2025-03-09 05:00",
        "2025-03-09 09:00",
        (
            "2025-03-09 05:30",  # 00:30 EST
            "2025-03-09 06:30",  # 01:30 EST
            "2025-03-09 07:30",  # 03:30 EDT
            "2025-03-09 08:30",  # 04:30 EDT
        ),
    ),
    Example(  # the same hours, named: 02:30 is made up for
        "30 0-23 * * *",
        "America/New_York",
        "2025-03-09 05:00",
        "2025-03-09 09:00",
        (
            "2025-03-09 05:30",  # 00:30 EST
            "2025-03-09 06:30",  # 01:30 EST
            "2025-03-09 07:00",  # 03:00 EDT, for 02:30
            "2025-03-09 07:30",  # 03:30 EDT
            "2025-03-09 08:30",  # 04:30 EDT
        ),
    ),
    # the minute starts with *: no second hour, no run
    Example("*/15 2 * * *", "America/New_York", "2025-03-09 00:00", "2025-03-10 00:00", ()),
    Example(  # the same minutes, named: four local times, one instant
        "0,15,30,45 2 * * *",
        "America/New_York",
        "2025-03-09 00:00",
        "2025-03-10 00:00",
        ("2025-03-09 07:00",),
    ),
    # a window that ends with the gap, and one that begins there
    Example("30 2 * * *", "America/New_York", "2025-03-09 06:59", "2025-03-09 07:00", ("2025-03-09 07:00",)),
    Example("30 2 * * *", "America/New_York", "2025-03-09 07:00", "2025-03-09 20:00", ()),
)

NEW_YORK_AUTUMN = (
    # 2025-11-02 02:00 EDT (-4) becomes 01:00 EST (-5), at 06:00
    Example(  # once, at the first pass
        "30 1 * * *",
        "America/New_York",
        "2025-11-01 00:00",
        "2025-11-04 00:00",
        (
            "2025-11-01 05:30",  # 01:30 EDT
            "2025-11-02 05:30",  # 01:30 EDT; not 06:30, 01:30 EST
            "2025-11-03 06:30",  # 01:30 EST
        ),
    ),
    Example(  # as time really passes: twice
        "30 * * * *",
        "America/New_York",
        "2025-11-02 04:00",
        "2025-11-02 08:00",
        (
            "2025-11-02 04:30",  # 00:30 EDT
            "2025-11-02 05:30",  # 01:30 EDT
            "2025-11-02 06:30",  # 01:30 EST
            "2025-11-02 07:30",  # 02:30 EST
        ),
    ),
    Example(  # the same hours, named: each local time once, so that nothing runs for two hours
        "30 0-23 * * *",
        "America/New_York",
        "2025-11-02 04:00",
        "2025-11-02 08:00",
        (
            "2025-11-02 04:30",  # 00:30 EDT
            "2025-11-02 05:30",  # 01:30 EDT
            "2025-11-02 07:30",  # 02:30 EST
        ),
    ),
    Example(  # a * in the minute is enough for twice
        "*/30 1 * * *",
        "America/New_York",
        "2025-11-02 00:00",
        "2025-11-03 00:00",
        ("2025-11-02 05:00", "2025-11-02 05:30", "2025-11-02 06:00", "2025-11-02 06:30"),
    ),
    Example(  # the same minutes, named
        "0-59/30 1 * * *",
        "America/New_York",
        "2025-11-02 00:00",
        "2025-11-03 00:00",
        ("2025-11-02 05:00", "2025-11-02 05:30"),
    ),
    Example(  # a list that starts with *
        "*/30,5 1 * * *",
        "America/New_York",
        "2025-11-02 00:00",
        "2025-11-02 06:10",
        ("2025-11-02 05:00", "2025-11-02 05:05", "2025-11-02 05:30", "2025-11-02 06:00", "2025-11-02 06:05"),
    ),
    Example(  # a list that has a *, and does not start with it
        "5,*/30 1 * * *",
        "America/New_York",
        "2025-11-02 00:00",
        "2025-11-02 06:10",
        ("2025-11-02 05:00", "2025-11-02 05:05", "2025-11-02 05:30"),
    ),
    # windows that begin while the hour comes again: 06:10 is 01:10 EST
    Example("30 1 * * *", "America/New_York", "2025-11-02 06:10", "2025-11-03 07:00", ("2025-11-03 06:30",)),
    Example("30 * * * *", "America/New_York", "2025-11-02 06:10", "2025-11-02 07:00", ("2025-11-02 06:30",)),
)

LORD_HOWE = (
    # 2024-10-06 02:00 (+10:30) becomes 02:30 (+11), at 15:30 of the 5th
    Example(
        "15 2 * * *",
        "Australia/Lord_Howe",
        "2024-10-04 12:00",
        "2024-10-07 00:00",
        (
            "2024-10-04 15:45",  # 02:15 (+10:30)
            "2024-10-05 15:30",  # 02:30 (+11), for 02:15
            "2024-10-06 15:15",  # 02:15 (+11)
        ),
    ),
    Example(
        "15,30,45 2 * * *",
        "Australia/Lord_Howe",
        "2024-10-05 12:00",
        "2024-10-06 00:00",
        (
            "2024-10-05 15:30",  # 02:30 (+11), and for 02:15
            "2024-10-05 15:45",  # 02:45 (+11)
        ),
    ),
    Example(
        "0 * * * *",
        "Australia/Lord_Howe",
        "2024-10-05 14:00",
        "2024-10-05 17:00",
        (
            "2024-10-05 14:30",  # 01:00 (+10:30); 02:00 does not come
            "2024-10-05 16:00",  # 03:00 (+11)
            "2024-10-05 17:00",  # 04:00 (+11)
        ),
    ),
    # 2024-04-07 02:00 (+11) becomes 01:30 (+10:30), at 15:00 of the 6th
    Example(
        "45 1 * * *",
        "Australia/Lord_Howe",
        "2024-04-05 12:00",
        "2024-04-08 00:00",
        (
            "2024-04-05 14:45",  # 01:45 (+11)
            "2024-04-06 14:45",  # 01:45 (+11); not 15:15, 01:45 (+10:30)
            "2024-04-07 15:15",  # 01:45 (+10:30)
        ),
    ),
    Example(
        "45 * * * *",
        "Australia/Lord_Howe",
        "2024-04-06 14:00",
        "2024-04-06 17:00",
        (
            "2024-04-06 14:45",  # 01:45 (+11)
            "2024-04-06 15:15",  # 01:45 (+10:30)
            "2024-04-06 16:15",  # 02:45 (+10:30)
        ),
    ),
)

MIDNIGHT = (
    # Beirut, Sunday 2022-03-27: 00:00 (+2) becomes 01:00 (+3), at 22:00 of the 26th
    Example(
        "15 0 * * *",
        "Asia/Beirut",
        "2022-03-25 12:00",
        "2022-03-28 12:00",
        (
            "2022-03-25 22:15",  # 00:15 (+2) of the 26th
            "2022-03-26 22:00",  # 01:00 (+3) of the 27th, for 00:15
            "2022-03-27 21:15",  # 00:15 (+3) of the 28th
        ),
    ),
    Example(
        "@daily",
        "Asia/Beirut",
        "2022-03-25 12:00",
        "2022-03-28 12:00",
        ("2022-03-25 22:00", "2022-03-26 22:00", "2022-03-27 21:00"),
    ),
    # the missing midnight was that of the Sunday
    Example("0 0 * * sun", "Asia/Beirut", "2022-03-24 00:00", "2022-03-30 00:00", ("2022-03-26 22:00",)),
    Example("* 0 * * sun", "Asia/Beirut", "2022-03-24 00:00", "2022-03-30 00:00", ()),
    # Beirut, 2022-10-30: 00:00 (+3) becomes 23:00 (+2) of Saturday the 29th, at 21:00
    Example(
        "59 23 * * *",
        "Asia/Beirut",
        "2022-10-28 12:00",
        "2022-10-31 12:00",
        (
            "2022-10-28 20:59",  # 23:59 (+3)
            "2022-10-29 20:59",  # 23:59 (+3); not 21:59, 23:59 (+2)
            "2022-10-30 21:59",  # 23:59 (+2)
        ),
    ),
    Example(
        "@midnight",
        "Asia/Beirut",
        "2022-10-28 12:00",
        "2022-10-31 12:00",
        (
            "2022-10-28 21:00",  # 00:00 (+3) of the 29th
            "2022-10-29 22:00",  # 00:00 (+2) of the 30th
            "2022-10-30 22:00",  # 00:00 (+2) of the 31st
        ),
    ),
    # Cairo, Friday 2024-04-26: 00:00 (+2) becomes 01:00 (+3), at 22:00 of the 25th
    Example("30 0 26 4 *", "Africa/Cairo", "2024-04-20 00:00", "2024-05-01 00:00", ("2024-04-25 22:00",)),
    Example("0 0 * * 5", "Africa/Cairo", "2024-04-22 00:00", "2024-04-29 00:00", ("2024-04-25 22:00",)),
    # Cairo, 2024-11-01: 00:00 (+3) becomes 23:00 (+2) of the 31st, at 21:00; the new month begins at 22:00
    Example("@monthly", "Africa/Cairo", "2024-10-20 00:00", "2024-11-10 00:00", ("2024-10-31 22:00",)),
    Example(
        "30 23 L * *",
        "Africa/Cairo",
        "2024-10-20 00:00",
        "2024-11-10 00:00",
        ("2024-10-31 20:30",),  # 23:30 (+3); not 21:30, 23:30 (+2)
    ),
)

LONG_CHANGES = (
    # Troll, 2024-03-31: 01:00 (+0) becomes 03:00 (+2), at 01:00
    Example(
        "30 1,2 * * *",
        "Antarctica/Troll",
        "2024-03-30 12:00",
        "2024-04-01 12:00",
        (
            "2024-03-31 01:00",  # 03:00 (+2), for 01:30 and 02:30
            "2024-03-31 23:30",  # 01:30 (+2)
            "2024-04-01 00:30",  # 02:30 (+2)
        ),
    ),
    # Troll, 2024-10-27: 03:00 (+2) becomes 01:00 (+0), at 01:00
    Example(
        "30 1,2 * * *",
        "Antarctica/Troll",
        "2024-10-26 12:00",
        "2024-10-28 12:00",
        (
            "2024-10-26 23:30",  # 01:30 (+2)
            "2024-10-27 00:30",  # 02:30 (+2); not 01:30 and 02:30 (+0)
            "2024-10-28 01:30",  # 01:30 (+0)
            "2024-10-28 02:30",  # 02:30 (+0)
        ),
    ),
    Example(
        "30 * * * *",
        "Antarctica/Troll",
        "2024-10-26 23:00",
        "2024-10-27 03:00",
        ("2024-10-26 23:30", "2024-10-27 00:30", "2024-10-27 01:30", "2024-10-27 02:30"),
    ),
    # Casey, 2020-10-04: 00:01 (+8) becomes 03:01 (+11), at 16:01 of the 3rd
    Example(
        "0,30 0-3 * * *",
        "Antarctica/Casey",
        "2020-10-03 15:00",
        "2020-10-03 17:00",
        (
            "2020-10-03 16:00",  # 00:00 (+8)
            "2020-10-03 16:01",  # 03:01 (+11), for 00:30, 01:00, 01:30, 02:00, 02:30 and 03:00
            "2020-10-03 16:30",  # 03:30 (+11)
        ),
    ),
    # Samoa left out Friday 2011-12-30: 00:00 (-10) became 00:00 (+14) of the 31st, at 10:00
    Example(
        "0 9 * * *",
        "Pacific/Apia",
        "2011-12-29 00:00",
        "2012-01-01 00:00",
        (
            "2011-12-29 19:00",  # 09:00 (-10) of the 29th
            "2011-12-30 10:00",  # 00:00 (+14) of the 31st, for 09:00 of the 30th
            "2011-12-30 19:00",  # 09:00 (+14) of the 31st
            "2011-12-31 19:00",  # 09:00 (+14) of the 1st
        ),
    ),
)

DAYS = (
    # 2024-01-01 was a Monday
    Example(  # the day of month starts with *: Mondays
        "*/10 * * * 1",
        "UTC",
        "2023-12-31 23:30",
        "2024-01-01 00:30",
        ("2024-01-01 00:00", "2024-01-01 00:10", "2024-01-01 00:20", "2024-01-01 00:30"),
    ),
    Example(
        "*/10 * * * 1",
        "UTC",
        "2024-01-01 23:30",
        "2024-01-02 00:30",
        ("2024-01-01 23:40", "2024-01-01 23:50"),
    ),
    Example(  # the 1st, 11th, 21st or 31st, where it is a Monday
        "0 9 */10 * 1",
        "UTC",
        "2023-12-31 00:00",
        "2024-04-01 00:00",
        ("2024-01-01 09:00", "2024-03-11 09:00"),
    ),
    Example(  # the 13th, where it is a Sunday or a Friday
        "0 9 13 * */5",
        "UTC",
        "2024-08-01 00:00",
        "2024-11-01 00:00",
        ("2024-09-13 09:00", "2024-10-13 09:00"),
    ),
    Example(  # neither starts with *: the 13th, and every Friday
        "0 9 13 * 5",
        "UTC",
        "2024-08-01 00:00",
        "2024-09-01 00:00",
        (
            "2024-08-02 09:00",
            "2024-08-09 09:00",
            "2024-08-13 09:00",
            "2024-08-16 09:00",
            "2024-08-23 09:00",
            "2024-08-30 09:00",
        ),
    ),
    Example(  # a Friday the 13th is one day
        "0 9 13 * 5",
        "UTC",
        "2024-09-07 00:00",
        "2024-09-21 00:00",
        ("2024-09-13 09:00", "2024-09-20 09:00"),
    ),
    Example(  # all days by number: either holds on each of them
        "0 9 1-31 * 5",
        "UTC",
        "2024-08-01 00:00",
        "2024-08-05 00:00",
        ("2024-08-01 09:00", "2024-08-02 09:00", "2024-08-03 09:00", "2024-08-04 09:00"),
    ),
    Example(
        "0 0 L * *",
        "UTC",
        "2024-02-15 00:00",
        "2024-05-01 00:00",
        ("2024-02-29 00:00", "2024-03-31 00:00", "2024-04-30 00:00"),
    ),
    Example(
        "0 9 * * fri#2",
        "UTC",
        "2024-08-01 00:00",
        "2024-10-01 00:00",
        ("2024-08-09 09:00", "2024-09-13 09:00"),
    ),
    # a range from a number to itself is that number: the 5th of August 2024 was a Monday
    Example("0-0 9-9 5-5 8-8 *", "UTC", "2024-08-01 00:00", "2024-09-01 00:00", ("2024-08-05 09:00",)),
    Example("0 9 * * mon-mon", "UTC", "2024-08-01 00:00", "2024-08-12 00:00", ("2024-08-05 09:00",)),
    Example("0 9 * * 7", "UTC", "2024-08-01 00:00", "2024-08-09 00:00", ("2024-08-04 09:00",)),
    Example(
        "0 9 * * 5-7",
        "UTC",
        "2024-08-01 00:00",
        "2024-08-09 00:00",
        ("2024-08-02 09:00", "2024-08-03 09:00", "2024-08-04 09:00"),
    ),
    Example(
        "0 9 * feb-MAR Mon,wed",
        "UTC",
        "2024-01-28 00:00",
        "2024-02-08 00:00",
        ("2024-02-05 09:00", "2024-02-07 09:00"),  # Monday 29 and Wednesday 31 January are not in February
    ),
)

WORDS = (
    # the hour that comes twice in New York
    Example(
        "@hourly",
        "America/New_York",
        "2025-11-02 04:00",
        "2025-11-02 07:00",
        ("2025-11-02 05:00", "2025-11-02 06:00", "2025-11-02 07:00"),
    ),
    Example(
        "@daily",
        "America/New_York",
        "2025-11-01 12:00",
        "2025-11-03 12:00",
        ("2025-11-02 04:00", "2025-11-03 05:00"),
    ),
    Example(
        "@weekly",
        "America/New_York",
        "2025-10-26 12:00",
        "2025-11-10 00:00",
        ("2025-11-02 04:00", "2025-11-09 05:00"),  # Sundays
    ),
    Example(
        "@monthly",
        "America/New_York",
        "2025-10-15 00:00",
        "2025-12-15 00:00",
        ("2025-11-01 04:00", "2025-12-01 05:00"),
    ),
    Example("@yearly", "America/New_York", "2024-12-15 00:00", "2025-01-15 00:00", ("2025-01-01 05:00",)),
    Example("@annually", "America/New_York", "2024-12-15 00:00", "2025-01-15 00:00", ("2025-01-01 05:00",)),
)

each_example = pytest.mark.parametrize(
    "example",
    [*NEW_YORK_SPRING, *NEW_YORK_AUTUMN, *LORD_HOWE, *MIDNIGHT, *LONG_CHANGES, *DAYS, *WORDS],
    ids=lambda example: f"{example.text}, {example.zone}, {example.after}",
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(text: str, zone: ZoneInfo, after: str, until: str) -> list[str]:
    """Return the due times as texts: what is not UTC, or not a whole minute, would show."""
    found = due_times(parse_cron(text), zone, utc(after), utc(until))
    return [str(one).removesuffix(":00+00:00") for one in found]


@each_example
def test_what_is_due(example: Example) -> None:
    zone = zone_of_tzdata(example.zone)

    assert due(example.text, zone, example.after, example.until) == list(example.due)


@each_example
def test_the_oracle_says_the_same(example: Example) -> None:
    found = oracle(example.text, zone_of_tzdata(example.zone), utc(example.after), utc(example.until))

    assert found == [utc(one) for one in example.due]


def test_the_29th_of_february() -> None:
    found = due("0 9 29 2 *", zone_of_tzdata("UTC"), "2023-01-01 00:00", "2033-01-01 00:00")

    assert found == ["2024-02-29 09:00", "2028-02-29 09:00", "2032-02-29 09:00"]


def test_the_29th_of_february_waits_eight_years_where_a_century_has_none() -> None:
    found = due("0 9 29 2 *", zone_of_tzdata("UTC"), "2094-01-01 00:00", "2105-01-01 00:00")

    assert found == ["2096-02-29 09:00", "2104-02-29 09:00"]


@pytest.mark.parametrize(
    ("after", "until", "found"),
    [
        ("2026-11-23 11:59", "2026-11-23 12:01", ["2026-11-23 12:00"]),
        ("2026-11-23 12:00", "2026-11-24 12:00", ["2026-11-24 12:00"]),  # strictly after, up to and including
        ("2026-11-23 12:00", "2026-11-24 11:59:59.999999", []),
        ("2026-11-23 11:59:59.999999", "2026-11-23 12:00", ["2026-11-23 12:00"]),
        ("2026-11-23 12:00:00.000001", "2026-11-24 11:00", []),  # the minute has begun: it is past
        ("2026-11-23 11:00", "2026-11-23 12:00:30", ["2026-11-23 12:00"]),
        ("2026-11-23 12:00", "2026-11-23 12:00", []),  # nothing lies in between
        ("2026-11-23 13:00", "2026-11-23 11:00", []),  # the wrong way around
    ],
)
def test_the_bounds_of_the_window(after: str, until: str, found: list[str]) -> None:
    assert due("0 12 * * *", zone_of_tzdata("UTC"), after, until) == found
    assert oracle("0 12 * * *", zone_of_tzdata("UTC"), utc(after), utc(until)) == [utc(one) for one in found]


def test_times_are_found_one_at_a_time() -> None:
    start = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    found = due_times(parse_cron("* * * * *"), zone_of_tzdata("UTC"), start, start + timedelta(days=365_000))

    assert isinstance(found, Iterator)
    assert [next(found), next(found)] == [start + timedelta(minutes=1), start + timedelta(minutes=2)]
