"""JSON lines: one object a row under the keys of the columns, typed, UTF-8 not escaped, unknown is null."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import BinaryIO

import orjson

from partnerctl.reports.values import Cell, typed_rows
from partnerctl.tabular.columns import Layout

_BATCH = 500  # rows encoded and written at once
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_APPEND_NEWLINE


def write_jsonl(out: BinaryIO, layout: Layout, rows: Iterable[Sequence[Cell]]) -> int:
    """Write `rows` to `out`, and return how many there were; they are read as they are needed.

    Days are ISO, instants RFC 3339 in UTC with ``Z``, lists of words are arrays.
    """
    keys = [column.key for column in layout.columns]
    typed = typed_rows(layout, rows)
    count = 0
    while batch := list(islice(typed, _BATCH)):
        lines = [orjson.dumps(dict(zip(keys, row, strict=True)), option=_OPTIONS) for row in batch]
        out.write(b"".join(lines))
        count += len(batch)
    return count
