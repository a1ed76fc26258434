"""What a sync has fetched goes into the store, and what came of each part is remembered there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.errors import Interrupted, UsageError
from partnerctl.services.syncing.absorbing import Haul, absorb
from partnerctl.services.syncing.customers import in_spool
from partnerctl.services.syncing.fetching import PEOPLE, TAGS
from partnerctl.services.syncing.once import ORGANIZATIONS
from partnerctl.services.syncing.parts import Outcome
from partnerctl.services.syncing.telling import told

if TYPE_CHECKING:
    from partnerctl.domain.records import SyncedPart
    from partnerctl.remote.organizations import Organization
    from partnerctl.services.syncing.calls import CallSync
    from partnerctl.services.syncing.fetching import FetchedParts
    from partnerctl.services.syncing.options import SyncOptions
    from partnerctl.services.syncing.reports import FetchedReport
    from partnerctl.services.syncing.spool import Session, Spool
    from partnerctl.services.syncing.tags import FetchedTags, Place
    from partnerctl.stores.contract import Store

Confirm = Callable[[str], None]
"""Asks a question; returns where the answer is yes, raises otherwise."""

_FINISHED = "finished.json"
_SHOWN = 20


class Storing:
    """Stores what one sync has fetched; `notes` are what is to be said about it."""

    def __init__(
        self,
        store: Store,
        spool: Spool,
        session: Session,
        options: SyncOptions,
        tell: Callable[[str], None] | None,
    ) -> None:
        self.notes: list[str] = []
        self._store = store
        self._spool = spool
        self._session = session
        self._options = options
        self._tell = tell or self.notes.append

    def store(
        self, customers: tuple[Organization, ...], fetched: FetchedParts, confirm: Confirm
    ) -> list[SyncedPart]:
        """Store all but call records, and return what came of each part; raises Locked, MachineFault."""
        outcomes = dict(fetched.outcomes)
        tags_day, tags = self._tags(customers, confirm, outcomes)
        haul = self._haul(customers, tags_day, tags)
        clock = self._options.clock
        run_id, (new, changed) = absorb(self._store, haul, in_spool(self._spool), self._options.actor, clock)
        self.notes.append(f"{new} new, {changed} changed; stored as of {haul.organizations_day}")
        self._note_missing(customers)
        outcomes["organizations"] = Outcome(len(customers), rows=len(customers))
        if tags is not None:
            outcomes["tags"] = Outcome(len(customers), rows=len(tags.tags))
        day = date.fromisoformat(haul.organizations_day)
        parts = told(self._session, outcomes, day, clock.now(), run_id)
        parts += self._reports(fetched.reports)
        self._remember(parts)
        return parts

    def finish(self, parts: Sequence[SyncedPart], calls: CallSync | None, stopped: bool) -> list[SyncedPart]:
        """Return what came of all the parts, `calls` among them, and say by which runs it was stored.

        What was fetched is forgotten, where nothing is to be gone on with. Raises MachineFault.
        """
        every = list(parts)
        runs = [part.run_id for part in parts if part.run_id is not None]
        if calls is not None:
            part = calls.told()
            self._remember([part])
            every.append(part)
            runs += calls.runs
            self.notes.extend(calls.notes())
        self._note_runs(runs)
        if not stopped:
            if all(part.status in ("done", "skipped") for part in every):
                self._spool.clear()
            else:
                self._spool.write(_FINISHED, True)
        return every

    def _note_missing(self, customers: Sequence[Organization]) -> None:
        """Say how many customers of the store are not in Webex's list: they stay, and somebody may wonder."""
        region = self._session.region
        if region is not None:
            if not customers:
                self.notes.append(f"no customer is known to be in {region}: run `partnerctl sync` first")
            return
        listed = {one.org_id for one in customers}
        missing = sum(org_id not in listed for org_id, _ in self._store.all_customer_names())
        if missing:
            are = "1 customer of this store is" if missing == 1 else f"{missing} customers of this store are"
            self.notes.append(f"{are} not in Webex's list; what is known of them stays")

    def _haul(self, customers: tuple[Organization, ...], tags_day: str, tags: FetchedTags | None) -> Haul:
        day, _ = self._spool.read(ORGANIZATIONS)
        wanted = self._spool.read(PEOPLE) if "admins" in self._session.parts else None
        admins_day, admins = wanted or ("", ())
        rows = tuple((email, name, role) for email, name, role in admins)
        return Haul(customers, day, rows, admins_day, tags, tags_day, self._session.parts)

    def _tags(
        self, customers: Sequence[Organization], confirm: Confirm, outcomes: dict[str, Outcome]
    ) -> tuple[str, FetchedTags | None]:
        """Return Webex's tags, once it is certain that none of this store gives way unasked."""
        from partnerctl.services.syncing.tags import dropped, from_json

        kept = self._spool.read(TAGS) if "tags" in self._session.parts else None
        if kept is None:
            return "", None
        day, tags = kept[0], from_json(kept[1])
        lost = dropped(self._store, tags, (one.org_id for one in customers))
        if not lost:
            return day, tags
        self._tell_lost(lost, {one.org_id: one.name for one in customers})
        count = sum(map(len, lost.values()))
        words = "1 tag of this store is" if count == 1 else f"{count} tags of this store are"
        try:
            confirm(f"{words} not in Webex (`partnerctl tags push` sends them there). Let them go?")
        except (UsageError, Interrupted):
            stay = "it stays as it is" if count == 1 else "they stay as they are"
            outcomes["tags"] = Outcome(
                error=f"{words} not in Webex: {stay}; send with `partnerctl tags push`, or let go with"
                " `partnerctl sync --only tags --yes`",
                off=True,
            )
            return "", None
        return day, tags

    def _tell_lost(self, lost: dict[Place, tuple[str, ...]], names: dict[str, str]) -> None:
        for (org_id, subscription_id), words in sorted(lost.items())[:_SHOWN]:
            thing = names.get(org_id, org_id) + (f", {subscription_id}" if subscription_id else "")
            self._tell(f"not in Webex: {thing}: {', '.join(words)}")
        if len(lost) > _SHOWN:
            self._tell(f"and tags of {len(lost) - _SHOWN} more; see them all: partnerctl tags push --dry-run")

    def _reports(self, reports: Sequence[FetchedReport]) -> list[SyncedPart]:
        from partnerctl.services.syncing.report_files import Taking, absorb_report

        taking = Taking(self._store, self._spool, self._options.actor, self._options.clock)
        parts = []
        for fetched in reports:
            part, notes = absorb_report(taking, fetched)
            parts.append(part)
            self.notes.extend(notes)
        return parts

    def _note_runs(self, runs: list[int]) -> None:
        last, first = max(runs, default=0), min(runs, default=0)
        if last > first:
            self.notes.append(
                f"stored as runs {first} to {last}; `partnerctl undo RUN` takes one back, the last one first"
            )
        elif runs:
            self.notes.append(f"take it back with: partnerctl undo {last}")

    def _remember(self, parts: Sequence[SyncedPart]) -> None:
        with self._store.unit() as unit:
            for part in parts:
                unit.record_synced(part)
            unit.commit()


def is_finished(spool: Spool) -> bool:
    """Tell whether a sync came to its end, though some of it failed."""
    return spool.read(_FINISHED) is not None
