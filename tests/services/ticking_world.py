"""A world for ticks: a store, a schedules file, folders, and a clock that stands still until it is moved.

A tick runs as a whole, or as a `Course`: that goes on from border to border as the test says, so that ticks
can be interleaved, left standing for days, or killed, without waiting and the same way every time. Borders
are where a process of its own could be overtaken by others: before and after each transaction over slots,
wherever the clock is read outside of one, and wherever a file is flushed, which is before and after it gets
its name.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import pytest

from partnerctl.app import App
from partnerctl.clock import timestamp
from partnerctl.config.folders import HOME_VARIABLE, Folders, find_folders
from partnerctl.config.loading import load_settings
from partnerctl.config.settings import Settings
from partnerctl.options.ticking import nothing_to_do, tick_once, ticker_of
from partnerctl.reports.filenames import file_token
from partnerctl.services.ticking import Ticked
from partnerctl.stores.connection import connect
from partnerctl.stores.opening import open_store
from partnerctl.stores.slots import Slots
from partnerctl.stores.sqlite import SqliteStore
from tests.stores.said import Said, tell

T = TypeVar("T")
Border = Callable[[], None]

ACTOR = "ana@acme.example"
ORG = "00000000-0000-4000-8000-000000000001"
DEVICES = (("00:11:22:33:44:55", "Desk Pro"), ("00:11:22:33:44:56", "Room Kit"))


class MovingClock:
    """A clock that the test moves."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Let that much time pass, and return what the clock then shows."""
        self.instant += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.instant


class Killed(BaseException):
    """Ends a course where it stands, as if its process had died there."""


class Course(Generic[T]):
    """Work in a thread of its own that goes on only when it is told, from one border to the next."""

    def __init__(self, work: Callable[[Border], T]) -> None:
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._killed = False
        self._over = threading.Event()
        self._fault: BaseException | None = None
        self.results: list[T] = []
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def step(self) -> bool:
        """Let it go to its next border, and return whether it stands there; raises what it raised."""
        if self._over.is_set():
            return False
        self._go.release()
        self._stands.acquire()
        if not self._over.is_set():
            return True
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return False

    def finish(self) -> T:
        """Let it go to its end, and return what it returned."""
        while self.step():
            pass
        return self.results[0]

    def kill(self) -> None:
        """End it where it stands."""
        self._killed = True
        self.step()

    def _border(self) -> None:
        if not self._killed:
            self._stands.release()
            self._go.acquire()
        if self._killed:
            raise Killed

    def _run(self, work: Callable[[Border], T]) -> None:
        self._go.acquire()
        try:
            if not self._killed:
                _borders.now = self._border
                self.results.append(work(self._border))
        except Killed:
            pass
        except BaseException as fault:  # noqa: BLE001 - it is raised where the course is told to go on
            self._fault = fault
        finally:
            self._over.set()
            self._stands.release()


_borders = threading.local()


def border_at_flushes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no file be flushed, which takes time and proves nothing here, and let flushes be borders."""

    def fsync(_descriptor: int) -> None:
        getattr(_borders, "now", _nothing)()

    monkeypatch.setattr(os, "fsync", fsync)


def _nothing() -> None:
    """Do nothing: whoever has no borders."""


class BorderStore(SqliteStore):
    """A store whose transactions over slots are borders; `settled` is called when the first has ended."""

    def __init__(self, connection: sqlite3.Connection, path: Path, border: Border, settled: Border) -> None:
        super().__init__(connection, path)
        self.border, self._settled = border, settled
        self.within = False

    @contextmanager
    def slots(self) -> Iterator[Slots]:
        self.border()
        self.within = True
        try:
            with super().slots() as slots:
                yield slots
        finally:
            self.within = False
        self._settled()
        self._settled = _nothing
        self.border()


class BorderClock:
    """A clock whose every look is a border, but while the store is held: nobody else could go on then."""

    def __init__(self, clock: MovingClock, store: BorderStore) -> None:
        self._clock, self._store = clock, store

    def now(self) -> datetime:
        if not self._store.within:
            self._store.border()
        return self._clock.now()


class Row(NamedTuple):
    """One row of the history, as the store holds it."""

    run_id: int
    schedule: str
    due: str
    status: str
    attempt: int
    path: str | None
    sha256: str | None
    error: str | None

    @property
    def short(self) -> tuple[str, str, str | None]:
        """The row without what differs from place to place: due time, status, error."""
        return self.due, self.status, self.error


class _App(App):
    """The program as far as a tick needs it, with a store and a clock of the test's."""

    def __init__(self, world: World, store: BorderStore) -> None:
        super().__init__(BorderClock(world.clock, store))
        self._world = world
        vars(self).update(
            settings=world.settings, folders=world.folders, store=store, writable_store=store, actor=ACTOR
        )

    def warn(self, text: str) -> None:
        self._world.warnings.append(text)


