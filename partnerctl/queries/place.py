"""A place in a text that somebody wrote, and the error that points at it with a caret."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from partnerctl.errors import UsageError

_AROUND = 50  # characters shown on either side of the place, so that the caret stays on the same line
_CITED = 40


@dataclass(frozen=True, slots=True)
class Place:
    """The characters of `text` from `start` up to `end`; an empty place points between two characters."""

    text: str
    start: int
    end: int

    def error(self, reason: str, hint: str | None = None) -> UsageError:
        """Build the error of `reason`, with the text and a caret under this place below it."""
        return UsageError(f"{reason}\n{self.picture()}", hint)

    def picture(self) -> str:
        """Return two lines: the text (the part near the place, where it is long) and the carets."""
        first, last = max(0, self.start - _AROUND), min(len(self.text), self.start + 2 * _AROUND)
        end = min(self.end, last)
        before = ("…" if first else "") + _shown(self.text[first : self.start])
        pointed = _shown(self.text[self.start : end])
        after = _shown(self.text[end:last]) + ("…" if last < len(self.text) else "")
        carets = "^" * max(1, _columns(pointed))
        return f"  {before}{pointed}{after}\n  {' ' * _columns(before)}{carets}"


def quoted(text: str) -> str:
    """Return `text` as an error cites it: in quotes, nothing in it unprintable, shortened."""
    return repr(text if len(text) <= _CITED else f"{text[:_CITED]}…")


def check_text(text: str) -> None:
    """Raise UsageError where `text` holds what no store can: NUL, or bytes that are not text."""
    for position, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            place = Place(text, position, position + 1)
            raise place.error(
                "a character here is not text", "write the text in UTF-8, without control characters"
            )


def _shown(text: str) -> str:
    """Replace what would move the caret or the terminal: line ends, tabs, control characters."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _columns(text: str) -> int:
    """Return how many columns a terminal gives to `text`."""
    if text.isascii():
        return len(text)
    return sum(_width(c) for c in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
