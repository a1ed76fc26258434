"""Reading the log of changes: of a period as it is known now, or all that was learned after some number."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from partnerctl.domain.records import Change
from partnerctl.stores.asking import Listing, ask, parameters
from partnerctl.stores.connection import translated
from partnerctl.stores.feed.nouns import STEPS_PER_ROW
from partnerctl.stores.feed.sql import change_rows
from partnerctl.stores.purchases import customers_if_asked
from partnerctl.stores.rows import boolean, day, instant
from partnerctl.stores.terms import ChangeSpan, Found, Question

# A customer that was merged into another is not there, and never was (``customers list --as-of``).
_PERIOD = (
    "r.stands != 0 AND r.day >= :since AND r.day <= :until AND NOT EXISTS ("
    "SELECT 1 FROM customers m WHERE m.org_id = r.org_id AND m.merged_into IS NOT NULL)"
)
_FEED = f"r.seq >= :after / {STEPS_PER_ROW} AND r.seq * {STEPS_PER_ROW} + f.bit > :after AND r.seq <= :newest"
_SELECT = (
    "s.seq, s.day, s.learned_at, s.customer, s.org_id, s.subscription_id, s.kind, s.field, s.before, s.after,"
    " s.holds"
)
_BY_DAY = (
    "s.day, s.customer IS NULL, s.customer, s.org_id, s.subscription_id IS NOT NULL, s.subscription_id,"
    " s.row_seq, s.bit"
)
_BY_SEQ = "s.row_seq, s.bit"


def _listing(question: Question, span: ChangeSpan) -> Listing:
    rows = change_rows("stands", _PERIOD) if span.after is None else change_rows("told", _FEED)
    order = _BY_DAY if span.after is None else _BY_SEQ
    ties = tuple(order.split(", "))
    return Listing(rows + customers_if_asked(question), "change_rows s", _SELECT, order, ties)


def changes(connection: sqlite3.Connection, question: Question, span: ChangeSpan) -> Found[Change]:
    """Return the changes of a period by day, or those learned after a number in the order of learning."""
    return ask(connection, _listing(question, span), question, _change, _given(span))


def change_counts(connection: sqlite3.Connection, question: Question, span: ChangeSpan) -> dict[str, int]:
    """Return how many changes there are of each kind, whatever the question's limit."""
    listing = _listing(question, span)
    with translated(None):
        return dict(
            connection.execute(
                f"WITH {listing.tables} SELECT s.kind, COUNT(*) FROM {listing.source}"
                f" WHERE {question.where.sql} GROUP BY s.kind",
                {**parameters(question), **_given(span)},
            )
        )


def last_change(connection: sqlite3.Connection, question: Question, span: ChangeSpan) -> int:
    """Return the number of the last change within the question's limit, of more than it holds."""
    if not question.limit:
        return span.after or 0
    listing = _listing(question, span)
    with translated(None):
        found = connection.execute(
            f"WITH {listing.tables} SELECT s.seq FROM {listing.source} WHERE {question.where.sql}"
            f" ORDER BY {listing.order} LIMIT 1 OFFSET :before",
            {**parameters(question), **_given(span), "before": question.limit - 1},
        ).fetchone()
    return int(found[0])


def newest_change(connection: sqlite3.Connection) -> int:
    """Return a number that no change goes beyond; 0 where nothing was learned yet."""
    with translated(None):
        found = connection.execute("SELECT MAX(seq) FROM changes").fetchone()[0]
    return 0 if found is None else int(found) * STEPS_PER_ROW + STEPS_PER_ROW - 1


def _given(span: ChangeSpan) -> dict[str, Any]:
    return {
        "since": span.since.isoformat() if span.since else None,
        "until": span.until.isoformat() if span.until else None,
        "after": span.after,
        "newest": None if span.newest is None else span.newest // STEPS_PER_ROW,
    }


def _change(row: tuple[Any, ...]) -> Change:
    read = _READ.get(row[10])
    before, after = (row[8], row[9]) if read is None else (read(row[8]), read(row[9]))
    values: list[Any] = [row[0], day(row[1]), _instant(row[2]), *row[3:8], before, after]
    return Change(*values)


def _list(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(json.loads(text))


_READ: dict[str, Any] = {"boolean": boolean, "list": _list}
_instants: dict[str, datetime | None] = {}


def _instant(text: str) -> datetime | None:
    """Return the instant of a run; there are few different ones."""
    if text not in _instants:
        _instants[text] = instant(text)
    return _instants[text]
