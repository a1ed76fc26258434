"""Charts as files: one Vega-Lite specification, made into svg, png or html without a browser or a network.

Names are data of the specification, never the name of a field and never part of an expression: series and
bars go by their place, and fixed expressions look their names up.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from textwrap import wrap
from typing import Any

from partnerctl.errors import UsageError
from partnerctl.output.chart import (
    BarChart,
    Chart,
    LineChart,
    Series,
    Steps,
    Value,
    day_and_month,
    drawable,
    is_empty,
    known_name,
    length_of_bar,
    number,
    parts_of_bars,
    steps,
    total,
)
from partnerctl.output.table_cells import shorten
from partnerctl.output.terminal import harmless

PICTURES = ("svg", "png", "html")
"""Every kind of picture; the name is also the ending of its file."""

Json = dict[str, Any]

WIDTH, HEIGHT = 960, 540
"""The size of a picture: that of a slide. Many horizontal bars make it higher."""

PNG_SCALE = 2
"""How many pixels a png has for each unit of the size."""

TALLEST = 4000
"""The height of a picture at most."""

_VEGA_LITE = "5.21"  # the last of version 5
_DARK, _MIDDLE, _GREY, _PALE = "#222222", "#555555", "#888888", "#e8e8e8"
# The colours of Okabe and Ito, told apart by whatever colour vision. Yellow, faint on white, comes last.
# Lines are strong on white; parts that touch also differ in lightness, so that they survive a black printer.
_OF_LINES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"]
_OF_BARS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#D55E00", "#F0E442"]
_DASHES = [[1, 0], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [14, 4], [4, 6]]
_SHAPES = ["circle", "square", "triangle", "diamond", "cross", "triangle-down", "triangle-right"]


def picture(chart: Chart, kind: str) -> bytes:
    """Return a chart as a file of one of `PICTURES`; the same chart always gives the same svg.

    Raises UsageError where the extra package is missing, ValueError where the kind is unknown or a series
    does not have one value per day or label.
    """
    if kind not in PICTURES:
        raise ValueError(f"unknown kind of picture: {kind}")
    try:
        import vl_convert
    except ImportError:
        reason = "charts as files need an extra package"
        raise UsageError(reason, "pip install 'partnerctl[charts]'") from None
    spec = _specification(chart)
    if kind == "svg":
        return vl_convert.vegalite_to_svg(spec, _VEGA_LITE, allowed_base_urls=[]).encode()
    if kind == "png":
        return vl_convert.vegalite_to_png(spec, _VEGA_LITE, PNG_SCALE, allowed_base_urls=[])
    scripts = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", _VEGA_LITE)
    return _page(_plain(chart.title), scripts, spec).encode()


def _plain(text: str) -> str:
    """Return a text that every kind of file can hold: harmless, and without what XML does not allow."""
    return harmless(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _lines_of(text: str, columns: int) -> list[str]:
    """Return a text as lines that fit into the picture: letters of two columns may fill a third more."""
    return [shorten(line, columns * 4 // 3) for line in wrap(_plain(text), columns)]


# --- the page ---

# The package's own page would put a name's </script> into the page as it is, and cannot be given a title.
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>body {{ margin: 1.5rem; background: white; }}</style>
<script>{scripts}</script>
</head>
<body>
<div id="chart"></div>
<script>vegaEmbed("#chart", {shown}).catch(console.error);</script>
</body>
</html>
"""

# Nothing is fetched and nothing is sent; Vega makes functions of its expressions.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)

# The menu saves the picture; it does not offer to send the figures to an editor on the network.
_OPTIONS = {
    "mode": "vega-lite",
    "renderer": "svg",
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
}


def _page(title: str, scripts: str, spec: Json) -> str:
    """Return a page that needs nothing but itself; texts cannot end its script, nor become markup."""
    shown = f"{_script_value(spec)}, {_script_value(_OPTIONS)}"
    return _PAGE.format(policy=_POLICY, title=escape(title), scripts=scripts, shown=shown)


def _script_value(value: Json) -> str:
    text = json.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


# --- the specification ---


def _specification(chart: Chart) -> Json:
    """Return the Vega-Lite specification of a chart."""
    subtitle = _lines_of(chart.subtitle, 100)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": _plain(chart.title),
        "title": {"text": _lines_of(chart.title, 56), **({"subtitle": subtitle} if subtitle else {})},
        "width": WIDTH,
        "height": HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        "config": _LOOKS,
        **_drawn(chart),
    }


