"""Records taken into the folder: one of each id lives, the newest, whatever came when (PH-L1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerctl.calling.importing import TakenIn, take_in_plain
from partnerctl.domain.calling.kinds import CALLS
from partnerctl.domain.calling.place import CallingPlace
from tests.calling.made_records import HEADERS, kept, record, write_csv

KEYS = {field.header: field.key for field in CALLS.fields}
COLUMNS = [KEYS[header] for header in HEADERS]


@contextmanager
def unrecorded(_taken: TakenIn) -> Iterator[None]:
    yield


def take_in(root: Path, *records: dict[str, str]) -> TakenIn:
    path = write_csv(root.parent / "records.csv", records)
    done = take_in_plain(CallingPlace(root), CALLS, path, COLUMNS, unrecorded)
    assert done is not None
    return done


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "calling"


def counts(done: TakenIn) -> tuple[int, int, int]:
    return done.inserted, done.updated, done.unchanged


def test_records_stand_in_a_file_of_their_utc_day(root: Path) -> None:
    take_in(root, record("a"), record("b", Start_time="2026-11-24T23:59:59.999Z"))
    files = sorted(str(path.relative_to(root)) for path in root.rglob("*.parquet"))
    assert files == ["calls/day=2026-11-23/calls.parquet", "calls/day=2026-11-24/calls.parquet"]
    assert sorted(path.name for path in root.iterdir()) == [".lock", "calls"]


def test_the_same_file_again_changes_nothing(root: Path) -> None:
    records = [record("a"), record("b", Start_time="2026-11-24T08:00:00Z")]
    assert counts(take_in(root, *records)) == (2, 0, 0)
    before = {path: path.stat().st_ino for path in root.rglob("*.parquet")}
    assert counts(take_in(root, *reversed(records))) == (0, 0, 2)
    assert {path: path.stat().st_ino for path in root.rglob("*.parquet")} == before


def test_the_newest_report_time_wins_in_any_order(root: Path) -> None:
    old = record("a", Duration="10", Report_time="2026-11-23T10:02:00Z")
    new = record("a", Duration="20", Report_time="2026-11-23T10:03:00Z")
    assert counts(take_in(root, old)) == (1, 0, 0)
    assert counts(take_in(root, new)) == (0, 1, 0)
    assert counts(take_in(root, old)) == (0, 0, 1)
    assert kept(root) == [("a", 20)]


def test_a_record_that_moves_to_another_day_leaves_the_first(root: Path) -> None:
    take_in(root, record("a", Report_time="2026-11-23T10:02:00Z"))
    moved = record("a", Start_time="2026-11-25T10:00:00Z", Report_time="2026-11-25T10:02:00Z")
    assert counts(take_in(root, moved)) == (0, 1, 0)
    assert kept(root, "day, report_id") == [(date(2026, 11, 25), "a")]
    assert not (root / "calls" / "day=2026-11-23").exists()


def test_ids_are_compared_without_case(root: Path) -> None:
    take_in(root, record("Report-A"))
    assert counts(take_in(root, record("REPORT-a"))) == (0, 0, 1)


def test_a_rehearsal_counts_and_changes_nothing(root: Path) -> None:
    path = write_csv(root.parent / "records.csv", [record("a"), record("a"), record("b")])
    done = take_in_plain(CallingPlace(root), CALLS, path, COLUMNS, None)
    assert done is not None
    assert counts(done) == (2, 0, 1)
    assert kept(root) == []


def test_more_days_than_files_that_are_written_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerctl.calling.loading.OPEN_FILES", 3)
    monkeypatch.setattr("partnerctl.calling.loading.FLUSHED_ROWS", 1)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=i % 40) for i in range(400)]
    records = [record(f"r{i}", Start_time=f"{day:%Y-%m-%dT00:00:00Z}") for i, day in enumerate(days)]
    assert counts(take_in(root, *records)) == (400, 0, 0)
    assert kept(root, "count(DISTINCT report_id), count(DISTINCT day), count(*)") == [(400, 40, 400)]
    assert len(list(root.rglob("*.parquet"))) == 40


VERSIONS = st.builds(
    lambda number, day, minute, duration: record(
        f"r{number}",
        Start_time=f"2026-11-{20 + day}T10:00:00.000Z",
        Report_time=f"2026-11-25T10:{minute:02}:00.000Z",
        Duration=str(duration),
    ),
    st.integers(0, 6),
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(0, 2),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(VERSIONS, min_size=1, max_size=8), min_size=1, max_size=4))
def test_whatever_the_order_the_same_records_live(batches: list[list[dict[str, str]]]) -> None:
    """Of each id one record is left, it is one of the newest, and the order of the files does not matter."""
    with TemporaryDirectory() as folder:
        first, second = Path(folder, "first", "calling"), Path(folder, "second", "calling")
        for root, files in ((first, batches), (second, batches[::-1])):
            root.parent.mkdir()
            inserted = sum(take_in(root, *records).inserted for records in files)
            assert inserted == len({one["Report ID"] for records in batches for one in records})
        columns = "report_id, day, report_time, duration"
        assert kept(first, columns) == kept(second, columns)
        every = [one for records in batches for one in records]
        for report_id, day, report_time, duration in kept(first, columns):
            same = [one for one in every if one["Report ID"] == report_id]
            newest = max(one["Report time"] for one in same)
            assert f"{report_time:%Y-%m-%dT%H:%M:%S.000Z}" == newest
            assert any(
                one["Report time"] == newest
                and one["Start time"].startswith(str(day))
                and one["Duration"] == str(duration)
                for one in same
            )
        assert len(kept(first)) == len({one["Report ID"] for one in every})
