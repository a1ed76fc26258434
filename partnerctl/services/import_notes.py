"""The notes of many files: what is said of several alike is said once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_ALIKE = 3
_VARYING = re.compile(r"'[^']*'|[0-9]+")
_LINE = re.compile(r"^, lines? [0-9]+(?: and [0-9]+)?: ")


@dataclass(frozen=True, slots=True)
class Said:
    """One note, and the file that it begins with."""

    file: str
    note: str


def gathered(said: Sequence[Said]) -> tuple[str, ...]:
    """Return the notes, those that more than three files share as one: of the last file, with a count.

    Notes that differ only in line numbers, numbers and quoted values are alike.
    """
    alike: dict[str, dict[str, None]] = {}
    for one in said:
        alike.setdefault(_kind(one), {})[one.note] = None
    notes: list[str] = []
    for found in alike.values():
        *others, last = found
        if len(others) < _MOST_ALIKE:
            notes.extend(found)
        else:
            notes.append(f"{last} (likewise in {len(others)} other files)")
    return tuple(notes)


def _kind(said: Said) -> str:
    text = said.note.removeprefix(said.file)
    return _VARYING.sub("#", _LINE.sub(": ", text))
