"""CSV and TSV on standard output."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from io import StringIO
from itertools import islice
from typing import Any

from partnerctl.output.cells import cell
from partnerctl.output.picking import row_getter

BATCH = 500
"""Records formatted and written at once."""

DELIMITERS = {"csv": ",", "tsv": "\t"}
"""The character between two cells, per format."""


def write_delimited(
    records: Iterable[Any],
    names: tuple[str, ...],
    write: Callable[[str], object],
    delimiter: str,
    header: bool,
) -> None:
    """Write the records as delimited text, as they come: RFC 4180 with ``\\n``, quotes where needed."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    if header:
        writer.writerow(names)
    values = row_getter(names)
    stream = iter(records)
    while batch := list(islice(stream, BATCH)):
        writer.writerows([[cell(value) for value in values(record)] for record in batch])
        write(buffer.getvalue())
        buffer.seek(0)
        buffer.truncate()
    write(buffer.getvalue())
