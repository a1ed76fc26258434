"""Slots and the states of schedules: read at any time, changed in one short transaction each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from partnerctl.clock import timestamp
from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import OPEN, RUNNING, NewSlot, ScheduleState, Slot
from partnerctl.stores.connection import translated
from partnerctl.stores.dialect import literals
from partnerctl.stores.journal import as_text, set_fact
from partnerctl.stores.rows import instant

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_SLOT = "run_id, schedule, due, status, attempt, lease_until, retry_at, path, error"
_STATE = "name, template, cron, tz, counts_from, handled_until, paused"
_OPEN = f"status IN ({literals(OPEN)})"


def schedule_states(connection: sqlite3.Connection) -> dict[str, ScheduleState]:
    """Return what is known of every schedule, by name."""
    rows = connection.execute(f"SELECT {_STATE} FROM schedule_states")
    return {row[0]: _state(row) for row in rows}


def open_slots(connection: sqlite3.Connection) -> list[Slot]:
    """Return the slots that have not ended, by due time and schedule."""
    rows = connection.execute(
        f"SELECT {_SLOT} FROM report_runs WHERE {_OPEN} AND due IS NOT NULL ORDER BY due, schedule"
    )
    return [_slot(row) for row in rows]


def last_runs(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the id of the newest due time's run of each schedule, by name."""
    return dict(
        connection.execute(
            "SELECT schedule, run_id FROM report_runs r WHERE schedule IS NOT NULL AND due = ("
            " SELECT MAX(due) FROM report_runs l WHERE l.schedule = r.schedule)"
        )
    )


