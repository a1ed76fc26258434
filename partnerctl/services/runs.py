"""The history of report runs, scheduled and by hand (PH-R1, PH-R2)."""

from __future__ import annotations

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
