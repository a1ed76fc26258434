"""Files packed with gzip are read like any other, and never short."""

from __future__ import annotations

import errno
import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import InvalidData, MachineFault
from partnerctl.ingest.archives import Limits
from partnerctl.ingest.gzips import open_gzip, unpacked_stem
from partnerctl.ingest.sources import Source, open_sources

CSV = b"org_id,name\n" * 2000
PACKED = gzip.compress(CSV, mtime=0)


def source_of(path: Path, data: bytes, limits: Limits | None = None) -> Source:
    path.write_bytes(data)
    with open_sources([path], limits=limits) as found:
        return found.files[0]


def content(source: Source) -> bytes:
    with source.open() as binary:
        return binary.read()


@pytest.mark.parametrize(
    "name", ["calls_2026-11-22.csv.gz", "calls_2026-11-22.GZ", "calls_2026-11-22", "calls_2026-11-22.csv"]
)
def test_a_gzip_is_known_by_its_bytes_and_read_as_the_file_it_holds(tmp_path: Path, name: str) -> None:
    source = source_of(tmp_path / name, PACKED)
    assert (source.stem, source.day) == ("calls_2026-11-22", date(2026, 11, 22))
    assert source.rejected_path == tmp_path / "calls_2026-11-22.rejected.csv"
    assert (source.gzipped, source.size) == (True, len(PACKED))
    assert content(source) == content(source) == CSV


def test_several_gzips_one_after_the_other_are_one_file(tmp_path: Path) -> None:
    assert content(source_of(tmp_path / "a.csv.gz", PACKED + PACKED)) == CSV + CSV


def test_standard_input_may_be_packed() -> None:
    with open_sources(["-"], stdin=BytesIO(PACKED)) as found:
        assert (found.files[0].stem, content(found.files[0])) == ("stdin", CSV)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a.csv.gz", "a"), ("a.b.jsonl.gz", "a.b"), ("a.2026.gz", "a.2026"), ("a.gz", "a"), ("a.csv", "a")],
)
def test_a_stem_is_the_name_without_both_suffixes(name: str, stem: str) -> None:
    assert unpacked_stem(name) == stem


def flipped(data: bytes) -> bytes:
    return data[:-6] + bytes([data[-6] ^ 0xFF]) + data[-5:]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: data[:-20], "a.csv.gz: is cut: it ends before the gzip does"),
        (lambda data: data[: len(data) // 2], "a.csv.gz: is cut: it ends before the gzip does"),
        (lambda data: data[:5], "a.csv.gz: is cut: it ends before the gzip does"),
        (flipped, "a.csv.gz: is a damaged gzip (CRC check failed"),
        (lambda data: data + b"\n<html>", "a.csv.gz: holds something else after the end of the gzip"),
        (
            lambda data: data[:2] + b"\7" + data[3:],
            "a.csv.gz: is a damaged gzip (Unknown compression method)",
        ),
    ],
)
def test_what_is_cut_or_damaged_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidData) as caught:
        content(source_of(Path("a.csv.gz"), damage(PACKED)))
    assert caught.value.reason.startswith(words)
    assert caught.value.hint == "Download it again."


@given(
    places=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4),
    length=st.integers(2, len(PACKED)),
)
def test_a_gzip_damaged_in_any_way_gives_all_of_its_bytes_or_words(
    places: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(PACKED)
    for place, value in places:
        data[2 + place % (len(data) - 2)] = value  # but for the magic: without it, it is no gzip
    with open_sources(["-"], stdin=BytesIO(bytes(data[:length]))) as found, suppress(InvalidData):
        assert content(found.files[0]) == CSV


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("calls.csv", CSV)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("calls.csv")
        info.size = len(CSV)
        archive.addfile(info, BytesIO(CSV))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("inner", "kind"), [(zipped(), "zip"), (PACKED, "gzip"), (tarred(), "tar")], ids=["zip", "gzip", "tar"]
)
def test_a_gzip_of_something_packed_is_refused(tmp_path: Path, inner: bytes, kind: str) -> None:
    path = tmp_path / "calls.gz"
    source = source_of(path, gzip.compress(inner))
    with pytest.raises(InvalidData) as caught:
        content(source)
    assert caught.value.reason == f"{path}: holds another packed file ({kind})"
    with open_sources([tmp_path]) as found:  # in a folder it is passed over
        assert found.files == ()
        assert found.notes[0] == f"{tmp_path}: skipped calls.gz (holds another packed file ({kind}))"


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(size=1 << 20), "unpacks to more than 1 MiB"), (Limits(free=1 << 20), "as a zip bomb does")],
)
def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, limits: Limits, words: str) -> None:
    source = source_of(tmp_path / "a.csv.gz", gzip.compress(b"a" * (8 << 20)), limits)
    read: list[int] = []
    with source.open() as binary, pytest.raises(InvalidData, match=words):
        read.extend(len(chunk) for chunk in iter(lambda: binary.read(1 << 16), b""))
    assert sum(read) <= 2 << 20


def test_a_folder_is_read_for_gzips_of_data(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.JSON.gz", "c.gz", "d"):
        (tmp_path / name).write_bytes(PACKED)
    (tmp_path / "e.json").write_bytes(b"{}")
    (tmp_path / "backup.sql.gz").write_bytes(PACKED)
    with open_sources([tmp_path]) as found:
        assert [Path(source.name).name for source in found.files] == [
            *("a.csv.gz", "b.JSON.gz", "c.gz", "d", "e.json")
        ]
        assert found.notes == (f"{tmp_path}: skipped backup.sql.gz (not CSV, JSON, zip or gzip)",)


def test_a_disk_that_fails_while_it_is_read_is_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(PACKED)

    def broken(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(gzip.GzipFile, "read", broken)
    with open_gzip(path, "a.csv.gz", Limits()) as binary, pytest.raises(MachineFault) as caught:
        binary.read()
    assert caught.value.reason == "a.csv.gz: cannot be read (Input/output error)"
