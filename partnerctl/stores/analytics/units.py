"""The units of license analytics, read from the store (``kpis.md``, unit; PH-K1 to PH-K7).

A family's rows stand side by side, one join per product, so that nothing is grouped or sorted: a sum with
an unknown term is unknown by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Any

from partnerctl.domain.products import FAMILIES
from partnerctl.domain.units import MEASURES, Brief, LicenseUnit, Scope
from partnerctl.stores.asking import Listing, ask
from partnerctl.stores.customer_sql import RENEWS, RUNNING
from partnerctl.stores.dialect import LISTED, listed
from partnerctl.stores.purchases import customers_if_asked
from partnerctl.stores.rows import boolean, day
from partnerctl.stores.sources import states_of
from partnerctl.stores.terms import Found, Question, R

_STATES = (
    "s.subscription_id, c.name AS customer, c.name_folded, s.org_id,"
    " COALESCE(s.kind, 'subscription') AS kind, s.subscription_type, s.status,"
    " s.start_date, s.first_seen, s.end_date, s.auto_renew, s.invoice, c.region, c.country, c.managed_by,"
    f" c.created_date, c.last_admin_login, COALESCE({RUNNING}, 0) AS running, COALESCE({RENEWS}, 0) AS renews"
)
_SELECT = (
    "s.customer, s.org_id, s.subscription_id, s.product, s.kind, s.status, s.region, s.start_date,"
    " s.first_seen, s.end_date, s.auto_renew, s.running, s.renews, s.total, s.assigned, s.used_7d,"
    " s.used_3m, s.used_ever"
)

_ENDS = "s.running AND COALESCE(s.end_date >= :today AND s.end_date <= :horizon, 0)"
_BRIEF = (
    f"s.org_id, s.subscription_id, s.product, s.running, {_ENDS} AND NOT s.renews, {_ENDS} AND s.renews,"
    " s.total, s.assigned"
)


def units(connection: sqlite3.Connection, question: Question, scope: Scope) -> Found[LicenseUnit]:
    """Return the units of a scope, family by family; the question's order and limit are not for them."""
    given = _given(scope)
    found = [
        ask(connection, _listing(family, question, scope, _SELECT), question, _unit, given)
        for family in scope.families
    ]
    return _together(found)


def briefs(
    connection: sqlite3.Connection, question: Question, families: Sequence[str], horizon: date
) -> Found[Brief]:
    """Return what the overview asks of every unit, in no order; `horizon` is its last day."""
    given = {"horizon": horizon.isoformat()}
    scope = Scope(running=False)
    found = [
        ask(connection, _listing(family, question, scope, _BRIEF), question, Brief._make, given)
        for family in families
    ]
    return _together(found)


def _together(found: list[Found[R]]) -> Found[R]:
    return Found(chain.from_iterable(one.records for one in found), None, sum(one.left_out for one in found))


def _listing(family: str, question: Question, scope: Scope, select: str) -> Listing:
    rows = f"unit_rows AS ({_rows(family, question.as_of is not None, scope)})"
    # in the order of the keys, in which what is bought lies beside what says so
    return Listing(rows + customers_if_asked(question), "unit_rows s", select, "s.subscription_id", ())


def _rows(family: str, as_of: bool, scope: Scope) -> str:
    """Return the SELECT of a family's units: what a query may ask of them, and their figures."""
    rows = {f"l{number}": product for number, product in enumerate(FAMILIES[family])}
    joins = "".join(
        f" LEFT JOIN {states_of('licenses', as_of)} {row} ON {row}.subscription_id = s.subscription_id"
        f" AND {row}.product = '{product}' AND {row}.ended = 0"
        for row, product in rows.items()
    )
    bought = " OR ".join(f"{row}.total > 0 OR {row}.assigned > 0" for row in rows)
    figures = {measure: _sum(tuple(rows), measure) for measure in MEASURES}
    narrow = "".join(f" AND {condition}" for condition in _conditions(scope, figures))
    sums = ", ".join(f"{sql} AS {measure}" for measure, sql in figures.items())
    return (
        f"SELECT {_STATES}, '{family}' AS product, {sums}"
        f" FROM {states_of('subscriptions', as_of)} s"
        # a LEFT join, which costs nothing where nobody asks for the customer
        f" LEFT JOIN {states_of('customers', as_of)} c ON c.org_id = s.org_id{joins}"
        f" WHERE s.org_id IS NOT NULL AND ({bought}){narrow}"
    )


def _sum(rows: tuple[str, ...], measure: str) -> str:
    """Return the sum over the rows that stand, unknown where one of them does not tell the measure."""
    if len(rows) == 1:
        return f"{rows[0]}.{measure}"
    terms = (f"CASE WHEN {row}.product IS NULL THEN 0 ELSE {row}.{measure} END" for row in rows)
    return f"({' + '.join(terms)})"


def _conditions(scope: Scope, figures: dict[str, str]) -> list[str]:
    found = [RUNNING] if scope.running else []
    if scope.active:
        found.append("s.status = 'active'")
    if scope.renews is not None:
        found.append(f"{'' if scope.renews else 'NOT '}COALESCE({RENEWS}, 0)")
    if scope.ends is not None:
        found.append("s.end_date >= :ends_from AND s.end_date <= :ends_to")
    if scope.added is not None:
        added = "COALESCE(s.start_date, s.first_seen)"
        found.append(f"{added} >= :added_from AND {added} <= :added_to")
    if scope.unassigned:
        found.append(f"{figures['total']} > 0 AND {figures['assigned']} = 0")
    if scope.over_limit:
        found.append(f"{figures['assigned']} > {figures['total']}")
    if scope.only is not None:
        found.append(f"s.subscription_id IN {LISTED}")
    return found


def _given(scope: Scope) -> dict[str, str]:
    spans = {"ends": scope.ends, "added": scope.added}
    given = {} if scope.only is None else {"listed": listed(scope.only)}
    return given | {
        f"{name}_{end}": span[at].isoformat()
        for name, span in spans.items()
        if span is not None
        for at, end in enumerate(("from", "to"))
    }


def _unit(row: tuple[Any, ...]) -> LicenseUnit:
    first_seen = day(row[8])
    assert first_seen is not None
    return LicenseUnit(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        day(row[7]),
        first_seen,
        day(row[9]),
        boolean(row[10]),
        row[11] != 0,
        row[12] != 0,
        row[13],
        row[14],
        row[15],
        row[16],
        row[17],
    )
