"""Cells: the text of one value in CSV and TSV (``cli.md``, Everywhere)."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any

from partnerctl.clock import timestamp


def cell(value: Any) -> Any:
    """Return the cell of a value: a text, or a number that the writer writes as it stands.

    Unknown is empty, dates are ISO, instants RFC 3339 with ``Z``, booleans ``true`` and ``false``, a list
    of words is joined by ``;``, other nested values are JSON text.
    """
    write = _CELLS.get(type(value))
    return write(value) if write else nested(value)


def words(values: Any, separator: str = ";") -> str:
    """Return the cell of a list: words joined, licenses as ``product:assigned/total``, else JSON text."""
    if all(isinstance(value, str) for value in values):
        return separator.join(values)
    if all(is_licenses(value) for value in values):
        return separator.join(_license(value) for value in values)
    return nested(values)


def is_licenses(value: Any) -> bool:
    """Tell whether a value is the license figures of one product."""
    return is_dataclass(value) and all(hasattr(value, name) for name in ("product", "total", "assigned"))


def _license(figures: Any) -> str:
    return f"{figures.product}:{_count(figures.assigned)}/{_count(figures.total)}"


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def nested(value: Any) -> str:
    """Return JSON text for a value that is neither a word, nor a number, nor a list of words."""
    from partnerctl.output.json_lines import encoder

    return encoder(indent=False)(value)


def _same(value: Any) -> Any:
    return value


_CELLS: dict[type, Any] = {
    str: _same,
    int: _same,
    float: _same,
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: timestamp,
    tuple: words,
    list: words,
}
