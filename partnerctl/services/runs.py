"""The history of report runs, scheduled and by hand (PH-R1, PH-R2)."""

from __future__ import annotations

from datetime import datetime

from partnerctl.clock import timestamp
from partnerctl.domain.records import ReportRun
from partnerctl.errors import NotFound
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.stores.contract import Store


def list_runs(store: Store, sort: tuple[str, ...] = (), limit: int | None = None) -> Answer[ReportRun]:
    """Return the runs of reports, the newest first; raises UsageError for an unknown field in `sort`."""
    return arranged(ReportRun, store.report_runs(None), sort, limit)


def show_run(store: Store, run_id: int) -> ReportRun:
    """Return one run of a report; raises NotFound, which says so where the run is another kind of run."""
    found = store.report_run(run_id)
    if found is not None:
        return found
    head = store.run(run_id)
    hint = "`partnerctl runs list` shows the runs of reports"
    if head is not None:
        hint = "`partnerctl audit list` shows imports and changes"
        raise NotFound(f"run {run_id} is no run of a report: its kind is {head.kind}", hint)
    raise NotFound(f"there is no run {run_id}", hint)


def prune_runs(store: Store, before: datetime | None, keep: int | None, *, dry_run: bool = False) -> int:
    """Remove runs from the history, and return how many; files stay, and so do runs that have not ended.

    Those that ended before an instant, and all but the newest `keep`. Raises Locked.
    """
    with store.slots() as slots:
        at = None if before is None else timestamp(before)
        return slots.prune(at, keep, dry_run=dry_run)
