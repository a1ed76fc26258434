"""Zips that hold one data file: looked into without unpacking, and read as a stream under two caps.

A zip is not believed: sizes and the ratio are counted on the bytes that come out, not taken from its
directory. What is refused is refused in words (``reports.md``, Reading).
"""

from __future__ import annotations

import errno
import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from partnerctl.errors import InvalidData, MachineFault, PartnerctlError

DATA_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json"})
"""The suffixes of files that can be read."""

MAGIC = b"PK\x03\x04"
EMPTY_MAGIC = b"PK\x05\x06"
BUFFER = 1 << 17
GZIP_MAGIC = b"\x1f\x8b"

UNPACK_HINT = "Unpack it, and import the CSV file that it holds."
AGAIN_HINT = "Download it again."

_TAR_MAGIC = b"ustar"
_TAR_MAGIC_AT = 257
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
    OSError,  # also of a damaged zip: a seek to where no file can be
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a zip is trusted: unpacked bytes, and unpacked per packed byte once it is past `free` bytes."""

    size: int = 2 << 30
    ratio: int = 200
    free: int = 32 << 20


class NoData(InvalidData):
    """The zip or gzip is sound, and not one that holds a report: in a folder it is passed over."""


class Closable(Protocol):
    """What the bytes of an open archive come from."""

    def close(self) -> None:
        """Close it."""


class Readable(Closable, Protocol):
    """A stream of unpacked bytes."""

    def read(self, size: int, /) -> bytes:
        """Return `size` bytes at most, none at the end."""


def is_zip(head: bytes) -> bool:
    """Return whether a file that begins with `head` is a zip, whatever its name says."""
    return head.startswith((MAGIC, EMPTY_MAGIC))


def packed_again(head: bytes) -> str | None:
    """Return what bytes that begin with `head` are packed as (``zip``, ``gzip``, ``tar``), or None."""
    if is_zip(head):
        return "zip"
    if head.startswith(GZIP_MAGIC):
        return "gzip"
    if head.startswith(_TAR_MAGIC, _TAR_MAGIC_AT):
        return "tar"
    return None


def find_entry(path: Path, name: str) -> str:
    """Return the name of the one data file in the zip at `path`, called `name` in messages.

    Raises InvalidData (corrupt, encrypted, nested, paths, several), NoData, MachineFault.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except FAULTS as error:
        raise _explained(name, error) from error
    infos = [info for info in infos if not _is_litter(info.filename)]
    names = [info.filename for info in infos]
    if "[Content_Types].xml" in names:
        hint = "Open it, and save the sheet as CSV (UTF-8)."
        raise NoData.at(name, None, None, "is an Excel workbook or another office document", hint)
    chosen = _only(infos, name)
    _refuse_odd(chosen, name)
    return chosen.filename


def open_entry(path: Path, entry: str, name: str, limits: Limits) -> BinaryIO:
    """Open one entry of the zip at `path` for reading; reading raises InvalidData where a limit is passed."""
    archive = None
    try:
        archive = zipfile.ZipFile(path)
        stream = archive.open(entry)
        packed = archive.getinfo(entry).compress_size
    except FAULTS as error:
        if archive is not None:
            archive.close()
        raise _explained(name, error) from error
    explained = functools.partial(_explained, name)
    return io.BufferedReader(Unpacked(stream, archive, name, packed, limits, explained), BUFFER)


def _is_litter(name: str) -> bool:
    """Tell what operating systems leave in zips: ``__MACOSX/``, ``.DS_Store``, ``Thumbs.db``."""
    parts = PurePosixPath(name).parts
    return any(part == "__MACOSX" for part in parts) or (
        bool(parts) and (parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini") or parts[-1].startswith("._"))
    )


def _only(infos: list[zipfile.ZipInfo], name: str) -> zipfile.ZipInfo:
    data = [info for info in infos if PurePosixPath(info.filename).suffix.lower() in DATA_SUFFIXES]
    tables = [info for info in data if not info.filename.lower().endswith(".txt")]
    candidates = tables or data or (infos if len(infos) == 1 else [])
    if any(info.filename.lower().endswith(".zip") for info in infos):
        raise NoData.at(name, None, None, "holds another zip", UNPACK_HINT)
    if not candidates:
        raise NoData.at(name, None, None, "holds no CSV or JSON lines file", UNPACK_HINT)
    if len(candidates) > 1:
        shown = ", ".join(info.filename for info in candidates[:5]) + (", ..." if len(candidates) > 5 else "")
        words = f"holds {len(candidates)} data files ({shown}), and only one is read from a zip"
        raise NoData.at(name, None, None, words, "Unpack it into a folder, and import the folder.")
    return candidates[0]


def _refuse_odd(info: zipfile.ZipInfo, name: str) -> None:
    entry = info.filename
    parts = entry.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
        words = f"holds a file whose path leads outside of it ({entry!r})"
        raise InvalidData.at(name, None, None, words, "Do not trust this zip; download the report again.")
    if info.flag_bits & 0x1:
        raise InvalidData.at(name, None, None, f"{entry} in it is encrypted", UNPACK_HINT)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InvalidData.at(name, None, None, f"{entry} in it is packed in an unusual way", UNPACK_HINT)


def _explained(name: str, error: Exception) -> PartnerctlError:
    if isinstance(error, OSError) and error.errno != errno.EINVAL:
        return MachineFault(f"{name}: cannot be read ({error.strerror or error})")
    words = str(error) or "it ends too early"
    return InvalidData.at(name, None, None, f"is a damaged zip ({words})", AGAIN_HINT)


class Unpacked(io.RawIOBase):
    """The unpacked bytes of `stream`, counted as they come; closes `archive` with itself.

    `packed` is how many bytes they were; `explained` turns what the unpacking raises into an error in words.
    """

    def __init__(
        self,
        stream: Readable,
        archive: Closable,
        name: str,
        packed: int,
        limits: Limits,
        explained: Callable[[Exception], PartnerctlError],
    ) -> None:
        super().__init__()
        self._archive = archive
        self._stream = stream
        self._name = name
        self._packed = max(packed, 1)
        self._limits = limits
        self._explained = explained
        self._count = 0

    def readable(self) -> bool:
        """Return True: bytes come out of it."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill `buffer`; raises InvalidData where a limit is passed or the bytes are packed again."""
        try:
            data = self._stream.read(len(buffer))
        except FAULTS as error:
            raise self._explained(error) from error
        if not self._count and (again := packed_again(data)):
            raise NoData.at(self._name, None, None, f"holds another packed file ({again})", UNPACK_HINT)
        self._count += len(data)
        self._refuse_bomb()
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream and the archive."""
        if not self.closed:
            self._stream.close()
            self._archive.close()
        super().close()

    def _refuse_bomb(self) -> None:
        limits = self._limits
        if self._count > limits.size:
            words = f"unpacks to more than {limits.size >> 20} MiB"
            raise InvalidData.at(self._name, None, None, words, UNPACK_HINT)
        if self._count > limits.free and self._count > limits.ratio * self._packed:
            words = f"unpacks to more than {limits.ratio} times its size, as a zip bomb does"
            raise InvalidData.at(self._name, None, None, words, "If it is genuine, unpack it yourself.")
