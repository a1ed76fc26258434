"""Asking: one question becomes one statement over a list's rows, and counts only where they are needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from partnerctl.stores.connection import translated
from partnerctl.stores.terms import Found, Question

R = TypeVar("R")


class Listing(NamedTuple):
    """The SQL of one list: the rows, the columns, the order without ``--sort`` and among ties.

    An empty order leaves the rows as they come.
    """

    tables: str
    source: str
    select: str
    order: str
    ties: tuple[str, ...]


def parameters(question: Question) -> dict[str, Any]:
    """Return the named parameters that the lists' SQL may use, besides those of the condition."""
    rules = question.rules
    return {
        "today": question.today.isoformat(),
        "soon": _shift(question.today, rules.expiring_soon_days),
        "inactive": _shift(question.today, -rules.inactive_after_days),
        "customer": question.customer,
        "as_of": question.as_of.isoformat() if question.as_of else None,
        **question.where.params,
    }


def _shift(day: date, days: int) -> str:
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return "9999-12-31" if days > 0 else "0001-01-01"


def ask(
    connection: sqlite3.Connection,
    listing: Listing,
    question: Question,
    record: Callable[[tuple[Any, ...]], R],
    more: Mapping[str, Any] | None = None,
) -> Found[R]:
    """Return what the list holds for the question; the records are read as they are taken.

    `more` are named parameters that the list's own SQL uses.
    """
    given = {**parameters(question), **(more or {})}
    where = question.where.sql
    order = _order(listing, question)
    statement = f"WITH {listing.tables} SELECT {listing.select} FROM {listing.source} WHERE {where}"
    if order:
        statement += f" ORDER BY {order}"
    total = None
    if question.limit is not None:
        total = count(connection, listing, where, given)
        statement += " LIMIT :row_limit"
        given["row_limit"] = question.limit
    left_out = 0
    if question.where.unknown_fields:
        left_out = count(connection, listing, question.where.unknown_sql, given)
    return Found(stream(connection, statement, given, record), total, left_out)


def _order(listing: Listing, question: Question) -> str:
    if not question.sort:  # the query language is not loaded for a plain list
        return listing.order
    from partnerctl.queries.sorting import order_by_sql

    return order_by_sql(question.sort, listing.ties)


def stream(
    connection: sqlite3.Connection,
    statement: str,
    given: dict[str, Any],
    record: Callable[[tuple[Any, ...]], R],
) -> Iterator[R]:
    """Run a statement at once and return its rows as records, read as they are taken."""
    with translated(None):
        rows = connection.execute(statement, given)
    return _records(rows, record)


def _records(rows: sqlite3.Cursor, record: Callable[[tuple[Any, ...]], R]) -> Iterator[R]:
    with translated(None):
        yield from map(record, rows)


def count(connection: sqlite3.Connection, listing: Listing, where: str, given: dict[str, Any]) -> int:
    """Return how many rows of a list meet a condition."""
    with translated(None):
        row = connection.execute(
            f"WITH {listing.tables} SELECT COUNT(*) FROM {listing.source} WHERE {where}", given
        ).fetchone()
    found: int = row[0]
    return found
