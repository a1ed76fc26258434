"""Written values -> the values that a field holds; what is wrong is said at its place."""

from __future__ import annotations

import re
from datetime import date

from partnerctl.domain.days import parse_period
from partnerctl.domain.folding import did_you_mean, fold
from partnerctl.errors import UsageError
from partnerctl.queries.fields import FieldKind, QueryField
from partnerctl.queries.place import quoted
from partnerctl.queries.tree import Literal, Range

Bound = int | float | str
"""A number, or a day as ISO text."""

LARGEST_DIGITS = 15
"""Digits of a number before the point: every database and JSON reader holds so many exactly."""

_NUMBER = re.compile(r"([+-]?[0-9]+)(\.[0-9]+)?%?")
_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0"), False),
}


def read_span(field: QueryField, value: Literal | Range, today: date) -> tuple[Bound | None, Bound | None]:
    """Return the lowest and the highest value of a NUMBER or a DATE field that `value` means.

    A number is both; a period (``2026-12``) its first and its last day; None is an open side of a range.
    Raises UsageError at the place.
    """
    if isinstance(value, Literal):
        return _ends(field, value, today)
    low = None if value.low is None else _ends(field, value.low, today)[0]
    high = None if value.high is None else _ends(field, value.high, today)[1]
    if low is not None and high is not None and low > high:  # type: ignore[operator] # both are of one kind
        raise value.place.error("this range runs backwards", f"write the lower end first: {high}..{low}")
    return low, high


def _ends(field: QueryField, literal: Literal, today: date) -> tuple[Bound, Bound]:
    if field.kind is FieldKind.DATE:
        return _days(literal, today)
    number = _number(field, literal)
    return number, number


def _days(literal: Literal, today: date) -> tuple[str, str]:
    try:
        period = parse_period(literal.text, today)
    except UsageError as error:
        raise literal.place.error(error.reason, error.hint) from None
    return period.since.isoformat(), period.until.isoformat()


def _number(field: QueryField, literal: Literal) -> int | float:
    match = _NUMBER.fullmatch(literal.text)
    if match is None:
        raise literal.place.error(
            f"{quoted(literal.text)} is not a number",
            f"write {field.name}:100, {field.name}:100.. or {field.name}:10..20",
        )
    if len(match[1].lstrip("+-0")) > LARGEST_DIGITS:
        raise literal.place.error("this number is too large", f"{LARGEST_DIGITS} digits at most")
    return float(match[1] + match[2]) if match[2] else int(match[1])


def read_boolean(field: QueryField, literal: Literal) -> bool:
    """Return the truth that `literal` says; raises UsageError at the place."""
    truth = _BOOLEANS.get(literal.text.lower())
    if truth is None:
        raise literal.place.error(
            f"{quoted(literal.text)} is neither true nor false",
            f"write {field.name}:true or {field.name}:false",
        )
    return truth


def read_known(field: QueryField, literal: Literal) -> tuple[str, ...]:
    """Return the known values of `field`, as stored, that `literal` means; empty where it means other text.

    Raises UsageError at the place where the field takes known values only and this is none.
    """
    found = _matching(field, literal) if literal.is_pattern else _named(field, literal.text)
    if not found and field.values and field.closed:
        raise literal.place.error(
            f"{quoted(literal.text)} is no value of {field.name}", _suggestion(field, literal.text)
        )
    return found


def _named(field: QueryField, text: str) -> tuple[str, ...]:
    key = _key(text)
    for value in field.values:
        if _key(value) == key:
            return (value,)
    for word, values in field.groups.items():
        if _key(word) == key:
            return values
    other = field.read(text) if field.read else None
    return () if other is None else (other,)


def _matching(field: QueryField, literal: Literal) -> tuple[str, ...]:
    """Return the values that a pattern fits, where the field takes known values only."""
    if not field.closed:
        return ()
    pattern = re.compile(".*".join(re.escape(_key(part)) for part in literal.parts))
    return tuple(value for value in field.values if pattern.fullmatch(_key(value)))


def _key(text: str) -> str:
    return fold(text).replace("-", "_").replace(" ", "_")


def _suggestion(field: QueryField, text: str) -> str:
    known = (*field.values, *field.groups)
    return did_you_mean(_key(text), known, f"values: {', '.join(known)}")


def like_pattern(literal: Literal, folded: bool) -> str:
    """Return the LIKE pattern, with ``!`` as its escape, of a literal's wildcards."""
    return "%".join(_escaped(_fold_part(part) if folded else part) for part in literal.parts)


def part_pattern(literal: Literal) -> str:
    """Return the LIKE pattern, with ``!`` as its escape, that finds a literal anywhere in folded text."""
    return f"%{_escaped(fold(literal.text))}%"


def _fold_part(part: str) -> str:
    """Fold a piece of a text, keeping the space beside a wildcard: ``Acme *`` is not ``Acme*``."""
    folded = fold(part)
    before = " " if part[:1].isspace() and folded else ""
    after = " " if part[-1:].isspace() else ""
    return before + folded + after


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
