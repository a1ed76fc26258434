"""What runs did: imports, reports, changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What the import of one file did (``cli.md``, import). Counts are of rows of the file."""

    run_id: int | None
    file: str
    entity: str
    day: date | None
    rows: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ReportRun:
    """One run of a report, scheduled or by hand (PH-R1); `run_id` is None where it could not be recorded."""

    run_id: int | None
    template: str
    schedule: str | None
    due: datetime | None
    status: str
    path: str | None
    rows: int | None
    bytes: int | None
    sha256: str | None
    region: str | None
    since: date | None
    until: date | None
    data_as_of: date | None
    started: datetime | None
    finished: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: who changed what, when, from what to what; `before` and `after` are JSON text."""

    at: datetime
    actor: str
    run_id: int
    action: str
    object: str
    before: str | None
    after: str | None
