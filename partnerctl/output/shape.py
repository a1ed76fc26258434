"""What the person asked of the output, and the shape that it then takes (``cli.md``, Everywhere)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, timedelta

FORMATS = ("table", "json", "jsonl", "csv", "tsv")
"""Every output format; the first is the default, whether or not a terminal is there."""


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """The output options of one call: ``--output``, ``--fields``, ``--no-header``."""

    format: str = "table"
    fields: tuple[str, ...] | None = None
    header: bool = True


@dataclass(frozen=True, slots=True)
class ListingOptions(OutputOptions):
    """The options of a list: the output options, and which records it holds in which order.

    `sort` holds field names, a leading ``-`` for descending order; `where` is QUERY text; `region` holds
    region codes or ``unknown``, any of which will do; `as_of` is None for the newest knowledge.
    An option that a command does not offer has its default.
    """

    limit: int | None = None
    sort: tuple[str, ...] = ()
    where: str | None = None
    region: tuple[str, ...] = field(default=())
    as_of: date | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How records are written. `width` is the terminal's in columns, None where there is no terminal."""

    format: str = "table"
    fields: tuple[str, ...] | None = None
    header: bool = True
    width: int | None = None
    colour: bool = False
    indent: bool = False
    demo: bool = False
