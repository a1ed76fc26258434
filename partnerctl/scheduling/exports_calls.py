"""The call that another scheduler makes: the words of a tick, its environment, and what cannot be written.

Where a form has no way to write a text down, the text is refused: nothing is ever left out or changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple

from partnerctl.errors import UsageError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# control characters end lines or are not allowed in XML; the others are no text that a file could hold
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class TickCall:
    """The command line that ticks: the program's words, and the environment that it needs."""

    words: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


class Unit(NamedTuple):
    """One file of systemd: its name and its text."""

    name: str
    text: str


def check_call(call: TickCall) -> None:
    """Raise UsageError for a call that no scheduler's file can hold.

    That is one with a control character (a line end above all), one whose program has no full path (another
    scheduler would look for it elsewhere), and one with a name that is no name of a variable.
    """
    if not call.words or not _is_full(call.words[0]):
        program = repr(call.words[0]) if call.words else "no program"
        raise UsageError(
            f"{program} is not the full path of a program", "start partnerctl by its full path, and try again"
        )
    for label, text in texts_of(call):
        if _UNWRITABLE.search(text):
            raise UsageError(
                f"{label} has a character that no scheduler's file can hold",
                "give the file or folder a name without line ends and control characters",
            )
    for name, _ in call.environment:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} is no name of an environment variable", "use A to Z, digits and underscores"
            )


def texts_of(call: TickCall) -> Iterator[tuple[str, str]]:
    """Yield every text of the call after what messages call it: a variable's value goes by its name alone."""
    yield from ((repr(word), word) for word in call.words)
    yield from call.environment


def _is_full(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
