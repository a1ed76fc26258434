"""Delimited files out: what is written, and that reading it back gives the same values."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.entities import Kind
from partnerctl.tabular.cells import Reading, Value, parse_cell
from partnerctl.tabular.delimited import open_delimited
from partnerctl.tabular.writing import cells_of, guard_phone, guard_text, write_delimited
from tests.tabular.files import in_memory

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(str.strip)
KINDS = (Kind.NAME, Kind.PHONE, Kind.COUNT, Kind.DATE, Kind.BOOLEAN)
ROWS = st.lists(
    st.tuples(
        TEXTS.map(lambda text: text or None),
        st.none() | st.from_regex(r"\+?[0-9][0-9 ().-]{0,10}[0-9]", fullmatch=True),
        st.none() | st.integers(0, 10**12),
        st.none() | st.dates(),
        st.none() | st.booleans(),
    )
)


def written(rows: list[tuple[Value, ...]], headers: tuple[str, ...], **options: object) -> str:
    out = StringIO(newline="")
    count = write_delimited(out, headers, map(cells_of, rows), **options)  # type: ignore[arg-type]
    assert count == len(rows)
    return out.getvalue()


def test_quotes_only_where_needed_and_unknown_is_an_empty_cell() -> None:
    rows: list[tuple[Value, ...]] = [
        ('Acme, "Inc"', 0, None, True),
        ("Ação", None, date(2026, 11, 22), False),
    ]
    assert written(rows, ("name", "n", "day", "ok")) == (
        'name,n,day,ok\n"Acme, ""Inc""",0,,true\nAção,,2026-11-22,false\n'
    )


def test_excel_gets_a_mark_its_line_ends_and_a_guard_in_text_but_not_in_phones_and_numbers() -> None:
    rows: list[tuple[Value, ...]] = [("=1+1", "+55 (11) 4000-0000", 5), ("@x", "+a", None)]
    assert (
        written(
            rows, ("name", "phone", "n"), excel=True, language="pt", kinds=(Kind.NAME, Kind.PHONE, Kind.COUNT)
        )
        == "\ufeffname;phone;n\r\n'=1+1;+55 (11) 4000-0000;5\r\n'@x;'+a;\r\n"
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_the_guard(start: str) -> None:
    assert guard_text(f"{start}x") == f"'{start}x"
    assert guard_text(f"x{start}") == f"x{start}"
    assert guard_phone("-1 (2)") == "-1 (2)"
    assert guard_phone(f"{start}x").startswith("'")


def test_a_lone_empty_cell_and_a_carriage_return_survive() -> None:
    text = written([(None,), ("a\rb",), ("c\nd",)], ("name",))
    assert text == 'name\n""\n"a\rb"\n"c\nd"\n'
    assert [row for _, row in open_delimited(in_memory(text.encode()), "a.csv").rows()] == [
        [""],
        ["a\rb"],
        ["c\nd"],
    ]


@given(rows=ROWS, excel=st.booleans(), language=st.sampled_from(["en", "pt"]))
def test_what_was_written_is_read_back(rows: list[tuple[Value, ...]], excel: bool, language: str) -> None:
    text = written(rows, ("a", "b", "c", "d", "e"), excel=excel, language=language, kinds=KINDS)
    file = open_delimited(in_memory(text.encode()), "a.csv")
    assert file.guarded is excel
    reading = Reading(language=language, guarded=file.guarded)
    back = [
        tuple(parse_cell(kind, cell, reading) for kind, cell in zip(KINDS, row, strict=True))
        for _, row in file.rows()
    ]
    # the guard cannot tell a text that begins with its own mark: '=x is written as it stands
    assert back == [(_unguarded(row[0]) if excel else row[0], *row[1:]) for row in rows]


def _unguarded(text: Value) -> Value:
    if isinstance(text, str) and text.startswith(("'=", "'+", "'-", "'@", "'\t", "'\r")):
        return text[1:].strip()
    return text
