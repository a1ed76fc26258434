"""One record of each id: of those that are staged and those that the folder has, the newest lives.

Records are told apart by id, version and a digest of what they say. The greatest version wins, and of two
records of one version that differ, the greater digest: whatever the order in which they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.calling.engine import matching, quoted
from partnerctl.calling.folder import DayFile, day_files, place_of
from partnerctl.domain.calling.kinds import CallingKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MADE = "imported_at"


@dataclass(frozen=True, slots=True)
class Change:
    """What an import changes: files put in place and taken away, both below the root; counts of records."""

    replace: tuple[Path, ...]
    remove: tuple[Path, ...]
    rows: int
    inserted: int
    updated: int

    @property
    def unchanged(self) -> int:
        """How many of the records said nothing new."""
        return self.rows - self.inserted - self.updated


def settle_records(
    engine: DuckDBPyConnection, kind: CallingKind, days: Sequence[date], root: Path, staging: Path
) -> Change:
    """Return what the staged records of `days` change; files of days that meet others are rewritten."""
    staged = [DayFile(kind, day, staging / place_of(kind, day)) for day in days]
    if not staged:
        return Change((), (), 0, 0, 0)
    meeting = _Meeting(engine, kind, staged, day_files(root, kind), staging)
    rows = _count(engine, f"SELECT count(*) FROM {_read(staged)}")
    if not meeting.find_contested():
        replace, remove = meeting.rewritten(set())
        return Change(replace, remove, rows, rows, 0)
    meeting.choose()
    again, inserted, updated = meeting.outcome()
    replace, remove = meeting.rewritten(meeting.met_days())
    return Change(replace, remove, rows, rows - again + inserted, updated)


def _read(files: Sequence[DayFile]) -> str:
    return f"read_parquet([{', '.join(matching(file.path) for file in files)}], hive_partitioning = false)"


def _count(engine: DuckDBPyConnection, sql: str) -> int:
    found = engine.execute(sql).fetchone()
    return int(found[0]) if found else 0


class _Meeting:
    """Records that are staged, and those that are kept already.

    The table `contested` has the ids of more than one record, `contest` these records, `winners` the one
    record that lives of each id.
    """

    def __init__(
        self,
        engine: DuckDBPyConnection,
        kind: CallingKind,
        staged: Sequence[DayFile],
        kept: Sequence[DayFile],
        staging: Path,
    ) -> None:
        self._staging = staging
        self._engine = engine
        self._kind = kind
        self._staged = {file.day: file for file in staged}
        self._kept = {file.day: file for file in kept}
        self._new = _read(staged)
        self._old = _read(kept) if kept else None
        # a file tells of a customer's period as a whole: what it no longer names is gone
        self._whole = "(org_id, since, until)" if {"since", "until"} <= set(kind.keys) else None

    def find_contested(self) -> bool:
        """Find the ids that more than one record has; tell whether there are any."""
        key = self._kind.id
        self._engine.execute(
            f"CREATE TEMP TABLE contested AS SELECT {key} AS id FROM {self._new}"
            " GROUP BY 1 HAVING count(*) > 1"
        )
        if self._old is not None:
            met = [f"{key} IN (SELECT {key} FROM {self._new})"]
            if self._whole:
                met.append(f"{self._whole} IN (SELECT {self._whole} FROM {self._new})")
            self._engine.execute(
                f"INSERT INTO contested SELECT {key} FROM {self._old} WHERE ({' OR '.join(met)})"
                f" AND {key} NOT IN (SELECT id FROM contested)"
            )
        return _count(self._engine, "SELECT count(*) FROM contested") > 0

    def choose(self) -> None:
        """Choose the record that lives of each contested id."""
        kind = self._kind
        sides = [(self._new, "false"), *([(self._old, "true")] if self._old else [])]
        both = " UNION ALL ".join(
            f"SELECT {kind.id} AS id, {kind.version} AS version, {self._digest()} AS digest,"
            f" CAST({kind.day} AS DATE) AS day, {is_kept} AS kept FROM {source}"
            f" WHERE {kind.id} IN (SELECT id FROM contested)"
            for source, is_kept in sides
        )
        self._engine.execute(f"CREATE TEMP TABLE contest AS {both}")
        # what is imported is always newer than what is kept, though a clock may not tell
        ties = "kept, digest DESC" if kind.version == _MADE else "digest DESC, kept DESC"
        told = " WHERE id IN (SELECT id FROM contest WHERE NOT kept)" if self._whole else ""
        self._engine.execute(
            "CREATE TEMP TABLE winners AS SELECT id, digest, day, kept FROM (SELECT *, row_number() OVER"
            f" (PARTITION BY id ORDER BY version DESC NULLS LAST, {ties}, day) AS place"
            f" FROM contest{told}) WHERE place = 1"
        )
        self._engine.execute(  # what says nothing new changes nothing, though it came later
            "UPDATE winners SET kept = true WHERE NOT kept AND (id, digest) IN"
            " (SELECT (id, digest) FROM contest WHERE kept)"
        )

    def outcome(self) -> tuple[int, int, int]:
        """Return how many staged records are contested, and how many of those ids are new, are changed."""
        found = self._engine.execute(
            "SELECT (SELECT count(*) FROM contest WHERE NOT kept),"
            " count(*) FILTER (WHERE NOT kept AND NOT known), count(*) FILTER (WHERE NOT kept AND known)"
            " FROM (SELECT kept, id IN (SELECT id FROM contest WHERE kept) AS known FROM winners)"
        ).fetchone()
        return (int(found[0]), int(found[1]), int(found[2])) if found else (0, 0, 0)

    def met_days(self) -> set[date]:
        """Return the days whose staged or kept file has contested records."""
        return {row[0] for row in self._engine.execute("SELECT DISTINCT day FROM contest").fetchall()}

    def rewritten(self, met: set[date]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Return the files to put in place and to take away; `met` are the days with contested records."""
        replace: list[Path] = []
        remove: list[Path] = []
        changed = self._changed_days() if met else set(self._staged)
        for day in sorted(changed):
            place = place_of(self._kind, day)
            if day in met or day in self._kept:
                left = self._write(day, contested=day in met)
                (replace if left else remove).append(place)
            else:
                replace.append(place)
        return tuple(replace), tuple(remove)

    def _changed_days(self) -> set[date]:
        """Return the days that gain or lose a record."""
        key = self._kind.id
        found = self._engine.execute(
            "SELECT day FROM winners WHERE NOT kept"
            " UNION SELECT c.day FROM contest c LEFT JOIN winners w ON w.id = c.id AND w.kept"
            " WHERE c.kept AND w.id IS NULL"
            f" UNION SELECT CAST({self._kind.day} AS DATE) FROM {self._new}"
            f" WHERE {key} NOT IN (SELECT id FROM contested)"
        ).fetchall()
        return {row[0] for row in found}

    def _write(self, day: date, *, contested: bool) -> int:
        """Write the records of a day that live into its staged file; return how many there are."""
        key, parts = self._kind.id, []
        free = f"{key} NOT IN (SELECT id FROM contested)" if contested else "true"
        won = f"SELECT id FROM winners WHERE day = DATE '{day}' AND"
        if day in self._kept:
            wins = f" OR {key} IN ({won} kept)" if contested else ""
            parts.append(f"SELECT * FROM {_read([self._kept[day]])} WHERE {free}{wins}")
        if day in self._staged:
            source = _read([self._staged[day]])
            parts.append(f"SELECT * FROM {source} WHERE {free}")
            if contested:
                order = f"{self._kind.version} DESC NULLS LAST, {self._digest()} DESC"
                parts.append(
                    f"SELECT * FROM {source} WHERE {key} IN ({won} NOT kept)"
                    f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1"
                )
        target = place_of(self._kind, day)
        staged = self._staging / target
        staged.parent.mkdir(parents=True, exist_ok=True)
        fresh = staged.with_suffix(".rewritten")
        self._engine.execute(f"COPY ({' UNION ALL '.join(parts)}) TO {quoted(fresh)} (FORMAT parquet)")
        fresh.replace(staged)
        return _count(self._engine, f"SELECT count(*) FROM read_parquet({matching(staged)})")

    def _digest(self) -> str:
        """Return the SQL of what tells two records apart that have the same id and version."""
        said = (f"coalesce(CAST({key} AS VARCHAR), chr(0))" for key in self._kind.keys if key != _MADE)
        return f"md5(concat_ws(chr(31), {', '.join(said)}))"
