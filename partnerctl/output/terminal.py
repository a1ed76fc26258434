"""The terminal: how wide it is, and what text it must never be sent."""

from __future__ import annotations

import contextlib
import os
import sys

WITHOUT_ONE = 80
"""Columns where there is no terminal and ``COLUMNS`` does not say."""


def terminal_columns() -> int:
    """Return the columns of the terminal; ``COLUMNS`` wins, as everywhere.

    The standard library's own function loads every archive format to tell this.
    """
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            columns = os.get_terminal_size(stream.fileno()).columns if stream else 0
        except (OSError, ValueError):
            continue
        if columns:
            return columns
    return WITHOUT_ONE


def harmless(text: str) -> str:
    """Return `text` with every character replaced that could move the cursor or turn the direction.

    Names come from files that anybody may have written. Line breaks and tabs become spaces.
    """
    if text.isprintable():
        return text
    return "".join(map(_harmless, text))


def harmless_lines(text: str) -> str:
    """Return a message for people, harmless line by line."""
    return "\n".join(harmless(line) for line in text.split("\n"))


def tell(text: str) -> None:
    """Write a message for people to stderr, harmless; one that finds no room or no reader is dropped."""
    with contextlib.suppress(OSError):
        sys.stderr.write(harmless_lines(text) + "\n")


def _harmless(character: str) -> str:
    import unicodedata

    if character in "\t\n\r":
        return " "
    # U+200C and U+200D join letters in several scripts; every other format character only hides things
    category = unicodedata.category(character)
    if category in {"Cc", "Cs", "Zl", "Zp"} or (category == "Cf" and character not in "\u200c\u200d"):
        return "\ufffd"
    return character
