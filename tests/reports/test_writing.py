import hashlib
import io
import itertools
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from partnerctl.errors import Conflict, MachineFault
from partnerctl.reports.defaults import find_template
from partnerctl.reports.page import Page
from partnerctl.reports.writing import Form, Written, write_report_file, write_report_stream

PAGE = Page(
    "Webex App Version",
    find_template("webex-app-version").layout,
    "en",
    (),
    datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
)
ROWS: list[tuple[str | int | None, ...]] = [
    ("=Ação, Ltda", "6b3f1f5e-0000-4000-8000-000000000001", "Desktop", "Windows", "44.8", "11", 12),
    ("Beta", "6b3f1f5e-0000-4000-8000-000000000002", "Web", None, None, None, 0),
]
PLAIN = (
    "Customer name,Organization ID,App type,Platform,Version,OS version,Number of users\n"
    '"=Ação, Ltda",6b3f1f5e-0000-4000-8000-000000000001,Desktop,Windows,44.8,11,12\n'
    "Beta,6b3f1f5e-0000-4000-8000-000000000002,Web,,,,0\n"
)


def test_a_report_file_and_what_is_known_of_it(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    written = write_report_file(path, PAGE, ROWS)
    data = path.read_bytes()
    assert data.decode() == PLAIN
    assert written == Written(path, 2, len(data), hashlib.sha256(data).hexdigest())


def test_a_report_for_excel_in_portuguese(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    written = write_report_file(path, replace(PAGE, language="pt"), ROWS, Form(excel=True))
    text = path.read_bytes().decode()
    assert text.startswith("\ufeffNome do cliente;ID da organização;Tipo de aplicativo;")
    assert "\r\n'=Ação, Ltda;6b3f1f5e" in text
    assert written.bytes == len(text.encode())


def test_standard_output_gets_the_same_bytes_and_stays_open() -> None:
    out = io.BytesIO()
    written = write_report_stream(out, PAGE, ROWS)
    assert out.getvalue().decode() == PLAIN
    assert written == Written(None, 2, len(out.getvalue()), hashlib.sha256(out.getvalue()).hexdigest())
    assert not out.closed


def test_a_source_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str | int | None, ...]]:
        yield from ROWS
        raise LookupError("the store went away")

    with pytest.raises(LookupError):
        write_report_file(tmp_path / "report.csv", PAGE, rows())
    assert list(tmp_path.iterdir()) == []


def test_no_row_is_read_where_the_file_stands_already(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("mine")
    rows = iter(ROWS)
    with pytest.raises(Conflict):
        write_report_file(path, PAGE, rows)
    assert next(rows) == ROWS[0]
    assert write_report_file(path, PAGE, ROWS, overwrite=True).rows == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_a_full_device_is_a_fault_of_the_machine() -> None:
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(MachineFault, match="standard output: the disk is full"),
    ):
        write_report_stream(full, PAGE, ROWS)


def test_a_reader_that_went_away_is_no_fault() -> None:
    class Gone(io.BytesIO):
        def write(self, data: object, /) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        write_report_stream(Gone(), PAGE, ROWS)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write_report_file(tmp_path / f"{count}.csv", PAGE, itertools.repeat(ROWS[0], count))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(60_000) < 2 * peak(15_000)
