"""The tokens of a sign-in, renewed where need be: by one of many threads and runs, for all of them.

Who holds the lock of the place renews; all others take what that one has stored. The place is written once
before a refresh token is spent, so that one that cannot be written is found out in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from partnerctl.clock import timestamp
from partnerctl.errors import Locked, MachineFault, NotAllowed, PartnerctlError, TimedOut, Unavailable
from partnerctl.remote.faults import SignedOut
from partnerctl.remote.oauth import AGAIN, Granted, Integration, renew
from partnerctl.services.signing.given_tokens import find_client_secret, not_signed_in

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.config.settings import Settings
    from partnerctl.config.stored_tokens import StoredTokens
    from partnerctl.config.token_places import TokenPlace
    from partnerctl.remote.sending import Sender

EARLY = timedelta(seconds=300)
"""A token that has less than this left is renewed."""

_PAUSE = timedelta(seconds=30)
"""How long to leave it where renewing early, or storing what came of it, did not go."""


_AT_MOST = 300.0
"""Seconds that a renewal may take, however long the run may."""


class NotStored(MachineFault):
    """Webex gave new tokens and they could not be stored: the stored ones may be of no use any more."""


def with_granted(stored: StoredTokens, new: Granted, asked: datetime) -> StoredTokens:
    """Return what to store once Webex gave new tokens; `asked` is when they were asked for.

    Whatever refresh token came back counts; where none came, the one that was used stays good.
    """
    refresh_expires = None if new.refresh else stored.refresh_expires
    if new.refresh_life is not None:
        refresh_expires = asked + timedelta(seconds=new.refresh_life)
    return replace(
        stored,
        access=new.access,
        expires=None if new.life is None else asked + timedelta(seconds=new.life),
        refresh=new.refresh or stored.refresh,
        refresh_expires=refresh_expires,
        scopes=new.scopes or stored.scopes,
    )


class SignedIn:
    """The tokens of a sign-in, stored at a place; may be asked by several threads at once."""

    def __init__(
        self,
        place: TokenPlace,
        settings: Settings,
        environ: Mapping[str, str],
        sender: Sender,
        clock: Clock,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self._place, self._settings, self._environ = place, settings, environ
        self._sender, self._clock, self._warn = sender, clock, warn
        self._lock = Lock()
        self._held: StoredTokens | None = None
        self._replaced: StoredTokens | None = None
        self._not_before = clock.now()

    def access(self) -> str:
        """Return a token that is good for some minutes more.

        Raises NotAllowed where nobody is signed in, or the sign-in is over; Unavailable, TimedOut, Locked and
        MachineFault where the token has expired and no other could be got.
        """
        with self._lock:
            held = self._held = self._held or self._read()
            if self._replaced is not None and self._clock.now() >= self._not_before:
                held = self._held = self._stored_late(held, self._replaced)
            if self._is_fresh(held):
                return held.access
            usable = held.expires is None or held.expires > self._clock.now()
            if usable and self._clock.now() < self._not_before:
                return held.access
            return self._another(self._is_fresh, held if usable else None)

    def renewed(self, refused: str) -> str:
        """Return another token than the one that Webex refused; raises as `access` does."""
        with self._lock:
            held = self._held
            if held is not None and held.access != refused and self._is_fresh(held):
                return held.access
            return self._another(lambda one: one.access != refused and self._is_fresh(one), None)

    def _is_fresh(self, stored: StoredTokens) -> bool:
        """Tell whether a token is good for some minutes, or for as long as it lives where it is the last."""
        if stored.expires is None:
            return True
        early = EARLY if stored.refresh is not None else timedelta()
        return stored.expires - self._clock.now() > early

    def _another(self, good: Callable[[StoredTokens], bool], otherwise: StoredTokens | None) -> str:
        """Return a token that is good, one that is stored meanwhile or a new one.

        `otherwise` is one that still works, for the case that no other can be got now.
        """
        try:
            with self._place.locked(self._settings.wait):
                stored = self._latest()
                if not good(stored):
                    stored = self._renew(stored, patiently=otherwise is None)
                self._held = stored
                return stored.access
        except NotStored:
            raise
        except (Unavailable, TimedOut, Locked, MachineFault):
            if otherwise is None:
                raise
            self._not_before = self._clock.now() + _PAUSE
            return otherwise.access

    def _read(self) -> StoredTokens:
        found = self._place.read()
        if found is None:
            raise not_signed_in(self._settings.profile)
        if found.api_url not in (None, self._settings.api_url):  # what is secret there is not shown elsewhere
            raise SignedOut(
                f"the profile {self._settings.profile} is signed in at {found.api_url}, and api_url is"
                f" {self._settings.api_url}",
                "sign in there with another profile: partnerctl --profile NAME auth login",
            )
        return found

    def _latest(self) -> StoredTokens:
        """Return what is stored, or what should be and could not."""
        stored = self._read()
        mine = self._held
        if mine is not None and self._replaced is not None and stored == self._replaced:
            return mine
        return stored

    def _renew(self, stored: StoredTokens, *, patiently: bool) -> StoredTokens:
        if stored.refresh is None:
            raise _over(stored)
        integration = self._integration(stored)
        # a place that cannot be written must be found out before the refresh token is spent
        self._place.write(stored)
        self._replaced = None
        asked = self._clock.now()
        try:
            sender = self._sender.within(_AT_MOST)  # others wait for the lock meanwhile
            new = renew(sender, integration, stored.refresh, patiently=patiently)
        except NotAllowed as fault:
            lapses = stored.refresh_expires
            when = f" (it lapsed on {lapses:%Y-%m-%d})" if lapses is not None and lapses <= asked else ""
            raise SignedOut(f"{fault.reason}{when}", fault.hint) from fault
        renewed = with_granted(stored, new, asked)
        self._store(stored, renewed)
        return renewed

    def _integration(self, stored: StoredTokens) -> Integration:
        secret = find_client_secret(self._environ) or stored.client_secret
        if stored.client_id is None or secret is None:
            raise SignedOut(
                "the client secret of the integration is not known, without which no token is renewed", AGAIN
            )
        return Integration(self._settings.api_url, stored.client_id, secret)

    def _store(self, replaced: StoredTokens, renewed: StoredTokens) -> None:
        """Store new tokens; they are used in this run whether or not that goes."""
        self._held = renewed
        try:
            self._place.write(renewed)
            self._replaced = None
        except PartnerctlError as fault:
            self._replaced = replaced
            self._not_before = self._clock.now() + _PAUSE
            reason = f"Webex gave new tokens, and they could not be stored ({fault.reason})"
            hint = f"{fault.hint or 'look after the place'}; the older ones may be dead: {AGAIN}"
            if self._warn is None:
                raise NotStored(reason, hint) from fault
            self._warn(f"{reason}: {hint}")

    def _stored_late(self, held: StoredTokens, replaced: StoredTokens) -> StoredTokens:
        """Try again to store tokens, and return what counts: somebody may have signed in meanwhile."""
        try:
            with self._place.locked(0):
                found = self._place.read()
                if found is not None and found != replaced:
                    self._replaced = None
                    return found
                self._place.write(held)
                self._replaced = None
        except PartnerctlError:
            self._not_before = self._clock.now() + _PAUSE
        return held


def _over(stored: StoredTokens) -> SignedOut:
    when = "" if stored.expires is None else f" (it was good until {timestamp(stored.expires)})"
    return SignedOut(
        f"the token that you gave is no longer good{when}: a personal token lives for 12 hours, and cannot be"
        " renewed",
        f"{AGAIN} --with-token",
    )
