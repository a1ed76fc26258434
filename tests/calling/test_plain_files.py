"""Files that DuckDB reads by itself: as the strict reader has them, or left to that one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerctl.calling.importing import TakenIn, take_in, take_in_plain
from partnerctl.domain.calling.kinds import CALLS
from partnerctl.domain.calling.place import CallingPlace
from partnerctl.errors import InvalidData
from partnerctl.ingest.calling_rows import Given, normalise
from partnerctl.ingest.calling_tables import CallingTable, calling_layouts, open_calling
from partnerctl.ingest.sources import open_sources
from tests.calling.made_records import HEADERS, kept, record, write_csv

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def unrecorded(_taken: TakenIn) -> Iterator[None]:
    yield


@contextmanager
def opened(path: Path) -> Iterator[CallingTable]:
    with open_sources([path]) as sources:
        table = open_calling(sources.files[0], calling_layouts())
        assert table is not None
        yield table


def plainly(path: Path, root: Path) -> list[tuple[object, ...]] | None:
    """Return the records as DuckDB reads them; None where it leaves the file to the strict reader."""
    with opened(path) as table:
        assert table.plain
        done = take_in_plain(CallingPlace(root), CALLS, path, table.columns, unrecorded)
    return None if done is None else kept(root, "*")


def strictly(path: Path, root: Path) -> list[tuple[object, ...]] | None:
    """Return the records as the strict reader has them; None for a file that it refuses."""
    canonical = path.with_name("canonical.csv")
    with opened(path) as table:
        try:
            normalise(table, canonical, Given(date(2026, 11, 23)))
        except InvalidData:
            return None
    take_in(CallingPlace(root), CALLS, [canonical], NOW, unrecorded)
    return kept(root, "*")


TIMES = st.sampled_from(
    (
        *("2026-11-23T10:00:00.000Z", "2026-11-23 10:00:00", "2026-11-23T10:00:00.123456789Z", ""),
        *("2026-11-23", "2026-11-23T10:00", "2026-11-23T25:00:00Z", "2026-02-30T10:00:00Z", "epoch", "NA"),
        *("2026-11-23T10:00:00+02:00", "2026-11-23T10:00:00.5-02:00", "infinity", "0023-11-23T10:00:00Z"),
        *(
            " 2026-11-23T10:00:00Z ",
            "2026-11-23T10:00:00 UTC",
            "2026-11-23T10:00:60Z",
            "3026-11-23T10:00:00Z",
        ),
        *(
            "2026-11-23T24:00:00Z",
            "2026-11-23T10:00:00.Z",
            "2026-11-23t10:00:00z",
            "2026-11-23T10:00:00.1 Z",
            "2026-11-23T10:00:00.12",
        ),
        *(
            "2026-11-23T10:00:00.+1Z",
            "2026-11-23T10:00:00.1ZZ",
            "2026-11-23 10:00:00.  Z",
            "2026-1-23T10:00:00.1234Z",
        ),
    )
)
COUNTS = st.sampled_from(
    ("0", "60", "-1", "1.5", "1e3", "12.0", "007", " 7 ", "", "na", "x", "1_000", "99999999999", "+5", "٣")
)
FLAGS = st.sampled_from(("true", "FALSE", "t", "1", "yes", "no", "", "NA", "maybe", " true"))
TEXTS = st.sampled_from(("User", " User ", "", "na", "NA", "Na", ' say "hi", all', "a\nb", "é", "'x", "\\"))
IDS = st.sampled_from(("a", "A", " a", "", "NA", " NA ", "x" * 201, "b,c"))
ORGS = st.sampled_from(
    (
        *("11111111-1111-4111-8111-111111111111", "ABCDEF11-1111-4111-8111-111111111111", "", "NA", "acme"),
        *(" 11111111-1111-4111-8111-111111111111", "{11111111-1111-4111-8111-111111111111}"),
        *(
            "11111111111141118111111111111111",
            "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8xMTExMTExMS0xMTExLTQxMTE",
        ),
    )
)
ROWS = st.builds(
    lambda start, answer, duration, answered, user, report_id, org: record(
        report_id,
        Start_time=start,
        Answer_time=answer,
        Duration=duration,
        Answered=answered,
        User_type=user,
        Org_UUID=org,
    ),
    *(TIMES, TIMES, COUNTS, FLAGS, TEXTS, IDS, ORGS),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=2))
def test_what_duckdb_takes_is_what_the_strict_reader_has(rows: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = write_csv(Path(folder, "records.csv"), rows)
        fast = plainly(path, Path(folder, "fast"))
        if fast is not None:
            assert fast == strictly(path, Path(folder, "strict"))


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        *(("Start time", cell) for cell in ("", "yesterday", "2026-11-23", "2026-11-23T10:00:00+02:00")),
        *(("Duration", cell) for cell in ("-1", "1.5", "1e3", "ten")),
        *(("Answered", cell) for cell in ("maybe", "1")),
        *(("Org UUID", cell) for cell in ("", "acme")),
        *(("Report ID", cell) for cell in ("", "NA")),
        ("Answer time", "infinity"),
    ],
)
def test_a_doubtful_cell_leaves_the_file_to_the_strict_reader(tmp_path: Path, header: str, cell: str) -> None:
    path = write_csv(tmp_path / "records.csv", [record("a"), record("b") | {header: cell}])
    assert plainly(path, tmp_path / "fast") is None
    assert kept(tmp_path / "fast") == []


def test_a_usual_file_is_read_by_duckdb(tmp_path: Path) -> None:
    rows = [record("a"), record("b", User='Doe, "J"', Duration="", Answered="false", Answer_time="NA")]
    path = write_csv(tmp_path / "records.csv", rows)
    fast = plainly(path, tmp_path / "fast")
    assert fast is not None
    assert fast == strictly(path, tmp_path / "strict")


def test_a_mark_at_the_beginning_does_not_matter(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "records.csv", [record("a")])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert plainly(path, tmp_path / "fast") == strictly(path, tmp_path / "strict")


@pytest.mark.parametrize("cut", [20, 60, 200])
def test_a_file_that_was_cut_is_not_taken_in(tmp_path: Path, cut: int) -> None:
    """Of a cut line too few cells are left: neither reader takes it."""
    path = write_csv(tmp_path / "records.csv", [record(f"r{i}") for i in range(50)])
    path.write_bytes(path.read_bytes()[:-cut])
    assert plainly(path, tmp_path / "fast") is None
    assert strictly(path, tmp_path / "strict") is None


def test_columns_in_any_order_and_unknown_ones(tmp_path: Path) -> None:
    headers = [*reversed(HEADERS), "Something new"]
    one = record("a", Something_new="x")
    path = write_csv(tmp_path / "records.csv", [one], headers)
    text = path.read_text("utf-8").partition("\n")
    path.write_text(text[0].upper() + "\n" + text[2], "utf-8")
    assert plainly(path, tmp_path / "fast") == strictly(path, tmp_path / "strict") != []
