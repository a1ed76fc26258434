"""Where the tokens for Webex come from, and where those of a sign-in are kept.

The first of these counts, and no other is looked at:

1. the variable PARTNERCTL_TOKEN, a token that others renew
2. the file that PARTNERCTL_TOKEN_FILE names, with a token that others renew on its first line
3. the file that PARTNERCTL_CREDENTIALS_FILE names, which `auth login` writes and partnerctl renews
4. the place that the setting ``auth.storage`` names: the keyring, or such a file

Whoever renews what is stored holds the lock of its place, and reads again once it has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from partnerctl.config.credentials import Keyring
from partnerctl.config.secret_files import read_private
from partnerctl.config.stored_tokens import SECRETS, StoredTokens, facts_text, read_facts
from partnerctl.config.token_files import LONGEST, FilePlace, lock_of, writing
from partnerctl.config.token_variables import CREDENTIALS_FILE
from partnerctl.documents.private import make_private, write_private
from partnerctl.errors import InvalidData, MachineFault

SERVICE = "partnerctl webex"
"""The name of our entries in the keyring."""

_IN_A_FILE = "keep tokens in a file instead: partnerctl auth login --storage file:/PATH"


class TokenPlace(Protocol):
    """Where the tokens of one sign-in are kept. Raises MachineFault and TimedOut where it cannot be used."""

    @property
    def name(self) -> str:
        """Return what to call the place, as in "the keyring"."""

    def check(self) -> None:
        """Return where tokens can be kept here, as far as that can be told before there are any."""

    def may_hold(self) -> bool:
        """Tell whether there may be something to clear; nothing is created or asked to tell it."""

    def read(self) -> StoredTokens | None:
        """Return what is kept, None for nothing; raises InvalidData where others may read it, too."""

    def write(self, stored: StoredTokens) -> None:
        """Keep that instead of what is there, the refresh token before the access token."""

    def clear(self) -> bool:
        """Keep nothing any more, and return whether there was something."""

    def locked(self, wait: float) -> AbstractContextManager[None]:
        """Return a context in which nobody else renews; raises Locked after `wait` seconds."""


class KeyringPlace(NamedTuple):
    """The keyring holds the secrets of a profile, an entry each; a file of the state holds what is none.

    The entries are named after the profile and the folder of the state: another home has its own.
    """

    profile: str
    state: Path

    @property
    def name(self) -> str:
        """Return the place as the setting ``auth.storage`` writes it."""
        return "keyring"

    def check(self) -> None:
        """See that there is a keyring that could keep a token."""
        _KEYRING.check()

    def may_hold(self) -> bool:
        """Tell that only the keyring knows."""
        return True

    def read(self) -> StoredTokens | None:
        """Return what the keyring holds, with what the file beside it says about it."""
        secrets = dict(zip(SECRETS, _KEYRING.read(self._accounts), strict=True))
        access = secrets["access"]
        if access is None:
            return None
        return StoredTokens(**{**self._read_facts(), **secrets, "access": access})

    def write(self, stored: StoredTokens) -> None:
        """Put the secrets into the keyring, and then what is no secret into the file."""
        secrets: list[str | None] = [getattr(stored, name) for name in SECRETS]
        _KEYRING.write(list(zip(self._accounts, secrets, strict=True)))
        make_private(self._facts.parent)
        with writing(self._facts):
            write_private(self._facts, facts_text(stored))

    def clear(self) -> bool:
        """Take the secrets out of the keyring, and remove the file."""
        there = _KEYRING.forget(self._accounts)
        with writing(self._facts):
            self._facts.unlink(missing_ok=True)
        return there

    def locked(self, wait: float) -> AbstractContextManager[None]:
        """Return a context that holds the lock beside the file."""
        make_private(self._facts.parent)
        return lock_of(self._facts.with_suffix(".lock"), wait)

    @property
    def _facts(self) -> Path:
        return self.state / "auth" / f"{self.profile}.json"

    @property
    def _accounts(self) -> list[str]:
        home = sha256(str(self.state).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return [f"{self.profile}.{home}.{name}" for name in SECRETS]

    def _read_facts(self) -> dict[str, Any]:
        """Return what the file says; one that is lost or damaged says nothing."""
        try:
            return read_facts(read_private(self._facts, "tokens", LONGEST))
        except (MachineFault, InvalidData, ValueError):
            return {}


_KEYRING = Keyring(SERVICE, "token", _IN_A_FILE)


def token_place(
    storage: str | None, profile: str, state: Path, environ: Mapping[str, str]
) -> TokenPlace | None:
    """Return where a profile's sign-in is kept, None where nobody said; `storage` is the setting."""
    if environ.get(CREDENTIALS_FILE):
        return FilePlace(Path(environ[CREDENTIALS_FILE]).expanduser().absolute())
    return None if storage is None else named_place(storage, profile, state)


def named_place(storage: str, profile: str, state: Path) -> TokenPlace:
    """Return the place that a value of ``auth.storage`` names."""
    if storage == "keyring":
        return KeyringPlace(profile, state)
    return FilePlace(Path(storage.removeprefix("file:")).expanduser())
