"""Grants that are under way: authorization codes, and the codes of other screens."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from partnerctl.clock import Clock
from partnerctl.sandbox.exchange import Refused
from partnerctl.sandbox.ids import hex_of, rng_of

CLIENT_ID = "sandbox-client"
"""The id of the integration that the sandbox knows."""

CLIENT_SECRET = "sandbox-secret-0123456789abcdef"
"""Its secret."""

CODE_LIFE = timedelta(seconds=120)
DEVICE_LIFE = timedelta(seconds=300)
INTERVAL = 2
"""Seconds between two polls of a client that waits for another screen."""

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for; `challenge` and `method` are those of PKCE."""

    redirect_uri: str
    challenge: str | None
    method: str | None
    expires: datetime


@dataclass(slots=True)
class Device:
    """A client that waits until somebody types its code on another screen."""

    user_code: str
    expires: datetime
    polls: int = 0
    approved: bool = False


class Grants:
    """Codes that were given out, and not yet exchanged; each is good once.

    `device_polls`: how many polls are answered with "not yet" where nobody approves the code before.
    """

    def __init__(self, seed: int, clock: Clock, device_polls: int) -> None:
        self._seed = seed
        self._clock = clock
        self._device_polls = device_polls
        self._made = 0
        self._codes: dict[str, Code] = {}
        self._devices: dict[str, Device] = {}

    def make_code(self, redirect_uri: str, challenge: str | None, method: str | None) -> str:
        """Return a new authorization code."""
        code = self._secret("code")
        self._codes[code] = Code(redirect_uri, challenge, method, self._clock.now() + CODE_LIFE)
        return code

    def take_code(self, given: str, redirect_uri: str, verifier: str) -> None:
        """Take a code in exchange; raises Refused (400) where it or the verifier is not good."""
        code = self._codes.pop(given, None)
        if code is None or code.expires <= self._clock.now() or code.redirect_uri != redirect_uri:
            raise Refused(400, "The authorization code is invalid or has expired.", word="invalid_grant")
        if code.challenge is not None and not _fits(code, verifier):
            raise Refused(400, "The code verifier does not fit the challenge.", word="invalid_grant")

    def make_device(self) -> tuple[str, Device]:
        """Return a new device code, and what it stands for."""
        code = self._secret("device")
        digits = f"{rng_of(self._seed, 'user', self._made).randrange(10**6):06d}"
        self._devices[code] = Device(digits, self._clock.now() + DEVICE_LIFE)
        return code, self._devices[code]

    def approve(self, user_code: str) -> None:
        """Approve the client that shows this code; raises Refused (404)."""
        for device in self._devices.values():
            if device.user_code == user_code and device.expires > self._clock.now():
                device.approved = True
                return
        raise Refused(404, "The code is unknown or has expired.")

    def poll_device(self, code: str) -> None:
        """Take a device code in exchange; raises Refused: 428 for not yet, 400 where it is not good."""
        device = self._devices.get(code)
        if device is None or device.expires <= self._clock.now():
            raise Refused(400, "The device code is invalid or has expired.", word="invalid_grant")
        device.polls += 1
        if not device.approved and device.polls <= self._device_polls:
            message = "The authorization request is still pending."
            raise Refused(428, message, word="authorization_pending")
        del self._devices[code]

    def _secret(self, kind: str) -> str:
        self._made += 1
        return f"sandbox-secret-{hex_of(self._seed, kind, self._made)}"


def _fits(code: Code, verifier: str) -> bool:
    if not _VERIFIER.fullmatch(verifier):
        return False
    if code.method != "S256":
        return verifier == code.challenge
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == code.challenge