@dataclass
class World:
    """What ticks work with, below one folder; `warnings` are those of all ticks."""

    home: Path
    clock: MovingClock
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, home: Path, instant: datetime) -> World:
        """Return a world that begins at an instant: one customer, two devices, no schedule."""
        world = cls(home, MovingClock(instant))
        world.folders.config.mkdir(parents=True)
        store = open_store(world.settings.store, wait=0, create=True, at=timestamp(instant))
        day = instant.date().isoformat()
        tell(store, Said(day, {"customers": {(ORG,): {"name": "Acme"}}}, devices={ORG: DEVICES}))
        store.close()
        return world

    @cached_property
    def folders(self) -> Folders:
        return find_folders({HOME_VARIABLE: str(self.home)})

    @cached_property
    def settings(self) -> Settings:
        return load_settings({}, {}, self.folders)

    @property
    def path(self) -> Path:
        """The store's file."""
        return self.folders.data / "default.db"

    @property
    def file(self) -> Path:
        """The schedules file."""
        return self.folders.schedules_file

    def write(self, text: str) -> None:
        """Write the schedules file by hand."""
        self.file.write_text(text, "utf-8")

    @contextmanager
    def store(self, border: Border = _nothing, settled: Border = _nothing) -> Iterator[BorderStore]:
        """Yield the store over a connection of its own, which waits for nobody."""
        store = BorderStore(connect(self.path, wait=0, readonly=False), self.path, border, settled)
        try:
            yield store
        finally:
            store.close()

    def tick(self, border: Border = _nothing, settled: Border = _nothing) -> Ticked | None:
        """Tick as the command does; return what was done, None where it ended at once for nothing was due.

        `settled` is called when its first transaction has ended. Raises InvalidData for a schedules file
        that cannot be used.
        """
        with self.store(border, settled) as store:
            app = _App(self, store)
            return None if nothing_to_do(app) else tick_once(app, ticker_of(app))

    def course(self, settled: Border = _nothing) -> Course[Ticked | None]:
        """Return a tick that goes on from border to border."""
        return Course(lambda border: self.tick(border, settled))

    def rows(self) -> list[Row]:
        """Return the history of all due times, by due time and schedule."""
        names = ", ".join(Row._fields)
        connection = sqlite3.connect(self.path)
        try:
            found = connection.execute(
                f"SELECT {names} FROM report_runs WHERE due IS NOT NULL ORDER BY due, schedule"
            )
            return [Row(*row) for row in found]
        finally:
            connection.close()

    def files(self) -> set[str]:
        """Return the paths of what stands in the reports folder, partial files too."""
        if not self.folders.reports.exists():
            return set()
        return {str(path) for path in self.folders.reports.iterdir()}


def entry(name: str, cron: str, *more: str, template: str = "devices", tz: str = "UTC") -> str:
    """Return the text of one entry of the schedules file."""
    lines = (f"[schedules.{name}]", f'template = "{template}"', f'cron = "{cron}"', f'tz = "{tz}"', *more)
    return "".join(f"{line}\n" for line in lines)


def check_row(row: Row) -> None:
    """Check a row: it has a reason where it was not done, and its own file, which is whole where it was."""
    assert (row.error is None) == (row.status in {"done", "skipped_empty"}), row
    assert "another run is writing" not in (row.error or ""), row
    if row.status == "done":
        assert row.path is not None
        assert hashlib.sha256(Path(row.path).read_bytes()).hexdigest() == row.sha256, row
    if row.path is not None:
        assert file_token(f"{row.schedule}\n{row.due}".encode()) in row.path, row
    if row.status in {"skipped_overlap", "skipped_empty"} or (row.status == "missed" and not row.attempt):
        assert (row.path, row.sha256) == (None, None), row
