"""Charts on a terminal: what they look like, and that nothing breaks them."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerctl.output.chart import BarChart, Chart, LineChart, Series
from partnerctl.output.table_cells import columns_of
from partnerctl.output.terminal import harmless
from partnerctl.output.terminal_chart import NARROWEST, draw

SATURDAYS = tuple(date(2026, 10, 17) + timedelta(weeks=week) for week in range(7))

TREND = LineChart(
    "Licenses of Webex Calling",
    "one point per Saturday, data as of 2026-11-28",
    "licenses",
    SATURDAYS,
    (
        Series("bought", (9000, 9000, 9700, 9700, 9700, 10400, 10400)),
        Series("assigned", (5200, 5430, 5660, 6900, 7130, 7200, 7300)),
        Series("used in 7 days", (2100, 1970, None, None, 2400, 2840, 2310)),
    ),
)

ENDING = BarChart(
    "Licenses that end",
    "",
    "licenses",
    "month of the end",
    ("2026-12", "2027-01", "2027-02", "2027-03", "2027-04"),
    (
        Series("renews by itself", (1200, 0, None, None, 3)),
        Series("expires", (300, 0, 340, None, 0)),
    ),
)

UNASSIGNED = BarChart(
    "Unassigned licenses",
    "",
    "licenses",
    "customer",
    (
        "Northwind Traders Holding (Deutschland) GmbH & Co. KG",
        "Ação Ltda",
        "株式会社サンプル",
        "a\x1b[31m\nb",
    ),
    (Series("unassigned", (12500, 9800, 40.5, -7)),),
    horizontal=True,
)


TREND_AT_80 = """\
Licenses of Webex Calling
one point per Saturday, data as of 2026-11-28
licenses
12.5k ┤
      │
      │
10.0k ┤                      ⢀⣀o⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀o⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀o⣀⣀⠤⠤⠤⠔⠒⠒⠒⠒⠉o⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉o
      │o⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀o⣀⠤⠤⠔⠒⠒⠒⠉⠉⠁
      │
 7.5k ┤                                                       ⣀⣀⣀⣀⣀x⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀x
      │                               ⣀⣀⡠⠤⠒x⠒⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉x⠉⠉⠉⠉⠉⠉
      │                  ⢀⣀⣀⣀⣀⣀x⡠⠤⠒⠒⠊⠉
 5.0k ┤x⠒⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉x⠉⠉⠉⠉⠉⠁
      │
      │
 2.5k ┤                                                +⠤⠤⠤⠒⠒⠒⠒⠒⠊⠉⠉+⠉⠉⠒⠒⠒⠢⠤⠤⠤⠤⣀+
      │+⠉⠉⠉⠉⠉⠑⠒⠒⠒⠒⠒+
      │
    0 ┤
      └┬───────────┬───────────┬───────────┬───────────┬───────────┬───────────┬
    17 Oct      24 Oct      31 Oct       7 Nov      14 Nov      21 Nov    28 Nov
    2026
       o bought   x assigned   + used in 7 days"""

TREND_AT_40 = """\
Licenses of Webex Calling
one point per Saturday, data as of
2026-11-28
licenses
12.5k ┤
      │
      │
