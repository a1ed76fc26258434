"""The bar of licenses: as wide as asked, every part that is there visible, and never misleading."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.output.bars import bar, legend, parts_of

Counts = st.one_of(st.integers(0, 50), st.integers(0, 10**15))


@pytest.mark.parametrize(
    ("total", "assigned", "used", "drawn"),
    [
        (10, 5, 3, "######====.........."),
        (10, 0, 0, "...................."),
        (10, 10, 10, "####################"),
        (10, 10, None, "===================="),
        (10, 12, 6, "##########=======!!!"),
        (0, 4, 0, "!!!!!!!!!!!!!!!!!!!!"),
        (1000, 1, 1, "#..................."),
        (10, 5, 99, "##########.........."),
        (0, 0, 0, "-"),
        (None, 5, 1, "-"),
        (10, None, 1, "-"),
    ],
)
def test_a_bar_says_used_assigned_over_and_available(
    total: int | None, assigned: int | None, used: int | None, drawn: str
) -> None:
    assert bar(parts_of(total, assigned, used), 20, colour=False) == drawn


@given(Counts, Counts, st.one_of(st.none(), Counts), st.integers(10, 30))
def test_a_bar_is_as_wide_as_asked_and_hides_nothing(
    total: int, assigned: int, used: int | None, width: int
) -> None:
    sizes = parts_of(total, assigned, used)
    drawn = bar(sizes, width, colour=False)

    if sizes is None:
        assert drawn == "-"
        return
    assert len(drawn) == width
    assert [sign for sign, size in zip("#=!.", sizes, strict=True) if size] == list(dict.fromkeys(drawn))


@given(Counts, Counts, Counts, st.integers(10, 30))
def test_colours_change_the_signs_and_not_the_parts(total: int, assigned: int, used: int, width: int) -> None:
    sizes = parts_of(total, assigned, used)
    plain, coloured = bar(sizes, width, colour=False), bar(sizes, width, colour=True)

    uncoloured = re.sub(r"\x1b\[\d+m", "", coloured)
    assert uncoloured.translate(str.maketrans("█▓░", "#=.")) == plain


def test_the_legend_names_every_sign() -> None:
    assert legend(colour=False) == "# used in 7 days   = assigned   ! over the limit   . available"
    assert re.sub(r"\x1b\[\d+m", "", legend(colour=True)) == (
        "█ used in 7 days   ▓ assigned   ! over the limit   ░ available"
    )
