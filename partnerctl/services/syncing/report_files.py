"""The report files of a sync, taken in as `import` takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from partnerctl.domain.records import SyncedPart
from partnerctl.errors import Conflict, PartnerctlError
from partnerctl.services.import_run import ImportOptions
from partnerctl.services.imports import Imported, import_paths, read_options

if TYPE_CHECKING:
    from pathlib import Path

    from partnerctl.clock import Clock
    from partnerctl.services.syncing.reports import FetchedReport
    from partnerctl.services.syncing.spool import Spool
    from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes the files in, by which clock, from which spool."""

    store: Store
    spool: Spool
    actor: str
    clock: Clock


def absorb_report(taking: Taking, fetched: FetchedReport) -> tuple[SyncedPart, tuple[str, ...]]:
    """Import one fetched report; return what came of it, and notes. A file that cannot be read is told.

    Raises Locked and MachineFault.
    """
    now = taking.clock.now()
    job = fetched.job
    if fetched.day is None:
        fault = fetched.fault
        refused = isinstance(fault, Conflict) and not taking.store.regions().get(job.region)
        reason = None if fault is None or refused else fault.reason
        return _part(fetched, now, "skipped" if refused else "failed", reason), ()
    path = taking.spool.folder / "reports" / job.key
    name = f"Webex: {job.template.title}, {job.region}"
    try:
        done = _imported(taking, fetched, path, name)
    except PartnerctlError as fault:
        return _part(fetched, now, "failed", fault.reason), ()
    if done.stopped is not None:
        raise done.stopped
    notes = (*done.notes, *_own(fetched, name))
    if done.failures:
        return _part(fetched, now, "failed", done.failures[0].reason), notes
    record = done.records[0]
    rows, day = record.rows, record.day or fetched.day
    part = SyncedPart(
        "reports", job.template.name, job.region, "done", day, now, None, None, rows, record.run_id, None
    )
    return part, notes


def _imported(taking: Taking, fetched: FetchedReport, path: Path, name: str) -> Imported:
    template = fetched.job.template.name
    options = ImportOptions(
        taking.actor, taking.clock, taking.clock.now().date(), fetched.job.region, called=name
    )
    return import_paths(
        taking.store,
        [path],
        read_options(entity=template, region=fetched.job.region),
        options,
        lambda _question: None,
        as_of=fetched.day,
    )


def _own(fetched: FetchedReport, name: str) -> tuple[str, ...]:
    return () if fetched.note is None else (f"{name}: {fetched.note}",)


def _part(fetched: FetchedReport, at: datetime, status: str, error: str | None) -> SyncedPart:
    job = fetched.job
    return SyncedPart("reports", job.template.name, job.region, status, None, at, None, None, 0, None, error)
