"""Recording the runs of reports: each one ends as one row of the history, also where it failed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from partnerctl.clock import Clock, timestamp
from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import DONE, FAILED, STALE
from partnerctl.errors import PartnerctlError, StaleData
from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class Journal:
    """Where runs are recorded, by whom and when; `store` opens it for writing, on first use."""

    store: Callable[[], Store]
    actor: str
    clock: Clock

    def record(self, run: ReportRun) -> ReportRun:
        """Record a run that ended now, and return it with its id and its end.

        Raises Locked where another run holds the store for longer than ``--wait``, MachineFault where the
        store cannot be written.
        """
        ended = replace(run, finished=self.clock.now())
        with self.store().unit() as unit:
            started = timestamp(run.started or self.clock.now())
            recorded = replace(ended, run_id=unit.begin("report", self.actor, started, run.template))
            unit.record_report_run(recorded)
            unit.commit()
        return recorded

    def record_failure(self, run: ReportRun, fault: BaseException) -> None:
        """Record a run that ended with `fault`; that fault is what is told, whatever happens here."""
        status = STALE if isinstance(fault, StaleData) else FAILED
        with suppress(PartnerctlError):
            self.record(replace(run, status=status, path=None, error=reason_of(fault)))

    def record_broken_pipe(self, run: ReportRun) -> None:
        """Record a run whose reader took the first lines alone, as ``| head`` does: that is no failure."""
        with suppress(PartnerctlError):
            self.record(replace(run, status=DONE, error="the reader closed standard output early"))


def reason_of(fault: BaseException) -> str:
    """Return why a run failed, in words, for its row in the history."""
    if isinstance(fault, PartnerctlError):
        return fault.reason
    if isinstance(fault, KeyboardInterrupt):
        return "interrupted"
    return f"{type(fault).__name__}: {fault}"
