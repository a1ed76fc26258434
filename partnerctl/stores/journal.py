"""Runs, audit, the own organization and facts: what the store says of itself."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from partnerctl.clock import timestamp
from partnerctl.stores.rows import day, instant
from partnerctl.stores.terms import RunHead

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from partnerctl.domain.records import AuditEntry, Organization, ReportRun

_REPORT_COLUMNS = (
    "run_id, template, schedule, due, status, path, rows, bytes, sha256, region, since, until, data_as_of,"
    " started, finished, error"
)
_ORGANIZATION = ("org_id", "name", "industry", "planned_users", "region")


class Journal:
    """Reads and writes what the store says of itself, over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, run_id: int) -> RunHead | None:
        """Return one run, or None."""
        row = self._connection.execute(
            "SELECT run_id, kind, actor, started, subject, undone_by, takes_back FROM runs"
            " WHERE run_id = :run_id",
            {"run_id": run_id},
        ).fetchone()
        return None if row is None else RunHead(*row)

    def report_runs(self, limit: int | None) -> Iterator[ReportRun]:
        """Yield runs of reports, newest first."""
        found = self._connection.execute(
            f"SELECT {_REPORT_COLUMNS} FROM report_runs ORDER BY run_id DESC LIMIT :row_limit",
            {"row_limit": -1 if limit is None else limit},
        )
        return map(_report_run, found)

    def report_run(self, run_id: int) -> ReportRun | None:
        """Return one run of a report, or None."""
        row = self._connection.execute(
            f"SELECT {_REPORT_COLUMNS} FROM report_runs WHERE run_id = :run_id", {"run_id": run_id}
        ).fetchone()
        return None if row is None else _report_run(row)

    def audit_entries(self, limit: int | None, customer: str | None = None) -> Iterator[AuditEntry]:
        """Yield changes, newest first; of one customer, those that its id or a merge into it names."""
        found = self._connection.execute(
            "SELECT at, actor, run_id, action, object, before, after FROM audit"
            " WHERE :customer IS NULL OR org_id = :customer OR object = :customer"
            " ORDER BY seq DESC LIMIT :row_limit",
            {"row_limit": -1 if limit is None else limit, "customer": customer},
        )
        return map(_audit_entry, found)

    def fact(self, name: str) -> str | None:
        """Return a fact of the store by its name, or None."""
        row = self._connection.execute(
            "SELECT value FROM facts WHERE name = :name", {"name": name}
        ).fetchone()
        return None if row is None else row[0]

    def organization(self) -> Organization | None:
        """Return the partner's own organization, or None before it was set up."""
        from partnerctl.domain.records import Organization

        found = {name: self.fact(f"organization.{name}") for name in _ORGANIZATION}
        if found["org_id"] is None:
            return None
        planned = found["planned_users"]
        return Organization(
            found["org_id"],
            found["name"],
            found["industry"],
            None if planned is None else int(planned),
            found["region"],
        )


def _report_run(row: tuple[Any, ...]) -> ReportRun:
    from partnerctl.domain.records import ReportRun

    days = (day(text) for text in row[10:13])
    instants = (instant(text) for text in row[13:15])
    values: list[Any] = [*row[:3], instant(row[3]), *row[4:10], *days, *instants, row[15]]
    return ReportRun(*values)


def _audit_entry(row: tuple[Any, ...]) -> AuditEntry:
    from partnerctl.domain.records import AuditEntry

    return AuditEntry(datetime.fromisoformat(row[0]), *row[1:])


def set_fact(connection: sqlite3.Connection, name: str, value: str | None) -> None:
    """Set a fact of the store, or forget it."""
    connection.execute(
        "INSERT INTO facts (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {"name": name, "value": value},
    )


def set_organization(connection: sqlite3.Connection, organization: Organization) -> None:
    """Write the partner's own organization."""
    for name in _ORGANIZATION:
        value = getattr(organization, name)
        set_fact(connection, f"organization.{name}", None if value is None else str(value))


def record_report_run(connection: sqlite3.Connection, run: ReportRun) -> None:
    """Write one run of a report."""
    values = [as_text(value) for value in astuple(run)]
    places = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO report_runs ({_REPORT_COLUMNS}) VALUES ({places})", values)


def as_text(value: Any) -> Any:
    """Return a value as a row holds it: days and instants as text, booleans as 0 and 1."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return timestamp(value)
    return value.isoformat() if isinstance(value, date) else value
