"""Staging: the rows of one file wait in a temporary table until the whole file has been read.

So a file of any size is checked as a whole, in constant memory, before the store is touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from partnerctl.domain.folding import fold
from partnerctl.domain.history import Value
from partnerctl.stores.changing import Clash
from partnerctl.stores.tables import HistoryTable

_CHUNK = 2000


class Staging:
    """The staged observations of one history table: line, day, keys and the columns spoken of."""

    def __init__(
        self, connection: sqlite3.Connection, table: HistoryTable, columns: tuple[str, ...], serial: int
    ) -> None:
        self.table = table
        self.columns = tuple(c for c in table.values if c in columns)
        self.mask = table.mask(self.columns)
        self.name = f"staged_{serial}"
        self._connection = connection
        self._folded = tuple(c for c in table.folded if c in self.columns)
        given = (*table.keys, *self.columns)
        self._order = tuple(columns.index(c) for c in given)
        self._fold_at = tuple(given.index(c) + 2 for c in self._folded)
        names = ("line", "day", *given, *self.folded)
        self._rows: list[tuple[Value, ...]] = []
        connection.execute(
            f"CREATE TEMP TABLE {self.name} ({', '.join(names)}, how INTEGER NOT NULL DEFAULT 0,"
            " slow INTEGER NOT NULL DEFAULT 0)"
        )
        places = ", ".join("?" * len(names))
        self._names = f"({', '.join(names)})"
        self._insert = f"INSERT INTO {self.name} {self._names} VALUES ({places})"

    @property
    def folded(self) -> tuple[str, ...]:
        """Return the names of the folded columns that are staged beside their values."""
        return tuple(f"{c}_folded" for c in self._folded)

    def add(self, line: int, day: str, values: tuple[Value, ...]) -> None:
        """Stage one row; `values` in the order of the columns that the staging was made with."""
        row = (line, day, *[values[i] for i in self._order])
        if self._fold_at:
            row += tuple(_fold(row[i]) for i in self._fold_at)
        self._rows.append(row)
        if len(self._rows) >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what is buffered into the temporary table."""
        if self._rows:
            self._connection.executemany(self._insert, self._rows)
            self._rows.clear()

    def fill(self, select: str, params: dict[str, Value]) -> None:
        """Stage what a SELECT yields: line, day, keys and columns, in this order."""
        self._connection.execute(f"INSERT INTO {self.name} {self._names} {select}", params)

    def index(self) -> None:
        """Make the staged rows findable by key and day."""
        self.flush()
        keys = ", ".join((*self.table.keys, "day", "line"))
        self._connection.execute(f"CREATE INDEX {self.name}_key ON {self.name} ({keys})")

    def clash(self) -> Clash | None:
        """Return the first two lines that disagree on one key and day, or None."""
        return next(self.clashes(), None)

    def clashes(self) -> Iterator[Clash]:
        """Yield every line that disagrees with the first one of its key and day."""
        if not self.columns:
            return
        thing = (*self.table.keys, "day")
        keys = ", ".join(thing)
        first = f"SELECT {keys}, MIN(line) AS line FROM {self.name} GROUP BY {keys} HAVING COUNT(*) > 1"
        rows = self._connection.execute(
            f"SELECT a.line, b.line, a.day, {', '.join(f'a.{k}' for k in self.table.keys)} FROM ({first}) f"
            f" JOIN {self.name} a ON {_same('a', thing)} AND a.line = f.line"
            f" JOIN {self.name} b ON {_same('b', thing)} AND b.line > f.line"
            f" WHERE {' OR '.join(f'a.{c} IS NOT b.{c}' for c in self.columns)} ORDER BY b.line"
        )
        for row in rows:
            yield Clash(tuple(row[3:]), row[2], row[0], row[1])

    def drop_repeats(self, *, first: bool = False) -> int:
        """Keep the last line (or the `first`) of each key and day; return how many rows were dropped."""
        kept = "MIN" if first else "MAX"
        keys = ", ".join((*self.table.keys, "day"))
        return self._connection.execute(
            f"DELETE FROM {self.name} WHERE rowid NOT IN"
            f" (SELECT {kept}(rowid) FROM {self.name} GROUP BY {keys})"
        ).rowcount

    def drop(self) -> None:
        """Remove the temporary table."""
        self._rows.clear()
        self._connection.execute(f"DROP TABLE IF EXISTS {self.name}")


def _same(other: str, columns: tuple[str, ...]) -> str:
    return " AND ".join(f"{other}.{c} = f.{c}" for c in columns)


def _fold(value: Value) -> str | None:
    return fold(value) if isinstance(value, str) else None
