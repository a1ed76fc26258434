from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.entities import Kind
from partnerctl.reports.values import Cell, Converter, converters_of, typed_rows
from partnerctl.tabular.writing import cell_of
from tests.reports.pages import LAYOUT, ROWS, TEXTS, layout_of


def converter(kind: Kind) -> Converter:
    return converters_of(layout_of(kind))[0]


def test_texts_become_what_they_are() -> None:
    texts = list(typed_rows(LAYOUT, TEXTS))
    # an empty text is unknown, where the typed row may say that there are no words
    assert texts == [[None if cell == () else cell for cell in row] for row in ROWS]


def test_typed_cells_stay_what_they_are() -> None:
    rows = list(typed_rows(LAYOUT, ROWS))
    assert rows == [list(row) for row in ROWS]
    # True equals 1, and must not become it
    assert [[type(cell) for cell in row] for row in rows] == [[type(cell) for cell in row] for row in ROWS]


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_text_is_unknown(kind: Kind) -> None:
    assert converter(kind)("") is None
    assert converter(kind)(None) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.COUNT, "0", 0),
        (Kind.COUNT, "-12", -12),
        (Kind.COUNT, "999999999999999", 999_999_999_999_999),
        (Kind.NUMBER, "3", 3),
        (Kind.NUMBER, "0.50", 0.5),
        (Kind.NUMBER, "-0.30000000000000004", -0.30000000000000004),
        (Kind.NUMBER, "1e-07", 1e-07),
        (Kind.DATE, "2028-02-29", date(2028, 2, 29)),
        (Kind.BOOLEAN, "false", False),
        (Kind.WORDS, "a; b;;c ", ("a", "b", "c")),
        (Kind.WORDS, " ; ", None),
        (Kind.INSTANT, "2026-11-23T14:00:00+02:00", datetime(2026, 11, 23, 12, tzinfo=UTC)),
    ],
)
def test_a_text_of_its_kind(kind: Kind, text: str, value: Cell) -> None:
    found = converter(kind)(text)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.COUNT, "007"),
        (Kind.COUNT, "+5"),
        (Kind.COUNT, " 5"),
        (Kind.COUNT, "1_000"),
        (Kind.COUNT, "1.0"),
        (Kind.COUNT, "٤٢"),
        (Kind.COUNT, "9007199254740993"),
        (Kind.COUNT, "many"),
        (Kind.NUMBER, "nan"),
        (Kind.NUMBER, "inf"),
        (Kind.NUMBER, "1e5"),
        (Kind.NUMBER, "07.5"),
        (Kind.NUMBER, "0.1234567890123456789"),
        (Kind.DATE, "20261122"),
        (Kind.DATE, "2026-W47-7"),
        (Kind.DATE, "2026-02-30"),
        (Kind.DATE, "22/11/2026"),
        (Kind.BOOLEAN, "True"),
        (Kind.BOOLEAN, "1"),
        (Kind.INSTANT, "2026-11-23T12:00:00"),
        (Kind.INSTANT, "0001-01-01T00:00:00+10:00"),
        (Kind.INSTANT, "yesterday"),
        (Kind.TEXT, "42"),
        (Kind.PHONE, "100"),
        (Kind.NAME, "true"),
        (Kind.ORG_ID, "2026-11-22"),
    ],
)
def test_any_other_text_stays_text(kind: Kind, text: str) -> None:
    assert converter(kind)(text) == text


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.DATE, Kind.BOOLEAN])
@given(text=st.text(alphabet="0123456789-+.e_ truefalsW") | st.from_regex(r"\d{4}-\d\d-\d\d", fullmatch=True))
def test_nothing_is_lost(kind: Kind, text: str) -> None:
    value = converter(kind)(text)
    assert ("" if value is None else str(cell_of(value))) == text


@given(st.text(alphabet="0123456789-.e"))
def test_no_figure_is_lost(text: str) -> None:
    value = converter(Kind.NUMBER)(text)
    if isinstance(value, int | float):
        # written in full, the number has the very figures of the text
        assert Decimal(repr(value)) == Decimal(text)


instants = st.datetimes(timezones=st.just(UTC)).map(lambda instant: instant.replace(microsecond=0))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.COUNT, st.integers(0, 999_999_999_999_999)),
        (Kind.NUMBER, st.floats(allow_nan=False, allow_infinity=False)),
        (Kind.DATE, st.dates()),
        (Kind.BOOLEAN, st.booleans()),
        (Kind.INSTANT, instants.filter(lambda instant: instant > datetime(1000, 1, 1, tzinfo=UTC))),
    ],
)
@given(data=st.data())
def test_what_is_written_as_csv_is_read_back(
    kind: Kind, values: st.SearchStrategy[Cell], data: st.DataObject
) -> None:
    value = data.draw(values)
    found = converter(kind)(str(cell_of(value)))
    assert (type(found), found) == (type(value), value)


def test_a_row_of_another_width_is_a_fault() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(typed_rows(LAYOUT, [("2026-11-22",)]))


def test_rows_are_read_one_at_a_time() -> None:
    rows = iter(TEXTS)
    assert next(typed_rows(LAYOUT, rows))[0] == date(2026, 12, 1)
    assert next(rows)[2] == "1e5"
