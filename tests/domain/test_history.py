"""The fold: what observations of one thing, in the order of their days, amount to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.history import Closing, Observation, Value, Version, fold

NAME, STATUS = 0b01, 0b10
BOTH = NAME | STATUS


def seen(day: int, spoken: int, name: Value = None, status: Value = None) -> Observation:
    return Observation(f"2026-11-{day:02}", spoken, (name, status))


def versions(
    *observations: Observation, carries: bool = True, closing: Closing | None = None
) -> list[Version]:
    return list(fold(observations, carries=carries, closing=closing).versions)


def test_nothing_observed_is_no_history() -> None:
    with pytest.raises(ValueError, match="nothing was observed"):
        fold((), carries=True)


def test_a_field_holds_what_was_said_last() -> None:
    assert versions(seen(1, BOTH, "Acme", "active"), seen(8, STATUS, None, "suspended")) == [
        Version("2026-11-01", ("Acme", "active")),
        Version("2026-11-08", ("Acme", "suspended")),
    ]


def test_a_field_not_yet_spoken_of_takes_its_earliest_later_value() -> None:
    assert versions(seen(1, NAME, "Acme"), seen(8, STATUS, None, "active"), seen(9, STATUS, None, "x")) == [
        Version("2026-11-01", ("Acme", "active")),
        Version("2026-11-09", ("Acme", "x")),
    ]


def test_an_empty_cell_makes_a_field_unknown() -> None:
    assert versions(seen(1, NAME, "Acme"), seen(8, NAME, None))[-1] == Version("2026-11-08", (None, None))


def test_on_one_day_the_later_run_wins() -> None:
    assert versions(seen(1, NAME, "Acme"), seen(1, NAME, "Beta")) == [Version("2026-11-01", ("Beta", None))]


def test_measurements_do_not_carry() -> None:
    assert versions(seen(1, BOTH, 10, 5), seen(8, NAME, 12), carries=False) == [
        Version("2026-11-01", (10, 5)),
        Version("2026-11-08", (12, None)),
    ]


GONE = Closing(1, "absent")


def test_a_sighting_takes_a_closing_back() -> None:
    found = versions(
        seen(1, BOTH, "Acme", "active"), seen(8, STATUS, None, "absent"), seen(15, 0), closing=GONE
    )

    assert [(v.valid_from, v.values[1]) for v in found] == [
        ("2026-11-01", "active"),
        ("2026-11-08", "absent"),
        ("2026-11-15", "active"),
    ]


def test_a_closing_says_nothing_of_other_days() -> None:
    found = versions(
        seen(1, NAME, "Acme"),
        seen(8, STATUS, None, "absent"),
        seen(15, 0),
        seen(22, STATUS, None, "active"),
        closing=GONE,
    )

    assert [(v.valid_from, v.values[1]) for v in found] == [
        ("2026-11-01", "active"),
        ("2026-11-08", "absent"),
        ("2026-11-15", "active"),
    ]


observations = st.lists(
    st.builds(seen, st.integers(1, 28), st.integers(0, 3), st.sampled_from("ab"), st.sampled_from("xy")),
    min_size=1,
).map(lambda found: sorted(found, key=lambda one: one.day))


@given(observations, st.booleans())
def test_versions_follow_each_other_and_differ(found: list[Observation], carries: bool) -> None:
    folded = fold(found, carries=carries)

    days = [version.valid_from for version in folded.versions]
    assert days == sorted(set(days))
    assert all(a.values != b.values for a, b in zip(folded.versions, folded.versions[1:], strict=False))
    assert (days[0], folded.first_seen, folded.last_seen) == (found[0].day, found[0].day, found[-1].day)


@given(observations, st.booleans())
def test_saying_the_same_again_changes_nothing(found: list[Observation], carries: bool) -> None:
    twice = [one for one in found for _ in range(2)]

    assert fold(twice, carries=carries) == fold(found, carries=carries)
