"""The call records of a sync: window after window, each taken in before the next one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from partnerctl.domain.records import SyncedPart
from partnerctl.domain.stepping import Step, unheard
from partnerctl.errors import Conflict, InvalidData, NotAllowed, NotFound, PartnerctlError
from partnerctl.remote.call_records import CallFeed
from partnerctl.remote.faults import Elsewhere, SignedOut, Unexpected
from partnerctl.services.import_notes import Said, gathered
from partnerctl.services.syncing.call_files import TakeIn, write_records
from partnerctl.services.syncing.call_marks import CallMarks, as_json, reached_of
from partnerctl.services.syncing.call_windows import Reached, Window, limits, minutes, windows
from partnerctl.services.syncing.parts import CALLS

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.services.syncing.options import SyncOptions
    from partnerctl.services.syncing.spool import Session, Spool

PROGRESS = "calls.json"
"""The file of the spool that says how far the call records of a sync have come."""

_REFUSALS = (NotAllowed, NotFound, Conflict, Unexpected, Elsewhere, InvalidData)
"""What the next try may not mend by itself: the part has failed. Anything else ends the sync."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the call records of one sync have come, and how many did."""

    reached: Reached | None = None
    rows: int = 0
    done: bool = False


class CallSync:
    """Fetches the call records of one sync; `stopped` is what ended it early, `runs` took records in."""

    def __init__(
        self, client: Client, spool: Spool, session: Session, options: SyncOptions, take_in: TakeIn
    ) -> None:
        self.runs: list[int] = []
        self.stopped: PartnerctlError | None = None
        self._spool, self._session, self._options = spool, session, options
        self._take_in = take_in
        self._marks = CallMarks(spool.folder, session.partner)
        self._feed = CallFeed(client, options.stopwatch, self._marks.host)
        self._progress = progress_of(spool)
        self._error: str | None = None
        self._left: int | None = None
        self._said: list[Said] = []
        self._notes: list[str] = []

    def fetch(
        self, step: Step = unheard, expect: Step = unheard, tell: Callable[[str], None] | None = None
    ) -> None:
        """Fetch what did not come in yet, window by window; what keeps it from going on is in `stopped`.

        `step` hears of windows that came in, `expect` of how many there are, `tell` of how long it takes.
        """
        if self._progress.done:
            return
        asked = self._period()
        todo = windows(asked.since, asked.until)
        expect(len(todo))
        (tell or self._notes.append)(_announced(asked, len(todo)))
        self._left = len(todo)
        try:
            for window in todo:
                self._one(window)
                self._left -= 1
                step(1)
            self._keep(replace(self._progress, done=True))
        except _REFUSALS as fault:
            self._error = fault.reason
            if isinstance(fault, SignedOut):
                self.stopped = fault
        except PartnerctlError as fault:
            self.stopped = fault

    def told(self) -> SyncedPart:
        """Return what came of the part."""
        progress, at = self._progress, self._options.clock.now()
        error = self._error
        if error is None and not progress.done:
            words = {None: "not", 1: "1 window of call records was not"}
            error = words.get(self._left, f"{self._left} windows of call records were not") + " reached"
        status = "done" if progress.done else "failed" if progress.reached is None else "partly"
        day = None if progress.reached is None else at.date()
        run_id = self.runs[-1] if self.runs else None
        return SyncedPart(CALLS, None, None, status, day, at, None, None, progress.rows, run_id, error)

    def notes(self) -> tuple[str, ...]:
        """Return what is to be said; what is said of many windows, once."""
        return (*self._notes, *gathered(self._said))

    def _period(self) -> Window:
        """Return what is to be fetched now: from where this sync was, or the last one, or all there is."""
        limit = limits(self._options.clock.now())
        last = self._progress.reached
        if last is None and self._session.since is not None:
            first = datetime.combine(date.fromisoformat(self._session.since), time(), UTC)
            return Window(max(first, limit.since), limit.until)
        if last is None and not self._options.full:
            last = self._marks.reached
        if last is None:
            return limit
        if last.end < limit.since:
            gap = Window(last.end, limit.since)
            self._notes.append(
                f"Webex gives no call records of {gap.words} any more; import them:"
                " the report Calling Detailed Call History"
            )
        return Window(max(last.next, limit.since), limit.until)

    def _one(self, window: Window) -> None:
        """Fetch one window and take it in, and write down that it is."""
        path = self._spool.folder / f"calls_{window.name}.jsonl"
        asked = self._options.clock.now()
        count = write_records(path, self._feed.pages(window.since, window.until))
        if count:
            name = f"cdr_feed, {window.words}"
            taken = self._take_in(path, name)
            self._said.extend(Said(name, note) for note in taken.notes)
            if taken.run_id is not None:
                self.runs.append(taken.run_id)
        path.unlink(missing_ok=True)
        reached = Reached(window.until, asked)
        self._keep(Progress(reached, self._progress.rows + count))
        self._marks.remember(window, asked, self._feed.base)

    def _keep(self, progress: Progress) -> None:
        kept = {**as_json(progress.reached), "rows": progress.rows, "done": progress.done}
        self._spool.write(PROGRESS, kept)
        self._progress = progress


def progress_of(spool: Spool) -> Progress:
    """Return how far the call records of a spool's sync have come."""
    found = spool.read(PROGRESS)
    if not isinstance(found, dict):
        return Progress()
    return Progress(reached_of(found), found["rows"], found["done"])


def _announced(asked: Window, count: int) -> str:
    if not count:
        return f"no call records can be asked for yet, from {minutes(asked.since)} on"
    windows = "1 window" if count == 1 else f"{count} windows"
    return f"call records of {asked.words}: {windows}, one a minute"
