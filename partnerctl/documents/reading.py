"""Reading a TOML document: its tables, and the line on which it speaks of a key."""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from partnerctl.errors import InvalidData, MachineFault

_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_SPEAKS = re.compile(rf"\s*(?P<table>\[{{1,2}})?\s*(?P<path>{_KEY}(?:\s*\.\s*{_KEY})*)\s*[]=]")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")

Key = str | int
"""A step on the way to a value: a key, or the place of a table in its array, counted from 1."""


class Document(NamedTuple):
    """One TOML document: where it came from, its text, and what the text says."""

    path: Path
    text: str
    tables: dict[str, Any]

    def error(self, where: Sequence[Key], problem: str, hint: str | None = None) -> InvalidData:
        """Return the error that names the file, the line where it is known, and the field."""
        return InvalidData.at(str(self.path), find_line(self.text, where), field_name(where), problem, hint)


def read_document(path: Path) -> Document | None:
    """Return the document in a file, None where there is no file.

    Raises InvalidData that names file and line where it is no TOML, MachineFault where it cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            raise MachineFault(f"cannot read {path}: it is no ordinary file", "put a TOML file there")
        text = path.read_text(encoding="utf-8-sig")  # Notepad writes a mark of the byte order
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as fault:
        raise InvalidData.at(str(path), None, None, "is not UTF-8 text", "save it as UTF-8") from fault
    except OSError as fault:
        raise MachineFault(
            f"cannot read {path}: {fault.strerror or fault}", "check its permissions"
        ) from fault
    return parse_document(text, path)


def parse_document(text: str, path: Path) -> Document:
    """Return the document that a text is; raises InvalidData that names file and line."""
    import tomllib  # 8 ms: only where a document is read

    try:
        return Document(path, text, tomllib.loads(text))
    except RecursionError as fault:
        raise InvalidData.at(str(path), None, None, "is nested too deeply", "write it plainly") from fault
    except tomllib.TOMLDecodeError as fault:
        problem = str(fault)
        match = _AT_LINE.search(problem)
        line = int(match[1]) if match else None
        words = f"is not valid TOML: {_AT_LINE.sub('', problem)}"
        raise InvalidData.at(str(path), line, None, words, "correct the line") from fault


def field_name(where: Sequence[Key]) -> str | None:
    """Return the way to a value in words, such as ``columns[2].kind``; None for the document itself."""
    name = ""
    for step in where:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name or None


def find_line(text: str, where: Sequence[Key]) -> int | None:
    """Return the line, counted from 1, on which a TOML text first speaks of that key; None if unsure."""
    wanted = tuple(where)
    table: tuple[Key, ...] = ()
    counts: dict[tuple[Key, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _SPEAKS.match(line)
        if match is None:
            continue
        here = tuple(word.strip("\"'") for word in re.findall(_KEY, match["path"]))
        found: tuple[Key, ...] = here if match["table"] else (*table, *here)
        if match["table"] == "[[":
            counts[here] = counts.get(here, 0) + 1
            found = (*here, counts[here])
        if match["table"]:
            table = found
        if found[: len(wanted)] == wanted:
            return number
    return None
