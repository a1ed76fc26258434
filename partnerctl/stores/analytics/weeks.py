"""License figures a week apart (``kpis.md``, weekly change of assignment)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Any

from partnerctl.domain.products import FAMILY_OF
from partnerctl.domain.units import WeeklyChange, days_from, sum_of
from partnerctl.stores.connection import translated
from partnerctl.stores.dialect import LISTED, listed, literals
from partnerctl.stores.sources import states_of

_COLUMNS = "l.subscription_id, l.product, l.assigned, l.used_7d"
_WANTED = f"l.subscription_id IN {LISTED} AND l.product IN ({literals(FAMILY_OF)}) AND l.ended = 0"

Key = tuple[str, str]
Figures = dict[str, tuple[int | None, int | None]]
"""By product: assigned, used_7d."""


def weekly_changes(
    connection: sqlite3.Connection, subscriptions: Iterable[str], today: date, as_of: date | None
) -> dict[Key, WeeklyChange]:
    """Return how the figures of units changed within the week that ends on `today`.

    By subscription id and family; a unit of which nothing can be told is not there.
    """
    given = {
        "listed": listed(subscriptions),
        "today": today.isoformat(),
        "as_of": as_of.isoformat() if as_of else None,
        "week_ago": days_from(today, -7).isoformat(),
    }
    with translated(None):
        fresh = {row[0] for row in connection.execute(_FRESH, given)}
        now = _figures(connection, f"{states_of('licenses', as_of is not None)} l", "", given)
        then = _figures(connection, "licenses_versions l", _THEN, given)
    return {
        key: WeeklyChange(*(_difference(now[key], then[key], measure) for measure in (0, 1)))
        for key in now.keys() & then.keys()
        if key[0] in fresh and now[key].keys() == then[key].keys()
    }


_FRESH = (
    "SELECT DISTINCT l.subscription_id FROM licenses_observed l"
    f" WHERE l.subscription_id IN {LISTED} AND l.day > :week_ago AND l.day <= :today AND l.ended = 0"
)
_THEN = " AND l.valid_from <= :week_ago AND l.valid_to > :week_ago"


def _figures(
    connection: sqlite3.Connection, source: str, when: str, given: dict[str, Any]
) -> dict[Key, Figures]:
    found: dict[Key, Figures] = {}
    for subscription_id, product, assigned, used_7d in connection.execute(
        f"SELECT {_COLUMNS} FROM {source} WHERE {_WANTED}{when}", given
    ):
        key = subscription_id, FAMILY_OF[product]
        found.setdefault(key, {})[product] = (assigned, used_7d)
    return found


def _difference(now: Figures, then: Figures, measure: int) -> int | None:
    after = sum_of(figures[measure] for figures in now.values())
    before = sum_of(figures[measure] for figures in then.values())
    return None if after is None or before is None else after - before
