"""After downtime: which due times run, which are missed and why, and that lateness changes nothing else."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from partnerctl.clock import timestamp
from partnerctl.scheduling.cron import parse_cron
from partnerctl.scheduling.times import due_times
from tests.commands.estate import import_estate
from tests.conftest import Cli
from tests.services.ticking_desk import SEVEN, Desk
from tests.services.ticking_world import World, border_at_flushes, entry

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

CATCHUPS: dict[str, tuple[tuple[str, ...], int, timedelta | None, str]] = {
    "latest": ((), 1, None, ""),
    "none": (('catchup = "none"',), 1, 5 * MINUTE, "no tick came within 5m of it"),
    "all": (('catchup = "all"',), 10, None, ""),
    "latest-6h": (('start_deadline = "6h"',), 1, 360 * MINUTE, "later than its start deadline of 6h"),
    "all-2d": (
        ('catchup = "all"', 'start_deadline = "2d"'),
        10,
        timedelta(days=2),
        "later than its start deadline of 2d",
    ),
}
"""What an entry says of lateness; how many due times then run at most, how late, and why others do not."""


def becomes(
    dues: list[datetime], now: datetime, most: int, late: timedelta | None, why: str
) -> list[tuple[str, str, str | None]]:
    """Return what becomes of due times that a tick finds, in order: those in time run, the newest of them."""
    in_time = [due for due in dues if late is None or now - due <= late][-most:]
    superseded = "a later due time ran instead"
    return [
        (timestamp(due), "done", None)
        if due in in_time
        else (timestamp(due), "missed", why if late is not None and now - due > late else superseded)
        for due in dues
    ]


@pytest.mark.parametrize("catchup", CATCHUPS)
def test_what_runs_after_downtime_and_what_is_missed_and_why(
    catchup: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    more, most, late, why = CATCHUPS[catchup]
    world = World.made(tmp_path / "home", START)
    world.write(entry("x", "0 7,19 * * *", *more, tz="America/New_York"))
    cron, zone = parse_cron("0 7,19 * * *"), ZoneInfo("America/New_York")
    chance = random.Random(catchup)
    world.tick()
    expected: list[tuple[str, str, str | None]] = []
    for _ in range(25):
        before = world.clock.now()
        world.clock.move(days=chance.choice((0.002, 0.1, 0.3, 0.6, 3, 11)))
        now = world.clock.move(seconds=chance.uniform(0, 60))
        world.tick()
        expected += becomes(list(due_times(cron, zone, before, now)), now, most, late, why)

    assert [row.short for row in world.rows()] == expected
    assert len(world.files()) == sum(status == "done" for _, status, _ in expected)


def test_words_mean_the_due_time_and_the_name_is_the_same_however_late_it_runs(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    found = []
    for late in ("2026-11-24T07:00:00Z", "2026-11-24T23:59:59Z", "2026-12-20T03:00:00Z"):
        home = tmp_path / late.replace(":", "")
        monkeypatch.setenv("PARTNERCTL_HOME", str(home))
        desk = Desk(cli, home, monkeypatch)
        desk.at("2026-11-23T12:00:00Z")
        import_estate(cli, tmp_path / "in")
        more = ('since = "-7d"', 'until = "yesterday"')
        desk.write(entry("weekly", "0 7 24 11 *", *more, template="changes"))
        (run,), _ = desk.at(late).tick()
        found.append((run["due"], run["since"], run["until"], Path(run["path"]).name))

    assert found[0][:3] == (SEVEN, "2026-11-17", "2026-11-23")
    assert found[1:] == [found[0]] * 2


def test_the_name_differs_between_schedules_and_due_times(desk: Desk) -> None:
    all_ = 'catchup = "all"'
    desk.write(entry("one", "0 7 * * *", all_), entry("two", "0 7 * * *", all_))
    runs, _ = desk.at("2026-11-26T08:00:00Z").tick()

    assert len({Path(run["path"]).name.split("_")[1] for run in runs}) == 6


def test_no_rows_are_no_file_and_no_failure(desk: Desk) -> None:
    desk.write(entry("none", "0 7 * * *", "skip_empty = true", 'where = "name:nobody"'))

    (run,), told = desk.at(SEVEN).tick()

    assert (run["status"], run["path"], run["rows"], run["error"]) == ("skipped_empty", None, 0, None)
    assert (told, desk.reports()) == ("", [])


def test_data_is_as_old_as_it_is_at_the_due_time(desk: Desk) -> None:
    desk.write(entry("old", "0 7 * * *", 'max_age = "8d"', 'catchup = "all"'))

    runs, _ = desk.at("2026-12-02T12:00:00Z").tick(expect=3)  # the data is of 22 November

    assert [(run["due"][8:10], run["status"]) for run in runs] == [
        *((f"{day}", "done") for day in range(24, 31)),
        ("01", "stale"),
        ("02", "stale"),
    ]
