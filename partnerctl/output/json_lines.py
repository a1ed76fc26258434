"""JSON: one streamed array, one object, or one object a line.

The hot path of the whole program: records go to orjson some hundreds at a time, because every call of it
costs as much as several records; it reads frozen records, days and instants as they are. A value that no
record should hold raises TypeError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

import orjson

from partnerctl.output.picking import row_getter

BATCH = 500
"""Records encoded and written at once: a fault in an earlier one leaves the output empty."""

Write = Callable[[str], object]

_INSTANTS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


def encoder(indent: bool) -> Callable[[Any], str]:
    """Return the function that writes one value as JSON: UTF-8 not escaped, indented or compact."""
    option = _INSTANTS | orjson.OPT_INDENT_2 if indent else _INSTANTS

    def encode(value: Any) -> str:
        return orjson.dumps(value, option=option).decode()

    return encode


def _objects(records: Iterable[Any], names: tuple[str, ...]) -> Iterator[Any]:
    """Return what is to be encoded: the records as they are, or those of their fields that were chosen."""
    iterator = iter(records)
    first = next(iterator, None)
    if first is None:
        return iter(())
    everything = chain((first,), iterator)
    if names == tuple(getattr(first, "__dataclass_fields__", ())):
        return everything
    values = row_getter(names)
    return (dict(zip(names, values(record), strict=True)) for record in everything)


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


def write_page(record: Any, listed: str, names: tuple[str, ...], write: Write, indent: bool) -> None:
    """Write one record as one object; of the records in its list `listed`, the fields that were chosen."""
    every = tuple(record.__dataclass_fields__)
    page = dict(zip(every, row_getter(every)(record), strict=True))
    page[listed] = list(_objects(page[listed], names))
    write(encoder(indent)(page) + "\n")
