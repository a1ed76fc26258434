"""Paths to sources: files, folders, zips of every sort, standard input."""

from __future__ import annotations

import errno
import os
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import InvalidData, MachineFault, UsageError
from partnerctl.ingest.archives import Limits
from partnerctl.ingest.sources import Source, Sources, day_in_name, open_sources

CSV = b"org_id,name\n"


def make_zip(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def only(path: Path, limits: Limits | None = None) -> Source:
    with open_sources([path], limits=limits) as found:
        assert len(found.files) == 1
        return found.files[0]


def content(source: Source) -> bytes:
    with source.open() as binary:
        return binary.read()


def test_a_file_knows_its_stem_its_day_and_can_be_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "Devices_AB12CD34EF_2026-11-22.csv"
    path.write_bytes(CSV)
    source = only(path)
    assert (source.stem, source.day, source.size) == (path.stem, date(2026, 11, 22), len(CSV))
    assert source.rejected_path == tmp_path / "Devices_AB12CD34EF_2026-11-22.rejected.csv"
    assert content(source) == content(source) == CSV


@pytest.mark.parametrize(
    ("stem", "day"),
    [
        ("Devices_2026-11-01_2026-11-22", date(2026, 11, 22)),
        ("devices_2026-11-22 (1)", date(2026, 11, 22)),
        ("devices-20261122", date(2026, 11, 22)),
        ("devices_2026-11-22_2026-13-40", date(2026, 11, 22)),
        ("devices_A20261122B", None),
        ("devices_120261122", None),
        ("devices", None),
    ],
)
def test_the_last_date_in_the_name_is_the_day(stem: str, day: date | None) -> None:
    assert day_in_name(stem) == day


@pytest.mark.parametrize("name", ["report_2026-11-22.zip", "report_2026-11-22"])
def test_a_zip_is_known_by_its_bytes_and_read_as_the_file_it_holds(tmp_path: Path, name: str) -> None:
    path = make_zip(tmp_path / name, {"__MACOSX/._users.csv": b"x", "out/users.csv": CSV, "README.md": b"hi"})
    source = only(path)
    assert (source.stem, source.day, content(source)) == ("users", date(2026, 11, 22), CSV)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"a.csv": CSV, "b.csv": CSV}, "holds 2 data files (a.csv, b.csv)"),
        ({"a.zip": b"PK", "b.csv": CSV}, "holds another zip"),
        ({"a.png": b"", "b.exe": b""}, "holds no CSV"),
        ({}, "holds no CSV"),
        ({"../../a.csv": CSV}, "path leads outside"),
        ({"/etc/a.csv": CSV}, "path leads outside"),
        ({"C:\\a.csv": CSV}, "path leads outside"),
        ({"..\\a.csv": CSV}, "path leads outside"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "is an Excel workbook"),
        ({"a.csv": b"PK\x03\x04rest"}, "holds another packed file (zip)"),
        ({"a.csv.gz": b"\x1f\x8brest"}, "holds another packed file (gzip)"),
    ],
)
def test_zips_that_are_refused_in_words(tmp_path: Path, entries: dict[str, bytes], words: str) -> None:
    source = only(make_zip(tmp_path / "r.zip", entries))
    with pytest.raises(InvalidData) as caught:
        content(source)
    assert words in caught.value.reason
    assert "r.zip" in caught.value.reason
    assert caught.value.hint


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "r.zip", {"a.csv": CSV})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InvalidData, match="encrypted"):
        content(only(path))


def test_unusual_packing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match="packed in an unusual way"):
        content(only(make_zip(tmp_path / "r.zip", {"a.csv": CSV}, zipfile.ZIP_LZMA)))


def _cut(data: bytearray) -> bytearray:
    return data[: len(data) // 2]


def _flip(data: bytearray) -> bytearray:
    data[40] ^= 0xFF
    return data


@pytest.mark.parametrize("damage", [_cut, _flip])
def test_a_damaged_zip_is_refused(tmp_path: Path, damage: Callable[[bytearray], bytearray]) -> None:
    path = make_zip(tmp_path / "r.zip", {"a.csv": bytes(range(256)) * 20})
    path.write_bytes(damage(bytearray(path.read_bytes())))
    with pytest.raises(InvalidData, match="damaged zip"):
        content(only(path))


@given(
    places=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4),
    length=st.integers(0, 400),
)
def test_a_zip_damaged_in_any_way_gives_bytes_or_words(places: list[tuple[int, int]], length: int) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", CSV * 20)
    data = bytearray(buffer.getvalue())
    for place, value in places:
        data[place % len(data)] = value
    with open_sources(["-"], stdin=BytesIO(data[:length])) as found, suppress(InvalidData):
        assert content(found.files[0]) is not None


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(size=1 << 20), "unpacks to more than 1 MiB"), (Limits(free=1 << 20), "as a zip bomb does")],
)
def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, limits: Limits, words: str) -> None:
    source = only(make_zip(tmp_path / "r.zip", {"a.csv": b"a" * (8 << 20)}), limits)
    read: list[int] = []
    with source.open() as binary, pytest.raises(InvalidData, match=words):
        read.extend(len(chunk) for chunk in iter(lambda: binary.read(1 << 16), b""))
    assert sum(read) <= 2 << 20


