"""Signing in from another screen: a code is shown here, typed there, and asked about until it is approved."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from partnerctl.errors import Conflict, NotAllowed, TimedOut, Unavailable
from partnerctl.remote.faults import Unconfirmed
from partnerctl.remote.oauth import (
    AGAIN,
    Granted,
    Integration,
    error_word,
    fields_of,
    granted,
    post_form,
    refusal,
)
from partnerctl.remote.saying import plain

if TYPE_CHECKING:
    from partnerctl.clock import Stopwatch
    from partnerctl.remote.sending import Sender
    from partnerctl.remote.transport import Response

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
"""The type of the grant (RFC 8628)."""

_SLOWER = 5.0  # seconds that RFC 8628 adds to the interval where polls come too fast
_LONGEST_INTERVAL = 60.0


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that waits: what to type and where; `interval` and `life` are in seconds."""

    code: str = field(repr=False)
    user_code: str
    address: str
    whole_address: str | None
    interval: float
    life: float


def ask_device_code(sender: Sender, base: str, client_id: str, scopes: tuple[str, ...]) -> DeviceCode:
    """Return a new code to be typed on another screen; raises NotAllowed, Unavailable, TimedOut."""
    form = {"client_id": client_id, "scope": " ".join(scopes)}
    response = post_form(sender, f"{base}/device/authorize", form, repeatable=True)
    if response.status != 200:
        raise refusal(response, "the integration or its scopes")
    found = fields_of(response)
    code, user_code, address = (
        _text(found, name) for name in ("device_code", "user_code", "verification_uri")
    )
    if code is None or user_code is None or address is None:
        raise Unavailable("Webex answered without a code to be typed", "try again later")
    return DeviceCode(
        code,
        user_code,
        address,
        _text(found, "verification_uri_complete"),
        _seconds(found.get("interval"), 5.0),
        _seconds(found.get("expires_in"), 300.0),
    )


def wait_for_approval(
    sender: Sender,
    integration: Integration,
    code: DeviceCode,
    stopwatch: Stopwatch,
    limit: float | None = None,
) -> Granted:
    """Ask until somebody has approved the code, and return the tokens.

    Raises NotAllowed where somebody said no, TimedOut where the code has expired, or where `limit` seconds
    are over; Unavailable.
    """
    life = code.life if limit is None else min(code.life, limit)
    deadline = stopwatch.elapsed() + life
    interval = code.interval
    while stopwatch.elapsed() + interval <= deadline:
        stopwatch.wait(interval)
        response = _poll(sender, integration, code)
        if response is None:
            continue
        if response.status == 200:
            return granted(response)
        word = error_word(response)
        if word == "slow_down":
            interval = min(interval + _SLOWER, _LONGEST_INTERVAL)
        elif response.status != 428 and word != "authorization_pending":
            _raise_end(response, word)
    raise TimedOut(f"nobody approved the code within {life:g} seconds", AGAIN)


def _poll(sender: Sender, integration: Integration, code: DeviceCode) -> Response | None:
    """Return the answer to one poll, None where none came: the next one tells."""
    basic = base64.b64encode(f"{integration.client_id}:{integration.client_secret}".encode()).decode()
    form = {"grant_type": GRANT, "device_code": code.code, "client_id": integration.client_id}
    try:
        return post_form(
            sender,
            f"{integration.base}/device/token",
            form,
            repeatable=False,
            headers={"authorization": f"Basic {basic}"},
        )
    except Unconfirmed:
        return None


def _raise_end(response: Response, word: str | None) -> NoReturn:
    if word == "access_denied":
        raise NotAllowed("the sign-in was refused on the other screen", AGAIN)
    if word in {"expired_token", "invalid_grant"}:
        raise TimedOut("the code has expired before somebody approved it", AGAIN)
    if word == "tokenlimit_reached":
        raise Conflict(
            "Webex gives this person no more tokens of this integration",
            "wait until older ones have expired, or revoke them at Webex",
        )
    raise refusal(response, "the code")


def _text(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return plain(value) or None if isinstance(value, str) and len(value) <= 2000 else None


def _seconds(value: Any, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 86400:
        return default
    return float(value)
