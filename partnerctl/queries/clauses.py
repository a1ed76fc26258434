"""One term of a query -> its SQL.

Every clause is true or false, never NULL: a comparison with an unknown value is false, its negation true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partnerctl.domain.folding import fold
from partnerctl.queries.condition import NEVER
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from partnerctl.queries.place import quoted
from partnerctl.queries.tree import Comparison, Literal, Range, Term
from partnerctl.queries.values import (
    like_pattern,
    part_pattern,
    read_boolean,
    read_known,
    read_span,
)

_ESCAPE = "ESCAPE '!'"


@dataclass(frozen=True, slots=True)
class Clause:
    """The SQL of one term; `unknown_sql` is true where the term is false for an unknown value alone."""

    field: str
    sql: str
    unknown_sql: str | None = None


class Parameters:
    """Gives bound values their names: ``:q1``, ``:q2``..."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def bind(self, value: object) -> str:
        """Keep `value`; return the marker that stands for it in SQL."""
        name = f"q{len(self.values) + 1}"
        self.values[name] = value
        return f":{name}"


def clause_of(term: Term, table: FieldTable, today: date, parameters: Parameters) -> Clause:
    """Return the clause of `term`; raises UsageError at the place of an unknown field or a bad value."""
    field = _field_of(term, table)
    if field.kind is FieldKind.WORDS:
        return _words_clause(field, term, parameters)
    compiler = _Tests(field, today, parameters)
    wants_unknown = False
    for value in term.values:
        if term.field is None and isinstance(value, Literal) and not value.is_pattern:
            compiler.add_part(value)
        elif term.field is not None and _means_unknown(value, term.comparison):
            wants_unknown = True
        else:
            compiler.add(value, term.comparison)
    return compiler.clause(term.negated, wants_unknown)


def _field_of(term: Term, table: FieldTable) -> QueryField:
    if term.field is None:
        return table.name
    field = table.find(term.field)
    if field is None:
        hint = f'{table.suggestion(term.field)} (text that holds a sign needs quotes: "10:30")'
        raise term.place.error(f"there is no field {quoted(term.field)}", hint)
    return field


def _means_unknown(value: Literal | Range, comparison: Comparison) -> bool:
    return isinstance(value, Literal) and value.is_unknown and comparison is Comparison.IS


