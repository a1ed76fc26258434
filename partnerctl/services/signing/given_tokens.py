"""Secrets that the environment gives: tokens that others renew, and the client secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from partnerctl.config.secret_files import read_secret_file, sound
from partnerctl.config.token_variables import CLIENT_SECRET, CLIENT_SECRET_FILE
from partnerctl.remote.faults import SignedOut

EXPIRED = "it may have expired: put a new one there"
"""What to do where Webex refuses a token that others renew."""


def not_signed_in(profile: str) -> SignedOut:
    """Return the error for a profile whose person has not signed in."""
    return SignedOut(
        f"the profile {profile} is not signed in to Webex", "sign in with: partnerctl auth login"
    )


def find_client_secret(environ: Mapping[str, str]) -> str | None:
    """Return the client secret that the environment has, or names a file of; None for neither.

    Raises UsageError, InvalidData, MachineFault for one that cannot be used.
    """
    if environ.get(CLIENT_SECRET):
        return sound(environ[CLIENT_SECRET], CLIENT_SECRET, "client secret")
    if environ.get(CLIENT_SECRET_FILE):
        return read_secret_file(Path(environ[CLIENT_SECRET_FILE]), "client secret")
    return None


class GivenToken:
    """A token that nobody here can renew; `what` is its name, `hint` what to do where Webex refuses it."""

    def __init__(self, token: str, what: str, hint: str) -> None:
        self._token = sound(token.strip(), what, "token")
        self._what, self._hint = what, hint

    def access(self) -> str:
        """Return the token."""
        return self._token

    def renewed(self, refused: str) -> str:
        """Raise NotAllowed: there is no other one."""
        del refused
        raise SignedOut(f"Webex does not take {self._what}", self._hint)


class TokenOfFile:
    """The token of PARTNERCTL_TOKEN_FILE, which others renew: the file is read again where it is refused."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._token: str | None = None

    def access(self) -> str:
        """Return the token; raises what `read_secret_file` raises."""
        with self._lock:
            if self._token is None:
                self._token = read_secret_file(self._path, "token").strip()
            return self._token

    def renewed(self, refused: str) -> str:
        """Return the token that the file holds meanwhile; raises NotAllowed where it is the same."""
        with self._lock:
            if self._token is None or self._token == refused:
                self._token = read_secret_file(self._path, "token").strip()
            if self._token == refused:
                raise SignedOut(
                    f"Webex does not take the token of {self._path}",
                    EXPIRED,
                )
            return self._token
