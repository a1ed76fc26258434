"""A file as a table: recognised, its columns named, every row's cells turned into typed values.

What the values mean for the store is decided elsewhere; here ends what one row says. Rows stream: memory
does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Literal, TypeAlias

from partnerctl.domain.entities import Kind
from partnerctl.ingest.rejected import REASON_HEADERS
from partnerctl.ingest.sources import Source
from partnerctl.ingest.warnings import Warnings
from partnerctl.tabular.cells import PLAIN_TEXT, CellProblem, Kept, Parser, Reading, Value, parser
from partnerctl.tabular.columns import Column, Layout
from partnerctl.tabular.dates import DateOrder, DateScan
from partnerctl.tabular.delimited import DelimitedFile, open_delimited
from partnerctl.tabular.headers import HeaderMatch, Naming, Pairs, match_headers
from partnerctl.tabular.jsonlines import looks_like_json, open_json_lines
from partnerctl.tabular.recognition import chosen, recognise
from partnerctl.tabular.rows import BadRow, OnBad, RawRows

_REMEMBERED = 20_000  # texts per column whose value is kept at hand; all are forgotten once it is full
_SHOWN_HEADERS = 10
_NO_JSON = frozenset({".csv", ".tsv"})

Delimited: TypeAlias = Callable[[], DelimitedFile]
"""Opens a delimited file, see `delimited_once`; raises InvalidData, UsageError, MachineFault."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about the files to read (``files.md``, the options of ``import``).

    `region` and `available` are not used for reading; they travel with the rest.
    """

    entity: str | None = None
    region: str | None = None
    date_order: DateOrder | None = None
    encoding: str | None = None
    header_map: Pairs = ()
    available: Literal["total", "free"] = "total"
    aliases: Pairs = ()


class Table:
    """One file's typed rows. `columns` are those that the file has, in its order; so are the values.

    `skips` tells whether it has columns that are not known.
    """

    def __init__(self, raw: RawRows, match: HeaderMatch, options: ReadOptions) -> None:
        self.name = raw.name
        self.layout: Layout = match.layout
        self.language = match.language
        self.headers = raw.headers
        self.columns: tuple[Column, ...] = tuple(column for _, column in match.columns)
        self._raw = raw
        self._places = match.columns
        self._fixed_notes = list(raw.notes)
        self._warnings = Warnings(raw.name)
        unknown = [header for header in match.unknown if header not in REASON_HEADERS]
        self.skips = bool(unknown)
        if unknown:
            self._fixed_notes.append(unknown_note(raw.name, unknown))
        self.date_order = options.date_order or self._settle_dates()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the columns that the file has, in its order."""
        return tuple(column.key for column in self.columns)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the user should know; the warnings of the rows are in it once they are read."""
        return (*self._fixed_notes, *self._warnings.notes())

    def rows(self, on_bad: OnBad | None = None) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """Yield the first line and the values of each row, in the order of `columns`.

        A row that cannot be read goes to `on_bad` where that is given, else it raises InvalidData. What
        breaks the file itself (an unclosed quote, say) raises InvalidData in any case; also MachineFault.
        """
        warnings = self._warnings
        warnings.clear()
        plan = self._plan()
        for line, row in self._raw.rows(on_bad):
            try:
                values = tuple([read(row[place]) for place, read in plan])
            except CellProblem:
                if not any(cell.strip() for cell in row):
                    warnings.count_empty_row(line)
                    continue
                bad = self._bad_row(line, row, plan)
                if on_bad is None:
                    raise bad.error(self.name) from None
                warnings.drop_pending()
                on_bad(bad)
                continue
            if warnings.pending:
                warnings.settle_pending(line)
            yield line, values

    def cells_of(self, lines: Set[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the cells of the rows that begin at `lines`, as they stand; reads the file again."""
        wanted = len(lines)
        for line, row in self._raw.rows(_leave_for_later) if wanted else ():
            if line in lines:
                yield line, tuple(row)
                wanted -= 1
                if not wanted:
                    return

    def _plan(self) -> list[tuple[int, Callable[[str], Value]]]:
        reading = Reading(self.language, self.date_order, self._raw.guarded)
        return [(place, _reader(column, reading, self._warnings)) for place, column in self._places]

    def _bad_row(self, line: int, row: list[str], plan: list[tuple[int, Callable[[str], Value]]]) -> BadRow:
        for (place, read), column in zip(plan, self.columns, strict=True):
            try:
                read(row[place])
            except CellProblem as problem:
                header = self.headers[place]
                where = column.key if header == column.key else f"{column.key} ({header})"
                return BadRow(line, tuple(row), where, problem.reason, problem.hint)
        return BadRow(line, tuple(row), None, "the row cannot be read")

    def _settle_dates(self) -> DateOrder:
        """Read all date cells once, where there are any, and settle their order for the file."""
        places = [place for place, column in self._places if column.kind is Kind.DATE]
        scan = DateScan()
        if places:
            for line, row in self._raw.rows(on_bad=_leave_for_later):
                for place in places:
                    scan.see(line, row[place])
        settled = scan.settle(self.name, self.language)
        if settled.note:
            self._fixed_notes.append(f"{self.name}: {settled.note}")
        return settled.order


