"""One run of a schedule: the report is written, mailed where that is wanted, and told as an attempt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.clock import Clock
from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import DONE, FAILED, STALE, Slot
from partnerctl.errors import Conflict, StaleData, TimedOut, Unavailable
from partnerctl.services.claims import LEASE, Claim, ClaimLost
from partnerctl.services.recording import reason_of
from partnerctl.services.report_orders import ReportOrder
from partnerctl.services.reports import Prepared, prepare
from partnerctl.services.scheduled_orders import Surroundings

if TYPE_CHECKING:
    from partnerctl.scheduling.entries import Schedule
    from partnerctl.stores.contract import Store

MAIL_TIME = timedelta(minutes=21)
"""How long a mail may be on its way: as long as the transports wait, twice where it is too large."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended, and with what fault where it failed.

    A file that was written and could not be mailed stays, and the run has failed all the same.
    """

    run: ReportRun
    fault: Exception | None = None

    @property
    def worth_repeating(self) -> bool:
        """Tell whether the fault was the network's, and may pass (exits 7 and 8)."""
        return isinstance(self.fault, Unavailable | TimedOut)


def stands_unchanged(path: str, sha256: str) -> bool:
    """Tell whether the file of a run is there; raises Conflict where it is another one by now."""
    from partnerctl.reports.writing import sum_of_file

    file = Path(path)
    if not file.is_file():
        return False
    if sum_of_file(file) != sha256:
        hint = "move it, then run it again"
        raise Conflict(f"{file} was changed since it was written: it would be replaced", hint)
    return True


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """A run of a schedule, and what it works with: of a claimed slot, or by hand, where that is None."""

    store: Store
    surroundings: Surroundings
    clock: Clock
    schedule: Schedule
    claim: Claim | None

    @property
    def slot(self) -> Slot | None:
        """The slot that is claimed; None for a run by hand."""
        return None if self.claim is None else self.claim.slot

    def attempt(self) -> Attempt:
        """Run it, and return how that ended; raises ClaimLost, or an interrupt of the person."""
        draft = self._draft()
        try:
            run = self._finished_before(draft)
            if run is None:
                prepared = prepare(self.store, self._order(), self.clock)
                draft = self._of_slot(prepared.draft)
                run = self._write(prepared)
            draft = run
            self._mail(run)
        except ClaimLost:
            raise
        except Exception as fault:  # noqa: BLE001 - one report that fails must not stop the others
            return self._failed(draft, fault)
        return Attempt(replace(run, finished=self.clock.now()))

    def _order(self) -> ReportOrder:
        if self.slot is None:
            by_hand = self.surroundings.order(self.schedule, self.clock.now())
            return replace(by_hand, due=None)
        earlier = None if self.slot.path is None else Path(self.slot.path)
        return self.surroundings.order(self.schedule, self.slot.due, earlier)

    def _write(self, prepared: Prepared) -> ReportRun:
        claim = self.claim
        if claim is None:
            return self._of_slot(prepared.write()[0])
        claim.keep_path(prepared.draft.path)
        run, _ = prepared.write(lambda _rows: claim.stay(), claim.make_sure)
        return self._of_slot(run)

    def _finished_before(self, draft: ReportRun) -> ReportRun | None:
        """Return the run of an earlier attempt whose file stands whole, where only its mail is missing."""
        known = None if self.slot is None else self.store.report_run(self.slot.run_id)
        if known is None or known.sha256 is None or known.path is None:
            return None
        if not stands_unchanged(known.path, known.sha256):
            return None
        return replace(known, status=DONE, error=None, started=draft.started)

    def _mail(self, run: ReportRun) -> None:
        if not self.schedule.mail_to:
            return
        from partnerctl.services.mailing import send_report
        from partnerctl.services.templates import template_named

        settings = self.surroundings.settings
        template = template_named(self.schedule.template, self.surroundings.folders.templates)
        language = self.schedule.options.language or template.preset.language or settings.language
        title = template.title_in(language)
        if self.claim is not None:  # nobody may send it too while it is on its way
            self.claim.make_sure(MAIL_TIME + LEASE, MAIL_TIME)
        send_report(run, title, self.schedule.mail_to, settings, self.clock, self.schedule.tz)

    def _failed(self, draft: ReportRun, fault: Exception) -> Attempt:
        status = STALE if isinstance(fault, StaleData) else FAILED
        written = draft.sha256 is not None
        run = replace(
            draft,
            status=status,
            path=draft.path if written else None,
            error=reason_of(fault),
            finished=self.clock.now(),
        )
        return Attempt(run, fault)

    def _draft(self) -> ReportRun:
        """Return the run before anything is known of its report."""
        return ReportRun(
            run_id=None if self.slot is None else self.slot.run_id,
            template=self.schedule.template,
            schedule=self.schedule.name,
            due=None if self.slot is None else self.slot.due,
            status=FAILED,
            path=None,
            rows=None,
            bytes=None,
            sha256=None,
            region=",".join(self.schedule.options.region) or None,
            since=None,
            until=None,
            data_as_of=None,
            started=self.clock.now(),
            finished=None,
            error=None,
        )

    def _of_slot(self, run: ReportRun) -> ReportRun:
        mine = replace(run, schedule=self.schedule.name)
        return mine if self.slot is None else replace(mine, run_id=self.slot.run_id, due=self.slot.due)
