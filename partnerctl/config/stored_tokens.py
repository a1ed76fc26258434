"""What is stored of a sign-in, and its form as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from partnerctl.clock import timestamp


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The tokens of one person, when they expire, and the integration that they came by.

    A token that somebody pasted has neither `refresh` nor integration. `scopes` and the expiries are None
    where Webex did not tell them. `api_url` is where they are good. Its text never shows a secret.
    """

    access: str = field(repr=False)
    expires: datetime | None = None
    refresh: str | None = field(default=None, repr=False)
    refresh_expires: datetime | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] | None = None
    api_url: str | None = None

    @property
    def kind(self) -> str:
        """Return ``integration`` for tokens that can be renewed, else ``token``."""
        return "token" if self.refresh is None else "integration"


SECRETS = ("client_secret", "refresh", "access")
"""The fields that are secret, in the order in which they are stored: who is cut off in between has a refresh
token that is newer than the access token, and so one that works."""


def facts_text(stored: StoredTokens) -> str:
    """Return the JSON of what is no secret."""
    return json.dumps(_facts(stored), indent=2) + "\n"


def whole_text(stored: StoredTokens) -> str:
    """Return the JSON of everything, secrets and all."""
    return (
        json.dumps({**_facts(stored), **{name: getattr(stored, name) for name in SECRETS}}, indent=2) + "\n"
    )


def read_facts(text: bytes) -> dict[str, Any]:
    """Return the fields of a StoredTokens that some JSON holds; raises ValueError where it is not ours."""
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise ValueError("no credentials of partnerctl")
    texts = {name: _text(found.get(name)) for name in (*SECRETS, "client_id", "api_url")}
    instants = {name: _instant(found.get(name)) for name in ("expires", "refresh_expires")}
    scopes = found.get("scopes")
    told = isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)
    return {**texts, **instants, "scopes": tuple(scopes) if told and scopes is not None else None}


_FORMAT = "partnerctl credentials 1"


def _facts(stored: StoredTokens) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "expires": stored.expires and timestamp(stored.expires),
        "refresh_expires": stored.refresh_expires and timestamp(stored.refresh_expires),
        "api_url": stored.api_url,
        "client_id": stored.client_id,
        "scopes": stored.scopes,
    }


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value and value.isprintable()):
        return value
    raise ValueError("a text is no text")


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("an instant is no text")
    found = datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
