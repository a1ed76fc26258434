"""Rows counted on their way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.stepping import counted, unheard


@given(st.integers(0, 3500))
def test_every_row_passes_and_is_told_of_once(rows: int) -> None:
    heard: list[int] = []

    assert list(counted(range(rows), heard.append)) == list(range(rows))
    assert sum(heard) == rows


def test_nobody_needs_to_hear() -> None:
    assert list(counted("abc", unheard)) == ["a", "b", "c"]
