"""The score of urgency: a sum of terms, and nobody ranks lower for being worse off in one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.urgency import Counted, Ending, Low, Need
from partnerctl.domain.urgency_rules import UrgencyRules

TODAY = date(2026, 11, 23)
RULES = UrgencyRules()
TYPICAL = Fraction(3, 4)


def ending(days_left: int, assigned: int | None = 0, kind: str = "subscription") -> Ending:
    return Ending(kind, days_left, assigned, TODAY)


def low(assigned: int, total: int = 100) -> Low:
    return Low("calling", total, assigned, TYPICAL / 2, TYPICAL, TODAY)


def counted(count: int) -> Counted:
    return Counted(count, TODAY)


Needs = st.builds(
    Need,
    suspended=st.lists(st.builds(counted, st.just(1)), max_size=2),
    ending=st.lists(st.builds(ending, st.integers(0, 30), st.integers(0, 500)), max_size=3),
    over_limit=st.lists(st.builds(counted, st.integers(1, 500)), max_size=2),
    low=st.lists(st.builds(low, st.integers(0, 37)), max_size=2),
    unassigned=st.lists(st.builds(counted, st.integers(1, 500)), max_size=2),
    order_setup=st.lists(st.builds(counted, st.just(1)), max_size=2),
    idle_days=st.one_of(st.none(), st.integers(91, 2000)),
    today=st.just(TODAY),
)


def test_nobody_in_need_has_no_points_and_no_reasons() -> None:
    nobody = Need()

    assert nobody.score(RULES) == 0
    assert nobody.reasons() == ()
    assert nobody.since is None


def test_each_term_gives_its_points() -> None:
    def points(need: Need) -> Fraction:
        return need.score(RULES)

    assert points(Need(suspended=[counted(1)])) == 100
    assert points(Need(ending=[ending(0)])) == 100
    assert points(Need(ending=[ending(30)])) == Fraction(100, 31)
    assert points(Need(ending=[ending(0, 50)])) == 100 + 25  # half of 50 at 50 licenses
    assert points(Need(over_limit=[counted(20)])) == 30  # half of 60 at 20 licenses
    assert points(Need(low=[low(0)])) == 30
    assert points(Need(unassigned=[counted(50)])) == 10
    assert points(Need(idle_days=91)) == 20 * Fraction(91, 181)
    assert points(Need(order_setup=[counted(1)])) == 10


@given(Needs, st.data())
def test_worse_in_one_term_never_ranks_lower(need: Need, data: st.DataObject) -> None:
    worse = data.draw(
        st.sampled_from(
            [
                replace(need, suspended=[*need.suspended, counted(1)]),
                replace(need, ending=[*need.ending, ending(data.draw(st.integers(0, 30)))]),
                replace(
                    need,
                    ending=[replace(one, days_left=max(one.days_left - 1, 0)) for one in need.ending],
                ),
                replace(need, ending=[replace(one, assigned=(one.assigned or 0) + 1) for one in need.ending]),
                replace(need, over_limit=[replace(one, count=one.count + 1) for one in need.over_limit]),
                replace(need, low=[replace(one, assigned=max(one.assigned - 1, 0)) for one in need.low]),
                # the last license is taken back: low as before, and now none is assigned
                replace(need, low=[low(0), *need.low], unassigned=[*need.unassigned, counted(100)]),
                replace(need, unassigned=[replace(one, count=one.count + 1) for one in need.unassigned]),
                replace(need, idle_days=None if need.idle_days is None else need.idle_days + 1),
                replace(need, order_setup=[*need.order_setup, counted(1)]),
            ]
        )
    )

    assert worse.score(RULES) >= need.score(RULES)


@given(Needs)
def test_the_score_is_within_the_points_that_there_are(need: Need) -> None:
    assert 0 <= need.score(RULES) <= sum(RULES) - RULES.ending_days


def test_the_reasons_are_sentences() -> None:
    need = Need(
        suspended=[counted(1), counted(1)],
        ending=[ending(1, 40, "trial"), ending(3)],
        over_limit=[counted(1)],
        low=[low(9), low(20)],
        unassigned=[counted(12)],
        idle_days=120,
        order_setup=[counted(1)],
        today=TODAY,
    )

    assert [one.text for one in need.reasons()] == [
        "2 subscriptions are suspended",
        "trial ends tomorrow with 40 licenses assigned; 1 more soon after",
        "1 license over the limit",
        "assigned 9 % of Calling where the typical customer assigns 75 %, and 1 more such",
        "12 licenses bought, none of them assigned",
        "no administrator signed in for 120 days",
        "1 subscription is not fully set up",
    ]


def test_what_ends_without_known_figures_says_no_more() -> None:
    assert [one.text for one in Need(ending=[ending(0, None)]).reasons()] == ["ends today"]


def test_since_is_the_first_day_of_the_oldest_reason() -> None:
    need = Need(
        ending=[Ending("trial", 3, 1, date(2026, 11, 1))],
        over_limit=[Counted(3, date(2026, 10, 1))],
        idle_days=100,
        today=TODAY,
    )

    assert need.since == date(2026, 10, 1)
    assert replace(need, over_limit=()).since == date(2026, 11, 1)
    assert Need(idle_days=100, today=TODAY).since == date(2026, 11, 14)  # the 91st day without a sign-in
