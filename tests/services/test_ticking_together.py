"""Several ticks over one store, step by step: overtaken, left standing, dead, or behind the schedules file.

A tick's steps are the borders of `Course`. Processes that are really killed are in test_ticking_processes.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partnerctl.services.scheduled_orders import Surroundings
from partnerctl.services.schedules import forget_schedule, make_schedule, pause_schedule
from partnerctl.services.ticking import Ticked
from tests.services.ticking_world import ACTOR, Course, World, border_at_flushes, check_row, entry

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("ticks", [2, 3, 5])
def test_ticks_at_one_instant_run_each_due_time_once(
    ticks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = World.made(tmp_path / "home", START)
    world.write(
        entry("usual", "0 7 * * *") + entry("all", "0 7 * * *", 'catchup = "all"', tz="Europe/Lisbon")
    )
    world.tick()
    chance = random.Random(ticks)
    told = 0
    for _ in range(8):
        world.clock.move(days=1)
        running = [world.course() for _ in range(ticks)]
        while running:
            course = chance.choice(running)
            if not course.step():
                running.remove(course)
                done = course.results[0]
                told += 0 if done is None else len(done.runs)

    rows = world.rows()
    assert [(row.status, row.attempt) for row in rows] == [("done", 1)] * 16
    assert told == 16
    assert world.files() == {row.path for row in rows}
    assert world.warnings == []


def borders(world: World) -> int:
    """Return at how many borders a tick with one report stands; the world is one day older then."""
    world.clock.move(days=1)
    course = world.course()
    count = 0
    while course.step():
        count += 1
    return count


def stopped(world: World, after: int) -> Course[Ticked | None]:
    """Return a tick that has passed so many borders and stands at the next."""
    course = world.course()
    for _ in range(after + 1):
        course.step()
    return course


def one_daily(folder: Path, *more: str) -> World:
    """Return a world in which devices are due every day at 12:00; nothing was due yet."""
    world = World.made(folder, START)
    world.write(entry("daily", "0 12 * * *", *more))
    world.tick()
    return world


def check_done(world: World, attempts: tuple[int, ...] = (1, 2)) -> None:
    """Check that every due time is done, with one whole file each, under its own name."""
    rows = world.rows()
    for row in rows:
        assert row.status == "done", row
        assert row.attempt in attempts, row
        check_row(row)
    assert world.files() == {row.path for row in rows}


def test_a_tick_that_dies_at_any_border_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    for border in range(borders(world)):
        world.clock.move(days=1)
        stopped(world, border).kill()
        world.clock.move(minutes=5, seconds=1)
        world.tick()
        check_done(world)
        world.clock.move(minutes=-5, seconds=-1)

    assert {row.attempt for row in world.rows()} == {1, 2}


def test_a_tick_that_stands_still_at_any_border_is_overtaken_and_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    for border in range(borders(world)):
        world.clock.move(days=1)
        standing = stopped(world, border)
        world.clock.move(minutes=5, seconds=1)
        world.tick()
        standing.finish()
        world.tick()
        check_done(world)
        world.clock.move(minutes=-5, seconds=-1)

    assert {row.attempt for row in world.rows()} == {1, 2}
    assert world.warnings == []


@pytest.mark.slow
def test_two_ticks_that_overtake_each_other_leave_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    count, chance = borders(world), random.Random(7)
    for _ in range(50):
        world.clock.move(days=1)
        first = stopped(world, chance.randrange(count))
        world.clock.move(minutes=5, seconds=1)
        second = stopped(world, chance.randrange(count))
        both = [first, second]
        while both:
            course = chance.choice(both)
            if not course.step():
                both.remove(course)
        world.clock.move(minutes=5, seconds=1)
        world.tick()
        check_done(world)
        world.clock.move(minutes=-10, seconds=-2)


def test_a_run_that_dies_twice_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    world.clock.move(days=1)
    for _ in range(2):
        kill_while_writing(world)
        world.clock.move(minutes=6)

    world.tick()

    (row,) = world.rows()
    assert row.short == ("2026-11-24T12:00:00Z", "failed", "interrupted: the run that had it died")
    assert row.attempt == 2
    assert world.files() <= {row.path}


def test_a_run_that_died_is_not_resumed_once_a_later_one_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    world.clock.move(days=1)
    kill_while_writing(world)
    world.clock.move(days=1)

    world.tick()

    assert [row.short for row in world.rows()] == [
        ("2026-11-24T12:00:00Z", "failed", "interrupted: the run that had it died"),
        ("2026-11-25T12:00:00Z", "done", None),
    ]


def test_what_is_due_while_the_one_before_is_running_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = World.made(tmp_path / "home", START)
    world.write(entry("quick", "* * * * *"))
    world.tick()
    world.clock.move(minutes=1)
    course = writing(world)

    world.clock.move(minutes=1)
    world.tick()
    course.finish()
    world.clock.move(minutes=1)
    world.tick()

    assert [row.short for row in world.rows()] == [
        ("2026-11-23T12:01:00Z", "done", None),
        (
            "2026-11-23T12:02:00Z",
            "skipped_overlap",
            "the run of the due time before was still going on",
        ),
        ("2026-11-23T12:03:00Z", "done", None),
    ]


def test_what_is_caught_up_runs_one_after_the_other_also_where_several_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home", 'catchup = "all"')
    world.clock.move(days=2)
    course = writing(world)

    done = world.tick()

    assert done is not None
    assert (done.runs, [row.status for row in world.rows()]) == ([], ["running", "waiting"])
    course.finish()
    assert [row.short for row in world.rows()] == [
        ("2026-11-24T12:00:00Z", "done", None),
        ("2026-11-25T12:00:00Z", "done", None),
    ]


def writing(world: World) -> Course[Ticked | None]:
    """Return a tick whose first report is written, and has no name yet."""
    course = world.course()
    while not any(Path(path).name.startswith(".") for path in world.files()):
        assert course.step()
    return course


def kill_while_writing(world: World) -> None:
    """Let a tick die while its first report has no name yet; it leaves no partial file, unlike a process."""
    writing(world).kill()


# --- the file is edited while a long report runs, and a schedule that goes takes its due times along ---


def running_at_noon(folder: Path, *, also: str = "") -> tuple[World, Course[Ticked | None]]:
    """Return a world, and a tick in it that began at noon and is still writing."""
    world = World.made(folder, START + timedelta(hours=1))
    world.write(entry("long", "0 12 * * *") + also)
    world.tick()
    world.clock.move(hours=23)
    return world, writing(world)


def of(world: World, name: str) -> list[tuple[str, str, str | None]]:
    """Return the history of one schedule, in short."""
    return [row.short for row in world.rows() if row.schedule == name]


def test_a_schedule_that_is_added_during_a_long_report_is_not_forgotten_by_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world, long = running_at_noon(tmp_path / "home")
    world.clock.move(minutes=1)
    world.write(entry("long", "0 12 * * *") + entry("new", "3 12 * * *"))
    world.tick()
    world.clock.move(minutes=2, seconds=10)

    long.finish()
    world.clock.move(seconds=50)
    world.tick()

    assert of(world, "new") == [("2026-11-24T12:03:00Z", "done", None)]


def test_a_schedule_whose_time_is_changed_during_a_long_report_keeps_the_new_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world, long = running_at_noon(tmp_path / "home", also=entry("moved", "5 12 * * *"))
    world.clock.move(minutes=1)
    world.write(entry("long", "0 12 * * *") + entry("moved", "3 12 * * *"))
    world.tick()
    world.clock.move(minutes=2, seconds=10)

    long.finish()
    world.clock.move(minutes=3)
    world.tick()

    assert of(world, "moved") == [("2026-11-24T12:03:00Z", "done", None)]


def test_a_schedule_that_is_paused_during_a_long_report_stays_paused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world, long = running_at_noon(tmp_path / "home", also=entry("held", "3 12 * * *"))
    world.clock.move(minutes=1)
    world.write(entry("long", "0 12 * * *") + entry("held", "3 12 * * *", "paused = true"))
    world.tick()
    world.clock.move(minutes=1)

    long.finish()
    world.clock.move(minutes=2)
    world.tick()

    assert of(world, "held") == []


def test_a_clock_that_is_set_back_runs_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    for hours in (24.01, -3, 3, 1, -2, 25.5):
        world.clock.move(hours=hours)
        world.tick()

    assert [row.short for row in world.rows()] == [
        ("2026-11-24T12:00:00Z", "done", None),
        ("2026-11-25T12:00:00Z", "done", None),
    ]


def test_a_clock_that_was_years_ahead_for_one_tick_silences_nothing_once_it_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    world.clock.move(days=20 * 365)
    world.tick()
    world.clock.move(days=-20 * 365)
    world.tick()

    for _ in range(2):
        world.clock.move(days=1)
        world.tick()

    assert [row.short for row in world.rows()][:2] == [
        ("2026-11-24T12:00:00Z", "done", None),
        ("2026-11-25T12:00:00Z", "done", None),
    ]


def test_what_was_due_before_a_schedule_was_removed_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    for by_hand in (True, False):
        world = one_daily(tmp_path / f"home-{by_hand}")
        world.clock.move(days=2)  # nobody ticked meanwhile

        if by_hand:
            world.write("")
            world.tick()
        else:
            with world.store() as store:
                forget_schedule(store, world.file, "daily", world.clock, 0)

        assert [row.short for row in world.rows()] == [
            ("2026-11-24T12:00:00Z", "missed", "the schedule was removed"),
            ("2026-11-25T12:00:00Z", "missed", "the schedule was removed"),
        ]


def test_what_was_due_is_recorded_where_a_removed_name_is_taken_again_before_a_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    world.clock.move(days=1, minutes=1)
    world.write("")

    values = {"template": "devices", "cron": "0 13 * * *", "tz": "UTC"}
    around = Surroundings(world.settings, world.folders)
    with world.store() as store:
        make_schedule(store, world.file, "daily", values, around, world.clock)
    world.clock.move(hours=1)
    world.tick()

    assert [row.short for row in world.rows()] == [
        ("2026-11-24T12:00:00Z", "missed", "the schedule was removed"),
        ("2026-11-24T13:00:00Z", "done", None),
    ]


def test_a_run_that_dies_after_its_schedule_was_removed_ends_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world, course = running_at_noon(tmp_path / "home")
    world.write("")
    world.clock.move(minutes=1)
    world.tick()
    course.kill()
    world.clock.move(minutes=6)

    world.tick()

    (row,) = world.rows()
    assert row.short == ("2026-11-24T12:00:00Z", "failed", "the schedule was removed")
    world.clock.move(minutes=1)
    assert world.tick() is None  # nothing is open: the next tick is over at once


def test_what_was_due_by_the_old_time_is_recorded_where_a_changed_schedule_is_paused_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    world = one_daily(tmp_path / "home")
    world.clock.move(days=1, hours=1)
    world.write(entry("daily", "30 12 * * *"))

    with world.store() as store:
        pause_schedule(store, world.file, "daily", world.clock, ACTOR, 0)
    world.tick()

    assert [(row.due, row.status) for row in world.rows()] == [("2026-11-24T12:00:00Z", "missed")]
