"""Files that hold one secret on their first line, for their owner alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from partnerctl.errors import InvalidData, MachineFault, UsageError

_LONGEST = 65536  # bytes of a file: a token may be long, a report is longer


def read_secret_file(path: Path, what: str) -> str:
    """Return the first line of a file that its owner alone may read; `what` is its name, as in "password".

    Raises MachineFault where it cannot be read, InvalidData where others may read it, or where there is
    nothing in it, UsageError for characters that no secret has.
    """
    path = path.expanduser()
    line = read_private(path, what, _LONGEST).partition(b"\n")[0]
    try:
        text = line.decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise InvalidData(f"{path}: holds no {what}", "write it as UTF-8 text on the first line")
    return sound(text, str(path), what)


def read_private(path: Path, what: str, longest: int) -> bytes:
    """Return what a file holds, up to `longest` bytes; nobody but its owner may be able to read it.

    Raises MachineFault where it cannot be read, InvalidData where others may. Windows keeps rights
    elsewhere: there they are not looked at.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            mode = os.fstat(file.fileno()).st_mode
            if sys.platform != "win32" and mode & 0o077:
                raise InvalidData(
                    f"{path}: others may read the {what}", f"give it to yourself alone: chmod 600 {path}"
                )
            return file.read(longest)
    except OSError as fault:
        reason = f"{path}: the {what} cannot be read ({fault.strerror or fault})"
        raise MachineFault(reason, "check the path and its permissions") from fault


def sound(secret: str, place: str, what: str) -> str:
    """Return a secret that can be sent; what a server takes has neither line ends nor NUL."""
    if any(character in secret for character in "\0\r\n") or not _is_text(secret):
        raise UsageError(
            f"{place}: holds characters that no {what} may have", "give it as one line of UTF-8 text"
        )
    return secret


def _without_waiting(path: str, flags: int) -> int:
    # a pipe that nobody writes to would wait for ever
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_text(secret: str) -> bool:
    try:
        secret.encode()
    except UnicodeEncodeError:
        return False
    return True
