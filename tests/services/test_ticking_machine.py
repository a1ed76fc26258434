"""Ten years of ticks against a clock that is moved: downtime, edits, deaths, and several ticks at once.

Whatever happens, every due time ends as one row of the history, with at most one file (``cli.md``,
Schedules). The truth is a `Timeline`.

More stories: ``TICKING_SEEDS=1-200 python -m pytest tests/services/test_ticking_machine.py``.
"""

from __future__ import annotations

import os
import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from partnerctl.errors import InvalidData
from partnerctl.services.scheduled_orders import Surroundings
from partnerctl.services.schedules import forget_schedule, make_schedule, pause_schedule, resume_schedule
from partnerctl.services.ticking import Ticked
from tests.services.ticking_timeline import Said, Timeline
from tests.services.ticking_world import ACTOR, Course, Row, World, border_at_flushes, check_row, entry

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Setting(NamedTuple):
    """A kind of story: which expressions, how far the clock jumps, and when it ends."""

    crons: tuple[str, ...]
    jumps: tuple[tuple[float, float], ...]  # days, from and to; each as likely as the others
    lasts: timedelta


DECADE = Setting(
    ("0 7 * * *", "30 2 * * *", "15 0 * * 1", "@weekly", "0 12 L * *", "45 23 1,15 * *", "30 1 * * sun"),
    ((0.0005, 0.006), (0.0005, 0.006), (0.01, 0.9), (1, 4), (5, 80)),
    timedelta(days=3653),
)
WEEKS = Setting(
    ("@hourly", "30 * * * *", "*/20 * * * *", "10 */2 * * *", "0 1-3 * * *", "5 9-17 * * mon-fri"),
    ((0.0005, 0.004), (0.0005, 0.004), (0.01, 0.06), (0.1, 0.6), (0.5, 2)),
    timedelta(days=35),
)
ZONES = ("UTC", "America/New_York", "Europe/Lisbon", "Asia/Beirut", "Pacific/Chatham")
OPTIONS: dict[str, tuple[str, ...]] = {
    "usual": (),
    "none": ('catchup = "none"',),
    "all": ('catchup = "all"',),
    "deadline": ('start_deadline = "6h"',),
    "empty": ("skip_empty = true", 'where = "name:nobody"'),
    "lost": (),
}
"""The entries there may be, and what else they say; the template of one is not there."""

OUTCOMES = {"done", "failed", "missed", "skipped_overlap", "skipped_empty"}


