"""A sync: what Webex knows of the customers is fetched, with progress kept, and stored as of its day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.clock import timestamp
from partnerctl.domain.records import SyncedPart
from partnerctl.domain.stepping import Step, unheard
from partnerctl.errors import PartlyDone, PartnerctlError, UsageError
from partnerctl.services.syncing.fetching import Fetching
from partnerctl.services.syncing.options import SyncOptions
from partnerctl.services.syncing.parts import CALLS
from partnerctl.services.syncing.spool import Session, Spool, locked_spool
from partnerctl.services.syncing.storing import Confirm, Storing, is_finished

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.services.syncing.calls import CallSync
    from partnerctl.stores.contract import Store

RESUMABLE = timedelta(hours=24)
"""How old a sync that died may be, for a plain `sync` to go on with it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who hears of a sync on its way: `step` of customers that are fetched, `expect` of how many there are.

    `tell` hears what is to be read before a question is asked, or before it takes long; without it, it is
    among the notes. `window` and `expect_windows` hear the same of windows of call records.
    """

    step: Step = unheard
    expect: Step = unheard
    tell: Callable[[str], None] | None = None
    window: Step = unheard
    expect_windows: Step = unheard


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: what came of each part, what is to be said, and what kept it from going on."""

    parts: tuple[SyncedPart, ...]
    notes: tuple[str, ...]
    stopped: PartnerctlError | None = None

    def raise_failure(self) -> None:
        """Raise what the command ends with: what stopped it, or PartlyDone where something failed."""
        if self.stopped is not None:
            kept = "what was fetched is kept; go on with: partnerctl sync --resume"
            hint = f"{self.stopped.hint}; {kept}" if self.stopped.hint else kept
            raise type(self.stopped)(self.stopped.reason, hint)
        bad = [part for part in self.parts if part.status in ("failed", "partly", "skipped") and part.error]
        if bad:
            words = f"{len(bad)} of {len(self.parts)} parts could not be fetched whole"
            raise PartlyDone(words, "what failed is named above; try it again: partnerctl sync --resume")


def sync(
    store: Callable[[], Store],
    client: Client,
    options: SyncOptions,
    confirm: Confirm,
    heard: Heard = Heard(),
) -> Synced:
    """Fetch the parts and store them; a sync that died before is gone on with.

    `confirm` is asked before tags that somebody gave here alone give way to Webex's. Raises Locked where
    another sync runs, UsageError with nothing to resume, NotAllowed, Unavailable where it cannot begin.
    """
    from partnerctl.remote.people import me

    with locked_spool(options.state, options.profile) as spool:
        found = None if options.full else spool.session()
        if options.resume and found is None:
            raise UsageError("there is no sync to go on with", "begin one: partnerctl sync")
        _require_extras(found if options.resume else None, options)
        person = me(client)
        session, note = _session(spool, found, options, person.org_id or person.id)
        opened = store()
        storing = Storing(opened, spool, session, options, heard.tell)
        parts: list[SyncedPart] = []
        stopped: PartnerctlError | None = None
        if session.parts != (CALLS,):
            fetching = Fetching(client, opened, spool, session, options)
            customers = fetching.customers(person)
            heard.expect(len(customers))
            fetched = fetching.fetch(person, customers, heard.step)
            parts, stopped = storing.store(customers, fetched, confirm), fetched.stopped
        calls = _calls(client, opened, spool, session, options)
        if calls is not None and stopped is None:
            calls.fetch(heard.window, heard.expect_windows, heard.tell)
            stopped = calls.stopped
        every = storing.finish(parts, calls, stopped is not None)
        return Synced(tuple(every), (*note, *storing.notes), stopped)


def _require_extras(found: Session | None, options: SyncOptions) -> None:
    """Raise UsageError where what is to be fetched needs a package that is not there."""
    if CALLS in (options.parts if found is None else found.parts):
        from partnerctl.services.syncing.call_files import require_calling

        require_calling()


def _calls(
    client: Client, store: Store, spool: Spool, session: Session, options: SyncOptions
) -> CallSync | None:
    """Return what fetches call records; None where the sync has none."""
    if CALLS not in session.parts:
        return None
    from partnerctl.services.syncing.call_files import taking_in
    from partnerctl.services.syncing.calls import CallSync

    return CallSync(client, spool, session, options, taking_in(store, options))


def _session(
    spool: Spool, found: Session | None, options: SyncOptions, partner: str
) -> tuple[Session, tuple[str, ...]]:
    """Return the sync to go on with, which is the one `found`, or a new one, and what is to be said of it."""
    now = options.clock.now()
    since = None if options.since is None else options.since.isoformat()
    wanted = Session(timestamp(now), options.parts, options.region, partner, since)
    if options.resume and found is not None:
        if found.partner != partner:
            raise UsageError("the last sync was of another Webex, or another partner", "begin anew: --full")
        return found, (f"going on with the sync that began at {found.started}",)
    died = found is not None and not is_finished(spool) and found[1:] == wanted[1:]
    if found is not None and died and now - datetime.fromisoformat(found.started) < RESUMABLE:
        return found, (f"going on with the sync that began at {found.started} (--full begins anew)",)
    spool.begin(wanted)
    return wanted, ()