def _drawn(chart: Chart) -> Json:
    """Return what stands below the title."""
    if is_empty(chart):
        nothing = {"type": "text", "text": "nothing to show", "fontSize": 18, "color": _MIDDLE}
        return {"data": {"values": [{}]}, "mark": nothing}
    return _lines(chart) if isinstance(chart, LineChart) else _bars(chart)


def _named(name: str, texts: Iterable[str], columns: int) -> Json:
    """Return the parameter in which a fixed expression looks texts up by their place.

    They are shortened here: Vega would cut through the middle of an emoji, and then fail.
    """
    return {"name": name, "value": [shorten(_plain(text), columns) for text in texts]}


def _by_series(series: Sequence[Series], looks: Sequence[Any]) -> Json:
    """Return how the series differ: one look each, in their order, named in the legend."""
    places = range(len(series))
    width = max(8 * min(40, len(known_name(one))) + 50 for one in series)
    columns = {"columns": max(1, 860 // width)} if width * len(series) > 860 else {}
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(places), "range": [looks[at % len(looks)] for at in places]},
        "legend": {"labelExpr": "series_names[datum.value]", **columns},
    }


def _amounts(title: str, marks: Steps, top: float | None = None) -> Json:
    """Return the axis of amounts, with thousands separated; it ends at its last mark, or at `top`."""
    low, *_, high = marks.marks
    return {
        "field": "value",
        "type": "quantitative",
        "title": _plain(title) or None,
        "scale": {"domain": [low, top or high], "nice": False},
        "axis": {
            "values": [mark for mark in marks.marks if mark <= (top or high)],
            "format": ",~f" if max(-low, high) < 1e15 and marks.step >= 1e-4 else ".3~g",
            "domain": False,
            "ticks": False,
        },
    }


def _cell(at: int, series: Series, value: Value) -> Json:
    """Return the data of one value: its number for the drawing, and texts for whoever points at it."""
    known = drawable(value)
    return {
        "series": at,
        "name": _plain(series.name),
        "value": None if known is None else float(known),
        "shown": "-" if known is None else number(known),
    }


def _pointed_at(*fields: tuple[str, str]) -> list[Json]:
    return [{"field": field, "type": "nominal", "title": title} for field, title in fields]


# --- lines over days ---


def _lines(chart: LineChart) -> Json:
    """Return what is drawn of lines: each with its own colour, dash and shape of its points."""
    values = [
        {"day": day.isoformat(), "on": f"{day_and_month(day)} {day.year}", **_cell(at, one, value)}
        for at, one in enumerate(chart.series)
        for day, value in zip(chart.days, one.values, strict=True)
    ]
    points = {"filled": True, "opacity": 1, "size": 70 if len(chart.days) <= 60 else 25, "aria": False}
    return {
        "params": [_named("series_names", map(known_name, chart.series), 40)],
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 3, "strokeJoin": "round", "aria": False, "point": points},
        "encoding": {
            "x": _over_days(chart.days),
            "y": _amounts(chart.unit, steps(value for one in chart.series for value in one.values)),
            "color": _by_series(chart.series, _OF_LINES),
            "strokeDash": _by_series(chart.series, _DASHES),
            "shape": _by_series(chart.series, _SHAPES),
            "tooltip": _pointed_at(("name", "series"), ("on", "day"), ("shown", "value")),
        },
    }


def _over_days(days: Sequence[date]) -> Json:
    """Return the axis of days in UTC; it names days that have points: every nth one and the last."""
    newest_first = sorted(set(days), reverse=True)
    stride = max(1, math.ceil(len(newest_first) / 8))
    marked = [(day - date(1970, 1, 1)).days * 86_400_000 for day in newest_first[::stride]]
    return {
        "field": "day",
        "type": "temporal",
        "title": "day",
        "scale": {"type": "utc", "padding": 14},
        "axis": {"values": marked, "format": "%-d %b %Y", "grid": False, "labelOverlap": "greedy"},
    }


# --- bars ---


