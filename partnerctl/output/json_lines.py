"""JSON: one streamed array, one object, or one object a line.

The hot path of the whole program: records go to the C encoder some hundreds at a time, because every
call of it costs as much as several records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from partnerctl.output.picking import row_getter
from partnerctl.output.plain import plain

BATCH = 500
"""Records encoded and written at once: a fault in an earlier one leaves the output empty."""

Write = Callable[[str], object]


def encoder(indent: bool) -> Callable[[Any], str]:
    """Return the function that writes one value as JSON: UTF-8 not escaped, indented or compact."""
    # no check for circles: frozen records cannot hold themselves, and the check costs a tenth of the time
    return json.JSONEncoder(
        ensure_ascii=False,
        allow_nan=False,
        check_circular=False,
        default=plain,
        indent=2 if indent else None,
        separators=(",", ": ") if indent else (",", ":"),
    ).encode


def _objects(records: Iterable[Any], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    values = row_getter(names)
    return (dict(zip(names, values(record), strict=True)) for record in records)


def write_array(records: Iterable[Any], names: tuple[str, ...], write: Write, indent: bool) -> None:
    """Write the records as one array, as they come."""
    encode = encoder(indent)
    objects = _objects(records, names)
    opening, end = "[", "]\n"
    while batch := list(islice(objects, BATCH)):
        # without its own brackets, and without the line break before the closing one
        write(opening + encode(batch)[1:-1].rstrip("\n"))
        opening, end = ",", "\n]\n" if indent else "]\n"
    write(end if opening == "," else opening + end)


def write_lines(records: Iterable[Any], names: tuple[str, ...], write: Write) -> None:
    """Write one object a line, as the records come."""
    encode = encoder(indent=False)
    objects = _objects(records, names)
    while batch := list(islice(objects, BATCH)):
        write("".join([encode(one) + "\n" for one in batch]))


def write_object(record: Any, names: tuple[str, ...], write: Write, indent: bool) -> None:
    """Write one record as one object."""
    write(encoder(indent)(dict(zip(names, row_getter(names)(record), strict=True))) + "\n")
