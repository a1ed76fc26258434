"""One cell's text to one value: dates, numbers, words, ids."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.entities import Kind
from partnerctl.errors import InvalidData
from partnerctl.tabular.cells import CellProblem, Kept, Reading, parse_cell
from partnerctl.tabular.counts import LARGEST, NoNumber, parse_count, parse_number
from partnerctl.tabular.dates import DateOrder, DateScan, NoDate, parse_date
from partnerctl.tabular.words import subscription_kind

ACME = "11111111-2222-3333-4444-555555555555"
DAYS = st.dates(min_value=date(1000, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02",
        "2026-11-02T23:59:59Z",
        "2026-11-02T23:59:59.123-03:00",
        "2026-11-02 10:15",
        "20261102",
        "2026/11/02",
        "2026.11.2",
        " 2026-11-02 ",
    ],
)
@pytest.mark.parametrize("order", DateOrder)
def test_a_year_in_front_needs_no_order(text: str, order: DateOrder) -> None:
    assert parse_date(text, order) == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("02/11/2026", DateOrder.DMY),
        ("2.11.2026", DateOrder.DMY),
        ("02-11-2026", DateOrder.DMY),
        ("11/02/2026 3:04 PM", DateOrder.MDY),
        ("11/2/26", DateOrder.MDY),
        ("26/11/02", DateOrder.YMD),
    ],
)
def test_other_dates_are_read_in_the_order_of_the_file(text: str, order: DateOrder) -> None:
    assert parse_date(text, order) == date(2026, 11, 2)


@pytest.mark.parametrize(
    "text", ["soon", "2026-13-01", "31/02/2026", "1/2.2026", "12/2026", "٢٠٢٦-11-02", "0000-01-01"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(NoDate, match="no da"):
        parse_date(text, DateOrder.DMY)


@given(day=DAYS, order=st.sampled_from(DateOrder), mark=st.sampled_from("/.-"))
def test_a_written_date_is_read_back(day: date, order: DateOrder, mark: str) -> None:
    d, m, y = f"{day.day:02}", str(day.month), f"{day.year:04}"
    parts = {DateOrder.DMY: (d, m, y), DateOrder.MDY: (m, d, y), DateOrder.YMD: (y, m, d)}[order]
    assert parse_date(mark.join(parts), order) == day
    assert parse_date(day.isoformat(), order) == day


@given(days=st.lists(DAYS, min_size=1), order=st.sampled_from([DateOrder.DMY, DateOrder.MDY]))
def test_the_order_found_is_the_order_written_wherever_a_part_shows_it(
    days: list[date], order: DateOrder
) -> None:
    scan = DateScan()
    for line, day in enumerate(days, 2):
        first, second = (day.day, day.month) if order is DateOrder.DMY else (day.month, day.day)
        scan.see(line, f"{first}/{second}/{day.year:04}")
    if any(day.day > 12 for day in days):
        assert scan.settle("a.csv", "pt").order is order
        assert scan.settle("a.csv", "en").note is None


def test_dates_that_nothing_settles_go_by_language_and_an_english_guess_is_told() -> None:
    scan = DateScan()
    scan.see(2, "03/04/2026")
    assert scan.settle("a.csv", "pt").order is DateOrder.DMY
    assert scan.settle("a.csv", "pt").note is None
    english = scan.settle("a.csv", "en")
    assert english.order is DateOrder.MDY
    assert english.note == "dates such as 03/04/2026 read as month first; --date-order settles it"


def test_dates_that_contradict_each_other_are_refused() -> None:
    scan = DateScan()
    for line, text in enumerate(("01/02/2026", "13/01/2026", "01/13/2026"), 2):
        scan.see(line, text)
    with pytest.raises(InvalidData) as caught:
        scan.settle("a.csv", "pt")
    assert caught.value.reason == (
        "a.csv, line 4: '01/13/2026' and '13/01/2026' (line 3) cannot be in the same order of day and month"
    )
    assert "--date-order" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("0", "en", 0),
        ("007", "en", 7),
        ("+5", "en", 5),
        ("2,500", "en", 2500),
        ("2.500", "pt", 2500),
        ("2 500", "en", 2500),
        ("2\u00a0500", "pt", 2500),
        ("1\u202f234\u202f567", "pt", 1234567),
        ("1,234,567", "pt", 1234567),
        ("1.234.567", "en", 1234567),
        ("1,234.00", "en", 1234),
        ("1.234,00", "pt", 1234),
        ("12.0", "en", 12),
        ("12,0", "pt", 12),
        ("12.0", "pt", 12),
    ],
)
def test_counts(text: str, language: str, value: int) -> None:
    assert parse_count(text, language) == value


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("-5", "en", "negative"),
        ("−2.500", "pt", "negative"),
        ("1,5", "en", "no whole number"),
        ("1,5", "pt", "no whole number"),
        ("2.500", "en", "could be a fraction or 2500"),
        ("2,500", "pt", "could be a fraction or 2500"),
        ("0.500", "pt", "could be a fraction"),
        ("1.23.456", "pt", "no number"),
        ("12a", "en", "no number"),
        ("1e5", "en", "no number"),
        ("²", "en", "no number"),
        ("٣", "en", "no number"),
        ("9" * 5000, "en", "too large"),
    ],
)
def test_what_is_no_count_is_refused(text: str, language: str, words: str) -> None:
    with pytest.raises(NoNumber, match=words):
        parse_count(text, language)


@given(number=st.integers(0, LARGEST), language=st.sampled_from(["en", "pt"]), spaces=st.booleans())
def test_counts_are_read_back_with_and_without_separators(number: int, language: str, spaces: bool) -> None:
    mark = " " if spaces else "." if language == "pt" else ","
    assert parse_count(str(number), language) == number
    assert parse_count(f"{number:,}".replace(",", mark), language) == number


def test_numbers_may_be_negative_and_have_a_fraction() -> None:
    assert parse_number("-1.234,5", "pt") == -1234.5
    assert parse_number("1,234.5", "en") == 1234.5
    assert parse_number("12.0", "en") == 12


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, "  ", None),
        (Kind.NAME, " Ação LTDA ", "Ação LTDA"),
        (Kind.PHONE, "+55 11 4000-0000", "+55 11 4000-0000"),
        (Kind.BOOLEAN, "SIM", True),
        (Kind.BOOLEAN, "Não", False),
        (Kind.BOOLEAN, "Ativo", True),
        (Kind.BOOLEAN, "inactive", False),
        (Kind.BOOLEAN, "0", False),
        (Kind.REGION, "EAU", "AE"),
        (Kind.REGION, "União Europeia", "EU"),
        (Kind.COUNTRY, "br", "BR"),
        (Kind.COUNTRY, "Brasil", "BR"),
        (Kind.COUNTRY, "xy", Kept("XY", "is no country code of ISO 3166-1; kept as it stands")),
        (Kind.ORG_ID, ACME.upper(), ACME),
        (Kind.EMAIL, " Ana@Acme.Example", "ana@acme.example"),
        (Kind.STATUS, "Cancelada", "cancelled"),
        (Kind.STATUS, "Pending setup", "pending_setup"),
        (Kind.STATUS, "Teste", "trial"),
        (Kind.PRODUCT, "Calling Professional", "calling_professional"),
        (Kind.PRODUCT, "Room Kit", "Room Kit"),
        (Kind.WORDS, "a; b;;c ", "a;b;c"),
    ],
)
def test_words(kind: Kind, text: str, value: object) -> None:
    assert parse_cell(kind, text) == value


def test_an_unknown_status_is_kept_with_a_warning() -> None:
    kept = parse_cell(Kind.STATUS, "Frozen")
    assert isinstance(kept, Kept)
    assert kept.value == "Frozen"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.BOOLEAN, "maybe"),
        (Kind.REGION, "Mars"),
        (Kind.ORG_ID, "acme"),
        (Kind.EMAIL, "ana"),
        (Kind.EMAIL, "ana@b@c"),
        (Kind.EMAIL, "ana maria@acme.example"),
        (Kind.DATE, "soon"),
        (Kind.COUNT, "many"),
        (Kind.NUMBER, "much"),
    ],
)
def test_what_cannot_be_read_is_a_problem_that_names_the_text_and_says_what_to_write(
    kind: Kind, text: str
) -> None:
    with pytest.raises(CellProblem) as caught:
        parse_cell(kind, text)
    assert repr(text) in caught.value.reason
    assert caught.value.hint


@given(kind=st.sampled_from(Kind), text=st.text(), language=st.sampled_from(["en", "pt"]))
def test_any_text_gives_a_value_or_a_problem(kind: Kind, text: str, language: str) -> None:
    with suppress(CellProblem):
        parse_cell(kind, text, Reading(language=language, guarded=True))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Online Trial", "trial"),
        ("Avaliação", "trial"),
        ("Enterprise", "subscription"),
        (None, "subscription"),
    ],
)
def test_the_type_makes_the_kind(text: str | None, kind: str) -> None:
    assert subscription_kind(text) == kind
