"""Files of Webex Calling as tables: recognised among all others, columns named (``docs/calling.md``)."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from partnerctl.domain.calling.kinds import (
    CALLS,
    MEDIA,
    QUEUE_STATS,
    USAGE,
    USAGE_FIGURES,
    CallingField,
    CallingKind,
)
from partnerctl.domain.calling.kinds import Cell as Holds
from partnerctl.domain.entities import Kind
from partnerctl.domain.folding import fold, fold_header
from partnerctl.errors import InvalidData
from partnerctl.ingest.calling_json import (
    BadItem,
    JsonDocument,
    JsonRows,
    Shape,
    begins_as_json,
    open_document,
    speaks_of_calls,
)
from partnerctl.ingest.rejected import REASON_HEADERS
from partnerctl.ingest.sources import Source
from partnerctl.ingest.typed import Delimited, ReadOptions, delimited_once, may_be_json, unknown_note
from partnerctl.tabular.columns import Column, Layout
from partnerctl.tabular.delimited import DelimitedFile
from partnerctl.tabular.headers import HeaderMatch, MissingColumn, Naming, find_columns, match_headers
from partnerctl.tabular.recognition import Unrecognised, chosen, recognise
from partnerctl.tabular.rows import BadRow, OnBad, RawRows

CALLING_FILES: Mapping[str, CallingKind] = {
    "calls": CALLS,
    "calling-media": MEDIA,
    "calling-queue-stats": QUEUE_STATS,
    "calling-usage": USAGE,
}
"""The kind of records that each kind of file holds, by the word for ``--entity``."""

_MEASURED = {
    MEDIA.name: (
        *("call_quality", "audio_jitter", "audio_latency", "audio_packet_loss"),
        *("video_jitter", "video_latency", "video_packet_loss"),
    ),
    USAGE.name: USAGE_FIGURES,
}
"""Of these columns a file needs one at least: without any it says nothing."""

_KINDS = {
    Holds.TEXT: Kind.TEXT,
    Holds.ID: Kind.TEXT,
    Holds.TIME: Kind.INSTANT,
    Holds.DAY: Kind.DATE,
    Holds.FLAG: Kind.BOOLEAN,
    Holds.COUNT: Kind.COUNT,
    Holds.NUMBER: Kind.NUMBER,
}


@dataclass(frozen=True, slots=True)
class CallingTable:
    """One recognised file of calling records; `columns` has the key of each of its columns, None for others.

    `unit` is what its rows are numbered by. `plain`: CSV with commas, in UTF-8, unpacked, on disk, its header
    one line that is the first: any reader of CSV reads it alike. `marked`: it begins with a byte order mark.
    `notes` are known before any row is read.
    """

    kind: CallingKind
    layout: Layout
    language: str
    raw: RawRows
    columns: tuple[str | None, ...]
    unit: Literal["line", "item"] = "line"
    plain: bool = False
    marked: bool = False
    skips: bool = False
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what messages call the file."""
        return self.raw.name

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers of the file, or those under which the rows of a JSON file are rejected."""
        return self.raw.headers

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of the columns that the file has, or may have, if it is JSON."""
        return frozenset(key for key in self.columns if key is not None)

    def rows(self, on_bad: OnBad | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of each row, as wide as `columns`; see `RawRows`."""
        return self.raw.rows(on_bad)

    def bad(
        self, number: int, cells: Sequence[str], where: str | None, reason: str, hint: str | None = None
    ) -> BadRow:
        """Return the bad row of that number, which calls itself a line or an item."""
        made = BadItem if self.unit == "item" else BadRow
        return made(number, tuple(cells), where, reason, hint)

    def said(self) -> tuple[str, ...]:
        """Return what is to be said of the file once its rows are read."""
        return self.raw.said() if isinstance(self.raw, JsonRows) else ()


def calling_layouts() -> tuple[Layout, ...]:
    """Return the layouts of call records, media quality and queue statistics; usage is a report's."""
    return tuple(
        Layout(name, tuple(_column(field) for field in kind.fields if field.header))
        for name, kind in CALLING_FILES.items()
        if kind is not USAGE
    )


def open_calling(
    source: Source,
    layouts: Sequence[Layout],
    options: ReadOptions | None = None,
    delimited: Delimited | None = None,
) -> CallingTable | None:
    """Open `source` as a table of calling records; None where it is none, going by all `layouts`.

    `layouts` are those of every file that can be imported, the calling ones among them: what another one
    explains as well belongs to that. `delimited` is that of `open_table`. Raises InvalidData for a file
    that cannot be read or recognised, for a missing or doubled header; UsageError for an unknown
    encoding; MachineFault.
    """
    options = options or ReadOptions()
    if options.entity is not None and _named(options.entity) not in CALLING_FILES:
        return None
    naming = Naming(options.header_map, options.aliases)
    if may_be_json(source) and begins_as_json(source.open):
        return _open_json(source, layouts, options, naming)
    raw = (delimited or delimited_once(source, options.encoding))()
    headers = _told_apart(raw.headers)
    layout = _recognised(headers, source, layouts, options.entity, naming)
    if layout is None:
        return None
    return _delimited(source, raw, _matched(headers, layout, raw.name, naming))


def _open_json(
    source: Source, layouts: Sequence[Layout], options: ReadOptions, naming: Naming
) -> CallingTable | None:
    try:
        document = open_document(source.open, source.name, options.encoding)
    except InvalidData:
        if options.entity is not None or speaks_of_calls(source.open):
            raise
        return None
    keys = tuple({fold_header(key): key for key in document.keys}.values())
    relaxed = [_relaxed(layout) if layout.name in CALLING_FILES else layout for layout in layouts]
    layout: Layout | None = None
    if keys or options.entity is not None:
        with suppress(Unrecognised):
            layout = _recognised(keys, source, relaxed, options.entity, naming)
    if layout is None:
        _refuse_what_nobody_reads(document)
        return None
    if keys:
        _matched(keys, layout, source.name, naming)
    kind = _kind(layout)
    return CallingTable(
        kind,
        layout,
        "en",
        JsonRows(document, layout, naming),
        tuple(column.key if column.key in kind.keys else None for column in layout.columns),
        unit="item" if document.by_items else "line",
    )


def _refuse_what_nobody_reads(document: JsonDocument) -> None:
    """Raise Unrecognised for JSON that is no list of objects: as another file it could not be read either."""
    if document.shape in (Shape.ITEMS, Shape.OBJECT) or not document.keys:
        shown = ", ".join(document.keys[:8]) + (", ..." if len(document.keys) > 8 else "")
        words = f"its keys ({shown}) do not tell what it holds" if shown else "holds no objects"
        raise Unrecognised(f"{document.name}: {words}", f"Say it with --entity {'|'.join(CALLING_FILES)}.")


def _told_apart(headers: Sequence[str]) -> tuple[str, ...]:
    """Return `headers` with percentages in words: folded, ``% Answered Calls`` would be Answered Calls."""
    return tuple(f"percent {header}" if header.startswith("%") else header for header in headers)


def _delimited(source: Source, raw: DelimitedFile, match: HeaderMatch) -> CallingTable:
    kind = _kind(match.layout)
    columns: list[str | None] = [None] * len(raw.headers)
    for place, column in match.columns:
        columns[place] = column.key if column.key in kind.keys else None
    known = {place for place, _ in match.columns}
    others = [header for place, header in enumerate(raw.headers) if header and place not in known]
    unknown = [header for header in others if header not in REASON_HEADERS]
    notes = [*raw.notes, *([unknown_note(raw.name, unknown)] if unknown else [])]
    return CallingTable(
        kind,
        match.layout,
        match.language,
        raw,
        tuple(columns),
        plain=_is_plain(source, raw),
        marked=raw.encoding.marked,
        skips=bool(unknown),
        notes=tuple(notes),
    )


def _is_plain(source: Source, raw: DelimitedFile) -> bool:
    return (
        source.entry is None
        and not source.gzipped
        and codecs.lookup(raw.encoding.codec).name in ("utf-8", "utf-8-sig")
        and raw.delimiter == ","
        and raw.records_before == 1
        and not any(mark in header for header in raw.headers for mark in '"\r\n')
    )


def _recognised(
    headers: Sequence[str], source: Source, layouts: Sequence[Layout], entity: str | None, naming: Naming
) -> Layout | None:
    """Return the calling layout that the headers have, None where they have another one."""
    needing = [_needing(layout) for layout in layouts]
    if entity is not None:
        layout = chosen(headers, entity, needing, naming)
    else:
        layout = recognise(headers, source.stem, _competing(headers, needing, naming), source.name, naming)
    return layout if layout.name in CALLING_FILES else None


def _needing(layout: Layout) -> Layout:
    """Return the layout of usage with the id that a row is nothing without, another one as it is."""
    if CALLING_FILES.get(layout.name) is not USAGE:
        return layout
    columns = tuple(replace(c, required=c.required or c.key == "org_id") for c in layout.columns)
    return Layout(layout.name, columns)


def _competing(headers: Sequence[str], layouts: Sequence[Layout], naming: Naming) -> list[Layout]:
    """Return `layouts` without the calling ones that measure nothing here, or are explained by others too."""
    found = [(layout, find_columns(headers, layout, naming)) for layout in layouts]
    others = [len(match.columns) for layout, match in found if layout.name not in CALLING_FILES]
    most = max(others, default=0)
    return [
        layout
        for layout, match in found
        if layout.name not in CALLING_FILES
        or len(match.columns) < 2
        or (len(match.columns) > most and _measures(match))
    ]


def _matched(headers: Sequence[str], layout: Layout, name: str, naming: Naming) -> HeaderMatch:
    """Match the headers, and ask for what a file of this kind cannot be without."""
    match = match_headers(headers, layout, name, naming)
    if not _measures(match):
        needed = ", ".join(_MEASURED[_kind(layout).name][:7])
        words = f"{layout.name} needs one of the columns {needed}, and no header names any"
        found = ", ".join(match.unknown[:8]) or "none"
        hint = f"Say which header it is with --map 'HEADER=KEY'; headers not recognised: {found}."
        error = MissingColumn.at(name, 1, None, words, hint)
        error.layout = layout.name
        raise error
    return match


def _measures(match: HeaderMatch) -> bool:
    wanted = _MEASURED.get(_kind(match.layout).name)
    return wanted is None or any(column.key in wanted for _, column in match.columns)


def _relaxed(layout: Layout) -> Layout:
    """Return the layout of JSON, where a key that is absent has no value."""
    columns = tuple(
        replace(column, required=column.required and not column.blank) for column in layout.columns
    )
    return Layout(layout.name, columns)


def _kind(layout: Layout) -> CallingKind:
    return CALLING_FILES[layout.name]


def _named(entity: str) -> str:
    return fold(entity).replace("_", "-").replace(" ", "-")


def _column(field: CallingField) -> Column:
    kind = Kind.ORG_ID if field.key == "org_id" else _KINDS[field.cell]
    return Column(
        field.key, kind, (("en", field.header),), field.aliases, required=field.required, blank=field.blank
    )
