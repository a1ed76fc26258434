"""Secrets: the keyring of this machine, and the password of a mail server, got without ever being shown.

Of places for the password of the mail server, the first that is there counts, as for every setting:

1. the variable PARTNERCTL_MAIL_PASSWORD
2. the file that the variable PARTNERCTL_MAIL_PASSWORD_FILE names
3. the place that the setting ``mail.password`` names: the keyring, or a file

``partnerctl.config.token_places`` says where tokens come from.

The keyring is imported where the profile says so, and is asked in a thread of its own: one that wants to be
unlocked may never answer. No error here repeats what was read, nor what a keyring or a file says about it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from partnerctl.config.secret_files import read_secret_file, sound
from partnerctl.errors import MachineFault, NotAllowed, PartnerctlError, TimedOut

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

VARIABLE = "PARTNERCTL_MAIL_PASSWORD"
"""The environment variable that holds the password itself."""

FILE_VARIABLE = "PARTNERCTL_MAIL_PASSWORD_FILE"
"""The environment variable that names a file with the password on its first line."""

SERVICE = "partnerctl mail"
"""The name of our entries in the keyring; the account of each is ``USER@HOST``."""

READING_LIMIT = 10.0
"""Seconds for the keyring to answer while nobody need be there."""

STORING_LIMIT = 30.0
"""Seconds where somebody is there, who may be asked to unlock it."""

LONGEST_ENTRY: int | None = 2560 if sys.platform == "win32" else None
"""Bytes of UTF-16 that one entry of the keyring holds: on Windows alone there is a limit."""

_ALTERNATIVES = (
    f"put the password into {VARIABLE}, or into a file: `partnerctl config set mail.password file:/PATH`"
)
_UNSET = (
    "`partnerctl mail password` puts it into the keyring; then `partnerctl config set mail.password keyring`"
)


class Keyring(NamedTuple):
    """Our entries of one service in the keyring of this machine, one per account.

    `what` names what they hold, as in "password"; `alternatives` is the hint where the keyring is of no use.
    All limits are in seconds. All methods raise MachineFault where there is no keyring that keeps a secret,
    or where it fails, TimedOut where it does not answer.
    """

    service: str
    what: str
    alternatives: str

    def check(self, limit: float = READING_LIMIT) -> None:
        """Return where this machine has a keyring that could keep a secret; nothing is read or written."""
        self._asked(lambda: self._backend().name, limit)

    def read(self, accounts: Sequence[str], limit: float = READING_LIMIT) -> list[str | None]:
        """Return the secret of each account, None where there is none."""

        def read() -> list[str | None]:
            backend = self._backend()
            return [backend.get_password(self.service, account) or None for account in accounts]

        return self._asked(read, limit)

    def write(self, entries: Sequence[tuple[str, str | None]], limit: float = STORING_LIMIT) -> None:
        """Keep the secret of each account, in that order; None takes away what is there.

        Nothing is written where one is longer than the keyring's entries.
        """
        if any(_is_too_long(secret) for _, secret in entries):
            raise MachineFault(
                f"the {self.what} is longer than an entry of this keyring can be", self.alternatives
            )

        def write() -> bool:
            backend = self._backend()
            for account, secret in entries:
                if secret is not None:
                    backend.set_password(self.service, account, secret)
                elif backend.get_password(self.service, account) is not None:
                    backend.delete_password(self.service, account)
            # one that is switched off forgets in silence
            return all(backend.get_password(self.service, account) == secret for account, secret in entries)

        if not self._asked(write, limit):
            raise MachineFault(f"the keyring did not keep the {self.what}", self.alternatives)

    def forget(self, accounts: Sequence[str], limit: float = STORING_LIMIT) -> bool:
        """Take the secrets of accounts away, and return whether there was one."""

        def forget() -> bool:
            backend = self._backend()
            kept = [one for one in accounts if backend.get_password(self.service, one) is not None]
            for account in kept:
                backend.delete_password(self.service, account)
            return bool(kept)

        return self._asked(forget, limit)

    def _backend(self) -> KeyringBackend:
        """Return the keyring of this machine.

        Its own measure is used: below a priority of 1 a backend is not recommended. Such ones write plain
        text, or ask for a password of their own at the terminal.
        """
        import keyring

        backend = keyring.get_keyring()
        choices: tuple[KeyringBackend, ...] = tuple(getattr(backend, "backends", ())) or (backend,)
        for choice in choices:
            if choice.priority >= 1:
                return choice
        raise MachineFault(f"this machine has no keyring that could keep a {self.what}", self.alternatives)

    def _asked(self, question: Callable[[], T], limit: float) -> T:
        import threading

        answers: list[T] = []
        faults: list[BaseException] = []

        def ask() -> None:
            try:
                answers.append(question())
            except BaseException as fault:  # noqa: BLE001 - it is told in the thread that waits
                faults.append(fault)

        thread = threading.Thread(target=ask, name="keyring", daemon=True)  # the program ends without it
        thread.start()
        thread.join(limit)
        if thread.is_alive():
            raise TimedOut(
                f"the keyring did not answer within {limit:g} seconds", f"unlock it, or {self.alternatives}"
            )
        if answers:
            return answers[0]
        if isinstance(faults[0], PartnerctlError):
            raise faults[0]
        # its words may repeat what it was given: its kind is enough
        kind = type(faults[0]).__name__
        raise MachineFault(f"the keyring cannot be used ({kind})", self.alternatives) from None


_MAIL = Keyring(SERVICE, "password", _ALTERNATIVES)


def find_mail_password(
    place: str | None, account: str, environ: Mapping[str, str], limit: float = READING_LIMIT
) -> str:
    """Return the password of `account`, which is ``USER@HOST``; `place` is the setting ``mail.password``.

    `limit` is in seconds. Raises NotAllowed where there is none, MachineFault where the keyring or the file
    cannot be used, InvalidData for a file that others may read or that holds no password, TimedOut where
    the keyring does not answer.
    """
    if environ.get(VARIABLE):
        return sound(environ[VARIABLE], VARIABLE, "password")
    if environ.get(FILE_VARIABLE):
        return read_secret_file(Path(environ[FILE_VARIABLE]), "password")
    if place is not None and place.startswith("file:"):
        return read_secret_file(Path(place.removeprefix("file:")), "password")
    if place == "keyring":
        (found,) = _MAIL.read([account], limit)
        if not found:
            raise NotAllowed(
                f"the keyring holds no password of {account}", "`partnerctl mail password` puts it there"
            )
        return sound(found, "the keyring", "password")
    if place == "environment":
        raise NotAllowed(f"there is no password of {account}: {VARIABLE} is not set", f"set it, or {_UNSET}")
    raise NotAllowed(f"nothing says where the password of {account} is", _UNSET)


def store_mail_password(account: str, password: str, limit: float = STORING_LIMIT) -> None:
    """Put the password of `account` into the keyring, in place of an older one.

    Raises UsageError for one that no server takes, MachineFault where the keyring does not keep it,
    TimedOut where it does not answer within `limit` seconds.
    """
    _MAIL.write([(account, sound(password, "what was given", "password"))], limit)


def forget_mail_password(account: str, limit: float = STORING_LIMIT) -> bool:
    """Take the password of `account` out of the keyring, and return whether it was there.

    Raises MachineFault, TimedOut.
    """
    return _MAIL.forget([account], limit)


def _is_too_long(secret: str | None) -> bool:
    return LONGEST_ENTRY is not None and len((secret or "").encode("utf-16-le")) > LONGEST_ENTRY