class Story:
    """Lets things happen to a world, and tells the timeline of them."""

    def __init__(self, world: World, setting: Setting, seed: int) -> None:
        self.world, self.setting = world, setting
        self.chance = random.Random(seed)
        self.timeline = Timeline(world.clock.now())
        self.entries: dict[str, Said | None] = {}
        self.standing: list[Course[Ticked | None]] = []
        self._write({})

    def live(self) -> None:
        """Let everything happen until the time is over; then nothing but ticks, until nothing is open."""
        end = self.world.clock.now() + self.setting.lasts
        while self.world.clock.now() < end:
            self.world.clock.move(days=self.chance.uniform(*self.chance.choice(self.setting.jumps)))
            if self.chance.random() < 0.2:
                self._change()
            self._ticks()
        self._write({name: said for name, said in self.entries.items() if said is not None})
        for course in self.standing:
            course.finish()
        for _ in range(4):  # attempt 1 is taken over, then attempt 2 is given up
            self.world.clock.move(minutes=6)
            self._course().finish()

    # ticks

    def _course(self) -> Course[Ticked | None]:
        version = len(self.timeline.versions) - 1
        return self.world.course(lambda: self.timeline.settled(version, self.world.clock.now()))

    def _ticks(self) -> None:
        """Let one tick run, or up to five at once, and those that were left standing; some die."""
        running = [self._course() for _ in range(self.chance.choice((1, 1, 1, 2, 3, 5)))]
        running += [course for course in self.standing if self.chance.random() < 0.7]
        self.standing = [course for course in self.standing if course not in running]
        while running:
            course = self.chance.choice(running)
            try:
                goes_on = course.step()
            except InvalidData:  # the file is no TOML: the command ends with 12
                goes_on = False
            if goes_on:
                goes_on = self._meanwhile(course)
            if not goes_on:
                running.remove(course)

    def _meanwhile(self, course: Course[Ticked | None]) -> bool:
        """Let something happen while a tick stands at a border; return whether it goes on in this turn."""
        chance = self.chance.random()
        if chance < 0.01:
            course.kill()
            return False
        if chance < 0.02:
            self.standing.append(course)
            return False
        if chance < 0.03:
            self.world.clock.move(minutes=self.chance.uniform(0, 4))
        elif chance < 0.035:
            self._change()
        elif chance < 0.045:
            return self._step_while_the_store_is_held(course)
        return True

    def _step_while_the_store_is_held(self, course: Course[Ticked | None]) -> bool:
        holder = sqlite3.connect(self.world.path, isolation_level=None)
        try:
            holder.execute("BEGIN IMMEDIATE")
            return course.step()
        except InvalidData:
            return False
        finally:
            holder.close()

    # the file

    def _change(self) -> None:
        """Change the schedules file: by hand, or by a command."""
        name = self.chance.choice(sorted(OPTIONS))
        said = self.entries.get(name)
        kinds = [self._edit, self._edit, self._drop, self._spoil, self._half_write]
        if said is not None:
            kinds += [self._turn, self._turn, self._pause, self._resume, self._forget]
        elif name not in self.entries:
            kinds += [self._edit, self._make]
        self.chance.choice(kinds)(name)

    def _random(self) -> Said:
        return Said(self.chance.choice(self.setting.crons), self.chance.choice(ZONES))

    def _edit(self, name: str) -> None:
        self._write({**self.entries, name: self._random()})

    def _turn(self, name: str) -> None:
        """Pause it, or let it run again, by hand."""
        said = self.entries[name]
        assert said is not None
        self._write({**self.entries, name: said._replace(paused=not said.paused)})

    def _drop(self, name: str) -> None:
        self._write({one: said for one, said in self.entries.items() if one != name})

    def _spoil(self, name: str) -> None:
        self._write({**self.entries, name: None})

    def _half_write(self, _name: str) -> None:
        self.world.write(self._text()[: self.chance.randrange(60)] + "\n[half")
        self.timeline.now_says(self.world.clock.now(), None)

    def _pause(self, name: str) -> None:
        self._whole()
        with self.world.store() as store:
            changed = pause_schedule(store, self.world.file, name, self.world.clock, ACTOR, 0)
        self._said(name, paused=True, told=changed)

    def _resume(self, name: str) -> None:
        self._whole()
        with self.world.store() as store:
            changed = resume_schedule(store, self.world.file, name, self.world.clock, ACTOR, 0)
        self._said(name, paused=False, told=changed)

    def _forget(self, name: str) -> None:
        self._whole()
        with self.world.store() as store:
            forget_schedule(store, self.world.file, name, self.world.clock, 0)
        del self.entries[name]
        self.timeline.now_says(self.world.clock.now(), dict(self.entries))
        self._told(name)

    def _make(self, name: str) -> None:
        if name == "lost":
            return  # the command refuses a template that is not there
        self._whole()
        said = self._random()
        values: dict[str, object] = {"template": "devices", "cron": said.cron, "tz": said.tz}
        for line in OPTIONS[name]:
            key, _, value = line.partition(" = ")
            values[key] = value.strip('"') if value.startswith('"') else value == "true"
        around = Surroundings(self.world.settings, self.world.folders)
        with self.world.store() as store:
            make_schedule(store, self.world.file, name, values, around, self.world.clock)
        self.entries[name] = said
        self.timeline.now_says(self.world.clock.now(), dict(self.entries))
        self._told(name)

    def _whole(self) -> None:
        """Mend a file that is no TOML: commands would refuse it."""
        if self.timeline.versions[-1].entries is None:
            self._write(self.entries)

    def _said(self, name: str, *, paused: bool, told: bool) -> None:
        said = self.entries[name]
        assert said is not None
        self.entries[name] = said._replace(paused=paused)
        self.timeline.now_says(self.world.clock.now(), dict(self.entries))
        if told:
            self._told(name)

    def _told(self, name: str) -> None:
        self.timeline.told[len(self.timeline.versions) - 1, name] = self.world.clock.now()

    def _write(self, entries: dict[str, Said | None]) -> None:
        self.entries = dict(entries)
        self.world.write(self._text())
        self.timeline.now_says(self.world.clock.now(), dict(entries))

    def _text(self) -> str:
        text = ""
        for name, said in self.entries.items():
            cron, tz, paused = said or Said("every day", "UTC")
            template = "nowhere" if name == "lost" else "devices"
            more = (*OPTIONS[name], "paused = true") if paused else OPTIONS[name]
            text += entry(name, cron, *more, template=template, tz=tz)
        return text


# --- what must be true in the end ---


def check_story(story: Story) -> None:
    """Check the history and the files of a story that has ended."""
    world = story.world
    rows = world.rows()
    have: dict[str, set[str]] = {name: set() for name in OPTIONS}
    for row in rows:
        have[row.schedule].add(row.due)
        assert row.status in OUTCOMES, row
        assert row.status != "skipped_empty" or row.schedule == "empty", row
        check_row(row)
    for name in OPTIONS:
        required, allowed = story.timeline.required(name), story.timeline.allowed(name)
        assert sorted(required - have[name]) == [], f"{name}: due times without a row"
        assert sorted(have[name] - allowed) == [], f"{name}: rows of times at which it was not due"
    assert len(rows) == sum(map(len, have.values()))
    _check_files(world, rows)


def _check_files(world: World, rows: list[Row]) -> None:
    named = [row.path for row in rows if row.path is not None]
    assert len(named) == len(set(named))
    assert sorted(world.files() - set(named)) == [], "files that no row names"


def seeds(usual: range) -> list[int]:
    """Return the seeds to try: those of ``TICKING_SEEDS``, FIRST-LAST, else the usual ones."""
    first, dash, last = os.environ.get("TICKING_SEEDS", "").partition("-")
    return list(range(int(first), int(last) + 1)) if dash else list(usual)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(range(2)))
def test_ten_years_of_days_and_weeks(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    border_at_flushes(monkeypatch)
    story = Story(World.made(tmp_path / "home", START), DECADE, seed)

    story.live()

    check_story(story)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(range(3)))
def test_five_weeks_of_hours_and_minutes(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    border_at_flushes(monkeypatch)
    story = Story(World.made(tmp_path / "home", START), WEEKS, seed)

    story.live()

    check_story(story)
