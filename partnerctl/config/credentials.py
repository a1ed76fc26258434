"""Secrets: where the password of a mail server is kept, and how it is got without ever being shown.

The first that is there counts, as for every setting:

1. the variable PARTNERCTL_MAIL_PASSWORD
2. the file that the variable PARTNERCTL_MAIL_PASSWORD_FILE names
3. the place that the setting ``mail.password`` names: the keyring, or a file

The keyring is imported where the profile says so, and is asked in a thread of its own: one that wants to be
unlocked may never answer. No error here repeats what was read, nor what a keyring or a file says about it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from partnerctl.errors import InvalidData, MachineFault, NotAllowed, PartnerctlError, TimedOut, UsageError

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

_ALTERNATIVES = (
    f"put the password into {VARIABLE}, or into a file: `partnerctl config set mail.password file:/PATH`"
)
_UNSET = (
    "`partnerctl mail password` puts it into the keyring; then `partnerctl config set mail.password keyring`"
)
_LONGEST = 65536  # bytes of a password file: a token may be long, a report is longer


def find_mail_password(
    place: str | None, account: str, environ: Mapping[str, str], limit: float = READING_LIMIT
) -> str:
    """Return the password of `account`, which is ``USER@HOST``; `place` is the setting ``mail.password``.

    `limit` is in seconds. Raises NotAllowed where there is none, MachineFault where the keyring or the file
    cannot be used, InvalidData for a file that others may read or that holds no password, TimedOut where
    the keyring does not answer.
    """
    if environ.get(VARIABLE):
        return _sound(environ[VARIABLE], VARIABLE)
    if environ.get(FILE_VARIABLE):
        return read_password_file(Path(environ[FILE_VARIABLE]))
    if place is not None and place.startswith("file:"):
        return read_password_file(Path(place.removeprefix("file:")))
    if place == "keyring":
        found = _asked(lambda: _keyring().get_password(SERVICE, account), limit)
        if not found:
            raise NotAllowed(
                f"the keyring holds no password of {account}", "`partnerctl mail password` puts it there"
            )
        return _sound(found, "the keyring")
    if place == "environment":
        raise NotAllowed(f"there is no password of {account}: {VARIABLE} is not set", f"set it, or {_UNSET}")
    raise NotAllowed(f"nothing says where the password of {account} is", _UNSET)


def store_mail_password(account: str, password: str, limit: float = STORING_LIMIT) -> None:
    """Put the password of `account` into the keyring, in place of an older one.

    Raises UsageError for one that no server takes, MachineFault where the keyring does not keep it,
    TimedOut where it does not answer within `limit` seconds.
    """
    sound = _sound(password, "what was given")

    def store() -> bool:
        keyring = _keyring()
        keyring.set_password(SERVICE, account, sound)
        return keyring.get_password(SERVICE, account) == sound  # one that is switched off forgets in silence

    if not _asked(store, limit):
        raise MachineFault("the keyring did not keep the password", _ALTERNATIVES)


def forget_mail_password(account: str, limit: float = STORING_LIMIT) -> bool:
    """Take the password of `account` out of the keyring, and return whether it was there.

    Raises MachineFault, TimedOut.
    """

    def forget() -> bool:
        keyring = _keyring()
        if keyring.get_password(SERVICE, account) is None:
            return False
        keyring.delete_password(SERVICE, account)
        return True

    return _asked(forget, limit)


def read_password_file(path: Path) -> str:
    """Return the first line of a file that its owner alone may read.

    Raises MachineFault where it cannot be read, InvalidData where others may read it, or where there is no
    password in it. Windows keeps rights elsewhere: there they are not looked at.
    """
    path = path.expanduser()
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            mode = os.fstat(file.fileno()).st_mode
            if sys.platform != "win32" and mode & 0o077:
                raise InvalidData(
                    f"{path}: others may read the password", f"give it to yourself alone: chmod 600 {path}"
                )
            line = file.read(_LONGEST).partition(b"\n")[0]
    except OSError as fault:
        reason = f"{path}: the password cannot be read ({fault.strerror or fault})"
        raise MachineFault(reason, "check the path and its permissions") from fault
    try:
        text = line.decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise InvalidData(f"{path}: holds no password", "write it as UTF-8 text on the first line")
    return _sound(text, str(path))


def _without_waiting(path: str, flags: int) -> int:
    # a pipe that nobody writes to would wait for ever
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _sound(password: str, place: str) -> str:
    """Return a password that can be sent; what a server takes has neither line ends nor NUL."""
    if any(character in password for character in "\0\r\n") or not _is_text(password):
        raise UsageError(
            f"{place}: holds characters that no password may have", "give it as one line of UTF-8 text"
        )
    return password


def _is_text(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


def _keyring() -> KeyringBackend:
    """Return the keyring of this machine; raises MachineFault where there is none that keeps a secret.

    Its own measure is used: below a priority of 1 a backend is not recommended. Such ones write plain text,
    or ask for a password of their own at the terminal.
    """
    import keyring

    backend = keyring.get_keyring()
    choices: tuple[KeyringBackend, ...] = tuple(getattr(backend, "backends", ())) or (backend,)
    for choice in choices:
        if choice.priority >= 1:
            return choice
    raise MachineFault("this machine has no keyring that could keep a password", _ALTERNATIVES)


def _asked(question: Callable[[], T], limit: float) -> T:
    """Return the keyring's answer; raises MachineFault, TimedOut after `limit` seconds."""
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
            f"the keyring did not answer within {limit:g} seconds", f"unlock it, or {_ALTERNATIVES}"
        )
    if answers:
        return answers[0]
    if isinstance(faults[0], PartnerctlError):
        raise faults[0]
    # its words may repeat what it was given: its kind is enough
    raise MachineFault(f"the keyring cannot be used ({type(faults[0]).__name__})", _ALTERNATIVES) from None
