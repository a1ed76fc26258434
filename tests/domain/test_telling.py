"""What the log of changes gains: one thing at a time, small enough to follow by eye."""

from __future__ import annotations

from typing import Any

from partnerctl.domain.courses import administrator_course, presence_course, tag_courses
from partnerctl.domain.members import address_members, tag_members
from partnerctl.domain.telling import FIRST, GONE, NEW, Course, Entry, Manner, State, retell

THING = Manner(2, announced=True)
FIGURES = Manner(2, first=(0,))
LIST = Manner(1, nothing=([],))


def course(**days: Any) -> Course:
    """Return the course that held these values from these days on: ``d1=("a", 1)``."""
    return Course([State(day, values) for day, values in days.items()])


def logged(manner: Manner, *histories: Course) -> list[Entry]:
    """Return the log of a thing whose history turned out to be first one, then the next."""
    log: list[Entry] = []
    for history in histories:
        retold = retell(manner, history, log)
        log = [
            Entry(e.seq, e.day, e.told, 0 if e.seq in retold.withdrawn else e.stands, e.before, e.after)
            for e in log
        ]
        for entry in retold.added:
            log.append(Entry(len(log), entry.day, entry.told, entry.stands, entry.before, entry.after))
    return log


def short(log: list[Entry]) -> list[tuple[Any, ...]]:
    return [(e.day, e.told, e.stands, e.before, e.after) for e in log]


def test_a_new_thing_is_one_record_and_its_changes_are_one_each() -> None:
    assert short(logged(THING, course(d1=("a", 1), d3=("a", 2)))) == [
        ("d1", NEW, NEW, None, ("a", 1)),
        ("d3", 2, 2, ("a", 1), ("a", 2)),
    ]


def test_a_new_row_of_figures_tells_the_first_of_them() -> None:
    assert short(logged(FIGURES, course(d1=(10, 5)))) == [("d1", NEW | 1, NEW | 1, None, (10, 5))]


def test_a_late_file_tells_its_day_and_withdraws_what_follows_without_telling_it_again() -> None:
    log = logged(THING, course(d1=("a", 1), d5=("a", 2)), course(d1=("a", 1), d3=("a", 3), d5=("a", 2)))

    assert short(log)[1:] == [
        ("d5", 2, 0, ("a", 1), ("a", 2)),
        ("d3", 2, 2, ("a", 1), ("a", 3)),
        ("d5", 0, 2, ("a", 3), ("a", 2)),
    ]


def test_what_is_taken_back_is_told_by_what_holds_instead() -> None:
    log = logged(THING, course(d1=("a", 1), d3=("b", 1)), course(d1=("a", 1)))

    assert short(log)[1:] == [("d3", 1, 0, ("a", 1), ("b", 1)), ("d3", 1, 0, ("b", 1), ("a", 1))]


def test_a_first_day_that_moves_is_told_with_the_fields_that_were_other_then() -> None:
    log = logged(THING, course(d3=("a", 1)), course(d1=("a", 2), d3=("a", 1)))

    assert short(log)[1:] == [
        ("d1", FIRST, 0, ("d3",), ("d1",)),
        ("d1", 2, NEW, None, ("a", 2)),
        ("d3", 0, 2, ("a", 2), ("a", 1)),
    ]


def test_a_thing_that_was_never_known_is_gone_and_may_be_new_again() -> None:
    log = logged(THING, course(d1=("a", 1)), Course(), course(d2=("a", 1)))

    assert short(log) == [
        ("d1", NEW, 0, None, ("a", 1)),
        ("d1", GONE, 0, ("a", 1), None),
        ("d2", NEW, NEW, None, ("a", 1)),
    ]


def test_a_value_that_comes_back_is_told_again_and_one_that_stays_is_not() -> None:
    there, away = course(d1=("a", 1), d3=("a", 2)), course(d1=("a", 1))

    told = [(e.day, e.told, e.after) for e in logged(THING, there, away, there, there)]

    assert told == [("d1", NEW, ("a", 1)), ("d3", 2, ("a", 2)), ("d3", 2, ("a", 1)), ("d3", 2, ("a", 2))]


def test_the_end_of_a_history_is_enough_where_only_that_differs() -> None:
    log = logged(FIGURES, course(d1=(1, 1), d5=(2, 2)))[1:]

    retold = retell(FIGURES, Course([State("d5", (2, 3))], earlier=(1, 1)), log)

    assert retold.withdrawn == (1,)
    assert short(list(retold.added)) == [("d5", 2, 3, (1, 1), (2, 3))]


def test_a_list_is_never_new() -> None:
    found = tag_courses(
        [
            State("d1", (tag_members([("", "gold"), ("S1", "a")]),)),
            State("d2", (tag_members([("S1", "b"), ("S1", "a")]),)),
        ]
    )

    assert short(logged(LIST, found[""])) == [
        ("d1", 1, 1, ([],), (["gold"],)),
        ("d2", 1, 1, (["gold"],), ([],)),
    ]
    assert [state.values for state in found["S1"].states] == [(["a"],), (["a", "b"],)]


def test_administrators_that_nobody_named_are_none() -> None:
    sets = [State("d1", (None,)), State("d2", (address_members(["bo@acme.example"]),))]

    assert administrator_course(sets).states == [State("d2", (["bo@acme.example"],))]


def test_a_customer_is_gone_while_all_it_has_is_absent() -> None:
    spans = [
        ("d2", "d4", False),
        ("d4", "d9", True),
        ("d1", "d3", True),
        ("d3", "d6", False),
        ("d6", "d9", True),
    ]

    assert presence_course(spans).states == [State("d6", (1,))]
    assert presence_course([*spans, ("d8", "d9", False)]).states == [State("d6", (1,)), State("d8", (0,))]
    assert presence_course([("d1", "d9", True)]).states == []
