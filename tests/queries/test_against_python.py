"""Compiled conditions against a slow, obvious evaluation of the same queries in Python.

A query is made as a list of wishes; each is written as text for the parser, and judged by Python row by
row: True, False, or None where the row's value is unknown.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from partnerctl.queries.compile import all_of, compile_query
from partnerctl.queries.parser import parse
from tests.queries.customers import CUSTOMERS, STATUSES, TODAY, Row, Rows

Judge = Callable[[Row], bool | None]


@dataclass(frozen=True)
class Wish:
    """One term: how it is written, and what it says of a row."""

    text: str
    judge: Judge
    negated: bool = False

    def keeps(self, row: Row, unknown: bool) -> bool:
        """Return whether the row stays, where an unknown comparison counts as `unknown`."""
        verdict = self.judge(row)
        if self.negated:
            return verdict is not True
        return unknown if verdict is None else verdict


def plain(text: str) -> str:
    """Fold a text of these tests: small letters without marks."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def known(attribute: str, test: Callable[[Any], bool]) -> Judge:
    """Judge a row by one value, None where it is unknown."""

    def judge(row: Row) -> bool | None:
        value = getattr(row, attribute)
        return None if value is None else test(value)

    return judge


def any_judge(judges: list[Judge]) -> Judge:
    """Judge by several: one True is enough; one unknown makes the rest unknown."""

    def judge(row: Row) -> bool | None:
        verdicts = [j(row) for j in judges]
        return True if True in verdicts else None if None in verdicts else False

    return judge


def lives_in(code: str) -> Judge:
    """Judge by the region."""
    return known("region", lambda region: region == code.upper())


NAMES = ["Acme", "Açaí", "acme 100%", "a_b", "x!", "Zé *", "ÅB"]
DAYS = st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=70))
SEATS = st.integers(0, 6)
TAGS = ["vip", "VIP", "Açaí", "a_b", "a*b", "x"]

ROWS = st.builds(
    Row,
    name=st.sampled_from(NAMES),
    region=st.sampled_from(["US", "EU", None]),
    seats=SEATS | st.none(),
    end=DAYS | st.none(),
    auto_renew=st.booleans() | st.none(),
    statuses=st.lists(st.sampled_from(STATUSES[:3]), unique=True, max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(TAGS), max_size=2).map(tuple),
)


