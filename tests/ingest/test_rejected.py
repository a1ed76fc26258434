"""The file of rejected rows stands whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from partnerctl.errors import MachineFault
from partnerctl.ingest.rejected import RejectedRows
from partnerctl.tabular.rows import BadRow

BAD = BadRow(3, ("x",), "org_id", "is no id")


def collect(path: Path | None, *rows: BadRow) -> RejectedRows:
    with RejectedRows(path, ("org_id", "name")) as rejected:
        for row in rows:
            rejected(row)
    return rejected


def test_rows_stand_as_they_were_with_their_line_and_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.rejected.csv"

    rejected = collect(path, BAD, BadRow(5, ("y", "Acme", "more"), None, "the row has 3 cells"))

    assert (rejected.count, rejected.first) == (2, BAD)
    assert path.read_bytes().decode().split("\r\n") == [
        "org_id,name,rejected_line,rejected_reason",
        "x,,3,org_id: is no id",
        "y,Acme,5,the row has 3 cells,more",
        "",
    ]


@pytest.mark.parametrize("path", [None, Path("a.rejected.csv")])
def test_without_bad_rows_or_without_a_path_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path | None
) -> None:
    monkeypatch.chdir(tmp_path)

    assert collect(path, *([] if path else [BAD])).count == (0 if path else 1)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_where_the_good_rows_were_not_stored(tmp_path: Path) -> None:
    def stop() -> None:
        with RejectedRows(tmp_path / "a.rejected.csv", ("org_id",)) as rejected:
            rejected(BAD)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_is_the_machine(tmp_path: Path) -> None:
    with pytest.raises(MachineFault, match=r"a\.rejected\.csv: cannot be written"):
        collect(tmp_path / "none" / "a.rejected.csv", BAD)


def test_a_file_that_cannot_be_put_in_place_is_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, target: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refused)

    with pytest.raises(MachineFault, match="Read-only file system"):
        collect(tmp_path / "a.rejected.csv", BAD)
