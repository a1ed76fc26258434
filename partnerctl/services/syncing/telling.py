"""What came of a sync, told part by part; and how far one got that has not ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.domain.records import SyncedPart
from partnerctl.services.answers import Answer
from partnerctl.services.syncing.parts import EVERY_PART, PARTS, Outcome

if TYPE_CHECKING:
    from partnerctl.services.syncing.spool import Session
    from partnerctl.stores.contract import Store


def told(
    session: Session, outcomes: Mapping[str, Outcome], day: date, at: datetime, run_id: int
) -> list[SyncedPart]:
    """Return what came of every part but reports and call records, in the order of the parts."""
    parts = []
    for part in PARTS:
        if part != "reports" and part in session.parts:
            one = outcomes.get(part, Outcome(error="not reached", off=True))
            parts.append(
                SyncedPart(
                    part,
                    None,
                    session.region,
                    one.status,
                    day if one.customers else None,
                    at,
                    one.customers,
                    one.failed + one.left,
                    one.rows,
                    run_id if one.customers else None,
                    one.error,
                )
            )
    return parts


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A sync that has not ended: when it began, how many customers it has fetched, of how many.

    `calls` is the moment up to which call records came in; None without any.
    """

    started: str
    customers: int
    total: int | None
    calls: str | None = None

    @property
    def words(self) -> str:
        """What it has fetched, to be read."""
        calls = () if self.calls is None else (f"call records up to {self.calls}",)
        if calls and self.total is None:
            return calls[0]
        total = "" if self.total is None else f" of {self.total}"
        return ", ".join((f"{self.customers}{total} customers fetched", *calls))


def sync_status(store: Store, state: Path, profile: str) -> Answer[SyncedPart]:
    """Return what came of the last sync of every part; a note tells of one that has not ended."""
    from partnerctl.services.arranging import arranged

    left = unfinished(state, profile)
    notes = []
    if left is not None:
        notes.append(
            f"a sync that began at {left.started} has not ended: {left.words};"
            " go on with it: partnerctl sync --resume"
        )
    order = {part: place for place, part in enumerate(EVERY_PART)}
    records = sorted(
        store.synced_parts(), key=lambda one: (order.get(one.part, len(EVERY_PART)), one.template or "")
    )
    return arranged(SyncedPart, records, (), None, tuple(notes))


def unfinished(state: Path, profile: str) -> Unfinished | None:
    """Return the sync of a profile that has not ended, None where there is none."""
    from partnerctl.services.syncing.call_windows import minutes
    from partnerctl.services.syncing.calls import progress_of
    from partnerctl.services.syncing.customers import in_spool
    from partnerctl.services.syncing.once import ORGANIZATIONS
    from partnerctl.services.syncing.spool import spool_of

    spool = spool_of(state, profile)
    session = spool.session()
    if session is None:
        return None
    found = spool.read(ORGANIZATIONS)
    customers = {fetched.org_id for fetched in in_spool(spool)}
    reached = progress_of(spool).reached
    return Unfinished(
        session.started,
        len(customers),
        None if found is None else len(found[1]),
        None if reached is None else minutes(reached.end),
    )
