"""Dashboards: the KPIs first, large and labelled, then the table, a bar of licenses in each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from partnerctl.output import bars
from partnerctl.output.chart import Chart
from partnerctl.output.picking import field_names, row_getter
from partnerctl.output.shape import Shape
from partnerctl.output.table import empty_columns, footer_line, lay_out
from partnerctl.output.table_cells import columns_of, fit, table_cell

BAR = "licenses"
"""The name of the column, among a dashboard's, that holds the bars."""

WITHOUT_TERMINAL = 120
"""Columns that tiles and charts take where there is no terminal."""

LABELS = {"used_pct": "used in 7 days", "used_ever_pct": "ever used"}
"""What stands below a figure, where its name alone does not say it."""

_GAP = 4
_FIGURES = row_getter(("total", "assigned", "used_7d"))


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What a dashboard shows: of the record `kpis` the fields `figures` (None: all of them), then the rows.

    `columns` are those of the table, `BAR` among them the bars; without any there is no table.
    """

    title: str
    subtitle: str
    kpis: Any
    figures: tuple[str, ...] | None = None
    rows: Sequence[Any] = ()
    columns: tuple[str, ...] = ()
    data_as_of: date | None = None
    chart: Chart | None = None


def write_dashboard(shown: Dashboard, write: Callable[[str], object], shape: Shape) -> tuple[str, ...]:
    """Write a dashboard; return notes: columns left out as empty, nothing at all."""
    width = shape.width or WITHOUT_TERMINAL
    head = f"{_bold(shown.title, shape)}\n{shown.subtitle}"
    blocks = [head, tiles(shown.kpis, shown.figures, width, shape)]
    if shown.chart is not None:
        blocks.append(drawn(replace(shown.chart, subtitle=""), shape))  # the title above says it
    notes: tuple[str, ...] = ()
    if shown.columns:
        table, notes = _table(shown, shape)
        blocks.append(table)
    blocks.append(footer_line(shape, shown.data_as_of))
    write("\n\n".join(block for block in blocks if block) + "\n")
    return notes


def drawn(chart: Chart, shape: Shape) -> str:
    """Return a chart as text, as wide as the terminal."""
    from partnerctl.output.terminal_chart import draw

    return draw(chart, shape.width or WITHOUT_TERMINAL, shape.colour)


def tiles(kpis: Any, figures: tuple[str, ...] | None, width: int, shape: Shape) -> str:
    """Return fields of a record as tiles: each value above its name, as many beside each other as fit."""
    made = [_tile(name, getattr(kpis, name)) for name in figures or field_names(type(kpis))]
    lines: list[list[tuple[str, str]]] = [[]]
    for tile in made:
        if lines[-1] and sum(map(_tile_width, lines[-1])) + _tile_width(tile) > width + _GAP:
            lines.append([])
        lines[-1].append(tile)
    return "\n\n".join(_tile_lines(line, shape) for line in lines)


def _tile(name: str, value: Any) -> tuple[str, str]:
    label = LABELS.get(name) or name.removesuffix("_pct").replace("_", " ")
    if value is None:
        return "-", label
    if name.endswith("_pct"):
        return f"{value} %", label
    return (f"{value:,}" if isinstance(value, int) else table_cell(value)), label


def _tile_width(tile: tuple[str, str]) -> int:
    return max(map(columns_of, tile)) + _GAP


def _tile_lines(line: list[tuple[str, str]], shape: Shape) -> str:
    values = "".join(f"{value:<{_tile_width((value, label))}}" for value, label in line)
    labels = "".join(f"{label:<{_tile_width((value, label))}}" for value, label in line)
    return f"{_bold(values.rstrip(), shape)}\n{labels.rstrip()}"


def _bold(text: str, shape: Shape) -> str:
    return f"\x1b[1m{text}\x1b[0m" if shape.colour and text else text


def _table(shown: Dashboard, shape: Shape) -> tuple[str, tuple[str, ...]]:
    names = [name for name in shown.columns if name != BAR]
    values = row_getter(tuple(names))
    rows = [values(row) for row in shown.rows]
    if not rows:
        return "", ("nothing to show",)
    hidden = empty_columns(names, rows)
    kept = [at for at, name in enumerate(names) if name not in hidden]
    headers = [names[at] for at in kept]
    columns = [[row[at] for row in rows] for at in kept]
    cells = [[table_cell(value) for value in column] for column in columns]
    if BAR in shown.columns:
        _add_bars(shown, shape, headers, cells, columns)
    elif shape.width is not None:
        fit(headers, cells, shape.width, shape.header)
    text = lay_out(headers, cells, columns, shape)
    if BAR in shown.columns:
        text += f"\n\n{bars.legend(shape.colour)}"
    return text, (f"nothing is known of {', '.join(hidden)}: not shown",) if hidden else ()


def _add_bars(
    shown: Dashboard,
    shape: Shape,
    headers: list[str],
    cells: list[list[str]],
    columns: list[list[Any]],
) -> None:
    """Add the column of bars at the right, as wide as what is left, names shortened for it first."""
    headers.append(BAR)
    cells.append(["#" * bars.NARROWEST] * len(shown.rows))
    room = bars.WIDEST
    if shape.width is not None:
        fit(headers, cells, shape.width, shape.header)
        room = min(max(shape.width - _columns_taken(headers[:-1], cells[:-1], shape), bars.NARROWEST), room)
    if room >= len(bars.HEADER):
        headers[-1] = bars.HEADER
    cells[-1] = [bars.bar(bars.parts_of(*_FIGURES(row)), room, shape.colour) for row in shown.rows]
    columns.append([None] * len(shown.rows))


def _columns_taken(headers: list[str], cells: list[list[str]], shape: Shape) -> int:
    named = zip(headers, cells, strict=True)
    return sum(
        max(map(columns_of, [header if shape.header else "", *column])) + 2 for header, column in named
    )
