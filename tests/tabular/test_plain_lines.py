"""Rows of text are written without csv where no cell needs quotes: the bytes must be those of csv."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from partnerctl.tabular.writing import write_delimited

CELLS = st.one_of(st.none(), st.integers(0, 99), st.text(alphabet='ab,;"\n\r é', max_size=4))
TEXTS = st.text(alphabet='ab,;"\n\r é', max_size=4)


@st.composite
def tables(draw: st.DrawFn) -> list[list[object]]:
    width = draw(st.integers(1, 4))
    cells = draw(st.sampled_from([CELLS, TEXTS, st.text(alphabet="ab ", max_size=3)]))
    return draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6))


@given(tables(), st.booleans())
def test_the_bytes_are_those_of_csv(rows: list[list[object]], windows: bool) -> None:
    headers = [f"h{number}" for number in range(len(rows[0]))]
    written = io.StringIO(newline="")
    count = write_delimited(written, headers, rows, excel=windows, kinds=())

    assert count == len(rows)
    text = written.getvalue().removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    unguarded = [[cell.removeprefix("'") for cell in row] for row in read]
    assert unguarded == [headers, *[["" if cell is None else str(cell) for cell in row] for row in rows]]


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=8))
def test_quotes_stand_only_where_needed(rows: list[tuple[str, str, str]]) -> None:
    written = io.StringIO(newline="")
    write_delimited(written, ["a", "b", "c"], rows)

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n\r') else text

    assert written.getvalue() == "a,b,c\n" + "".join(",".join(map(cell, row)) + "\n" for row in rows)
