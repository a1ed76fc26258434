"""Charts as files: that they hold what they should, and that names stay data."""

import json
import re
import struct
import sys
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerctl.errors import UsageError
from partnerctl.output.chart import BarChart, Chart, LineChart, Series
from partnerctl.output.pictures import PICTURES, TALLEST, picture

pytest.importorskip("vl_convert", reason="vl-convert-python is not installed: it has no wheel everywhere")

TREND = LineChart(
    "Licenses of Webex Calling",
    "one point per Saturday, data as of 2026-11-28",
    "licenses",
    tuple(date(2026, 10, 17) + timedelta(weeks=week) for week in range(7)),
    (
        Series("bought", (9000, 9000, 9700, 9700, 9700, 10400, 12500)),
        Series("used in 7 days", (2100, 1970, None, None, 2400, 2840, 2310)),
    ),
)

SCRIPT = "<script>alert('&')</script>"

UNASSIGNED = BarChart(
    f"Unassigned licenses of {SCRIPT}",
    "",
    "licenses",
    "customer",
    ("Northwind Traders", SCRIPT, "Ação Ltda", "Ação Ltda", "datum.value + 1", "nobody\x00\ufffe knows"),
    (
        Series("never assigned", (12500, 9800, 5000, 40.5, None, None)),
        Series(f"${{1+1}} {SCRIPT}", (100, 0, None, 0.5, 7, None)),
    ),
    horizontal=True,
)

EMPTY = LineChart("Licenses", "no file yet", "licenses", (), ())


def texts_of(chart: Chart) -> list[str]:
    """Return the texts of the chart's svg, in their order."""
    root = ET.fromstring(picture(chart, "svg"))
    return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


# --- svg ---


def test_lines_have_titles_axes_and_a_legend() -> None:
    assert texts_of(TREND) == [
        *("17 Oct 2026", "24 Oct 2026", "31 Oct 2026", "7 Nov 2026"),
        *("14 Nov 2026", "21 Nov 2026", "28 Nov 2026"),
        "day",
        *("0", "2,500", "5,000", "7,500", "10,000", "12,500"),
        "licenses",
        *("bought", "used in 7 days"),
        "Licenses of Webex Calling",
        "one point per Saturday, data as of 2026-11-28",
    ]


def test_bars_keep_their_order_and_names_are_data() -> None:
    assert texts_of(UNASSIGNED) == [
        *("0", "5,000", "10,000"),
        "licenses",
        *("12,600", "9,800", "5,000 + ?", "41", "7 + ?", "-"),
        *("never assigned", f"${{1+1}} {SCRIPT}"),
        f"Unassigned licenses of {SCRIPT}",
        *("Northwind Traders", SCRIPT, "Ação Ltda", "Ação Ltda"),
        *("datum.value + 1", "nobody\ufffd\ufffd knows"),
        "customer",
    ]


def test_long_names_are_cut_between_characters() -> None:
    labels = ("\U0001f469" * 60, "Northwind Traders Holding (Deutschland) GmbH & Co. KG")
    chart = replace(
        UNASSIGNED,
        title="\U0001f469" * 90,
        labels=labels,
        series=(Series("unassigned", (1, 2)),),
    )

    texts = texts_of(chart)

    assert texts[-3:-1] == ["\U0001f469" * 19 + "…", "Northwind Traders Holding (Deutschland)…"]
    assert "\U0001f469" * 36 + "…" in texts[-4]


def test_a_name_is_no_markup() -> None:
    svg = picture(UNASSIGNED, "svg").decode()

    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_simple_bars_need_no_legend() -> None:
    texts = texts_of(replace(UNASSIGNED, series=UNASSIGNED.series[:1], horizontal=False))

    assert "never assigned" not in texts
    assert {"12,500", "40.5", "-"} < set(texts)


def test_every_line_has_its_own_colour_dash_and_shape() -> None:
    series = tuple(Series(f"line {at}", (at, at + 1)) for at in range(7))
    svg = picture(replace(TREND, days=TREND.days[:2], series=series), "svg").decode()

    root = ET.fromstring(svg)
    lines = [
        one.attrib for one in root.iter("{http://www.w3.org/2000/svg}path") if one.get("stroke-width") == "3"
    ]

    assert len({one["stroke"] for one in lines}) == len({one["stroke-dasharray"] for one in lines}) == 7


