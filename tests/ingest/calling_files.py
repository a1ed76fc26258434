"""Small calling files, and what the tests of this room do with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from partnerctl.domain.calling.kinds import CALLS
from partnerctl.domain.entities import ENTITIES, Kind
from partnerctl.ingest.calling_rows import Given, Normalised, normalise
from partnerctl.ingest.calling_tables import CallingTable, calling_layouts, open_calling
from partnerctl.ingest.rejected import RejectedRows
from partnerctl.ingest.sources import Source, open_sources
from partnerctl.ingest.typed import ReadOptions
from partnerctl.tabular.columns import Column, Layout, canonical_layout
from tests.tabular.files import LAYOUTS

ACME = "11111111-2222-3333-4444-555555555555"
EMEA = ACME.replace("1", "9")
TODAY = date(2026, 11, 23)
GIVEN = Given(TODAY)
OF_ACME = Given(TODAY, ACME)
WEEK = Given(TODAY, ACME, date(2026, 11, 15), date(2026, 11, 21))


def _figure(key: str, en: str, pt: str, kind: Kind = Kind.COUNT) -> Column:
    return Column(key, kind, (("en", en), ("pt", pt)))


USAGE_LAYOUT = Layout(
    "calling-usage",
    (
        Column("customer", Kind.NAME, (("en", "Customer name"), ("pt", "Nome do cliente"))),
        Column("org_id", Kind.ORG_ID, (("en", "Organization ID"), ("pt", "ID da organização"))),
        Column("location", Kind.NAME, (("en", "Location"), ("pt", "Local"))),
        _figure("total_calls", "Total calls", "Total de chamadas"),
        _figure("call_minutes", "Call minutes", "Minutos de chamada", Kind.NUMBER),
        _figure("unknown_calls", "Total unknown calls", "Total de chamadas desconhecidas"),
    ),
)
"""Some of the columns of Partner Hub's Calling usage."""

ALL_LAYOUTS = (
    *(canonical_layout(entity) for entity in ENTITIES.values()),
    *LAYOUTS,
    USAGE_LAYOUT,
    *calling_layouts(),
)

RECORD = {
    "Start time": "2026-11-16T08:00:00.000Z",
    "Org UUID": ACME,
    "Report ID": "r1",
    "Report time": "2026-11-16T08:02:00.000Z",
    "Correlation ID": "c1",
    "Direction": "ORIGINATING",
    "Call type": "SIP_NATIONAL",
    "User type": "User",
    "Duration": "60",
    "Answered": "true",
}
"""A call record with what stands in every one, and no more."""


def csv_of(*records: dict[str, str]) -> str:
    """Return CSV of records that all have the keys of the first; no cell needs quotes."""
    lines = [",".join(records[0]), *(",".join(record.values()) for record in records)]
    return "\n".join(lines) + "\n"


def source_of(path: Path, data: str | bytes) -> Source:
    """Write `data` to `path`, and return it as a source called by its bare name."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with open_sources([path]) as found:
        return replace(found.files[0], name=path.name)


def opened(
    folder: Path, data: str | bytes, name: str = "file.csv", options: ReadOptions | None = None
) -> CallingTable:
    """Return the calling table in `data`; fails where it is none."""
    table = open_calling(source_of(folder / name, data), ALL_LAYOUTS, options)
    assert table is not None
    return table


def normalised(
    table: CallingTable, folder: Path, given: Given = GIVEN, *, keeps_on: bool = False
) -> tuple[list[dict[str, str]], Normalised, list[str]]:
    """Return the canonical rows without their empty cells, what is said, and the lines of rejected rows."""
    out, rejected_path = folder / "out.csv", folder / "file.rejected.csv"
    with RejectedRows(rejected_path, table.headers) as rejected:
        done = normalise(table, out, given, rejected if keeps_on else None)
    rejected_lines = rejected_path.read_text().splitlines() if rejected.count else []
    return filled_cells(out), done, rejected_lines


def filled_cells(path: Path) -> list[dict[str, str]]:
    """Read canonical CSV that needs no quotes."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    keys = header.split(",")
    cells = [line.split(",") for line in lines]
    return [{k: c for k, c in zip(keys, row, strict=True) if c} for row in cells]


def called(row: dict[str, str], *keys: str) -> tuple[str, ...]:
    """Return some cells of a canonical row, "" for those that it has not."""
    assert set(keys) <= set(CALLS.keys)
    return tuple(row.get(key, "") for key in keys)
