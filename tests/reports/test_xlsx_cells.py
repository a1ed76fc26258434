"""Every cell is what it was: text is text, whatever it looks like, and figures are figures."""

import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from partnerctl.domain.entities import Kind
from partnerctl.errors import Conflict, ExitCode
from partnerctl.reports.values import Cell
from partnerctl.reports.xlsx_cells import SheetRows, Styles
from tests.reports.pages import PAGE, ROWS, layout_of
from tests.reports.workbooks import at, one_cell, opened, written


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=HYPERLINK(A1)",
        "+55 11 5555",
        "-3",
        "@sum",
        "1e5",
        "007",
        "TRUE",
        "#REF!",
        "2026-11-22",
        "{=x}",
        "http://acme.example",
        "mailto:admin@acme.example",
        "internal:A1",
        "<r><t>x</t></r>",
        "</t></is></c>",
        "a & b < c > d",
        " blanks ",
        "\ttab",
        "two\nlines",
        "two\r\nlines",
        "_x0041_",
        "_x0041_x0042_",
        "_x005F_x0041_",
        "bell\x07 nul\x00 escape\x1b[0m",
        "\ufffe\uffff",
        "漢字 😀 é",
    ],
)
@pytest.mark.parametrize("kind", [Kind.NAME, Kind.PHONE])
def test_text_stays_text(tmp_path: Path, kind: Kind, text: str) -> None:
    (cell,) = opened(written(tmp_path, replace(PAGE, layout=layout_of(kind)), [(text,)]))[2]
    assert (unescape(cell.value), cell.data_type, cell.hyperlink) == (text, "s", None)  # type: ignore[arg-type]
    assert cell.number_format == "@"


def test_a_control_character_is_escaped_as_excel_does_it(tmp_path: Path) -> None:
    (cell,) = opened(written(tmp_path, replace(PAGE, layout=layout_of(Kind.NAME)), [("a\x07b_x0041_\r",)]))[2]
    assert cell.value == "a_x0007_b_x005F_x0041__x000D_"


@pytest.mark.parametrize(
    ("kind", "cell", "value", "shown"),
    [
        (Kind.COUNT, 2**53, 9007199254740992, "#,##0"),
        (Kind.COUNT, 2**53 + 1, "9007199254740993", "@"),
        (Kind.COUNT, -(2**53) - 1, "-9007199254740993", "@"),
        (Kind.COUNT, "-5", -5, "#,##0"),
        (Kind.COUNT, "005", "005", "@"),
        (Kind.COUNT, "=1+1", "=1+1", "@"),
        (Kind.NUMBER, 0.1 + 0.2, 0.30000000000000004, "General"),
        (Kind.NUMBER, float("inf"), "inf", "@"),
        (Kind.NUMBER, float("nan"), "nan", "@"),
        (Kind.DATE, date(1900, 3, 1), at("1900-03-01"), "yyyy-mm-dd"),
        (Kind.DATE, date(1900, 2, 28), "1900-02-28", "@"),
        (Kind.DATE, date(1, 1, 1), "0001-01-01", "@"),
        (Kind.DATE, date(9999, 12, 31), at("9999-12-31"), "yyyy-mm-dd"),
        (Kind.DATE, "soon", "soon", "@"),
        (
            Kind.INSTANT,
            datetime(2026, 1, 1, 1, 2, 3, tzinfo=timezone(timedelta(hours=-3))),
            at("2026-01-01T04:02:03"),
            "yyyy-mm-dd hh:mm:ss",
        ),
        (Kind.INSTANT, datetime(1850, 1, 1, 12, 30, tzinfo=UTC), "1850-01-01 12:30:00", "@"),
        (Kind.TEXT, True, True, '"TRUE";"TRUE";"FALSE"'),
        (Kind.TEXT, 7, 7, "General"),
    ],
)
def test_typed_cells(tmp_path: Path, kind: Kind, cell: Cell, value: object, shown: str) -> None:
    found, form = one_cell(tmp_path, kind, cell)
    assert (type(found), found, form) == (type(value), value, shown)


