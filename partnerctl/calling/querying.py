"""The analytics: SQL files over the Parquet folder, asked by DuckDB (``docs/calling.md``, Other engines)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from partnerctl.calling.committing import settle_if_dead
from partnerctl.calling.engine import engine, matching
from partnerctl.calling.folder import DayFile, day_files, signature
from partnerctl.calling.loading import SQL_TYPES
from partnerctl.domain.calling.endpoints import endpoint_of
from partnerctl.domain.calling.kinds import CALLS, MEDIA, QUEUE_STATS, USAGE, CallingKind
from partnerctl.domain.calling.place import CallingPlace
from partnerctl.domain.calling.weeks import week_of
from partnerctl.errors import Locked, MachineFault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

_TRIES = 3
_MILLISECONDS = "epoch_ms({0}_time) AS {0}_ms"


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are asked for, both included. `weekly`: each counts in its week, else in the first day.

    `ahead`: the day after them is read, too, for what goes on after midnight.
    """

    since: date
    until: date
    weekly: bool = True
    ahead: bool = False

    def rows(self) -> list[tuple[date, date, date]]:
        """Return each day, the week that it counts in, and the day after it."""
        days = map(date.fromordinal, range(self.since.toordinal(), self.until.toordinal() + 1))
        return [(day, week_of(day) if self.weekly else self.since, day + timedelta(days=1)) for day in days]

    @property
    def last(self) -> date:
        """Return the last day that is read."""
        return self.until + timedelta(days=1) if self.ahead else self.until


class Analysis:
    """The folder as a database: the relations of the SQL files, for the days that are asked for."""

    def __init__(self, connection: DuckDBPyConnection, place: CallingPlace, days: Days) -> None:
        self._connection = connection
        self._place = place
        self._days = days
        connection.execute("CREATE TEMP TABLE days (day DATE, week DATE, next_day DATE)")
        values = ", ".join(
            f"(DATE '{day}', DATE '{week}', DATE '{after}')" for day, week, after in days.rows()
        )
        connection.execute(f"INSERT INTO days VALUES {values}")
        more = ", ".join(_MILLISECONDS.format(one) for one in ("start", "answer", "release"))
        self._define("records", CALLS, f"*, {more}")
        connection.execute(f"CREATE TEMP VIEW legs AS {text_of('legs')}")
        connection.execute(f"CREATE TEMP VIEW typed_legs AS {text_of('typed_legs')}")
        self._define("media", MEDIA)
        within = f"until <= DATE '{days.until}'"
        self._define("queue_stats", QUEUE_STATS, where=within)
        self._define("imported_usage", USAGE, where=within)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """Return the rows of the SQL file of that name."""
        return self._connection.execute(text_of(name)).fetchall()

    def rows_by_endpoint(self, name: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SQL file that reads the table of endpoint types."""
        self._endpoints  # noqa: B018 - made on first use
        return self.rows(name)

    @cached_property
    def _endpoints(self) -> int:
        """Make the table of endpoint types; return how many client types and models there are."""
        pairs = sorted({*self.rows("models"), *self.rows("media_models")})
        self._connection.execute(
            "CREATE TEMP TABLE endpoints (client_type VARCHAR, model VARCHAR, endpoint VARCHAR)"
        )
        if pairs:
            models = self._place.room_models
            self._connection.executemany(
                "INSERT INTO endpoints VALUES (?, ?, ?)",
                [(client, model, endpoint_of(client, model, models)) for client, model in pairs],
            )
        return len(pairs)

    def _define(self, name: str, kind: CallingKind, cells: str = "*", where: str = "true") -> None:
        """Make the view of a kind: of its files of the days that are asked for."""
        files = day_files(self._place.path, kind, self._days.since, self._days.last)
        self._connection.execute(
            f"CREATE TEMP VIEW {name} AS SELECT {cells} FROM {_source(kind, files)} WHERE {where}"
        )


def _source(kind: CallingKind, files: Sequence[DayFile]) -> str:
    if not files:
        columns = ", ".join(f'CAST(NULL AS {SQL_TYPES[f.cell]}) AS "{f.key}"' for f in kind.fields)
        return f"(SELECT {columns}, CAST(NULL AS DATE) AS day WHERE false)"
    listed = ", ".join(matching(file.path) for file in files)
    return (
        f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{'day': DATE}},"
        " union_by_name = true)"
    )


def text_of(name: str) -> str:
    """Return the text of a SQL file of the analytics."""
    return (resources.files("partnerctl.calling") / "analytics" / f"{name}.sql").read_text("utf-8")


def ask(place: CallingPlace, days: Days, question: Callable[[Analysis], T]) -> T:
    """Return what `question` finds in one state of the folder: asked again where an import came between.

    Raises UsageError without the extra, Locked where imports keep coming between, MachineFault.
    """
    for _ in range(_TRIES):
        settle_if_dead(place.path, place.wait)
        before = signature(place.path)
        try:
            with engine() as connection:
                found = question(Analysis(connection, place, days))
        except MachineFault:
            if signature(place.path) == before:
                raise
            continue
        if signature(place.path) == before:
            return found
    raise Locked(f"call records in {place.path} change all the time", "try again when the imports are done")
