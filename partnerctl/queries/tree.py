"""What a QUERY says, as frozen values: terms that must all hold, each with the places it came from.

Options such as ``--status S`` become the same terms (`any_of_values`), so that one path leads to SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from partnerctl.queries.place import Place, check_text


class Comparison(Enum):
    """How a field's value and the written value compare."""

    IS = ":"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Literal:
    """One written value: the text between its wildcards; a quoted one is never a word such as ``unknown``."""

    parts: tuple[str, ...]
    place: Place
    quoted: bool = False

    @property
    def text(self) -> str:
        """Return the value as it reads, wildcards as ``*``."""
        return "*".join(self.parts)

    @property
    def is_pattern(self) -> bool:
        """Return whether the value holds a wildcard."""
        return len(self.parts) > 1

    @property
    def is_anything(self) -> bool:
        """Return whether the value is the wildcard alone: any known value."""
        return self.is_pattern and not any(self.parts)

    @property
    def is_unknown(self) -> bool:
        """Return whether the value is the word ``unknown``."""
        return not self.quoted and self.text.lower() == "unknown"


@dataclass(frozen=True, slots=True)
class Range:
    """``low..high``, both included; None where that side is open (never both)."""

    low: Literal | None
    high: Literal | None
    place: Place


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query: a field and the values of which any may hold, or (no field) a part of the name."""

    field: str | None
    comparison: Comparison
    values: tuple[Literal | Range, ...]
    negated: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold; without terms everything matches."""

    terms: tuple[Term, ...] = ()


def any_of_values(field: str, values: Iterable[str], option: str) -> Query:
    """Return the query of a repeatable option: `field` has any of `values`; everything where there are none.

    Values are taken as written, ``unknown`` apart: no commas, wildcards or quotes. Errors in them, found
    when the query is compiled, point into ``OPTION VALUE``. Raises UsageError for what is not text.
    """
    literals = tuple(Literal((value,), _place_in(option, value)) for value in values)
    if not literals:
        return Query()
    return Query((Term(field, Comparison.IS, literals, False, literals[0].place),))


def part_of_name(text: str) -> Query:
    """Return the query that `text`, taken as written, is a part of the name; raises UsageError."""
    check_text(text)
    place = Place(text, 0, len(text))
    literal = Literal((text,), place, quoted=True)
    return Query((Term(None, Comparison.IS, (literal,), False, place),))


def _place_in(option: str, value: str) -> Place:
    text = f"{option} {value}"
    check_text(text)
    return Place(text, len(option) + 1, len(text))


def join(*queries: Query) -> Query:
    """Return the query that holds where each of `queries` does."""
    return Query(tuple(term for query in queries for term in query.terms))
