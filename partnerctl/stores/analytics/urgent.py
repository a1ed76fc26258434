"""What `today` asks: which subscriptions are suspended, in setup, ending or over the limit, since when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from partnerctl.domain.products import FAMILY_OF
from partnerctl.domain.units import sum_of
from partnerctl.stores.asking import parameters
from partnerctl.stores.connection import translated
from partnerctl.stores.customer_sql import RENEWS, RUNNING, SUBSCRIBED
from partnerctl.stores.dialect import LISTED, listed, literals
from partnerctl.stores.rows import day
from partnerctl.stores.sources import rows_of, states_of
from partnerctl.stores.terms import Question


class Pressing(NamedTuple):
    """One subscription with a need: `ends` and `over` say which, `status` the rest.

    `since` is the first day of its present status, `over_since` of being over the limit.
    """

    org_id: str
    subscription_id: str
    kind: str
    status: str | None
    ends: bool
    end_date: date | None
    first_seen: date
    assigned: int | None
    over: int
    since: date
    over_since: date | None


Figures = dict[str, tuple[int | None, int | None]]
"""By product: total, assigned."""


class UnitState(NamedTuple):
    """What a unit had from a day on; None is unknown."""

    day: date
    total: int | None
    assigned: int | None


def pressing(connection: sqlite3.Connection, question: Question) -> list[Pressing]:
    """Return the subscriptions of all customers that need somebody, by the question's day and rules."""
    dated = question.as_of is not None
    ends = f"({RUNNING} AND NOT COALESCE({RENEWS}, 0) AND COALESCE(s.end_date <= :soon, 0))"
    setup = f"(s.status = 'pending_setup' AND {SUBSCRIBED})"
    over = f"({RUNNING} AND s.over_limit)"
    statement = (
        f"SELECT s.org_id, s.subscription_id, COALESCE(s.kind, 'subscription'), s.status, {ends}, s.end_date,"
        f" s.first_seen, s.assigned, CASE WHEN {over} THEN {_over(dated)} ELSE 0 END,"
        f" {_SINCE}, CASE WHEN {over} THEN {_over_since(dated)} END"
        f" FROM {rows_of('subscriptions', dated)} s"
        f" WHERE s.org_id IS NOT NULL AND (s.status = 'suspended' OR {setup} OR {ends} OR {over})"
        " ORDER BY s.org_id, s.subscription_id"
    )
    with translated(None):
        return [_pressing(row) for row in connection.execute(statement, parameters(question))]


def _pressing(row: tuple[Any, ...]) -> Pressing:
    first_seen, since = day(row[6]), day(row[9])
    assert first_seen is not None
    return Pressing(
        org_id=row[0],
        subscription_id=row[1],
        kind=row[2],
        status=row[3],
        ends=row[4] != 0,
        end_date=day(row[5]),
        first_seen=first_seen,
        assigned=row[7],
        over=row[8],
        since=since or first_seen,
        over_since=day(row[10]),
    )


_SINCE = (
    "COALESCE((SELECT MAX(v.valid_to) FROM subscriptions_versions v"
    " WHERE v.subscription_id = s.subscription_id AND v.valid_from <= :today AND v.valid_to <= :today"
    " AND COALESCE(v.status, '') != COALESCE(s.status, '')), s.first_seen)"
)


def _over(dated: bool) -> str:
    return (
        f"(SELECT COALESCE(SUM(l.assigned - l.total), 0) FROM {states_of('licenses', dated)} l"
        " WHERE l.subscription_id = s.subscription_id AND l.ended = 0 AND l.assigned > l.total)"
    )


def _over_since(dated: bool) -> str:
    """Return the first day since which one of the rows that are over has been so without a break."""
    return (
        "(SELECT MIN(COALESCE((SELECT MAX(v.valid_to) FROM licenses_versions v"
        " WHERE v.subscription_id = l.subscription_id AND v.product = l.product AND v.valid_to <= :today"
        " AND NOT COALESCE(v.ended = 0 AND v.assigned > v.total, 0)),"
        " (SELECT MIN(v.valid_from) FROM licenses_versions v"
        " WHERE v.subscription_id = l.subscription_id AND v.product = l.product)))"
        f" FROM {states_of('licenses', dated)} l"
        " WHERE l.subscription_id = s.subscription_id AND l.ended = 0 AND l.assigned > l.total)"
    )


def unit_histories(
    connection: sqlite3.Connection, subscriptions: Iterable[str], today: date
) -> dict[tuple[str, str], list[UnitState]]:
    """Return what units had until `today`, oldest first, by subscription id and family."""
    given = {"listed": listed(subscriptions), "today": today.isoformat()}
    with translated(None):
        rows = connection.execute(
            "SELECT v.subscription_id, v.product, v.valid_from, v.ended, v.total, v.assigned"
            f" FROM licenses_versions v WHERE v.subscription_id IN {LISTED}"
            f" AND v.product IN ({literals(FAMILY_OF)})"
            " AND v.valid_from <= :today ORDER BY v.subscription_id, v.valid_from",
            given,
        ).fetchall()
    found: dict[tuple[str, str], list[UnitState]] = {}
    for subscription_id, versions in groupby(rows, key=lambda row: row[0]):
        standing: dict[str, Figures] = {}
        for _, product, since, ended, total, assigned in versions:
            family = FAMILY_OF[product]
            figures = standing.setdefault(family, {})
            figures.pop(product, None)
            if not ended:
                figures[product] = (total, assigned)
            states = found.setdefault((subscription_id, family), [])
            _add_state(states, date.fromisoformat(since), figures)
    return found


def _add_state(states: list[UnitState], begins: date, figures: Figures) -> None:
    if states and states[-1].day == begins:
        states.pop()
    total = sum_of(row[0] for row in figures.values())
    states.append(UnitState(begins, total, sum_of(row[1] for row in figures.values())))
