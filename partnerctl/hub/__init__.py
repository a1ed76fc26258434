"""The hub: the same services from Python, typed; every list can become a pandas frame.

::

    from partnerctl import open_hub

    with open_hub() as hub:
        frame = hub.customers.filter("status:expiring_soon").to_frame()

Failures are the classes of ``partnerctl.errors``, each with a reason and a hint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.clock import Clock, SystemClock
from partnerctl.errors import UsageError
from partnerctl.hub.analytics import Kpis, Today
from partnerctl.hub.asking import Words, held, words
from partnerctl.hub.calling import Calling
from partnerctl.hub.changing import Admins, Tags, Trials
from partnerctl.hub.nouns import Customers, Licenses, Reports, Subscriptions, Users
from partnerctl.hub.opened import Opened

if TYPE_CHECKING:
    from partnerctl.domain.records import Change
    from partnerctl.services.answers import Answer
    from partnerctl.services.imports import Imported
    from partnerctl.services.syncing.sync import Synced
    from partnerctl.services.undo import Undone

__all__ = ["Hub", "open_hub"]


def open_hub(
    store: str | Path | None = None,
    profile: str | None = None,
    today: date | None = None,
    *,
    clock: Clock | None = None,
) -> Hub:
    """Return the hub over a store: its URL or path, else the profile's own; close it, or use it in ``with``.

    `today` is the day of all date arithmetic, by default the present one in UTC. Settings come from the
    environment and the configuration file. Raises UsageError, InvalidData for a bad configuration.
    """
    flags = {"store": None if store is None else str(store), "profile": profile}
    return Hub(flags, today, clock or SystemClock())


class Hub(Opened):
    """The services over one store."""

    def __init__(self, flags: Mapping[str, str | None], today: date | None, clock: Clock) -> None:
        super().__init__(flags, today, clock)
        self.customers = Customers(self)
        self.subscriptions = Subscriptions(self)
        self.licenses = Licenses(self)
        self.users = Users(self)
        self.reports = Reports(self)
        self.kpis = Kpis(self)
        self.today = Today(self)
        self.calling = Calling(self)
        self.tags = Tags(self)
        self.admins = Admins(self)
        self.trials = Trials(self)

    def changes(
        self,
        since: date | None = None,
        until: date | None = None,
        *,
        after: int | None = None,
        kind: Words = (),
        where: str | None = None,
        region: Words = (),
        sort: Words = (),
        limit: int | None = None,
    ) -> Answer[Change]:
        """Return what changed between two days (default: the last seven), or all learned after a number.

        Any of several kinds will do. Raises UsageError for a bad query, and where `after` goes with a period.
        """
        from partnerctl.services.changes import WantedChanges, list_changes

        asked = self.asked(where=where, region=region, sort=sort, limit=limit)
        return held(list_changes(self.store, asked, WantedChanges(since, until, after, words(kind))))

    def undo(self, run_id: int, *, dry_run: bool = False) -> Undone:
        """Take back one run: an import, a change, or an undo; raises NotFound, Conflict, NotAllowed."""
        from partnerctl.services.undo import undo_run

        return undo_run(self.writable_store, run_id, self.acting(dry_run))

    def sync(
        self,
        *parts: str,
        region: str | None = None,
        full: bool = False,
        resume: bool = False,
        yes: bool = False,
        check: bool = True,
    ) -> Synced:
        """Fetch what Webex knows, all of it or some parts, and return what came of each, with notes.

        `full` begins anew, `resume` goes on with the last one; `yes` lets tags go that Webex lacks. With
        `check` it raises where something failed, after all was tried. Raises UsageError without a remote
        side, NotAllowed, Unavailable, TimedOut.
        """
        from partnerctl.services.syncing.options import sync_options
        from partnerctl.services.syncing.sync import sync

        how: dict[str, Any] = {"region": region, "full": full, "resume": resume}
        options = sync_options(
            self.settings, self.folders, self.actor, self.clock, self.stopwatch, parts, **how
        )
        client = self.remote(self.settings.sync_budget)
        done = sync(lambda: self.writable_store, client, options, _confirming(yes))
        if check:
            done.raise_failure()
        return done

    def import_files(
        self,
        *paths: str | Path,
        as_of: date | None = None,
        entity: str | None = None,
        region: str | None = None,
        complete: bool = False,
        available: str = "total",
        header_map: Mapping[str, str] | None = None,
        date_order: str | None = None,
        encoding: str | None = None,
        skip_bad_rows: bool = False,
        dry_run: bool = False,
        yes: bool = False,
        check: bool = True,
        customer: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Imported:
        """Import files, folders or zips, and return a record of each file with the notes (``files.md``).

        With `check` it raises where a file failed, after all were tried: InvalidData where none was taken
        in, PartlyDone where some were; without, the failures are in the result. `yes` confirms that more
        than a tenth of all subscriptions are closed by a complete report. Files of calling records may
        need `customer`, `since` and `until`, where they do not say whose they are, and of which days.
        """
        from partnerctl.services.import_run import ImportOptions
        from partnerctl.services.imports import import_paths, read_options

        read = read_options(
            entity=entity,
            region=region,
            available=available,
            header_map=tuple((header_map or {}).items()),
            aliases=tuple(self.settings.aliases.items()),
            date_order=date_order,
            encoding=encoding,
        )
        options = ImportOptions(
            self.actor,
            self.clock,
            self.asked.today,
            region,
            complete,
            skip_bad_rows,
            dry_run,
            self.settings.me,
            calling=self.settings.calling_place,
            customer=customer,
            since=since,
            until=until,
        )
        done = import_paths(self.writable_store, paths, read, options, _confirming(yes), as_of=as_of)
        if check:
            done.raise_failure()
        return done


def _confirming(yes: bool) -> Callable[[str], None]:
    """Return what confirms a question where `yes` is given, and raises UsageError otherwise."""

    def confirm(question: str) -> None:
        if not yes:
            raise UsageError(f"this needs a confirmation: {question}", "give yes=True to confirm it")

    return confirm
