"""Cells of calling files: times in UTC, counts, flags, numbers, ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.calling.kinds import CALLS, MEDIA, QUEUE_STATS, USAGE, CallingKind
from partnerctl.ingest.calling_cells import column_reader, written
from partnerctl.tabular.cells import CellProblem
from tests.ingest.calling_files import ACME


def read(kind: CallingKind, key: str, *cells: str, language: str = "en") -> list[str]:
    return column_reader(kind, kind.field(key), language)(cells)


def refused(kind: CallingKind, key: str, cell: str, language: str = "en") -> str:
    with pytest.raises(CellProblem) as caught:
        read(kind, key, cell, language=language)
    return caught.value.reason


@pytest.mark.parametrize("nothing", ["", "na", "NA"])
@pytest.mark.parametrize("key", ["location", "answer_time", "duration", "answered"])
def test_no_value_is_no_value_in_every_kind_of_cell(key: str, nothing: str) -> None:
    assert read(CALLS, key, nothing) == [""]


@pytest.mark.parametrize("key", ["start_time", "org_id", "report_id"])
def test_what_every_record_needs_may_not_be_empty(key: str) -> None:
    assert refused(CALLS, key, "NA") == "is empty, and every row needs it"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-16T08:00:00.123Z", "2026-11-16 08:00:00.123000"),
        ("2026-11-16 08:00:00", "2026-11-16 08:00:00.000000"),
        (" 2026-11-16T08:00:00Z ", "2026-11-16 08:00:00.000000"),
        ("2026-11-16T08:00:00.1234567Z", "2026-11-16 08:00:00.123456"),
        ("2026-11-16T08:00:00.999999999", "2026-11-16 08:00:00.999999"),
        ("2026-11-16T00:30:00+02:00", "2026-11-15 22:30:00.000000"),
        ("2026-12-31T22:30:00.5-0330", "2027-01-01 02:00:00.500000"),
        ("1900-01-01T00:00:00Z", "1900-01-01 00:00:00.000000"),
        ("2999-12-31T23:59:59.999Z", "2999-12-31 23:59:59.999000"),
    ],
)
def test_a_time_is_written_in_utc_to_the_microsecond(text: str, time: str) -> None:
    assert read(CALLS, "answer_time", text) == [time]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-16", "is no time"),
        ("2026-11-16T08:00Z", "is no time"),
        ("epoch", "is no time"),
        ("infinity", "is no time"),
        ("16/11/2026 08:00:00", "is no time"),
        ("2026-11-16T08:00:00.1234567890Z", "is no time"),
        ("2026-11-16T08:00:00.Z", "is no time"),
        ("2026-11-16T08:00:00 Z", "is no time"),
        ("2026-11-16T08:00:00+25:00", "is no time"),
        ("٢٠٢٦-11-16T08:00:00.000Z", "is no time"),
        ("2026-02-29T08:00:00.000Z", "is no day from 1900 to 2999"),
        ("2026-13-01T08:00:00.000Z", "is no day from 1900 to 2999"),
        ("1899-12-31T23:59:59.000Z", "is no day from 1900 to 2999"),
        ("3000-01-01T00:00:00.000Z", "is no day from 1900 to 2999"),
        ("2026-11-16T24:00:00.000Z", "is no time of a day"),
        ("2026-11-16T08:00:60.000Z", "is no time of a day"),
        ("2999-12-31T23:00:00-02:00", "is no time that a call can have"),
        ("1900-01-01T00:00:00+00:01", "is no time that a call can have"),
    ],
)
def test_what_is_no_time_is_refused(text: str, why: str) -> None:
    assert why in refused(CALLS, "answer_time", text)


def test_a_line_break_within_a_time_does_not_move_the_rows_after_it() -> None:
    twice = "2026-11-16T08:00:00.000Z\n2026-11-16T08:00:00.000Z"
    assert "is no time" in refused(CALLS, "answer_time", twice)


ZONES = st.integers(-15 * 60, 15 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2998, 12, 31))  # noqa: DTZ001 - the zones come apart


@given(moment=MOMENTS, zone=st.one_of(st.none(), st.just(UTC), ZONES), separator=st.sampled_from("T "))
def test_every_way_to_write_a_moment_gives_that_moment(
    moment: datetime, zone: timezone | None, separator: str
) -> None:
    text = moment.replace(tzinfo=zone).isoformat(separator)
    in_utc = moment.replace(tzinfo=zone or UTC).astimezone(UTC)
    assert read(CALLS, "answer_time", text) == [in_utc.strftime("%Y-%m-%d %H:%M:%S.%f")]


@given(st.lists(st.one_of(st.just(""), MOMENTS.map(lambda m: f"{m:%Y-%m-%dT%H:%M:%S}.{m:%f}"[:23] + "Z"))))
def test_a_column_reads_as_its_cells_do(cells: list[str]) -> None:
    together = read(CALLS, "answer_time", *cells)
    assert together == [read(CALLS, "answer_time", f" {cell} ")[0] for cell in cells]


@given(st.text("0123456789-T:.Z \n", min_size=18, max_size=30))
def test_a_time_is_read_whole_or_refused(text: str) -> None:
    try:
        (found,) = read(CALLS, "answer_time", text)
    except CellProblem:
        return
    assert not text.strip() or datetime.fromisoformat(found).isoformat(" ", "microseconds") == found


@pytest.mark.parametrize(
    ("text", "count"),
    [("0", "0"), ("007", "7"), (" 12 ", "12"), ("12.0", "12"), ("9999999999", "9999999999")],
)
def test_a_count_is_digits_or_a_whole_fraction(text: str, count: str) -> None:
    assert read(CALLS, "duration", text) == [count]


@pytest.mark.parametrize(
    "text", ["-1", "+1", "1.5", "1,000", "1e3", "0x1", "12:30", "١", "1 2", "NaN", "true"]
)
def test_what_is_no_count_is_refused(text: str) -> None:
    assert refused(CALLS, "duration", text) == f"{text!r} is no whole number of 0 or more"


def test_a_count_of_eleven_digits_is_refused() -> None:
    assert "is too large" in refused(CALLS, "duration", "10000000000")
    assert "is too large" in refused(USAGE, "total_calls", "10000000000")


@given(st.integers(0, 9_999_999_999), st.integers(0, 5), st.booleans())
def test_a_count_comes_back_as_it_was(count: int, zeros: int, fraction: bool) -> None:
    text = "0" * zeros + str(count) + (".00" if fraction else "")
    assert read(CALLS, "duration", text) == [str(count)]


def test_flags_are_words_or_digits_of_any_case() -> None:
    cells = ("true", "YES", "1", "False", "no", "0", "")
    assert read(CALLS, "answered", *cells) == ["true"] * 3 + ["false"] * 3 + [""]
    assert refused(CALLS, "answered", "perhaps") == "'perhaps' is neither true nor false"


def test_numbers_are_plain_decimals_and_loss_may_be_in_percent() -> None:
    cells = ("0", "012.50", "3.", "5.0", "NA")
    assert read(MEDIA, "audio_jitter", *cells) == ["0", "12.5", "3", "5", ""]
    assert read(MEDIA, "audio_packet_loss", "1.5%", "2 %", "3") == ["1.5", "2", "3"]
    for text in ("-1", "1,5", "1e3", "5%", "1.2.3", "inf", ".", "1:30"):
        assert "is no number of 0 or more" in refused(MEDIA, "audio_jitter", text)


def test_durations_may_be_told_as_a_clock_does_where_reports_do_so() -> None:
    cells = ("90", "1:30", "01:30", "01:00:01", "100:00:00", "90:00", "90.5")
    assert read(MEDIA, "duration", *cells) == ["90", "90", "90", "3601", "360000", "5400", "90.5"]
    assert read(QUEUE_STATS, "total_wait_seconds", "00:02:05", "7") == ["125", "7"]
    assert read(QUEUE_STATS, "avg_wait_seconds", "00:00:05", "7.25") == ["5", "7.25"]
    for text in ("1:60", "1:60:00", ":30", "1:2:3", "1:2:3:4"):
        assert "is no number" in refused(MEDIA, "duration", text)


def test_figures_of_usage_are_read_in_the_language_of_the_file() -> None:
    assert read(USAGE, "total_calls", "2.500", "NA", language="pt") == ["2500", ""]
    assert read(USAGE, "call_minutes", "2.500,50", "7", language="pt") == ["2500.5", "7"]
    assert read(USAGE, "call_minutes", "2,500.5", "0.00001") == ["2500.5", "0.00001"]
    assert "could be a fraction" in refused(USAGE, "total_calls", "2.500")
    assert refused(USAGE, "call_minutes", "-1") == "'-1' is negative"


def test_an_organization_is_told_by_its_uuid_or_by_webexs_form_of_it() -> None:
    webex = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8xMTExMTExMS0yMjIyLTMzMzMtNDQ0NC01NTU1NTU1NTU1NTU"
    assert read(CALLS, "org_id", ACME.upper(), f" {webex} ", ACME) == [ACME] * 3
    assert refused(CALLS, "org_id", "Acme") == "'Acme' is no organization id"


def test_other_ids_are_any_short_text_in_lower_case() -> None:
    assert read(CALLS, "report_id", " AB-1/x ", "É") == ["ab-1/x", "é"]
    assert refused(CALLS, "report_id", "x" * 201) == "is longer than 200 characters"


def test_texts_are_kept_as_they_stand() -> None:
    cells = [" Acme,  Inc. ", "Ação", 'say "hi"', "nah", "Na", "two\nlines", "x" * 10_001]
    assert read(CALLS, "location", *cells) == cells
    assert refused(CALLS, "location", "a\0b") == "holds a NUL character"


def test_cells_are_quoted_where_csv_needs_it() -> None:
    assert written(["a", "b"]) == ["a", "b"]
    assert written(["a", "b,c", 'd"e', "f\ng", "h\ri", ""]) == [
        *("a", '"b,c"', '"d""e"', '"f\ng"', '"h\ri"', "")
    ]


def test_more_texts_than_are_remembered_read_alike() -> None:
    cells = tuple(str(number) for number in range(25_000))
    assert read(CALLS, "duration", *cells) == list(cells)