def test_a_gap_interrupts_the_line() -> None:
    svg = picture(TREND, "svg").decode()

    (bought,) = re.findall(r'd="(M[^"]+)" stroke="#0072B2" stroke-width="3"', svg)
    (used,) = re.findall(r'd="(M[^"]+)" stroke="#D55E00" stroke-width="3"', svg)
    assert (bought.count("M"), used.count("M")) == (1, 2)


def test_small_whole_numbers_have_whole_marks() -> None:
    texts = texts_of(replace(TREND, series=(Series("bought", (0, 1, 2, 2, 1, 0, 0)),)))

    assert texts[texts.index("day") + 1 : texts.index("licenses")] == ["0", "1", "2"]


def test_the_same_chart_is_the_same_svg() -> None:
    first = picture(UNASSIGNED, "svg")
    picture(TREND, "svg")

    assert picture(UNASSIGNED, "svg") == first


def test_nothing_is_said_aloud() -> None:
    assert texts_of(EMPTY) == ["nothing to show", "Licenses", "no file yet"]


# --- png ---


@pytest.mark.parametrize("chart", [TREND, UNASSIGNED, EMPTY], ids=["lines", "bars", "empty"])
def test_a_png_fits_a_slide(chart: Chart) -> None:
    assert size_of(picture(chart, "png")) == (2 * 960, 2 * 540)


def test_many_customers_make_a_png_higher_within_reason() -> None:
    def of(count: int) -> BarChart:
        series = (Series("unassigned", tuple(range(count))),)
        return replace(UNASSIGNED, labels=tuple(map(str, range(count))), series=series)

    assert size_of(picture(of(30), "png")) == (1920, 2 * (170 + 26 * 30))
    assert len(texts_of(of(500))) > 500
    assert f'height="{TALLEST}"' in picture(of(500), "svg").decode()


# --- html ---


@pytest.mark.slow
def test_a_page_needs_nothing_but_itself() -> None:
    page = picture(UNASSIGNED, "html").decode()

    assert re.findall(r"<title>(.*)</title>", page) == [escape(UNASSIGNED.title)]
    assert "default-src 'none'" in page
    assert not re.search(r"<link|<script[^>]*\ssrc|(src|href)=.?https?:|@import|cdn\.", page)
    assert (page.lower().count("<script"), page.lower().count("</script")) == (2, 2)
    assert chart_in(page)["title"]["text"] == [UNASSIGNED.title]


def chart_in(page: str) -> Any:
    """Return the specification that a page shows."""
    start = page.index('vegaEmbed("#chart", ') + len('vegaEmbed("#chart", ')
    specification, _ = json.JSONDecoder().raw_decode(page[start:])
    return specification


# --- what is refused ---


def test_the_kinds_are_these() -> None:
    assert PICTURES == ("svg", "png", "html")
    with pytest.raises(ValueError, match="gif"):
        picture(TREND, "gif")


def test_a_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)

    with pytest.raises(UsageError, match="charts as files need an extra package") as caught:
        picture(TREND, "svg")
    assert caught.value.hint == "pip install 'partnerctl[charts]'"


def test_a_series_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        picture(replace(TREND, days=TREND.days[:2]), "svg")
    with pytest.raises(ValueError, match="zip"):
        picture(replace(UNASSIGNED, labels=("one",)), "svg")


# --- whatever the data hold ---

texts = st.text(max_size=30)
values = st.none() | st.integers() | st.floats() | st.just(10**400)


@settings(max_examples=15, deadline=None)
@given(texts, texts, texts, st.lists(st.tuples(texts, values, values), min_size=1, max_size=5), st.booleans())
def test_every_svg_is_xml(
    title: str, unit: str, name: str, bars: list[tuple[str, Any, Any]], horizontal: bool
) -> None:
    labels, first, second = (tuple(column) for column in zip(*bars, strict=True))
    days = tuple(date(2026, 1, 1) + timedelta(days=at) for at in range(len(bars)))
    series = (Series(name, first), Series(title, second))

    ET.fromstring(picture(LineChart(title, name, unit, days, series), "svg"))
    ET.fromstring(picture(BarChart(title, name, unit, name, labels, series, horizontal), "svg"))
