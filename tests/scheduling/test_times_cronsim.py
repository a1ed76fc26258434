"""The scheduled times against those of cronsim, a library that follows Debian's cron as well.

Where cronsim is wrong by our rule, the fault has a name here: the zone, the expression, what cronsim says,
what is right, and why. The oracle confirms each. All are faults of expressions that follow the clock; for
those that name both the minute and the hour no exception is made.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from partnerctl.scheduling.cron import parse_cron
from partnerctl.scheduling.times import due_times
from tests.scheduling.cron_oracle import DAY, END, FIRST, clocks, oracle, zone_of_tzdata

ONCE = (
    "30 2 * * *",
    "0 2,3 * * *",
    "30 0-23 * * *",
    "0 0 * * *",
    "59 23 * * *",
    "15 1 1 * *",
    "30 1 L * *",
    "0 9 13 * 5",
    "45 1 */10 * sun",
    "15 0 * mar-oct 6,0",
)
AS_TIME_PASSES = (
    "0 * * * *",
    "30 * * * *",
    "*/20 * * * 1",
    "* 2 * * *",
    "*/30 */5 * * *",
    "* 0 * * 6",
    "*/15 23 * * *",
)
RARE = (
    "0 9 29 2 *",
    "0 0 L * *",
    "0 9 31 * *",
    "0 9 * * fri#2",
    "0 12 * feb,nov tue#5",
    "0 9 13 * 5",
    "0 9 */10 * 1",
    "0 9 13 * */5",
    "30 2 * * 0",
    "15 0 * * 5-7",
    "30 6 1 */3 *",
    "0 9 1-31/15 jan-mar mon-fri/4",
)


class Fault(NamedTuple):
    """Where cronsim 2.8 is wrong: what it says within a window, what is right, and why."""

    zone: str
    text: str
    after: str
    until: str
    cronsim: tuple[str, ...]
    right: tuple[str, ...]
    why: str


_HALF_HOUR = "the clock moved by half an hour; cronsim steps by whole ones and arrives at half past"

FAULTS = (
    Fault(
        "Australia/Lord_Howe",
        "30 * * * *",
        "2020-04-04 14:00",
        "2020-04-04 17:00",
        ("2020-04-04 14:30", "2020-04-04 16:00", "2020-04-04 17:00"),
        ("2020-04-04 14:30", "2020-04-04 15:00", "2020-04-04 16:00", "2020-04-04 17:00"),
        "02:00 (+11) became 01:30 (+10:30) at 15:00: 01:30 came twice; cronsim goes from :00 to :30",
    ),
    Fault(
        "Australia/Lord_Howe",
        "30 * * * *",
        "2020-10-03 14:00",
        "2020-10-03 17:00",
        ("2020-10-03 15:00", "2020-10-03 16:30"),
        ("2020-10-03 15:00", "2020-10-03 15:30", "2020-10-03 16:30"),
        "02:00 (+10:30) became 02:30 (+11) at 15:30: half past two did come, at the end of the gap",
    ),
    Fault(
        "Australia/Lord_Howe",
        "* 2 * * *",
        "2020-04-04 15:28",
        "2020-04-04 15:31",
        (),
        ("2020-04-04 15:30", "2020-04-04 15:31"),
        f"02:00 (+10:30) is 15:30: {_HALF_HOUR}",
    ),
    Fault(
        "Australia/Lord_Howe",
        "*/30 */5 * * *",
        "2020-04-04 18:00",
        "2020-04-04 19:00",
        ("2020-04-04 19:00",),
        ("2020-04-04 18:30", "2020-04-04 19:00"),
        f"05:00 (+10:30) is 18:30: {_HALF_HOUR}",
    ),
    Fault(
        "Australia/Lord_Howe",
        "*/30 */5 * * *",
        "2020-10-03 17:00",
        "2020-10-03 19:00",
        ("2020-10-03 18:30",),
        ("2020-10-03 18:00", "2020-10-03 18:30"),
        f"05:00 (+11) is 18:00: {_HALF_HOUR}",
    ),
    Fault(
        "Australia/Lord_Howe",
        "*/15 23 * * *",
        "2020-04-05 12:00",
        "2020-04-05 14:00",
        ("2020-04-05 13:00", "2020-04-05 13:15"),
        ("2020-04-05 12:30", "2020-04-05 12:45", "2020-04-05 13:00", "2020-04-05 13:15"),
        f"23:00 (+10:30) of that day is 12:30: {_HALF_HOUR}",
    ),
    Fault(
        "Antarctica/Casey",
        "*/30 */5 * * *",
        "2020-10-03 15:30",
        "2020-10-03 19:00",
        ("2020-10-03 16:00",),
        ("2020-10-03 16:00", "2020-10-03 18:00", "2020-10-03 18:30"),
        "00:01 (+8) became 03:01 (+11): 05:00 (+11) is 18:00; cronsim steps by whole hours from 03:01",
    ),
    Fault(
        "Pacific/Chatham",
        "* 2 * * *",
        "2020-04-04 13:58",
        "2020-04-04 14:01",
        (),
        ("2020-04-04 14:00", "2020-04-04 14:01"),
        "03:45 (+13:45) became 02:45 (+12:45) at 14:00: hour 2 came again for 15 minutes; cronsim is past it",
    ),
    Fault(
        "Asia/Gaza",
        "* 0 * * 6",
        "2020-03-27 21:58",
        "2020-03-27 22:02",
        ("2020-03-27 22:00",),
        (),
        "00:00 (+2) became 01:00 (+3) at 22:00: that Saturday had no hour 0; cronsim jumps to its midnight",
    ),
    Fault(
        "Asia/Tehran",
        "* 0 * * 6",
        "2020-03-20 20:28",
        "2020-03-20 20:32",
        ("2020-03-20 20:30",),
        (),
        "00:00 (+3:30) became 01:00 (+4:30) at 20:30: as in Gaza",
    ),
)


def cronsim_times(text: str, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """Return what cronsim finds within the window; it starts a day before, well away from any change."""
    found = []
    for local in CronSim(text, (after - DAY).astimezone(zone)):
        instant = local.astimezone(UTC)
        if instant > until:
            break
        if instant > after:
            found.append(instant)
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", [*ONCE, *AS_TIME_PASSES])
def test_around_the_changes_of_two_years(text: str) -> None:
    excused = {fault.zone for fault in FAULTS if fault.text == text}
    changes = {
        change: clock.zones[0]
        for clock in clocks()
        for change in clock.changes
        if change.instant.year in (2020, 2023) and not excused & set(clock.zones)
    }
    different = []
    for change, name in changes.items():
        window = (zone_of_tzdata(name), change.instant - 2 * DAY, change.instant + 2 * DAY)
        if list(due_times(parse_cron(text), *window)) != cronsim_times(text, *window):
            different.append((name, str(change.instant)))

    assert changes
    assert different == []


@pytest.mark.parametrize("name", ["America/New_York", "Asia/Beirut"])
@pytest.mark.parametrize("text", RARE)
def test_what_is_rare_over_sixteen_years(text: str, name: str) -> None:
    zone = zone_of_tzdata(name)
    found = list(due_times(parse_cron(text), zone, FIRST, END))

    assert found
    assert found == cronsim_times(text, zone, FIRST, END)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.zone}, {fault.text}, {fault.after}")
def test_the_known_faults_of_cronsim(fault: Fault) -> None:
    zone, after, until = zone_of_tzdata(fault.zone), utc(fault.after), utc(fault.until)
    right = [utc(one) for one in fault.right]

    assert list(due_times(parse_cron(fault.text), zone, after, until)) == right, fault.why
    assert oracle(fault.text, zone, after, until) == right
    # where cronsim has been put right, the fault can go
    assert cronsim_times(fault.text, zone, after, until) == [utc(one) for one in fault.cronsim]
