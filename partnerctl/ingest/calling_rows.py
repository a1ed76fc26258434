"""Rows of calling files made one canonical CSV, whatever the file was, for the engine that keeps them.

Rows are read by the hundred, and column by column. Where a column of so many rows does not read, the rows
are read one by one, so that the bad one is named and the good ones stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from partnerctl.domain.calling.kinds import MEDIA, QUEUE_STATS, USAGE, CallingKind, Cell
from partnerctl.domain.stepping import Step, unheard
from partnerctl.errors import InvalidData, MachineFault, UsageError
from partnerctl.ingest.calling_cells import ColumnReader, column_reader, written
from partnerctl.ingest.calling_days import DaysSeen
from partnerctl.ingest.calling_ids import Columns, ids_of
from partnerctl.ingest.calling_tables import CallingTable
from partnerctl.tabular.cells import CellProblem
from partnerctl.tabular.rows import BadRow, OnBad

MOST_DAYS = 366
"""The longest period that a file without days of its own may cover."""

_BATCH = 256  # more rows at once do not fit the caches of a processor
_DAYS_AHEAD = 2
_OF_A_PERIOD = (QUEUE_STATS, USAGE)
_OF_ONE_CUSTOMER = (MEDIA, QUEUE_STATS)


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says where a file does not: whose it is, and from when to when (both days included)."""

    today: date
    org_id: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Normalised:
    """What became of a file: its good rows, the days from the first to the last of them, and notes."""

    rows: int
    first: date | None
    last: date | None
    notes: tuple[str, ...]


def canonical_keys(kind: CallingKind) -> tuple[str, ...]:
    """Return the columns of the canonical CSV: the kind's keys, without the moment of the import."""
    return tuple(key for key in kind.keys if key != "imported_at")


def check_given(table: CallingTable, given: Given) -> None:
    """Raise InvalidData where neither file nor `given` says what is needed, UsageError for a bad period."""
    kind = table.kind
    if "org_id" not in table.keys and kind in _OF_ONE_CUSTOMER and given.org_id is None:
        words = "does not say which customer it is of"
        raise InvalidData.at(table.name, None, None, words, "Give --customer CUSTOMER.")
    if kind not in _OF_A_PERIOD:
        return
    if given.since is None or given.until is None:
        words = "does not say which days it covers"
        hint = "Give --since DAY --until DAY, the period that the file covers."
        raise InvalidData.at(table.name, None, None, words, hint)
    if given.since > given.until:
        words = f"--since {given.since} is after --until {given.until}"
        raise UsageError(words, "Give the first and the last day that the file covers.")
    days = (given.until - given.since).days + 1
    if days > MOST_DAYS:
        words = f"--since {given.since} to --until {given.until} are {days} days: the most is {MOST_DAYS}"
        raise UsageError(words, "Give the first and the last day that the file covers.")


def normalise(
    table: CallingTable, out: Path, given: Given, on_bad: OnBad | None = None, step: Step = unheard
) -> Normalised:
    """Write the rows of `table` to `out` as canonical CSV; `step` hears of rows as they are read.

    A bad row goes to `on_bad` where that is given, else it raises InvalidData, as what breaks the file itself
    always does; what stands in `out` is of no use then. Raises MachineFault where `out` cannot be written.
    """
    check_given(table, given)
    shaper = _Shaper(table, given)
    try:
        with out.open("w", encoding="utf-8", newline="") as text:
            text.write(",".join(canonical_keys(table.kind)) + "\n")
            for numbers, rows, bad in _batches(table, on_bad is not None):
                columns, refused = shaper.shape(numbers, rows)
                _refuse(table, [*bad, *refused], on_bad)
                if columns:
                    text.write("\n".join(map(",".join, zip(*columns, strict=True))) + "\n")
                step(len(rows))
    except OSError as error:
        raise MachineFault(f"{out}: cannot be written ({error.strerror or error})") from error
    return shaper.done()


def _batches(
    table: CallingTable, keeps_on: bool
) -> Iterator[tuple[list[int], list[Sequence[str]], list[BadRow]]]:
    """Yield numbers and cells of rows by the hundred, and the bad ones between them.

    What stops the reading is raised after the rows before it: one of these may be bad, and comes first.
    """
    numbers: list[int] = []
    rows: list[Sequence[str]] = []
    bad: list[BadRow] = []
    stopped: InvalidData | None = None
    try:
        for number, row in table.rows(bad.append if keeps_on else None):
            numbers.append(number)
            rows.append(row)
            if len(rows) == _BATCH:
                yield numbers, rows, bad[:]
                numbers, rows = [], []
                bad.clear()
    except InvalidData as error:
        stopped = error
    yield numbers, rows, bad
    if stopped is not None:
        raise stopped


def _refuse(table: CallingTable, bad: list[BadRow], on_bad: OnBad | None) -> None:
    for row in sorted(bad, key=lambda row: row.line):
        if on_bad is None:
            raise row.error(table.name)
        on_bad(row)


@dataclass(frozen=True, slots=True)
class _Part:
    """One column: its key, its place in the rows, and what reads it."""

    key: str
    place: int
    read: ColumnReader


