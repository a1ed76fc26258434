"""Tokens of an integration: asked for with a code, renewed with a refresh token (``upstream.md``, 1).

Requests go out as forms. Secrets of a request are masked in what is told of it by whoever sends it; what an
answer holds is never told at all.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from partnerctl.errors import NotAllowed, PartnerctlError, Unavailable
from partnerctl.remote.bodies import failure_of, read_json
from partnerctl.remote.faults import Unconfirmed, Unreadable
from partnerctl.remote.saying import said_by
from partnerctl.remote.transport import Request, Response

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.remote.sending import Sender

AGAIN = "sign in again: partnerctl auth login"
"""What to do where tokens are of no use any more."""

_FORM = "application/x-www-form-urlencoded"
_LONGEST_LIFE = 10 * 365 * 86400.0
_WORDS = (
    "authorization_pending",
    "slow_down",
    "access_denied",
    "expired_token",
    "invalid_grant",
    "invalid_client",
    "invalid_scope",
    "tokenlimit_reached",
)


@dataclass(frozen=True, slots=True)
class Integration:
    """An integration as Webex knows it; `base` is that of the API."""

    base: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """Tokens that Webex gave. Lives are in seconds from when they were asked for, None where it said none.

    `refresh` and `scopes` are None where the answer had none. Its text never shows a token.
    """

    access: str = field(repr=False)
    life: float | None
    refresh: str | None = field(repr=False)
    refresh_life: float | None
    scopes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What proves that who brings a code is who asked for it (PKCE, S256), and that an answer is ours."""

    verifier: str = field(repr=False)
    state: str = field(repr=False)

    @property
    def digest(self) -> str:
        """Return what is shown of the verifier before the code is there."""
        return _unpadded(hashlib.sha256(self.verifier.encode()).digest())


def new_challenge() -> Challenge:
    """Return a challenge that nobody can guess."""
    return Challenge(_unpadded(os.urandom(48)), _unpadded(os.urandom(24)))


def authorize_url(
    base: str, client_id: str, redirect_uri: str, scopes: tuple[str, ...], challenge: Challenge
) -> str:
    """Return the address at which a person lets the integration act for them, in a browser."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": challenge.state,
        "code_challenge": challenge.digest,
        "code_challenge_method": "S256",
    }
    return f"{base}/authorize?{urlencode(query)}"


def exchange_code(
    sender: Sender, integration: Integration, code: str, redirect_uri: str, challenge: Challenge
) -> Granted:
    """Return tokens for the code that a browser came back with.

    Raises NotAllowed where Webex refuses it, Unavailable and TimedOut.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": integration.client_id,
        "client_secret": integration.client_secret,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": challenge.verifier,
    }
    try:
        response = post_form(sender, f"{integration.base}/access_token", form, repeatable=False)
    except Unconfirmed as fault:  # the code is good once
        raise Unavailable(fault.reason, AGAIN) from fault
    if response.status != 200:
        raise refusal(response, "the code of the browser")
    return granted(response)


def renew(sender: Sender, integration: Integration, refresh: str, *, patiently: bool = True) -> Granted:
    """Return new tokens for a refresh token, which may be of no use afterwards.

    Raises NotAllowed where Webex refuses it, Unavailable and TimedOut; those at once where it is not done
    `patiently` and Webex answers with a fault of its own.
    """
    form = {
        "grant_type": "refresh_token",
        "client_id": integration.client_id,
        "client_secret": integration.client_secret,
        "refresh_token": refresh,
    }
    response = post_form(sender, f"{integration.base}/access_token", form, repeatable=patiently)
    if response.status != 200:
        raise refusal(response, "the refresh token")
    return granted(response)


def token_expiry(client: Client) -> datetime | None:
    """Return when the token of a client expires, None where Webex does not tell."""
    try:
        milliseconds = client.get("/authorizations/tokenExpiry").get("exp")
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (PartnerctlError, AttributeError, TypeError, ValueError, OverflowError, OSError):
        return None


def post_form(
    sender: Sender,
    url: str,
    form: dict[str, str],
    *,
    repeatable: bool,
    headers: dict[str, str] | None = None,
) -> Response:
    """Send a form and return the final answer; one of 200 holds JSON. Raises as `Sender.send`."""
    request = Request(
        "POST",
        url,
        {"content-type": _FORM, "accept": "application/json", **(headers or {})},
        urlencode(form).encode("ascii"),
    )
    return sender.send(request, repeatable=repeatable, readable=lambda one: _parsed(one) is not None)


def granted(response: Response) -> Granted:
    """Return the tokens that an answer holds; raises Unavailable where it holds none that can be sent."""
    found = fields_of(response)
    access = _token(found, "access_token")
    if access is None:
        raise Unavailable("Webex answered without a token", "try again later")
    scope = found.get("scope")
    return Granted(
        access,
        _life(found.get("expires_in")),
        _token(found, "refresh_token"),
        _life(found.get("refresh_token_expires_in")),
        tuple(scope.split()) if isinstance(scope, str) and scope.split() else None,
    )


def refusal(response: Response, what: str) -> PartnerctlError:
    """Return the error for an answer that refuses `what`, such as "the refresh token"."""
    word = error_word(response)
    if word == "invalid_client":
        return NotAllowed(
            "Webex does not know the integration, or its client secret",
            "check auth.client_id; put a new secret into PARTNERCTL_CLIENT_SECRET, or sign out and in again",
        )
    if response.status in {400, 401, 403}:
        said = said_by(response)
        return NotAllowed(f"Webex does not take {what}" + (f": {said}" if said else ""), AGAIN)
    return failure_of(response, "POST /access_token")


def error_word(response: Response) -> str | None:
    """Return the word of OAuth by which an answer says what is wrong; None where it says none of them."""
    found = _parsed(response)
    word = found.get("error") if found is not None else None
    if word in _WORDS:
        return str(word)
    said = said_by(response)
    return next((one for one in _WORDS if one in said), None)


def fields_of(response: Response) -> dict[str, Any]:
    """Return the JSON object that an answer is; an empty one where it is none."""
    return _parsed(response) or {}


def _parsed(response: Response) -> dict[str, Any] | None:
    try:
        found = read_json(response)
    except Unreadable:
        return None
    return found if isinstance(found, dict) else None


def _token(found: dict[str, Any], name: str) -> str | None:
    """Return a token that can stand in a header."""
    value = found.get(name)
    sound = isinstance(value, str) and value.isascii() and value.isprintable() and " " not in value
    return value or None if sound else None


def _life(value: Any) -> float | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_LIFE:
        return None
    return float(value)


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