def quoted(text: str) -> str:
    """Write a value in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def spans(draw: st.DrawFn, attribute: str, field: str, ends: st.SearchStrategy[Any]) -> Wish:
    """A number or a day: one value, a range, or a comparison."""
    low, high = sorted((draw(ends), draw(ends)))
    return draw(
        st.sampled_from(
            [
                Wish(f"{field}:{low}", known(attribute, lambda v: v == low)),
                Wish(f"{field}:{low},{high}", known(attribute, lambda v: v in (low, high))),
                Wish(f"{field}:{low}..{high}", known(attribute, lambda v: low <= v <= high)),
                Wish(f"{field}:{low}..", known(attribute, lambda v: v >= low)),
                Wish(f"{field}:..{high}", known(attribute, lambda v: v <= high)),
                Wish(f"{field}>{low}", known(attribute, lambda v: v > low)),
                Wish(f"{field} >= {low}", known(attribute, lambda v: v >= low)),
                Wish(f"{field}<{low}", known(attribute, lambda v: v < low)),
                Wish(f"{field}<={low}", known(attribute, lambda v: v <= low)),
                Wish(f"{field}:unknown", lambda row: getattr(row, attribute) is None),
                Wish(f"{field}:*", lambda row: getattr(row, attribute) is not None),
                Wish(
                    f"{field}:unknown,{low}..",
                    lambda row: getattr(row, attribute) is None or getattr(row, attribute) >= low,
                ),
            ]
        )
    )


RELATIVE_DAYS = st.sampled_from(
    [
        Wish("end:+5d..", known("end", lambda v: v >= date(2026, 11, 28))),
        Wish("end:next-month", known("end", lambda v: (v.year, v.month) == (2026, 12))),
        Wish("end:2026-11,2027", known("end", lambda v: (v.year, v.month) == (2026, 11) or v.year == 2027)),
        Wish("end>this-month", known("end", lambda v: v > date(2026, 11, 30))),
        Wish("end<2026-12", known("end", lambda v: v < date(2026, 12, 1))),
        Wish("end:last-week..today", known("end", lambda v: date(2026, 11, 15) <= v <= TODAY)),
    ]
)
BARE = st.sampled_from([*"aAçbx!%_*", "cme", "100%", "acme 1"]).map(
    lambda part: Wish(quoted(part), lambda row: plain(part) in plain(row.name))
)
NAMED = st.sampled_from([*NAMES, "acme 100"]).map(
    lambda name: Wish(f"name={quoted(name)}", lambda row: plain(row.name) == plain(name))
)
STARTS = st.sampled_from(["ac", "a_", "Å", "z", "acm "]).map(
    lambda start: Wish(f"names:{quoted(start)}*", lambda row: plain(row.name).startswith(plain(start)))
)
REGION = st.lists(st.sampled_from(["US", "eu", "AE"]), min_size=1, max_size=3).map(
    lambda codes: Wish(
        f"region:{','.join(codes)}",
        any_judge([lives_in(code) for code in codes]),
    )
)
RENEWS = st.sampled_from(
    [
        Wish("auto_renew:yes", known("auto_renew", bool)),
        Wish("auto_renew:0", known("auto_renew", lambda v: not v)),
    ]
)
TAGGED = st.lists(st.sampled_from(TAGS), min_size=1, max_size=3).map(
    lambda tags: Wish(
        f"tag:{','.join(quoted(tag) for tag in tags)}",
        lambda row: bool({plain(tag) for tag in tags} & {plain(tag) for tag in row.tags}),
    )
)
STATUS = st.sampled_from(STATUSES[:4]).map(
    lambda status: Wish(f"status:{status.replace('_', '-')}", lambda row: status in row.statuses)
)
POSITIVE = st.one_of(
    spans("seats", "seats", SEATS),
    spans("end", "end", DAYS),
    RELATIVE_DAYS,
    BARE,
    NAMED,
    STARTS,
    REGION,
    RENEWS,
    TAGGED,
    STATUS,
)
NEGATIVE = POSITIVE.map(lambda wish: Wish(f"-{wish.text}", wish.judge, negated=True))
WISHES = st.lists(POSITIVE | NEGATIVE, max_size=5)
LISTS = st.lists(ROWS, min_size=1, max_size=8)


def expected(wishes: list[Wish], rows: list[Row]) -> tuple[set[int], set[int]]:
    """Return the rows that stay, and those that are left out as unknown."""
    found = {n for n, row in enumerate(rows) if all(w.keeps(row, unknown=False) for w in wishes)}
    possible = {n for n, row in enumerate(rows) if all(w.keeps(row, unknown=True) for w in wishes)}
    return found, possible - found


@given(LISTS, WISHES)
@settings(max_examples=400, deadline=None)
def test_sql_and_python_agree(rows: list[Row], wishes: list[Wish]) -> None:
    compiled = compile_query(parse(" ".join(wish.text for wish in wishes)), CUSTOMERS, TODAY)
    with Rows(rows) as stored:
        assert (stored.where(compiled), stored.unknown(compiled)) == expected(wishes, rows)


@given(LISTS, WISHES)
@settings(deadline=None)
def test_conditions_combined_one_by_one_are_the_whole_query(rows: list[Row], wishes: list[Wish]) -> None:
    compiled = all_of([compile_query(parse(wish.text), CUSTOMERS, TODAY) for wish in wishes])
    with Rows(rows) as stored:
        assert (stored.where(compiled), stored.unknown(compiled)) == expected(wishes, rows)
