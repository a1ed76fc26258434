"""One opened store with its settings and its clock: what the nouns of the hub work with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Self

from partnerctl.clock import Clock, Stopwatch, timestamp
from partnerctl.config.folders import find_folders
from partnerctl.config.loading import load_settings
from partnerctl.hub.asking import Asker
from partnerctl.services.acting import Acting
from partnerctl.stores.contract import Store
from partnerctl.stores.opening import open_store

if TYPE_CHECKING:
    from partnerctl.remote.client import Client


class Opened:
    """One store, opened when it is used; nothing is created before something is changed."""

    def __init__(self, flags: Mapping[str, str | None], today: date | None, clock: Clock) -> None:
        self.folders = find_folders(os.environ)
        self.settings = load_settings(flags, os.environ, self.folders)
        self.clock = clock
        day = today or clock.now().date()
        self.asked = Asker(day, self.settings.status_rules, self.settings.me)
        self._stores: dict[str, Store] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; the hub opens it again where it is used again."""
        while self._stores:
            self._stores.popitem()[1].close()

    @property
    def store(self) -> Store:
        """The store, for reading; one that does not exist reads as empty."""
        return self._stores.get("changes") or self._open("reads", create=False)

    @property
    def writable_store(self) -> Store:
        """The store, for changes; made where it does not exist."""
        return self._open("changes", create=True)

    def _open(self, use: str, *, create: bool) -> Store:
        if use not in self._stores:
            at = timestamp(self.clock.now())
            self._stores[use] = open_store(self.settings.store, wait=self.settings.wait, create=create, at=at)
        return self._stores[use]

    @property
    def has_remote(self) -> bool:
        """Tell whether the profile has a remote side: changes of tags and administrators go there first."""
        from partnerctl.services.webex.side import has_remote

        return has_remote(self.settings, os.environ)

    @property
    def stopwatch(self) -> Stopwatch:
        """What waits for Webex."""
        from partnerctl.services.webex.side import usual_stopwatch

        return usual_stopwatch()

    def remote(self, budget: float = 60.0) -> Client:
        """Return a client of the remote side, which may take `budget` seconds in all; raises UsageError."""
        from partnerctl.services.webex.side import open_client, refuse_made_data

        refuse_made_data(self.store, self.settings)
        return open_client(self.settings, os.environ, self.folders, self.clock, self.stopwatch, budget=budget)

    @property
    def actor(self) -> str:
        """Who acts, as the audit names them: the setting ``me``, else the name of the machine's user."""
        if self.settings.me:
            return self.settings.me
        import getpass

        try:
            return getpass.getuser()
        except (KeyError, OSError, ImportError):
            return "unknown"

    def acting(self, dry_run: bool = False) -> Acting:
        """Return who acts, now: the name for the audit, and the address by which rights are looked up."""
        return Acting(self.actor, self.clock.now(), dry_run, self.settings.me)