def open_table(
    source: Source,
    layouts: Sequence[Layout],
    options: ReadOptions | None = None,
    delimited: Delimited | None = None,
) -> Table:
    """Open `source` as a table of one of `layouts`: the entity that the options say, else the recognised one.

    `delimited` opens it as a delimited file, where somebody may have done so before. Raises InvalidData
    for a file that cannot be read or recognised, for a missing or doubled header and for dates that
    contradict each other; UsageError for an unknown entity or encoding; MachineFault.
    """
    options = options or ReadOptions()
    raw = _open_raw(source, options.encoding, delimited or delimited_once(source, options.encoding))
    naming = Naming(options.header_map, options.aliases)
    if options.entity is not None:
        layout = chosen(raw.headers, options.entity, layouts, naming)
    else:
        layout = recognise(raw.headers, source.stem, layouts, raw.name, naming)
    return Table(raw, match_headers(raw.headers, layout, raw.name, naming), options)


def _open_raw(source: Source, encoding: str | None, delimited: Delimited) -> RawRows:
    if may_be_json(source) and looks_like_json(source.open):
        return open_json_lines(source.open, source.name, encoding)
    return delimited()


def may_be_json(source: Source) -> bool:
    """Return whether the name of the file leaves it open that it is JSON."""
    return PurePath(source.entry or source.path.name).suffix.lower() not in _NO_JSON


def delimited_once(source: Source, encoding: str | None) -> Delimited:
    """Return what opens `source` as a delimited file: with its first call, for all of it is read for that."""
    return cache(lambda: open_delimited(source.open, source.name, encoding))


def _reader(column: Column, reading: Reading, warnings: Warnings) -> Callable[[str], Value]:
    parse = parser(column.kind, reading)
    if column.required and not column.blank:
        return _Memory(column.key, _never_empty(parse), warnings).__getitem__
    if column.kind in PLAIN_TEXT:
        return parse  # type: ignore[return-value]  # plain text is never Kept
    return _Memory(column.key, parse, warnings).__getitem__


def _never_empty(parse: Parser) -> Parser:
    def read(text: str) -> Value | Kept:
        value = parse(text)
        if value is None:
            raise CellProblem("is empty, and every row needs it")
        return value

    return read


class _Memory(dict[str, Value]):
    """The values of the texts of one column, read when they first come up; warnings are never remembered."""

    def __init__(self, key: str, parse: Parser, warnings: Warnings) -> None:
        super().__init__()
        self._key = key
        self._parse = parse
        self._warnings = warnings

    def __missing__(self, text: str) -> Value:
        value = self._parse(text)
        if isinstance(value, Kept):
            self._warnings.pending.append((self._key, text.strip(), value.warning))
            return value.value
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = value
        return value


def _leave_for_later(_: BadRow) -> None:
    """Pass over a bad row: reading the rows meets it again, or has met it."""


def unknown_note(name: str, unknown: Sequence[str], noun: str = "column") -> str:
    """Return the note on columns, or keys, of a file that are passed over."""
    shown = ", ".join(unknown[:_SHOWN_HEADERS]) + (", ..." if len(unknown) > _SHOWN_HEADERS else "")
    words = f"1 {noun}" if len(unknown) == 1 else f"{len(unknown)} {noun}s"
    return f"{name}: skipped {words} not known here: {shown}"