class _Tests:
    """Gathers the comparisons of one field with one value: any of them may hold."""

    def __init__(self, field: QueryField, today: date, parameters: Parameters) -> None:
        self.field = field
        self.today = today
        self.bind = parameters.bind
        self.equal: list[str] = []
        self.tests: list[str] = []
        self.anything = False

    @property
    def subject(self) -> str:
        """The expression that is compared."""
        plain = self.field.expression
        return f"LOWER({plain})" if self._any_case else plain

    @property
    def _any_case(self) -> bool:
        f = self.field
        return f.kind is FieldKind.TEXT and not f.folded and not (f.values and f.closed)

    def add(self, value: Literal | Range, comparison: Comparison) -> None:
        """Add one written value."""
        if comparison is Comparison.IS and isinstance(value, Literal) and value.is_anything:
            self.anything = True
        elif self.field.kind in (FieldKind.NUMBER, FieldKind.DATE):
            self._add_span(value, comparison)
        else:
            literal = _plain_value(self.field, value, comparison)
            if self.field.kind is FieldKind.BOOLEAN:
                self.equal.append(self.bind(read_boolean(self.field, literal)))
            else:
                self._add_text(literal)

    def add_part(self, literal: Literal) -> None:
        """Add a text that may stand anywhere in the value."""
        self.tests.append(f"{self.subject} LIKE {self.bind(part_pattern(literal))} {_ESCAPE}")

    def _add_span(self, value: Literal | Range, comparison: Comparison) -> None:
        low, high = read_span(self.field, value, self.today)
        if comparison in (Comparison.LESS, Comparison.AT_LEAST):
            self.tests.append(f"{self.subject} {comparison.value} {self.bind(low)}")
        elif comparison in (Comparison.GREATER, Comparison.AT_MOST):
            self.tests.append(f"{self.subject} {comparison.value} {self.bind(high)}")
        elif low == high:
            self.equal.append(self.bind(low))
        else:
            bounds = [f"{self.subject} >= {self.bind(low)}"] if low is not None else []
            bounds += [f"{self.subject} <= {self.bind(high)}"] if high is not None else []
            self.tests.append(any_or_all(bounds, "AND"))

    def _add_text(self, literal: Literal) -> None:
        known = read_known(self.field, literal)
        if known:
            self.equal += [self._text_marker(value) for value in known]
        elif literal.is_pattern:
            marker = self.bind(like_pattern(literal, self.field.folded))
            self.tests.append(
                f"{self.subject} LIKE {f'LOWER({marker})' if self._any_case else marker} {_ESCAPE}"
            )
        else:
            self.equal.append(self._text_marker(literal.text))

    def _text_marker(self, text: str) -> str:
        if self._any_case:
            return f"LOWER({self.bind(text)})"
        return self.bind(fold(text) if self.field.folded else text)

    def clause(self, negated: bool, wants_unknown: bool) -> Clause:
        """Return the clause that any of the comparisons holds, or none of them where `negated`."""
        field, value = self.field, self.field.expression
        tests = [f"{self.subject} {_equal_to(self.equal)}"] if self.equal else []
        tests += self.tests
        known, unknown = (
            (f"{value} IS NOT NULL", f"{value} IS NULL") if field.can_be_unknown else ("1 = 1", NEVER)
        )
        if self.anything:
            sql = "1 = 1" if wants_unknown else known
        elif wants_unknown:
            sql = any_or_all([*tests, unknown], "OR")
        elif field.can_be_unknown:
            sql = f"({any_or_all(tests, 'OR')} AND {known})"
        else:
            sql = any_or_all(tests, "OR")
        if negated:
            return Clause(field.name, f"NOT ({sql})")
        asks_what_is_known = self.anything or wants_unknown or not field.can_be_unknown
        return Clause(field.name, sql, None if asks_what_is_known else unknown)


def _words_clause(field: QueryField, term: Term, parameters: Parameters) -> Clause:
    equal: list[str] = []
    tests: list[str] = []
    for value in term.values:
        literal = _plain_value(field, value, term.comparison)
        known = () if literal.is_anything else read_known(field, literal)
        if known:
            equal += [parameters.bind(word) for word in known]
        elif literal.is_pattern:
            marker = parameters.bind(like_pattern(literal, folded=True))
            tests.append(field.sql.replace("{match}", f"LIKE {marker} {_ESCAPE}"))
        else:
            equal.append(parameters.bind(fold(literal.text)))
    if equal:
        tests.append(field.sql.replace("{match}", _equal_to(equal)))
    sql = any_or_all([f"({test})" for test in tests], "OR")
    return Clause(field.name, f"NOT {sql}" if term.negated else sql)


def _plain_value(field: QueryField, value: Literal | Range, comparison: Comparison) -> Literal:
    """Return `value` where it asks for equality; raises UsageError where it asks for an order."""
    if isinstance(value, Literal) and comparison is Comparison.IS:
        return value
    written = "ranges" if isinstance(value, Range) else comparison.value
    raise value.place.error(
        f"{field.name} has no order, so it takes no {written}",
        f'write {field.name}:VALUE; quotes keep dots: "a..b"',
    )


def _equal_to(markers: list[str]) -> str:
    """Return the SQL comparison with one value or with any of several."""
    return f"= {markers[0]}" if len(markers) == 1 else f"IN ({', '.join(markers)})"


def any_or_all(tests: list[str], joined_by: str) -> str:
    """Join conditions by OR or AND; in parentheses where there are several."""
    return tests[0] if len(tests) == 1 else f"({f' {joined_by} '.join(tests)})"