class _Shaper:
    """Turns rows into canonical columns, and remembers what is to be said of all of them."""

    def __init__(self, table: CallingTable, given: Given) -> None:
        self._table = table
        self._kind = table.kind
        self._parts = _parts(table, given)
        self._constants = _constants(table, given)
        self._ids = ids_of(table.kind)
        self._org_id = given.org_id if table.kind in _OF_ONE_CUSTOMER else None
        self._given = given
        self._days = DaysSeen((given.today + timedelta(days=_DAYS_AHEAD)).isoformat())
        self._seen: dict[str, int] = {}
        self._rows = 0
        self._empty: list[int] = []
        self._strangers = 0

    def shape(
        self, numbers: list[int], rows: list[Sequence[str]]
    ) -> tuple[list[Sequence[str]] | None, list[BadRow]]:
        """Return the columns of the good rows as they are written, None without any; and the bad rows."""
        bad: list[BadRow] = []
        try:
            columns = self._read(rows)
        except CellProblem:
            numbers, rows = self._sift(numbers, rows, bad)
            columns = self._read(rows)
        if rows and self._ids is not None:
            columns["record_id"] = self._ids(columns)
            if self._kind in _OF_A_PERIOD:
                numbers, columns = self._without_repeats(numbers, rows, columns, bad)
        if not numbers:
            return None, bad
        self._note(numbers, columns)
        keys = canonical_keys(self._kind)
        texts = {field.key for field in self._kind.fields if field.cell in (Cell.TEXT, Cell.ID)}
        return [written(columns[key]) if key in texts else columns[key] for key in keys], bad

    def done(self) -> Normalised:
        """Return what became of the file."""
        name, given = self._table.name, self._given
        notes = [*self._table.said(), *self._days.notes(name, self._table.unit)]
        if self._empty:
            words = "an empty row was" if len(self._empty) == 1 else f"{len(self._empty)} empty rows were"
            notes.append(f"{name}, {self._table.unit} {self._empty[0]}: {words} passed over")
        if self._strangers:
            rows = "1 row is" if self._strangers == 1 else f"{self._strangers} rows are"
            notes.append(f"{name}: {rows} of another customer than --customer; what the file says counts")
        if self._kind in _OF_A_PERIOD:
            first, last = (given.since, given.until) if self._rows else (None, None)
        else:
            first, last = self._days.first, self._days.last
        return Normalised(self._rows, first, last, tuple(notes))

    def _read(self, rows: Sequence[Sequence[str]]) -> Columns:
        turned = list(zip(*rows, strict=True)) or [()] * len(self._table.columns)
        columns = {key: [value] * len(rows) for key, value in self._constants.items()}
        for part in self._parts:
            columns[part.key] = part.read(turned[part.place])
        return columns

    def _sift(
        self, numbers: list[int], rows: list[Sequence[str]], bad: list[BadRow]
    ) -> tuple[list[int], list[Sequence[str]]]:
        """Return the rows that can be read; empty ones are passed over, the others added to `bad`."""
        good: list[int] = []
        kept: list[Sequence[str]] = []
        for number, row in zip(numbers, rows, strict=True):
            problem = self._problem(row)
            if problem is None:
                good.append(number)
                kept.append(row)
            elif not any(cell.strip() for cell in row):
                self._empty.append(number)
            else:
                where, why = problem
                bad.append(self._table.bad(number, row, where, why.reason, why.hint))
        return good, kept

    def _problem(self, row: Sequence[str]) -> tuple[str, CellProblem] | None:
        """Return the first cell of the row that cannot be read, by the name of its column, and why."""
        for part in self._parts:
            try:
                part.read((row[part.place],))
            except CellProblem as problem:
                header = self._table.headers[part.place]
                return (part.key if header == part.key else f"{part.key} ({header})"), problem
        return None

    def _without_repeats(
        self, numbers: list[int], rows: list[Sequence[str]], columns: Columns, bad: list[BadRow]
    ) -> tuple[list[int], Columns]:
        """Return the rows that speak of something for the first time; the others are added to `bad`."""
        keep: list[int] = []
        for i, (number, record_id) in enumerate(zip(numbers, columns["record_id"], strict=True)):
            first = self._seen.setdefault(record_id, number)
            if first == number:
                keep.append(i)
            else:
                words = f"says again what {self._table.unit} {first} says"
                bad.append(self._table.bad(number, rows[i], None, words))
        if len(keep) == len(numbers):
            return numbers, columns
        return [numbers[i] for i in keep], {key: [cells[i] for i in keep] for key, cells in columns.items()}

    def _note(self, numbers: list[int], columns: Columns) -> None:
        self._rows += len(numbers)
        if self._kind not in _OF_A_PERIOD:
            self._days.see(numbers, columns[self._kind.day])
        if self._org_id is not None:
            self._strangers += len(numbers) - columns["org_id"].count(self._org_id)


def _parts(table: CallingTable, given: Given) -> list[_Part]:
    parts = []
    for place, key in enumerate(table.columns):
        if key is None:
            continue
        read = column_reader(table.kind, table.kind.field(key), table.language)
        if key == "org_id" and table.kind in _OF_ONE_CUSTOMER:
            read = _filled(read, given.org_id)
        parts.append(_Part(key, place, read))
    return parts


def _filled(read: ColumnReader, org_id: str | None) -> ColumnReader:
    def filled(cells: Sequence[str]) -> list[str]:
        found = read(cells)
        if "" not in found:
            return found
        if org_id is None:
            raise CellProblem("is empty, so it says of no customer", "Give --customer CUSTOMER.")
        return [cell or org_id for cell in found]

    return filled


def _constants(table: CallingTable, given: Given) -> dict[str, str]:
    """Return what every row has of the columns that the file lacks."""
    said = {
        "org_id": given.org_id or "",
        "since": given.since.isoformat() if given.since else "",
        "until": given.until.isoformat() if given.until else "",
    }
    return {key: said.get(key, "") for key in canonical_keys(table.kind) if key not in table.keys}
