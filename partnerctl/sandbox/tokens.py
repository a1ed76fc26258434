"""The tokens of the sandbox: issued, renewed, expired by the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from partnerctl.clock import Clock
from partnerctl.sandbox.exchange import Call, Refused
from partnerctl.sandbox.ids import hex_of

ACCESS_LIFE = 1_209_599.0
"""Seconds that an access token lives, as Webex's examples have it: 14 days."""

REFRESH_LIFE = 7_775_999.0
"""Seconds that a refresh token lives: 90 days."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token and a refresh token of one person, and when each expires."""

    email: str
    access: str = field(repr=False)
    access_expires: datetime
    refresh: str = field(repr=False)
    refresh_expires: datetime

    def told(self, now: datetime) -> dict[str, Any]:
        """Return the grant as the answer to a request for tokens."""
        return {
            "access_token": self.access,
            "expires_in": int((self.access_expires - now).total_seconds()),
            "refresh_token": self.refresh,
            "refresh_token_expires_in": int((self.refresh_expires - now).total_seconds()),
            "token_type": "Bearer",
        }


class Tokens:
    """All tokens that were issued. With the same seed they are the same, in the order of their issue.

    `once`: a refresh token dies as soon as it was used; otherwise it stays good beside the new one.
    """

    def __init__(self, seed: int, clock: Clock, life: float, refresh_life: float, once: bool) -> None:
        self._seed = seed
        self._clock = clock
        self._life = timedelta(seconds=life)
        self._refresh_life = timedelta(seconds=refresh_life)
        self._once = once
        self._issued = 0
        self._by_access: dict[str, Grant] = {}
        self._by_refresh: dict[str, Grant] = {}

    def issue(self, email: str, life: float | None = None) -> Grant:
        """Return a new grant for a person; `life` is in seconds, of the access token."""
        self._issued += 1
        now = self._clock.now()
        grant = Grant(
            email,
            f"sandbox-access-{hex_of(self._seed, 'access', self._issued)}",
            now + (self._life if life is None else timedelta(seconds=life)),
            f"sandbox-refresh-{hex_of(self._seed, 'refresh', self._issued)}",
            now + self._refresh_life,
        )
        self._by_access[grant.access] = grant
        self._by_refresh[grant.refresh] = grant
        return grant

    def renew(self, refresh: str) -> Grant:
        """Return a new grant for a refresh token; raises Refused (400) for one that is not good."""
        grant = self._by_refresh.get(refresh)
        if grant is None or grant.refresh_expires <= self._clock.now():
            raise Refused(400, "The refresh token is invalid or has expired.", word="invalid_grant")
        if self._once:
            del self._by_refresh[refresh]
        return self.issue(grant.email)

    def of(self, call: Call) -> Grant:
        """Return the grant whose access token came with a call; raises Refused (401)."""
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        grant = self._by_access.get(token.strip()) if kind.lower() == "bearer" else None
        if grant is None or grant.access_expires <= self._clock.now():
            raise unauthorized()
        return grant

    def forget(self, access: str) -> None:
        """Refuse an access token from now on; its refresh token stays good."""
        self._by_access.pop(access, None)

    def forget_all_of(self, email: str) -> None:
        """Refuse every token of a person from now on."""
        for tokens in (self._by_access, self._by_refresh):
            for token in [token for token, grant in tokens.items() if grant.email == email]:
                del tokens[token]


def unauthorized() -> Refused:
    """Return the error for a token that is missing, unknown or expired."""
    message = "The request requires a valid access token set in the Authorization request header."
    return Refused(401, message, {"www-authenticate": "Bearer"})
