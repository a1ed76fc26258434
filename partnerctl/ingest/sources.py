"""From the paths of a command to the files to read: files, folders, zips, gzips, and standard input.

A source can be opened any number of times: standard input and pipes are first copied to a temporary file.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from partnerctl.errors import InvalidData, MachineFault, UsageError
from partnerctl.ingest.archives import DATA_SUFFIXES, Limits, NoData, find_entry, is_zip, open_entry
from partnerctl.ingest.gzips import SUFFIX as GZIP_SUFFIX
from partnerctl.ingest.gzips import check_gzip, is_gzip, open_gzip, unpacked_stem

FOLDER_SUFFIXES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".zip", GZIP_SUFFIX})
"""The suffixes of the files that a folder is read for; a path given by name may have any."""

REJECTED_SUFFIX = ".rejected.csv"

_ISO_DAY = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_COMPACT_DAY = re.compile(r"(?<![0-9A-Za-z])([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9A-Za-z])")
_OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook", "Open it, and save the sheet as CSV (UTF-8)."),
    (b"%PDF-", "is a PDF document", "Download the report as CSV."),
    (b"SQLite format 3\0", "is a database", "Name a store with --store; import reads CSV files."),
    (b"7z\xbc\xaf\x27\x1c", "is packed with 7-Zip", "Unpack it first."),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. `path` holds its bytes, or the zip that has `entry`; `fault`: why it cannot be read.

    `gzipped`: the bytes at `path` are packed with gzip.

    `name` is how messages call it, `stem` its name without suffix (of the entry, for a zip), `size` its
    bytes on disk, `day` the date in its name, `rejected_path` where rows that cannot be read would go.
    `in_folder`: it was found in a folder, not named.
    """

    name: str
    stem: str
    path: Path
    size: int
    day: date | None
    rejected_path: Path
    entry: str | None = None
    fault: InvalidData | None = None
    limits: Limits = field(default_factory=Limits, repr=False)
    in_folder: bool = False
    gzipped: bool = False

    def open(self) -> BinaryIO:
        """Open the file from its beginning. Raises its `fault`, InvalidData for a zip or gzip, or OSError."""
        if self.fault is not None:
            raise self.fault
        if self.entry is not None:
            return open_entry(self.path, self.entry, self.name, self.limits)
        if self.gzipped:
            return open_gzip(self.path, self.name, self.limits)
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to read, in the order of the command line, and what was passed over."""

    files: tuple[Source, ...]
    notes: tuple[str, ...] = ()


@contextmanager
def open_sources(
    paths: Sequence[str | Path], stdin: BinaryIO | None = None, limits: Limits | None = None
) -> Iterator[Sources]:
    """Find the files that `paths` mean (``-`` is `stdin`); temporary copies live until the block ends.

    A zip or gzip that cannot be read becomes a source with a `fault`, so that other files can be read. Raises
    UsageError for a path that is not there, MachineFault for one that may not be read.
    """
    limits = limits or Limits()
    found: dict[tuple[Path, str], Source] = {}
    notes: list[str] = []
    with ExitStack() as stack:
        for text in paths:
            sources = _sources_of(text, stdin, stack, limits, notes)
            for source in sources:
                found.setdefault((_resolved(source.path), source.name if str(text) == "-" else ""), source)
        yield Sources(tuple(found.values()), tuple(notes))


def day_in_name(stem: str) -> date | None:
    """Return the last date in a file's name: ``2026-11-22``, or ``20261122`` standing alone."""
    for pattern in (_ISO_DAY, _COMPACT_DAY):
        for parts in reversed(pattern.findall(stem)):
            try:
                return date(int(parts[0]), int(parts[1]), int(parts[2]))
            except ValueError:
                continue
    return None


def _sources_of(
    text: str | Path, stdin: BinaryIO | None, stack: ExitStack, limits: Limits, notes: list[str]
) -> list[Source]:
    if str(text) == "-":
        if stdin is None:
            raise UsageError("there is no standard input to read", "Name a file instead of -.")
        return [_source(_spooled(stdin, stack), "standard input", "stdin", limits, Path("stdin"))]
    path = Path(text)
    try:
        if path.is_dir():
            return _folder(path, limits, notes)
        if path.is_file():
            return [_source(path, str(path), path.stem, limits, path)]
        if path.exists():  # a pipe or a device, such as the <(...) of a shell
            with path.open("rb") as pipe:
                return [_source(_spooled(pipe, stack), str(path), path.stem, limits, Path(path.name))]
    except OSError as error:
        raise MachineFault(f"{path}: cannot be read ({error.strerror or error})") from error
    raise UsageError(f"{path}: there is no such file or folder", "Check the path.")


def _folder(folder: Path, limits: Limits, notes: list[str]) -> list[Source]:
    found: list[Source] = []
    skipped: dict[str, list[str]] = {}
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        reason = _reason_to_skip(path)
        if reason is None:
            source = _source(path, str(path), path.stem, limits, path)
            reason = source.fault.reason if isinstance(source.fault, NoData) else None
            if reason is None:
                found.append(replace(source, in_folder=True))
            else:
                reason = reason.removeprefix(f"{path}: ")
        if reason is not None:
            skipped.setdefault(reason, []).append(path.name)
    notes.extend(f"{folder}: skipped {_some(names)} ({reason})" for reason, names in skipped.items())
    if not found:
        notes.append(f"{folder}: holds no file to import")
    return found


def _reason_to_skip(path: Path) -> str | None:
    if path.name.startswith("."):
        return "hidden"
    if path.is_dir():
        return "folders in folders are not read"
    if not path.is_file():
        return "not a file"
    if path.name.lower().endswith(REJECTED_SUFFIX):
        return "rows rejected before"
    if not _is_readable(path):
        return "not CSV, JSON, zip or gzip"
    return None


def _is_readable(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix == GZIP_SUFFIX:
        return Path(path.stem).suffix.lower() in ("", *DATA_SUFFIXES)
    if suffix == "":
        head = _head(path)
        return is_zip(head) or is_gzip(head)
    return suffix in FOLDER_SUFFIXES


def _source(path: Path, name: str, stem: str, limits: Limits, beside: Path) -> Source:
    head = _head(path)
    entry: str | None = None
    fault: InvalidData | None = None
    gzipped = is_gzip(head)
    try:
        if is_zip(head):
            entry = find_entry(path, name)
        elif gzipped:
            check_gzip(path, name, limits)
        else:
            fault = _other_kind(head, name)
    except InvalidData as error:
        fault = error
    inner = Path(entry.replace("\\", "/")).stem if entry else unpacked_stem(beside.name) if gzipped else stem
    return Source(
        name=name,
        stem=inner,
        path=path,
        size=path.stat().st_size,
        day=day_in_name(inner) or day_in_name(beside.name),
        rejected_path=beside.with_name((inner if gzipped else beside.stem) + REJECTED_SUFFIX),
        entry=entry,
        fault=fault,
        limits=limits,
        gzipped=gzipped,
    )


def _other_kind(head: bytes, name: str) -> InvalidData | None:
    for magic, words, hint in _OTHER_KINDS:
        if head.startswith(magic):
            return InvalidData.at(name, None, None, words, hint)
    return None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as binary:
            return binary.read(16)
    except OSError as error:
        raise MachineFault(f"{path}: cannot be read ({error.strerror or error})") from error


def _spooled(stream: BinaryIO, stack: ExitStack) -> Path:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="partnerctl-")))
    spool = folder / "input"
    try:
        with spool.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
    except OSError as error:
        raise MachineFault(f"standard input: cannot be copied to a temporary file ({error})") from error
    return spool


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except OSError:
        return path


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
