"""Tables for people: the only shape that collects its records before it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from partnerctl.output.picking import row_getter
from partnerctl.output.shape import Shape
from partnerctl.output.table_cells import (
    columns_of,
    fit,
    fold_lines,
    is_empty,
    is_number,
    spread_lines,
    table_cell,
)

Write = Callable[[str], object]


def write_table(
    records: Iterable[Any], names: Sequence[str], write: Write, shape: Shape, data_as_of: date | None
) -> tuple[str, ...]:
    """Write the records as a table with a footer; return notes: columns left out as empty, nothing at all."""
    values = row_getter(tuple(names))
    rows = [values(record) for record in records]
    hidden = empty_columns(names, rows)
    if rows:
        write(_grid(names, rows, hidden, shape) + "\n")
    footer = footer_line(shape, data_as_of)
    if footer:
        write(("\n" if rows else "") + footer + "\n")
    if not rows:
        return ("nothing to show",)
    return (f"nothing is known of {', '.join(hidden)}: not shown",) if hidden else ()


def empty_columns(names: Sequence[str], rows: list[tuple[Any, ...]]) -> list[str]:
    """Return the names of the columns in which nothing is known; one at least is kept."""
    if not rows:
        return []
    hidden = [name for at, name in enumerate(names) if all(is_empty(row[at]) for row in rows)]
    return hidden if len(hidden) < len(names) else hidden[1:]


def _grid(names: Sequence[str], rows: list[tuple[Any, ...]], hidden: list[str], shape: Shape) -> str:
    kept = [at for at, name in enumerate(names) if name not in hidden]
    columns = [[row[at] for row in rows] for at in kept]
    headers = [names[at] for at in kept]
    cells = [[table_cell(value) for value in column] for column in columns]
    if shape.width is not None:
        fold_lines(headers, cells, shape.width)
        fit(headers, cells, shape.width, shape.header)
    spread_lines(cells, columns)
    return lay_out(headers, cells, columns, shape)


def lay_out(headers: list[str], cells: list[list[str]], columns: list[list[Any]], shape: Shape) -> str:
    """Return the text of a table of ready cells, column by column; `columns` holds the values behind them."""
    from tabulate import tabulate

    if shape.header:
        # headers as rows of their own: tabulate widens a column for a header of its kind
        widths = [
            max(map(columns_of, [header, *column])) for header, column in zip(headers, cells, strict=True)
        ]
        cells = [
            [header, "-" * width, *column]
            for header, width, column in zip(headers, widths, cells, strict=True)
        ]
    text = tabulate(
        list(zip(*cells, strict=True)),
        tablefmt="plain",
        disable_numparse=True,
        preserve_whitespace=True,  # the further lines of a sentence are indented
        colalign=["right" if is_number(column) else "left" for column in columns],
    )
    if shape.colour and shape.header:
        first, _, rest = text.partition("\n")
        return f"\x1b[1m{first}\x1b[0m\n{rest}"
    return text


def footer_line(shape: Shape, data_as_of: date | None) -> str:
    """Return the line below a table: the day of the data, and whether it is made."""
    parts = [f"data as of {data_as_of.isoformat()}"] if data_as_of else []
    return " · ".join([*parts, "DEMO"] if shape.demo else parts)


def write_pairs(
    record: Any,
    names: Sequence[str],
    write: Write,
    shape: Shape,
    sections: Mapping[str, Sequence[str]],
    data_as_of: date | None,
) -> tuple[str, ...]:
    """Write one record as keys and values; each list of nested records follows as a table of its own.

    `sections` names the columns of those tables; what it does not name shows every field.
    """
    values = dict(zip(names, row_getter(tuple(names))(record), strict=True))
    nested = {name: value for name, value in values.items() if _is_section(value)}
    pairs = [(name, table_cell(value)) for name, value in values.items() if name not in nested]
    blocks = [_pairs(pairs)] if pairs else []
    for name, records in nested.items():
        keys = tuple(sections.get(name) or (f.name for f in fields(records[0])))
        rows = [row_getter(keys)(one) for one in records]
        blocks.append(f"{name}:\n{_grid(keys, rows, empty_columns(keys, rows), shape)}")
    footer = footer_line(shape, data_as_of)
    write("\n\n".join([*blocks, footer] if footer else blocks) + "\n")
    return ()


def _pairs(pairs: list[tuple[str, str]]) -> str:
    from tabulate import tabulate

    return tabulate(pairs, tablefmt="plain", disable_numparse=True)


def _is_section(value: Any) -> bool:
    return isinstance(value, tuple | list) and bool(value) and all(is_dataclass(one) for one in value)
