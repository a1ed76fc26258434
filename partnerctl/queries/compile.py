"""A query's tree -> one SQL condition with bound parameters, for SQLite and PostgreSQL alike.

Unknown values (``cli.md``, QUERY): a comparison with one is false, a negation keeps it. A row is *left
out as unknown* where the condition is false, and would be true if every unknown value that a comparison
met had matched: such rows are worth a note. Rows that a known value leaves out are not among them, nor
are rows about which the query itself asks (``region:unknown``, ``region:*``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from partnerctl.queries.clauses import Clause, Parameters, any_or_all, clause_of
from partnerctl.queries.condition import EVERYTHING, Condition
from partnerctl.queries.fields import FieldTable
from partnerctl.queries.tree import Query

__all__ = ["EVERYTHING", "Condition", "all_of", "compile_query"]

_MARKER = re.compile(r":q([0-9]+)\b")


def compile_query(query: Query, table: FieldTable, today: date) -> Condition:
    """Return the condition of `query` over the fields of `table`, with the words of days as of `today`.

    Raises UsageError, pointing at the place, for an unknown field or a bad value.
    """
    parameters = Parameters()
    clauses = [clause_of(term, table, today, parameters) for term in query.terms]
    if not clauses:
        return EVERYTHING
    unknown = [clause.field for clause in clauses if clause.unknown_sql]
    return Condition(
        any_or_all([clause.sql for clause in clauses], "AND"),
        parameters.values,
        any_or_all([_possible(clause) for clause in clauses], "AND") if unknown else None,
        _distinct(unknown),
    )


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that holds where each of `conditions` does; parameters are renumbered."""
    kept = [condition for condition in conditions if condition != EVERYTHING]
    if len(kept) < 2:
        return kept[0] if kept else EVERYTHING
    params: dict[str, object] = {}
    sql: list[str] = []
    possible: list[str] = []
    for condition in kept:
        offset = len(params)
        params.update({f"q{int(name[1:]) + offset}": value for name, value in condition.params.items()})
        sql.append(f"({_shifted(condition.sql, offset)})")
        possible.append(f"({_shifted(condition.possible_sql or condition.sql, offset)})")
    unknown = [name for condition in kept for name in condition.unknown_fields]
    return Condition(
        any_or_all(sql, "AND"), params, any_or_all(possible, "AND") if unknown else None, _distinct(unknown)
    )


def _possible(clause: Clause) -> str:
    return f"({clause.sql} OR {clause.unknown_sql})" if clause.unknown_sql else clause.sql


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _shifted(sql: str, offset: int) -> str:
    return _MARKER.sub(lambda marker: f":q{int(marker[1]) + offset}", sql)
