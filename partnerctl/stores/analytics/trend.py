"""License figures of many days at once, summed over what ran on each (PH-K2; ``kpis.md``, trend).

Every version of a license row counts on the days from its own first to its last, cut to those on which its
subscription ran. The engine adds up what counts on the same days; the days themselves are told apart here.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from partnerctl.domain.products import FAMILIES
from partnerctl.domain.units import days_from
from partnerctl.queries.condition import EVERYTHING
from partnerctl.stores.asking import Listing, count, parameters
from partnerctl.stores.connection import translated
from partnerctl.stores.dialect import LISTED, listed, literals
from partnerctl.stores.purchases import customers_if_asked
from partnerctl.stores.subscription_sql import subscription_rows
from partnerctl.stores.terms import Question

TREND_MEASURES = ("total", "assigned", "used_7d", "used_ever")
"""The figures of a day, in order."""

_BETWEEN = "|"
_EVER = "~"  # later than every day, as the empty text is earlier


class DayFigures(NamedTuple):
    """What ran on one day: sums, None where a term is unknown, and how many customers it belonged to."""

    day: date
    figures: tuple[int | None, int | None, int | None, int | None]
    customers: int


class Trend(NamedTuple):
    """The days asked for, from the first figure on; `left_out` subscriptions miss a value that was asked.

    `old` are the days before which no figure had been taken for longer than was asked.
    """

    days: tuple[DayFigures, ...]
    old: tuple[date, ...]
    left_out: int


def trend(
    connection: sqlite3.Connection,
    question: Question,
    families: Sequence[str],
    days: Sequence[date],
    old_after: int,
) -> Trend:
    """Return the figures of each day, as files of that day and before say them.

    The question's condition chooses subscriptions by what is known on the question's own day. `old_after`
    is in days.
    """
    products = tuple(product for family in families for product in FAMILIES[family])
    with translated(None):
        known = _known(connection, products, days)
        found = tuple(_Reader(connection, question, products, known).read()) if known else ()
        old = tuple(_old(connection, products, known, old_after))
    left_out = 0
    if question.where.unknown_fields:
        listing = Listing(_subscriptions(question), "subscription_rows s", "", "", ())
        left_out = count(connection, listing, question.where.unknown_sql, parameters(question))
    return Trend(found, old, left_out)


def _known(connection: sqlite3.Connection, products: tuple[str, ...], days: Sequence[date]) -> list[date]:
    """Return the days on which some figure was known."""
    of_family = f"product IN ({literals(products)})"
    first = connection.execute(f"SELECT MIN(first_seen) FROM licenses WHERE {of_family}").fetchone()[0]
    standing = f"FROM licenses_versions WHERE {of_family} AND ended = 0"
    if (
        first is None
        or not connection.execute(
            f"SELECT 1 {standing} AND valid_from = :first LIMIT 1", {"first": first}
        ).fetchone()
    ):  # what was said first was that there are none: look for the first figure, which takes longer
        first = connection.execute(f"SELECT MIN(valid_from) {standing}").fetchone()[0]
    return [day for day in days if first is not None and day.isoformat() >= first]


def _old(
    connection: sqlite3.Connection, products: tuple[str, ...], days: Sequence[date], old_after: int
) -> Iterator[date]:
    """Yield the days on which the newest figures were old; found at once where there is a fresh one."""
    statement = (
        f"SELECT 1 FROM licenses_observed WHERE product IN ({literals(products)}) AND ended = 0"
        " AND day >= :since AND day <= :day LIMIT 1"
    )
    for day in days:
        given = {"since": days_from(day, -old_after).isoformat(), "day": day.isoformat()}
        if connection.execute(statement, given).fetchone() is None:
            yield day


def _subscriptions(question: Question) -> str:
    return subscription_rows(question.as_of is not None) + customers_if_asked(question)


class _Reader:
    """Reads the figures of some days, over one connection."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        question: Question,
        products: tuple[str, ...],
        days: Sequence[date],
    ) -> None:
        self.connection = connection
        self.products = products
        self.days = days
        self.words = [day.isoformat() for day in days]
        self.given = {**parameters(question), "first": self.words[0], "last": self.words[-1]}
        self.chosen = ""
        self.tables = ""
        if question.where != EVERYTHING:
            self.tables = f"{_subscriptions(question)}, chosen AS (SELECT s.subscription_id AS id"
            self.tables += f" FROM subscription_rows s WHERE {question.where.sql}), "
            self.chosen = " AND s.subscription_id IN (SELECT id FROM chosen)"

    def read(self) -> Iterator[DayFigures]:
        """Yield the figures of each day."""
        sums = [[0] * len(TREND_MEASURES) for _ in self.days]
        unknown = [[0] * len(TREND_MEASURES) for _ in self.days]
        for row in self._execute(self._summed()):
            for at in self._span(*row[0].split(_BETWEEN)):
                for measure in range(len(TREND_MEASURES)):
                    sums[at][measure] += row[1 + 2 * measure] or 0
                    unknown[at][measure] += row[2 + 2 * measure]
        customers = self._customers()
        for at, day in enumerate(self.days):
            known = (None if n else s for s, n in zip(sums[at], unknown[at], strict=True))
            total, assigned, used_7d, used_ever = known
            yield DayFigures(day, (total, assigned, used_7d, used_ever), len(customers[at]))

    def _span(self, start: str, end: str, runs_from: str, known_until: str, runs_until: str) -> range:
        """Return the positions of the days that lie in a version, and on which its subscription ran."""
        first = bisect_left(self.words, max(start, runs_from))
        last = min(
            bisect_left(self.words, end),
            bisect_left(self.words, known_until),
            bisect_right(self.words, runs_until),
        )
        return range(first, last)

    def _customers(self) -> list[set[str]]:
        """Return, per day, the customers of the units that ran.

        Where every row of a subscription stands from its first day on, that day says it all.
        """
        found: list[set[str]] = [set() for _ in self.days]
        broken = []
        for org_id, subscription_id, ends, start, *runs in self._execute(self._first_days()):
            if ends:
                broken.append(subscription_id)
            else:
                self._add(found, org_id, start, _EVER, *runs)
        if broken:
            self.given["listed"] = listed(broken)
            for org_id, *span in self._execute(self._standing()):
                self._add(found, org_id, *span)
        return found

    def _add(self, found: list[set[str]], org_id: str, *span: str) -> None:
        for at in self._span(*span):
            found[at].add(org_id)

    def _execute(self, statement: str) -> Iterable[tuple[Any, ...]]:
        return self.connection.execute(f"WITH {self.tables}{self._ran()} {statement}", self.given)

    def _ran(self) -> str:
        """Return the versions of subscriptions that may run on one of the days; what lies outside is cut."""
        begins = "CASE WHEN s.start_date > s.valid_from THEN s.start_date ELSE s.valid_from END"
        return (
            f"ran AS (SELECT s.subscription_id, s.org_id, s.valid_from,"
            f" CASE WHEN {begins} <= :first THEN '' ELSE {begins} END AS runs_from,"
            f" CASE WHEN s.valid_to > :last THEN '{_EVER}' ELSE s.valid_to END AS known_until,"
            f" CASE WHEN s.end_date < :last THEN s.end_date ELSE '{_EVER}' END AS runs_until"
            " FROM subscriptions_versions s WHERE s.status = 'active' AND s.org_id IS NOT NULL"
            " AND s.valid_from <= :last AND s.valid_to > :first"
            " AND (s.end_date IS NULL OR s.end_date >= :first)"
            f" AND (s.start_date IS NULL OR s.start_date <= :last){self.chosen})"
        )

    def _summed(self) -> str:
        sums = ", ".join(f"SUM({m}), COUNT(*) - COUNT({m})" for m in TREND_MEASURES)
        # as one text: what is sorted to be grouped is small, and stays in memory
        span = f" || '{_BETWEEN}' || ".join(("begins", "ends", "runs_from", "known_until", "runs_until"))
        both = f"{self._bought()} UNION ALL {self._empty_beside_bought()}"
        return f"SELECT {span} AS span, {sums} FROM ({both}) x GROUP BY span"

    def _bought(self) -> str:
        """Return the rows that make a unit by themselves: some licenses are bought or assigned."""
        return (
            f"SELECT {_cut('v.valid_from', 'v.valid_to')}, {_RUNS}, {_FIGURES}"
            f" {self._rows()} AND v.ended = 0 AND {_has_licenses('v')}"
        )

    def _empty_beside_bought(self) -> str:
        """Return rows without licenses, on the days when another row of their family has some."""
        begins = "CASE WHEN o.valid_from > v.valid_from THEN o.valid_from ELSE v.valid_from END"
        ends = "CASE WHEN o.valid_to < v.valid_to THEN o.valid_to ELSE v.valid_to END"
        families = [literals(family) for family in FAMILIES.values() if len(family) > 1]
        same = " OR ".join(f"(v.product IN ({one}) AND o.product IN ({one}))" for one in families)
        joined = (
            " JOIN licenses_versions o ON o.subscription_id = v.subscription_id AND o.product != v.product"
            f" AND ({same}) AND o.valid_from < v.valid_to AND o.valid_to > v.valid_from"
        )
        return (
            f"SELECT {_cut(begins, ends)}, {_RUNS}, {_FIGURES} {self._rows(joined)}"
            f" AND v.ended = 0 AND NOT COALESCE({_has_licenses('v')}, 0)"
            f" AND o.ended = 0 AND {_has_licenses('o')}"
        )

    def _first_days(self) -> str:
        lacks = f"CASE WHEN v.ended = 0 AND {_has_licenses('v')} THEN 0 ELSE 1 END"
        return (
            f"SELECT s.org_id, s.subscription_id, MAX({lacks}), MIN(v.valid_from), MIN(s.runs_from),"
            f" MIN(s.known_until), MIN(s.runs_until) {self._rows()}"
            " GROUP BY s.org_id, s.subscription_id, s.valid_from"
        )

    def _standing(self) -> str:
        return (
            f"SELECT s.org_id, v.valid_from, v.valid_to, {_RUNS} {self._rows()}"
            f" AND v.ended = 0 AND {_has_licenses('v')} AND s.subscription_id IN {LISTED}"
        )

    def _rows(self, joined: str = "") -> str:
        # each subscription's rows lie together, so this order of the loops reads every page once
        return (
            f"FROM ran s CROSS JOIN licenses_versions v{joined} WHERE v.subscription_id = s.subscription_id"
            f" AND v.product IN ({literals(self.products)}) AND v.valid_from <= :last AND v.valid_to > :first"
        )


_RUNS = "s.runs_from, s.known_until, s.runs_until"
_FIGURES = ", ".join(f"v.{measure}" for measure in TREND_MEASURES)


def _has_licenses(row: str) -> str:
    return f"({row}.total > 0 OR {row}.assigned > 0)"


def _cut(begins: str, ends: str) -> str:
    return (
        f"CASE WHEN {begins} <= :first THEN '' ELSE {begins} END AS begins,"
        f" CASE WHEN {ends} > :last THEN '{_EVER}' ELSE {ends} END AS ends"
    )
