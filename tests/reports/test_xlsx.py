import errno
import hashlib
import io
import itertools
import os
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import Conflict
from partnerctl.reports import xlsx
from partnerctl.reports.atomic import atomic_target
from partnerctl.reports.values import Cell
from partnerctl.reports.xlsx import sheet_name, write_xlsx
from partnerctl.reports.xlsx_widths import column_widths, header_height
from tests.guards.house import ROOT
from tests.reports.pages import PAGE, PAGINA, ROWS, TEXTS
from tests.reports.workbooks import at, opened, values, written


def test_a_workbook_as_another_library_reads_it(tmp_path: Path) -> None:
    assert values(opened(written(tmp_path))) == [
        (
            "End date",
            "Customer name",
            "Subscription ID",
            "Licenses bought",
            "Assigned, %",
            "Renews itself",
            "Tags",
            "Last seen (UTC)",
        ),
        (
            at("2026-12-01"),
            "Ação, Ltda",
            "007",
            1234,
            83.2,
            True,
            "gold; key account",
            at("2026-11-22T23:59:05"),
        ),
        (at("2027-01-31"), "=1+1", "1e5", 0, 100, False, None, None),
        (None, "</td><script>document.title='hit'</script>", "Sub3", None, None, None, "new", None),
        (
            at("2026-11-30"),
            "Beta & Sons",
            "Sub4",
            99,
            7.5,
            True,
            None,
            at("2026-11-22T23:59:05"),
        ),
    ]


def test_texts_give_the_same_workbook_as_typed_cells(tmp_path: Path) -> None:
    # where there are no words, a typed row has an empty cell with a format, and a text none at all
    typed = values(opened(written(tmp_path)))
    assert values(opened(written(tmp_path, rows=TEXTS))) == typed


def test_how_cells_are_shown(tmp_path: Path) -> None:
    shown = [cell.number_format for cell in opened(written(tmp_path))[2]]
    boolean = '"TRUE";"TRUE";"FALSE"'
    assert shown == ["yyyy-mm-dd", "@", "@", "#,##0", "General", boolean, "@", "yyyy-mm-dd hh:mm:ss"]


def test_a_header_that_stays_in_sight_and_a_filter_over_all_rows(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path))
    assert all(cell.font.bold and cell.alignment.wrap_text for cell in sheet[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H5")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$1"


def test_figures_kept_as_text_are_no_mistake_in_the_eyes_of_excel(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<ignoredError sqref="A1:XFD5" numberStoredAsText="1"/>' in sheet


def test_a_reader_that_streams_finds_every_row(tmp_path: Path) -> None:
    # it believes what the sheet says of its size, so the sheet must not say what is not known yet
    book = openpyxl.load_workbook(written(tmp_path), read_only=True)
    assert [len(row) for row in book.worksheets[0].iter_rows()] == [8, 8, 7, 7, 8]
    book.close()


def test_what_the_workbook_says_of_itself(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, PAGINA))
    assert book.sheetnames == ["Assinaturas que expiram"]
    said = book.properties
    assert said.title == "Assinaturas que expiram"
    assert said.description == "Período: 2026-11-23 a 2027-02-21\nRegião: todas"
    assert said.created == said.modified == at("2026-11-23T12:00:00")
    assert book.worksheets[0]["H1"].value == "Visto por último (UTC)"


def test_a_report_without_rows_is_a_header(tmp_path: Path) -> None:
    sheet = opened(written(tmp_path, rows=[]))
    assert (sheet.max_row, sheet.auto_filter.ref) == (1, "A1:H1")


# --- limits: nothing is lost silently ---


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert xlsx.MOST_ROWS + 1 == 2**20
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    written(tmp_path)  # as many as there may be
    with pytest.raises(Conflict) as refused:
        written(tmp_path, rows=[*ROWS, ROWS[0]])
    assert refused.value.reason == "more than 4 rows, and a sheet of Excel holds no more"
    assert refused.value.hint == "Use --format csv, or ask for less with --where or --region."


def test_a_sheet_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LARGEST_SHEET", 2_000)
    with pytest.raises(Conflict, match="the first 4 rows are more than a sheet of Excel holds"):
        written(tmp_path)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Subscription Details", "Subscription Details"),
        ("Relatório de detalhes da assinatura", "Relatório de detalhes da assina"),
        ("Expiry / renewal: [2026]?", "Expiry renewal 2026"),
        ("'quoted'", "quoted"),
        ("it's", "it's"),
        ("line\nbreak\x00", "line break"),
        ("History", "History (1)"),
        ("HISTÓRICO", "HISTÓRICO (1)"),
        ("", "Report"),
        (" ' ", "Report"),
        ("😀" * 20, "😀" * 15),
        ("a" * 30 + "'bc", "a" * 30),
        ("\udcff", "Report"),
    ],
)
def test_the_name_of_the_sheet(tmp_path: Path, title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert opened(written(tmp_path, replace(PAGE, title=title))).title == name


@given(st.text())
def test_any_title_gives_a_name_that_xlsxwriter_takes(title: str) -> None:
    xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}).add_worksheet(sheet_name(title))