# --- the rows, which are streamed past xlsxwriter, are what it would write itself ---

KINDS = (Kind.COUNT, Kind.NUMBER, Kind.NAME, Kind.DATE, Kind.INSTANT, Kind.BOOLEAN)
HEADERS = tuple(kind.value for kind in KINDS)
# It takes <r>...</r> for markup of its own, and does not escape the second of two escapes that share a _.
SAFE = st.text(alphabet="aé &<>\"'\t\n\r\x00\x1f漢😀").filter(bool) | st.sampled_from(
    ["_x0041_", "_x004_", " _x"]
)


def whole_second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0, tzinfo=UTC)


rows_of_every_kind = st.tuples(
    st.integers(-(2**53), 2**53),
    st.none() | st.integers(-(10**9), 10**9).map(lambda number: number + 0.125),
    st.none() | SAFE,
    st.none() | st.dates(date(1900, 3, 1)),
    st.none() | st.datetimes(at("1900-03-01")).map(whole_second),
    st.none() | st.booleans(),
)


def rows_by_xlsxwriter(rows: Sequence[Sequence[Any]], path: Path) -> str:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "remove_timezone": True})
    sheet = book.add_worksheet("report")
    sheet.set_row(0, 30)
    for line, row in enumerate([HEADERS, *rows]):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, cell)
            elif isinstance(cell, bool):
                sheet.write_boolean(line, place, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(line, place, cell)
            elif cell is not None:
                sheet.write_datetime(line, place, cell)
    book.close()
    with zipfile.ZipFile(path) as archive:
        whole = archive.read("xl/worksheets/sheet1.xml").decode()
    return whole.partition("<sheetData>")[2].partition("</sheetData>")[0]


@given(rows=st.lists(rows_of_every_kind, max_size=4))
def test_rows_are_what_xlsxwriter_writes(rows: list[tuple[Cell, ...]]) -> None:
    making = SheetRows(HEADERS, KINDS, Styles(*"1234567"))
    ours = re.sub(' s="[1-7]"', "", making.header(30) + making.rows(rows, 1))
    with tempfile.TemporaryDirectory() as folder:
        assert ours == rows_by_xlsxwriter(rows, Path(folder, "its.xlsx"))


def test_columns_beyond_z() -> None:
    making = SheetRows([""] * 703, [Kind.COUNT] * 703, Styles(*"1234567"))
    places = re.findall('r="([A-Z]+)2"', making.rows([range(703)], 1))
    assert [places[at] for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


# --- limits: nothing is lost silently ---


@pytest.mark.parametrize("text", ["x" * 32_767, "\x07" * 32_767, "é" * 32_767, "😀" * 16_383])
def test_the_longest_text_that_a_cell_holds(tmp_path: Path, text: str) -> None:
    assert one_cell(tmp_path, Kind.NAME, text) == (text, "@")


@pytest.mark.parametrize("text", ["x" * 32_768, "😀" * 16_384])
def test_a_text_that_is_too_long(tmp_path: Path, text: str) -> None:
    rows = [*ROWS, ("2026-11-22", "Acme", text, None, None, None, None, None)]
    with pytest.raises(Conflict) as refused:
        written(tmp_path, rows=rows)
    assert refused.value.reason == (
        "row 5, column 'Subscription ID': a text of 32,768 characters, and a cell of Excel holds 32,767"
    )
    assert (refused.value.hint, refused.value.exit_code) == ("Use --format csv.", ExitCode.CONFLICT)


def test_words_that_are_too_long_together(tmp_path: Path) -> None:
    words = tuple(["word"] * 6_000)
    with pytest.raises(Conflict, match="row 1, column 'words': a text of 35,998 characters"):
        written(tmp_path, replace(PAGE, layout=layout_of(Kind.WORDS)), [(words,)])
