"""Records from CSV into staged Parquet files, one per UTC day, by DuckDB.

A canonical file, which `ingest` has written, is read as it is. A file as Webex writes it is read the same way
where nothing in it is doubtful: each cell is as the strict reader would have it, or the file is refused as
`NotPlain`, and the strict reader says what is wrong in which line, or that nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.calling.engine import matching, quoted
from partnerctl.calling.folder import place_of
from partnerctl.domain.calling.kinds import CallingField, CallingKind, Cell
from partnerctl.errors import MachineFault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SQL_TYPES = {
    Cell.TEXT: "VARCHAR",
    Cell.ID: "VARCHAR",
    Cell.TIME: "TIMESTAMP",
    Cell.DAY: "DATE",
    Cell.FLAG: "BOOLEAN",
    Cell.COUNT: "BIGINT",
    Cell.NUMBER: "DOUBLE",
}
"""How each kind of cell is kept in Parquet: types that every engine has."""

FLUSHED_ROWS = 10_000
"""Rows of a day that a thread gathers before it writes them: more take more memory and no less time."""
OPEN_FILES = 500
"""Days that are written at once; a day that comes again later gets a second file, and both become one."""

_NOWHERE = "__HIVE_DEFAULT_PARTITION__"
_IMPORTED = "imported_at"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z?"
_MOST = 9_999_999_999  # the largest count that is believed
_DOUBTED = (Cell.TIME, Cell.COUNT, Cell.FLAG, Cell.ID)


class NotPlain(Exception):
    """A file that only the strict reader can read, or refuse with the line."""


def load(
    engine: DuckDBPyConnection, kind: CallingKind, files: Sequence[Path], at: datetime, staging: Path
) -> tuple[date, ...]:
    """Write the records of canonical files into staged files, one per day; return the days.

    `at` is when they were imported. Raises MachineFault.
    """
    keys = [key for key in kind.keys if key != _IMPORTED]
    cells = [f"CAST({_name(kind.field(key))} AS {SQL_TYPES[kind.field(key).cell]}) AS {key}" for key in keys]
    if _IMPORTED in kind.keys:
        cells.append(f"TIMESTAMP '{at.replace(tzinfo=None).isoformat(' ')}' AS {_IMPORTED}")
    day = f"CAST({_name(kind.field(kind.day))} AS DATE)"
    return _copy(engine, kind, _read(files, keys, nulls=("",)), [*cells, f"{day} AS day"], staging)


def load_plain(
    engine: DuckDBPyConnection,
    kind: CallingKind,
    path: Path,
    columns: Sequence[str | None],
    staging: Path,
) -> tuple[date, ...]:
    """Write the records of a plain file of Webex into staged files, one per day; return the days.

    `columns` are the keys of its columns, None for those that are passed over. Raises NotPlain where
    anything in it is doubtful, MachineFault.
    """
    import duckdb

    names = [key or f"_{i}" for i, key in enumerate(columns)]
    present = [field for field in kind.fields if field.key in names]
    read = ", ".join(f"{_cell(field)} AS {_name(field)}" for field in present)
    doubted = ", ".join(f"{_name(field)} AS {_raw(field)}" for field in present if field.cell in _DOUBTED)
    source = _read([path], names, nulls=("", "na", "NA"))
    cells = [
        f"{_name(f) if f in present else f'CAST(NULL AS {SQL_TYPES[f.cell]}) AS {_name(f)}'}"
        for f in kind.fields
    ]
    checks = " AND ".join(check for field in present for check in _checks(field))
    day = f"CASE WHEN {checks} THEN CAST({_name(kind.field(kind.day))} AS DATE) END AS day"
    try:
        days = _copy(engine, kind, f"(SELECT {read}, {doubted} FROM {source})", [*cells, day], staging)
    except (MachineFault, duckdb.IOException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error as fault:
        raise NotPlain(str(fault)) from fault
    return days


def _name(field: CallingField) -> str:
    return f'"{field.key}"'


def _read(files: Sequence[Path], names: Sequence[str], nulls: Sequence[str]) -> str:
    """Return the SQL that reads CSV as text: with a header, commas and double quotes, and nothing guessed."""
    listed = ", ".join(map(matching, files))
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    empty = ", ".join(f"'{text}'" for text in nulls)
    return (
        f"read_csv([{listed}], columns = {{{columns}}}, header = true, auto_detect = false, delim = ',',"
        f" quote = '\"', escape = '\"', strict_mode = true, nullstr = [{empty}], max_line_size = 10000000)"
    )


def _raw(field: CallingField) -> str:
    """Return the name under which the text of a cell stands beside its value."""
    return f'"raw {field.key}"'


def _cell(field: CallingField) -> str:
    """Return the value of a cell; of one that is not written in the usual way, null."""
    name = _name(field)
    if field.cell in (Cell.TIME, Cell.COUNT):
        return f"TRY_CAST({name} AS {SQL_TYPES[field.cell]})"
    if field.cell is Cell.FLAG:
        return f"CASE lower({name}) WHEN 'true' THEN true WHEN 'false' THEN false END"
    if field.cell is Cell.ID:
        return f"lower(trim({name}))"
    return name


def _checks(field: CallingField) -> list[str]:
    """Return the conditions under which a cell is as the strict reader would have it."""
    name, raw = _name(field), _raw(field)
    checks = []
    if field.cell is Cell.TIME:
        usual = f"(length({raw}) = 24 AND substr({raw}, 20, 1) = '.' AND ends_with({raw}, 'Z'))"
        checks.append(
            f"({raw} IS NULL OR ({name} >= TIMESTAMP '1900-01-01' AND {name} < TIMESTAMP '3000-01-01'"
            f" AND substr({raw}, 12, 2) <> '24' AND ({usual} OR regexp_full_match({raw}, '{_TIME}'))))"
        )
    if field.cell is Cell.FLAG:
        checks.append(f"({raw} IS NULL OR {name} IS NOT NULL)")
    if field.cell is Cell.COUNT:
        checks.append(
            f"({raw} IS NULL OR (CAST({name} AS VARCHAR) = {raw} AND {name} BETWEEN 0 AND {_MOST}))"
        )
    if field.key == "org_id":
        checks.append(f"CAST(TRY_CAST({raw} AS UUID) AS VARCHAR) = lower({raw})")
    elif field.cell is Cell.ID:
        checks.append(f"length({raw}) <= 200 AND {name} NOT IN ('', 'na')")
    if field.required and not field.blank:
        checks.append(f"{name} IS NOT NULL")
    return checks


def _copy(
    engine: DuckDBPyConnection, kind: CallingKind, source: str, cells: Sequence[str], staging: Path
) -> tuple[date, ...]:
    """Write what `source` holds into staged files, by day; raises NotPlain where a record has no day."""
    folder = staging / "loaded"
    engine.execute(f"SET partitioned_write_flush_threshold = {FLUSHED_ROWS}")
    engine.execute(f"SET partitioned_write_max_open_files = {OPEN_FILES}")
    engine.execute(
        f"COPY (SELECT {', '.join(cells)} FROM {source}) TO {quoted(folder)}"
        " (FORMAT parquet, PARTITION_BY (day), FILENAME_PATTERN 'part')"
    )
    if (folder / f"day={_NOWHERE}").exists():
        raise NotPlain("a record has no day")
    days = []
    for written in sorted(folder.iterdir()) if folder.exists() else []:
        day = date.fromisoformat(written.name.removeprefix("day="))
        target = staging / place_of(kind, day)
        target.parent.mkdir(parents=True)
        parts = sorted(written.iterdir())
        if len(parts) == 1:
            parts[0].rename(target)
        else:
            joined = ", ".join(map(matching, parts))
            engine.execute(
                f"COPY (FROM read_parquet([{joined}], hive_partitioning = false))"
                f" TO {quoted(target)} (FORMAT parquet)"
            )
        days.append(day)
    return tuple(days)
