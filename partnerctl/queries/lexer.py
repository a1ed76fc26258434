"""The characters of a QUERY: names, signs, values with their quotes, wildcards and escapes.

A quote opens only where a value starts, so ``O'Brien`` needs none. A backslash takes the next sign
literally (``\\*``, ``\\,``, a space); before a letter or a digit it is itself.
"""

from __future__ import annotations

import re

from partnerctl.queries.place import Place, check_text
from partnerctl.queries.tree import Literal

LONGEST_QUERY = 10_000
"""Characters that a query may hold."""
MOST_WILDCARDS = 4
"""Wildcards that one value may hold: databases take very long over many."""

# `seats:100`, `seats:>100`, `seats>100`, `seats > 100`; a colon stands close, or `Acme : Brasil` were a field
_FIELD = re.compile(
    r"(?P<name>[^\W\d][\w-]*)(?:(?P<colon>:(?:[<>]=?|!=)?)|\s*(?P<sign>[<>]=?|!=|==?)\s*)",
)
_LONE_SIGN = re.compile(r"[<>=:]|!=")
_QUOTES = {'"': '"', "'": "'", "“": "”"}


class Scanner:
    """Reads a query from left to right; every method raises UsageError at the place of the fault."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_QUERY:
            start = Place(text, LONGEST_QUERY, LONGEST_QUERY)
            raise start.error(f"the query is longer than {LONGEST_QUERY:,} characters", "shorten it here")
        check_text(text)
        self.text = text
        self.position = 0

    def place_from(self, start: int) -> Place:
        """Return the place from `start` to what is read next."""
        return Place(self.text, start, self.position)

    def here(self, length: int = 0) -> Place:
        """Return the place of what is read next."""
        return Place(self.text, self.position, self.position + length)

    def skip_spaces(self) -> bool:
        """Go on to the next word; return whether there is one."""
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1
        return self.position < len(self.text)

    def take(self, sign: str) -> bool:
        """Read `sign` where it stands here; return whether it did."""
        found = self.text.startswith(sign, self.position)
        self.position += len(sign) * found
        return found

    def take_dash(self) -> bool:
        """Read the dash of a negation; a dash that stands alone is a word of its own."""
        after = self.text[self.position + 1 : self.position + 2]
        if not self.text.startswith("-", self.position) or not after or after.isspace():
            return False
        self.position += 1
        if after == "-":
            raise self.here(1).error("one dash is enough for not", 'put quotes around a word: "--"')
        return True

    def take_field(self) -> tuple[str, str, Place] | None:
        """Read a field's name and the sign after it; None where the word is no more than text."""
        match = _FIELD.match(self.text, self.position)
        if match is None:
            if _LONE_SIGN.match(self.text, self.position):
                raise self.here(1).error(
                    "a field is missing before this sign",
                    'write seats:100.., or put quotes around text: ":-)"',
                )
            return None
        place = Place(self.text, *match.span("name"))
        self.position = match.end()
        sign = match["sign"] or match["colon"]
        return match["name"], sign.lstrip(":").replace("==", "=") or ":", place

    def literal(self, listed: bool) -> Literal:
        """Read one value. In a list a comma ends it, and ``..``; a bare word holds them."""
        start = self.position
        parts = [""]
        quoted = False
        while not self._ends(listed):
            character = self.text[self.position]
            if character in _QUOTES and not parts[-1]:
                parts[-1] = self._quoted(_QUOTES[character])
                quoted = True
                self._check_after_quote(listed)
                continue
            self.position += 1
            if character == "*":
                parts.append("")
                continue
            parts[-1] += self._escaped() if character == "\\" else character
        place = self.place_from(start)
        if start == self.position:
            raise self.here(1).error("a value is missing here", "write it close to the sign: region:EU,US")
        if len(parts) - 1 > MOST_WILDCARDS:
            raise place.error(
                f"more than {MOST_WILDCARDS} wildcards in one value", r"write \* for the sign *"
            )
        return Literal(tuple(parts), place, quoted)

    def ends_value(self) -> bool:
        """Return whether a listed value can end here: at a comma, a space or the end of the text."""
        return self._ends(listed=True) and not self.text.startswith("..", self.position)

    def _ends(self, listed: bool) -> bool:
        if self.position >= len(self.text) or self.text[self.position].isspace():
            return True
        return listed and (self.text[self.position] == "," or self.text.startswith("..", self.position))

    def _escaped(self) -> str:
        """Return what the backslash just read stands for."""
        sign = self.text[self.position : self.position + 1]
        if not sign or sign.isalnum():
            return "\\"
        self.position += 1
        return sign

    def _quoted(self, closing: str) -> str:
        opened = self.here(1)
        self.position += 1
        read: list[str] = []
        while self.position < len(self.text):
            character = self.text[self.position]
            self.position += 1
            if character == closing:
                return "".join(read)
            if character == "\\" and self.text[self.position : self.position + 1] in (closing, "\\"):
                character = self.text[self.position : self.position + 1]
                self.position += 1
            read.append(character)
        raise opened.error(
            "this quote is never closed",
            rf"close it, or write \{opened.text[opened.start]} for the sign itself",
        )

    def _check_after_quote(self, listed: bool) -> None:
        if not self._ends(listed) and self.text[self.position] != "*":
            raise self.here(1).error(
                "a space is missing after the closing quote", r"write \" for a quote inside quotes"
            )