10.0k ┤          ⢀o⣀⣀⣀⣀o⣀⣀⣀⣀o⡠⠤⠔⠒⠊o⠉⠉⠉⠉o
      │o⣀⣀⣀⣀o⡠⠤⠒⠉⠁
      │
 7.5k ┤                        ⢀⣀⣀x⣀⣀⣀⣀x
      │              ⣀⠤x⠒⠒⠉⠉x⠉⠉⠁
      │        ⢀⣀⣀x⠔⠊
 5.0k ┤x⠒⠒⠉⠉x⠉⠉⠁
      │
      │
 2.5k ┤                     +⠤⠒⠒⠒⠉+⠒⠒⠤⠤+
      │+⠉⠉⠒⠒+
      │
    0 ┤
      └┬──────────┬─────────┬──────────┬
    17 Oct     31 Oct    14 Nov   28 Nov
    2026
       o bought   x assigned
       + used in 7 days"""

ENDING_AT_80 = """\
Licenses that end
month of the end  licenses
2026-12           ███████████████████████████████████████████░░░░░░░░░░░ 1,500
2027-01           0
2027-02           ░░░░░░░░░░░░ 340 + ?
2027-03           -
2027-04           █ 3

                  █ renews by itself   ░ expires"""

UNASSIGNED_AT_40 = """\
Unassigned licenses
customer       licenses
Northwind Tr…  ██████████████████ 12,500
Ação Ltda      ██████████████ 9,800
株式会社サン…  █ 40.5
a�[31m b       -7"""


def line(*values: float | None, days: tuple[date, ...] = SATURDAYS) -> LineChart:
    return LineChart("", "", "", days[: len(values)], (Series("total", values),))


def rows_with(sign: str, text: str) -> list[int]:
    """Return the rows of the plot that show a sign, from above; the legend's is no row of it."""
    plot = [row.split("│")[-1].split("┤")[-1] for row in text.split("\n") if "│" in row or "┤" in row]
    return [at for at, row in enumerate(plot) if sign in row]


def test_lines_at_80_columns() -> None:
    assert draw(TREND, 80, colour=False) == TREND_AT_80


def test_lines_at_40_columns() -> None:
    assert draw(TREND, 40, colour=False) == TREND_AT_40


def test_stacked_bars_at_80_columns() -> None:
    assert draw(ENDING, 80, colour=False) == ENDING_AT_80


def test_bars_of_customers_at_40_columns() -> None:
    assert draw(UNASSIGNED, 40, colour=False) == UNASSIGNED_AT_40


def test_bars_lie_whichever_way_was_asked() -> None:
    standing = replace(UNASSIGNED, horizontal=False)

    assert draw(standing, 60, colour=False) == draw(UNASSIGNED, 60, colour=False)


@pytest.mark.parametrize("chart", [TREND, ENDING, UNASSIGNED])
def test_colour_adds_nothing_but_colour(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")  # that is for the caller to know
    coloured = draw(chart, 80, colour=True)

    assert "\x1b[38;5;33m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == draw(chart, 80, colour=False)


def test_one_day_stands_in_the_middle() -> None:
    text = draw(line(500), 41, colour=False)

    assert text.split("\n")[0] == "500 ┤                  o"
    assert text.split("\n")[-3:] == [" " * 20 + "17 Oct", " " * 20 + "2026", "     o total"]


def test_equal_values_are_a_level_line() -> None:
    assert rows_with("o", draw(line(8, 8, 8, 8), 60, colour=False)) == [0]


def test_zeros_lie_on_the_axis() -> None:
    text = draw(line(0, 0, 0), 60, colour=False)

    assert rows_with("o", text) == [15]
    assert text.startswith("1 ┤\n")


def test_what_is_unknown_says_so() -> None:
    text = draw(line(None, None), 60, colour=False)

    assert rows_with("o", text) == []
    assert text.endswith("o total (unknown)")


def test_a_value_between_two_gaps_is_a_point() -> None:
    assert rows_with("o", draw(line(None, 10, None), 60, colour=False)) == [0]


def test_nothing_is_drawn_across_a_gap() -> None:
    (row,) = [row for row in draw(line(5, None, 5), 40, colour=False).split("\n") if row.startswith("5")]

    assert row == "5 ┤o" + " " * 35 + "o"


def test_lines_that_lie_on_each_other_are_both_seen() -> None:
    values = (5, 5, 5, 5)
    chart = replace(line(*values), series=(Series("bought", values), Series("assigned", values)))

    text = draw(chart, 40, colour=False)

    assert rows_with("o", text) == rows_with("x", text) == [0]


def test_values_below_zero_have_their_place() -> None:
    text = draw(line(-10, 0, 10), 60, colour=False)

    assert [row.split()[0] for row in text.split("\n") if "┤" in row] == ["10", "5", "0", "-5", "-10"]
    assert rows_with("o", text) == [0, 8, 16]


@pytest.mark.parametrize(
    ("highest", "marks"),
    [
        (1, ["1", "0"]),
        (3, ["3", "2", "1", "0"]),
        (0.9, ["1.0", "0.8", "0.6", "0.4", "0.2", "0"]),
        (36.5, ["40", "30", "20", "10", "0"]),
        (4_800, ["5,000", "4,000", "3,000", "2,000", "1,000", "0"]),
        (12_345, ["12.5k", "10.0k", "7.5k", "5.0k", "2.5k", "0"]),
        (987_654, ["1.0M", "0.8M", "0.6M", "0.4M", "0.2M", "0"]),
        (3.2e9, ["4B", "3B", "2B", "1B", "0"]),
        (4e18, ["4e+18", "3e+18", "2e+18", "1e+18", "0"]),
        (0.00005, ["5e-05", "4e-05", "3e-05", "2e-05", "1e-05", "0"]),
    ],
)
def test_marks_are_round_and_line_up(highest: float, marks: list[str]) -> None:
    text = draw(line(0, highest), 60, colour=False)

    assert [row.split()[0] for row in text.split("\n") if "┤" in row] == marks
    assert len({row.index("│") for row in text.split("\n") if "│" in row}) == 1


def test_a_new_year_is_told_below_its_first_day() -> None:
    days = (date(2025, 12, 20), date(2025, 12, 27), date(2026, 1, 3), date(2026, 1, 10))

    assert draw(line(1, 2, 3, 4, days=days), 64, colour=False).endswith(
        "\n  └┬───────────────────┬───────────────────┬───────────────────┬"
        "\n20 Dec              27 Dec               3 Jan            10 Jan"
        "\n2025                                     2026"
        "\n   o total"
    )


def test_a_bar_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw(replace(ENDING, labels=("2026-12",)), 80, colour=False)
    with pytest.raises(ValueError, match="zip"):
        draw(replace(TREND, days=SATURDAYS[:2]), 80, colour=False)


@pytest.mark.parametrize(
    "empty",
    [
        replace(TREND, days=()),
        replace(TREND, series=()),
        replace(ENDING, labels=()),
        replace(ENDING, series=()),
    ],
)
def test_nothing_is_an_empty_text(empty: Chart) -> None:
    assert draw(empty, 80, colour=False) == ""


def test_no_room_is_an_empty_text() -> None:
    assert draw(TREND, NARROWEST - 1, colour=False) == ""
    assert draw(TREND, NARROWEST, colour=False) != ""


def test_numbers_that_are_too_wide_are_shortened_together() -> None:
    text = draw(replace(UNASSIGNED, series=(Series("", (123_456_789, 1, 10**15, None)),)), 30, colour=False)

    assert [row.split()[-1] for row in text.split("\n")[2:]] == ["1.23e+08", "1", "1e+15", "-"]


# --- whatever the data hold ---

FAMILY, FLAG = "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1e7\U0001f1f7"
ODD = [FAMILY + " família", "株式会社", "a\u200d", "\ufe0f#\ufe0f", "e\u0301" * 9, FLAG * 9]

texts = st.text(max_size=30) | st.sampled_from(ODD)
values = st.none() | st.integers() | st.floats() | st.integers(0, 20_000) | st.just(10**400)


@st.composite
def charts(draw_one: st.DrawFn) -> Chart:
    places = draw_one(st.integers(0, 9))
    cells = st.lists(values, min_size=places, max_size=places).map(tuple)
    series = tuple(draw_one(st.lists(st.builds(Series, texts, cells), max_size=10)))
    title, subtitle, unit, label = (draw_one(texts) for _ in range(4))
    if draw_one(st.booleans()):
        days = draw_one(st.lists(st.dates(), min_size=places, max_size=places).map(tuple))
        return LineChart(title, subtitle, unit, days, series)
    labels = draw_one(st.lists(texts, min_size=places, max_size=places).map(tuple))
    return BarChart(title, subtitle, unit, label, labels, series, draw_one(st.booleans()))


@settings(deadline=None)
@given(charts(), st.integers(1, 200))
def test_no_line_is_wider_than_the_terminal(chart: Chart, width: int) -> None:
    lines = draw(chart, width, colour=False).split("\n")

    assert [row for row in lines if columns_of(row) > width] == []
    assert [row for row in lines if row != harmless(row)] == []