def _bars(chart: BarChart) -> Json:
    """Return what is drawn of bars: the parts of each in the order of the series, and its total."""
    bars = parts_of_bars(chart)
    totals: list[Json] = [
        {"bar": bar, "value": length_of_bar(parts), "shown": total(parts)} for bar, parts in enumerate(bars)
    ]
    legible = chart.horizontal or sum(len(row["shown"]) + 1 for row in totals) < 100
    along, across = ("y", "x") if chart.horizontal else ("x", "y")
    where = {along: _places(chart), across: _across(chart, totals)}
    tall = min(TALLEST, max(HEIGHT, 170 + 26 * len(bars))) if chart.horizontal else HEIGHT
    return {
        "height": tall,
        "params": [
            _named("bar_names", chart.labels, 40 if chart.horizontal else 24),
            _named("series_names", map(known_name, chart.series), 40),
        ],
        "layer": [_parts(chart, where), *([_totals(chart, where, totals)] if legible else [])],
    }


def _across(chart: BarChart, totals: Sequence[Json]) -> Json:
    """Return the axis of amounts, which leaves room for the total at the end of the longest bar."""
    longest = max(row["value"] for row in totals)
    words = max(len(row["shown"]) for row in totals)
    room = 1.02 + 0.013 * words if chart.horizontal else 1.06
    marks = steps([longest, *(value for one in chart.series for value in one.values)])
    return _amounts(chart.unit, marks, longest * room)


def _places(chart: BarChart) -> Json:
    """Return the axis of labels, in their order; two bars may bear the same one."""
    crowded = sum(map(len, chart.labels)) > 90
    many = len(chart.labels) > (140 if chart.horizontal else 30)
    return {
        "field": "bar",
        "type": "ordinal",
        "title": _plain(chart.label) or None,
        "scale": {"domain": list(range(len(chart.labels))), "paddingInner": 0.3, "paddingOuter": 0.2},
        "axis": {
            "labelExpr": "bar_names[datum.value]",
            "labelAngle": -40 if crowded and not chart.horizontal else 0,
            "labelOverlap": many,
            "ticks": False,
            "zindex": 1,
        },
    }


def _parts(chart: BarChart, where: Json) -> Json:
    """Return the bars themselves; nothing is drawn of what is unknown."""
    several = len(chart.series) > 1
    between = {"stroke": "white", "strokeWidth": 0.7} if several else {}
    values = [
        {"bar": bar, "label": _plain(label), **_cell(at, one, value)}
        for at, one in enumerate(chart.series)
        for bar, (label, value) in enumerate(zip(chart.labels, one.values, strict=True))
        if drawable(value) is not None
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "aria": False, **between},
        "encoding": {
            **where,
            "color": _by_series(chart.series, _OF_BARS) if several else {"value": _OF_BARS[0]},
            "order": {"field": "series", "type": "quantitative"},
            "tooltip": _pointed_at(("label", "label"), ("name", "series"), ("shown", "value")),
        },
    }


def _totals(chart: BarChart, where: Json, totals: Sequence[Json]) -> Json:
    """Return the total at the end of each bar."""
    beside = {"align": "left", "baseline": "middle", "dx": 6}
    above = {"align": "center", "baseline": "bottom", "dy": -5}
    end = beside if chart.horizontal else above
    return {
        "data": {"values": totals},
        "mark": {"type": "text", "fontSize": 14, "color": _DARK, "aria": False, **end},
        "encoding": {**where, "text": {"field": "shown", "type": "nominal"}},
    }


_AXIS: Json = {
    "labelColor": _MIDDLE,
    "labelFontSize": 14,
    "labelPadding": 6,
    "titleColor": _MIDDLE,
    "titleFontSize": 14,
    "titleFontWeight": "normal",
    "titlePadding": 12,
    "gridColor": _PALE,
    "domainColor": _GREY,
    "tickColor": _GREY,
    "labelFlush": False,
    "labelLimit": 0,
    "maxExtent": 600,  # or the title would stand on long labels
}

_LEGEND: Json = {
    "orient": "top",
    "direction": "horizontal",
    "title": None,
    "labelColor": _DARK,
    "labelFontSize": 15,
    "labelLimit": 0,
    "symbolSize": 130,
    "symbolStrokeWidth": 0,  # or dashes would fray the shapes
    "columnPadding": 26,
    "offset": 14,
}

_TITLE: Json = {
    "anchor": "start",
    "frame": "bounds",
    "color": _DARK,
    "fontSize": 24,
    "subtitleColor": _MIDDLE,
    "subtitleFontSize": 15,
    "subtitlePadding": 6,
    "offset": 18,
}

_LOOKS: Json = {
    "background": "white",
    "font": "Arial, Helvetica, Liberation Sans, sans-serif",
    "padding": 24,
    "view": {"stroke": None},
    "title": _TITLE,
    "axis": _AXIS,
    "legend": _LEGEND,
}