def test_facts_that_could_not_be_decoded(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, replace(PAGE, facts=(("Filter", "name:\udcff\x07"),))))
    assert book.properties.description == "Filter: name:?_x0007_"


# --- widths ---


def test_widths_follow_the_contents_within_bounds(tmp_path: Path) -> None:
    widths = column_widths(
        ["ID", "Name", "Calling Professional license (available)", "City", "Renews", "Seen", "Tags"],
        [
            [
                "1",
                "x" * 80,
                1_234_567,
                "漢字漢字漢字漢字",
                True,
                datetime(2026, 11, 23, tzinfo=UTC),
                ("a", "b"),
            ],
            [None, "short", None, None, None, None, None],
        ],
    )
    assert widths == [9, 60, 23, 18, 12, 21, 9]


def test_the_header_is_as_high_as_its_longest_text_needs() -> None:
    assert header_height(["Name", "Calling Professional license (available)"], [20, 23]) == 45
    assert header_height(["Name"], [20]) == 15


# --- the file ---


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    def digest(name: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        return hashlib.sha256(written(folder).read_bytes()).hexdigest()

    assert digest("one") == digest("two")
    with zipfile.ZipFile(tmp_path / "one" / "report.xlsx") as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_is_written_into_the_very_file_that_stands_there(tmp_path: Path) -> None:
    with atomic_target(tmp_path / "report.xlsx") as partial:
        before = partial.stat().st_ino
        write_xlsx(partial, PAGE, ROWS)
        assert partial.stat().st_ino == before
    assert len(values(opened(tmp_path / "report.xlsx"))) == 5


def test_there_is_no_temporary_file_to_be_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    written(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_a_full_disk_is_the_error_of_the_system() -> None:
    with pytest.raises(OSError) as refused:  # noqa: PT011 - its number says which
        write_xlsx(Path("/dev/full"), PAGE, ROWS)
    assert refused.value.errno == errno.ENOSPC


LIMITED = """
import itertools, resource, sys
from pathlib import Path
from partnerctl.errors import MachineFault
from partnerctl.reports.atomic import atomic_target
from partnerctl.reports.xlsx import write_xlsx
from tests.reports.pages import PAGE, ROWS

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
rows = ((None, f"Customer {n * 7919 % 99991}", str(n), n, None, None, None, None) for n in range(50_000))
try:
    with atomic_target(Path(sys.argv[1], "report.xlsx")) as partial:
        write_xlsx(partial, PAGE, rows)
except MachineFault as fault:
    print(fault.reason)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_failure_of_the_disk_leaves_nothing(tmp_path: Path) -> None:
    reports, temporary = tmp_path / "reports", tmp_path / "temporary"
    reports.mkdir()
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LIMITED, str(reports)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = f"{reports / 'report.xlsx'}: larger than a file may be here; nothing was written\n"
    assert (done.stdout, done.stderr, done.returncode) == (said, "", 0)
    assert list(reports.iterdir()) == list(temporary.iterdir()) == []


def test_a_source_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[Cell, ...]]:
        yield from ROWS * 1_000
        raise LookupError("the store went away")

    with pytest.raises(LookupError), atomic_target(tmp_path / "report.xlsx") as partial:
        write_xlsx(partial, PAGE, rows())
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.xlsx"
        path.write_bytes(b"")
        tracemalloc.start()
        write_xlsx(path, PAGE, itertools.repeat(TEXTS[0], count))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)  # what is imported on the way stays
    assert peak(8_000) < 1.3 * peak(3_000)