@contextmanager
def changing_slots(connection: sqlite3.Connection, path: Path | None) -> Iterator[Slots]:
    """Yield the slots for changes, in one transaction that ends with the block; a fault undoes all of it.

    Raises Locked where another run holds the store for longer than ``--wait``.
    """
    with translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield Slots(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


class Slots:
    """What may be done to slots and states while the store's write lock is held."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def states(self) -> dict[str, ScheduleState]:
        """Return what is known of every schedule, by name."""
        return schedule_states(self._connection)

    def open(self) -> list[Slot]:
        """Return the slots that have not ended, by due time and schedule."""
        return open_slots(self._connection)

    def keep_state(self, state: ScheduleState) -> None:
        """Write what is known of a schedule."""
        self._connection.execute(
            f"INSERT INTO schedule_states ({_STATE}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET template = excluded.template, cron = excluded.cron,"
            " tz = excluded.tz, counts_from = excluded.counts_from, handled_until = excluded.handled_until,"
            " paused = excluded.paused",
            [as_text(value) for value in state],
        )

    def forget_state(self, name: str) -> None:
        """Forget a schedule; its history stays."""
        self._connection.execute("DELETE FROM schedule_states WHERE name = :name", {"name": name})

    def add(self, slots: Iterable[NewSlot], actor: str, now: datetime) -> None:
        """Give each due time its row; one that has a row already keeps it."""
        at = timestamp(now)
        for slot in slots:
            due = timestamp(slot.due)
            taken = self._connection.execute(
                "SELECT 1 FROM report_runs WHERE schedule = :schedule AND due = :due",
                {"schedule": slot.schedule, "due": due},
            ).fetchone()
            if taken is None:
                ended = None if slot.status in OPEN else at
                self._insert(slot, due, ended, actor, at)

    def _insert(self, slot: NewSlot, due: str, ended: str | None, actor: str, at: str) -> None:
        run_id = self._connection.execute(
            "INSERT INTO runs (kind, actor, started, subject) VALUES ('report', :actor, :at, :subject)",
            {"actor": actor, "at": at, "subject": slot.template},
        ).lastrowid
        self._connection.execute(
            "INSERT INTO report_runs (run_id, template, schedule, due, status, finished, error, attempt)"
            " VALUES (:run_id, :template, :schedule, :due, :status, :ended, :error, 0)",
            {
                "run_id": run_id,
                "template": slot.template,
                "schedule": slot.schedule,
                "due": due,
                "status": slot.status,
                "ended": ended,
                "error": slot.error,
            },
        )

    def move(self, slot: Slot, status: str, error: str | None, now: datetime) -> None:
        """Let a slot that nobody holds stand elsewhere, or end."""
        ended = None if status in OPEN else timestamp(now)
        self._connection.execute(
            "UPDATE report_runs SET status = :status, error = :error, finished = :ended, owner = NULL,"
            " lease_until = NULL, retry_at = NULL WHERE run_id = :run_id",
            {"status": status, "error": error, "ended": ended, "run_id": slot.run_id},
        )

    def claim(self, slot: Slot, owner: str, now: datetime, until: datetime) -> None:
        """Let `owner` have a slot until its lease is over, as one more attempt."""
        self._connection.execute(
            f"UPDATE report_runs SET status = '{RUNNING}', owner = :owner, lease_until = :until,"
            " retry_at = NULL, attempt = attempt + 1, started = COALESCE(started, :now)"
            " WHERE run_id = :run_id",
            {"owner": owner, "until": timestamp(until), "now": timestamp(now), "run_id": slot.run_id},
        )

    def renew(self, run_id: int, owner: str, until: datetime, path: str | None = None) -> bool:
        """Prolong a claim, and keep the path that it writes at; return False where it was lost."""
        return self._changed(
            "UPDATE report_runs SET lease_until = :until, path = COALESCE(:path, path)"
            f" WHERE run_id = :run_id AND owner = :owner AND status = '{RUNNING}'",
            {"until": timestamp(until), "path": path, "run_id": run_id, "owner": owner},
        )

    def retry(self, run_id: int, owner: str, run: ReportRun, at: datetime) -> bool:
        """Let a claimed slot be tried again at an instant, and return whether the claim still held."""
        return self._changed(
            "UPDATE report_runs SET status = 'retrying', retry_at = :at, owner = NULL, lease_until = NULL,"
            " error = :error, path = :path, rows = :rows, bytes = :bytes, sha256 = :sha256"
            " WHERE run_id = :run_id AND owner = :owner",
            {
                "at": timestamp(at),
                "error": run.error,
                "path": run.path,
                "rows": run.rows,
                "bytes": run.bytes,
                "sha256": run.sha256,
                "run_id": run_id,
                "owner": owner,
            },
        )

    def end(self, run: ReportRun, owner: str) -> bool:
        """Write how a claimed slot ended, and return whether the claim still held."""
        names = [field.name for field in fields(run) if field.name not in ("run_id", "schedule", "due")]
        values = dict(zip((field.name for field in fields(run)), map(as_text, astuple(run)), strict=True))
        assigned = ", ".join(f"{name} = :{name}" for name in names)
        return self._changed(
            f"UPDATE report_runs SET {assigned}, owner = NULL, lease_until = NULL"
            " WHERE run_id = :run_id AND owner = :owner",
            {**{name: values[name] for name in names}, "run_id": run.run_id, "owner": owner},
        )

    def forget_premature(self, schedule: str, now: datetime) -> None:
        """Remove the rows of due times that are yet to come and were held for missed: they were not."""
        self._connection.execute(
            "DELETE FROM report_runs WHERE schedule = :schedule AND due > :now AND status = 'missed'",
            {"schedule": schedule, "now": timestamp(now)},
        )

    def reopen(self, run_id: int) -> None:
        """Let a slot that has ended be run once more."""
        self._connection.execute(
            "UPDATE report_runs SET status = 'waiting', attempt = 0, finished = NULL, error = NULL,"
            " started = NULL, sha256 = NULL, rows = NULL, bytes = NULL WHERE run_id = :run_id",
            {"run_id": run_id},
        )

    def find(self, schedule: str, due: datetime) -> Slot | None:
        """Return the slot of a schedule's due time, ended or not; None where there is none."""
        row = self._connection.execute(
            f"SELECT {_SLOT} FROM report_runs WHERE schedule = :schedule AND due = :due",
            {"schedule": schedule, "due": timestamp(due)},
        ).fetchone()
        return None if row is None else _slot(row)

    def prune(self, before: str | None, keep: int | None, *, dry_run: bool = False) -> int:
        """Remove runs of reports that ended, and return how many; what has not ended stays.

        Those that ended before the instant `before`, and all but the newest `keep`; None asks for neither.
        """
        old = (
            f"NOT ({_OPEN}) AND (COALESCE(finished, started) < :before OR (:keep IS NOT NULL AND"
            " run_id NOT IN (SELECT run_id FROM report_runs ORDER BY run_id DESC"
            " LIMIT COALESCE(:keep, 0))))"
        )
        given = {"before": before, "keep": keep}
        row = self._connection.execute(f"SELECT COUNT(*) FROM report_runs WHERE {old}", given).fetchone()
        if not dry_run:
            self._connection.execute(f"DELETE FROM report_runs WHERE {old}", given)
            self._connection.execute(
                "DELETE FROM runs WHERE kind = 'report' AND run_id NOT IN (SELECT run_id FROM report_runs)"
            )
        return int(row[0])

    def set_fact(self, name: str, value: str | None) -> None:
        """Set a fact of the store, in the same transaction."""
        set_fact(self._connection, name, value)

    def _changed(self, statement: str, values: dict[str, Any]) -> bool:
        return self._connection.execute(statement, values).rowcount == 1


def _slot(row: tuple[Any, ...]) -> Slot:
    run_id, schedule, due, status, attempt, lease_until, retry_at, path, error = row
    return Slot(
        run_id,
        schedule,
        datetime.fromisoformat(due),
        status,
        attempt,
        instant(lease_until),
        instant(retry_at),
        path,
        error,
    )


def _state(row: tuple[Any, ...]) -> ScheduleState:
    counts_from, handled_until = (datetime.fromisoformat(text) for text in row[4:6])
    name, template, cron, tz = row[:4]
    return ScheduleState(name, template, cron, tz, counts_from, handled_until, bool(row[6]))