def folder(tmp_path: Path) -> Sources:
    (tmp_path / "b.csv").write_bytes(CSV)
    (tmp_path / "a.CSV").write_bytes(CSV)
    (tmp_path / ".hidden.csv").write_bytes(CSV)
    (tmp_path / "old.rejected.csv").write_bytes(CSV)
    (tmp_path / "photo.jpg").write_bytes(b"x")
    (tmp_path / "sub").mkdir()
    make_zip(tmp_path / "packed", {"users.csv": CSV})
    make_zip(tmp_path / "software.zip", {"setup.exe": b"", "lib.dll": b""})
    make_zip(tmp_path / "two.zip", {"a.csv": CSV, "b.csv": CSV})
    with open_sources([tmp_path]) as found:
        return found


def test_a_folder_is_read_for_what_can_be_read_and_tells_what_it_skipped(tmp_path: Path) -> None:
    found = folder(tmp_path)
    assert [Path(source.name).name for source in found.files] == ["a.CSV", "b.csv", "packed"]
    assert [source.fault for source in found.files] == [None, None, None]
    assert found.notes == (
        f"{tmp_path}: skipped .hidden.csv (hidden)",
        f"{tmp_path}: skipped old.rejected.csv (rows rejected before)",
        f"{tmp_path}: skipped photo.jpg (not CSV, JSON, zip or gzip)",
        f"{tmp_path}: skipped software.zip (holds no CSV or JSON lines file)",
        f"{tmp_path}: skipped sub (folders in folders are not read)",
        f"{tmp_path}: skipped two.zip (holds 2 data files (a.csv, b.csv), and only one is read from a zip)",
    )


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    with open_sources([tmp_path / "a.csv", tmp_path]) as found:
        assert len(found.files) == 1


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with open_sources([tmp_path]) as found:
        assert found == Sources((), (f"{tmp_path}: holds no file to import",))


def test_standard_input_is_kept_for_the_block_and_gone_after(tmp_path: Path) -> None:
    zipped = make_zip(tmp_path / "r.zip", {"users.csv": CSV}).read_bytes()
    for data, stem in ((CSV, "stdin"), (zipped, "users")):
        with open_sources(["-"], stdin=BytesIO(data)) as found:
            source = found.files[0]
            assert (source.name, source.stem) == ("standard input", stem)
            assert content(source) == content(source) == CSV
        assert not source.path.exists()


def test_a_path_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"), open_sources([tmp_path / "x.csv"]):
        pass
    with pytest.raises(UsageError, match="no standard input"), open_sources(["-"]):
        pass


@pytest.mark.parametrize(("head", "words"), [(b"%PDF-1.7", "PDF"), (b"\xd0\xcf\x11\xe0", "Excel")])
def test_other_kinds_of_files_are_called_by_their_name(tmp_path: Path, head: bytes, words: str) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(head + b"rest")
    with pytest.raises(InvalidData, match=words):
        content(only(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_read_like_standard_input_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    pipe = tmp_path / "customers"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(CSV,))
    writer.start()

    with open_sources([pipe]) as found:
        assert (found.files[0].name, found.files[0].stem) == (str(pipe), "customers")
        assert content(found.files[0]) == content(found.files[0]) == CSV
    writer.join()
    with open_sources([tmp_path]) as found:
        assert found.notes[0] == f"{tmp_path}: skipped customers (not a file)"


class Broken(BytesIO):
    """A standard input that breaks off."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(errno.EIO, "Input/output error")


def test_an_input_that_cannot_be_read_is_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MachineFault, match="cannot be copied"), open_sources(["-"], stdin=Broken()):
        pass
    (tmp_path / "a.csv").write_bytes(CSV)

    def refused(path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refused)
    for named in (tmp_path / "a.csv", tmp_path):
        with pytest.raises(MachineFault, match=r"a\.csv: cannot be read"), open_sources([named]):
            pass


def test_a_folder_that_may_not_be_listed_is_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refused)

    with pytest.raises(MachineFault, match=r"cannot be read .Permission denied"), open_sources([tmp_path]):
        pass
