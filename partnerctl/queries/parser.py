"""QUERY text -> tree (``cli.md``, QUERY). Which fields there are, and what their values mean, comes later."""

from __future__ import annotations

from partnerctl.queries.lexer import Scanner
from partnerctl.queries.place import Place
from partnerctl.queries.tree import Comparison, Literal, Query, Range, Term

MOST_TERMS = 200
"""Words that a query may hold: databases limit how deep a condition may be."""
MOST_VALUES = 300
"""Values that one word may list."""

_SIGNS = {
    ":": (Comparison.IS, False),
    "=": (Comparison.IS, False),
    "!=": (Comparison.IS, True),
    "<": (Comparison.LESS, False),
    "<=": (Comparison.AT_MOST, False),
    ">": (Comparison.GREATER, False),
    ">=": (Comparison.AT_LEAST, False),
}


def parse(text: str) -> Query:
    """Return the query that `text` writes; raises UsageError with a caret under what cannot be read."""
    scanner = Scanner(text)
    terms: list[Term] = []
    while scanner.skip_spaces():
        if len(terms) == MOST_TERMS:
            raise scanner.here(1).error(f"the query has more than {MOST_TERMS} words", "shorten it here")
        terms.append(_term(scanner))
    return Query(tuple(terms))


def _term(scanner: Scanner) -> Term:
    dashed = scanner.take_dash()
    start = scanner.position
    named = scanner.take_field()
    if named is None:
        word = scanner.literal(listed=False)
        return Term(None, Comparison.IS, (word,), dashed, word.place)
    name, sign, place = named
    comparison, negated = _SIGNS[sign]
    values = _values(scanner)
    if comparison is not Comparison.IS:
        _check_single(values, sign, scanner.place_from(start))
    return Term(name, comparison, values, dashed != negated, place)


def _values(scanner: Scanner) -> tuple[Literal | Range, ...]:
    values = [_value(scanner)]
    while scanner.take(","):
        if len(values) == MOST_VALUES:
            raise scanner.here(1).error(
                f"more than {MOST_VALUES} values for one field", "shorten the list here"
            )
        values.append(_value(scanner))
    return tuple(values)


def _value(scanner: Scanner) -> Literal | Range:
    start = scanner.position
    if scanner.take(".."):
        high = scanner.literal(listed=True)
        _check_no_more_dots(scanner)
        return Range(None, high, scanner.place_from(start))
    low = scanner.literal(listed=True)
    if not scanner.take(".."):
        return low
    if scanner.ends_value():
        return Range(low, None, scanner.place_from(start))
    high = scanner.literal(listed=True)
    _check_no_more_dots(scanner)
    return Range(low, high, scanner.place_from(start))


def _check_no_more_dots(scanner: Scanner) -> None:
    if not scanner.ends_value():
        raise scanner.here(2).error("a range has two ends", "write 10..20, 10.. or ..20")


def _check_single(values: tuple[Literal | Range, ...], sign: str, place: Place) -> None:
    if len(values) > 1 or any(isinstance(value, Range) for value in values):
        raise place.error(f"{sign} takes one value", "lists and ranges go with a colon: seats:10..20")
