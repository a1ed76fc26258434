"""Restoring a backup: the archive is checked to its last byte before anything is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.clock import timestamp
from partnerctl.config.files import check_configuration
from partnerctl.documents.private import make_private, write_private
from partnerctl.documents.reading import parse_document
from partnerctl.errors import InvalidData, UsageError
from partnerctl.reports.atomic import explained
from partnerctl.services.acting import Acting
from partnerctl.services.backups import CONFIG, FORMAT, MANIFEST, SCHEDULES, STORE

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

LARGEST_STORE = 64 << 30
"""Bytes that a store in an archive may have."""

LARGEST_TEXT = 4 << 20
"""Bytes that any other file in an archive may have."""

_MOST_FILES = 1000
_RATIO = 400  # of unpacked to packed: a store of real rows has about 10, a bomb about 1000
_UNSUSPICIOUS = 256 << 20
_CHUNK = 1 << 20
_NAMES = re.compile(r"store\.db|config\.toml|schedules\.toml|manifest\.json|templates/\w[\w .-]{0,120}\.toml")


@dataclass(frozen=True, slots=True)
class Archive:
    """A checked backup, unpacked: `store` is a sound store's file, `texts` the other files by their names."""

    name: str
    made: str
    schema: int
    customers: int
    store: Path
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore put in place: the store, where the one before is kept (null: there was none), files."""

    path: str
    kept: str | None
    made: str
    schema: int
    customers: int
    files: tuple[str, ...]


@contextmanager
def opened_archive(archive: Path, beside: Path) -> Iterator[Archive]:
    """Yield what an archive holds, all of it checked, unpacked into a passing folder in the folder `beside`.

    Raises UsageError where there is no such file, InvalidData where it is no backup, is damaged, or was made
    by a newer version, MachineFault.
    """
    import tempfile

    if not archive.is_file():
        raise UsageError(f"there is no file {archive}")
    make_private(beside)
    with explained(beside), tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as folder:
        yield _read(archive, Path(folder))


def store_file(url: str) -> Path:
    """Return the file that a store's URL names; raises UsageError for a store in memory."""
    from partnerctl.stores.urls import store_path

    path = store_path(url)
    if path is None:
        raise UsageError("a store in memory has no file", "name one with --store sqlite:///PATH")
    return path.absolute()


def restore_archive(archive: Archive, store: Path, config: Path, wait: float, acting: Acting) -> Restored:
    """Put what `archive` holds in place: the store at `store`, the other files in the folder `config`.

    What stood there is kept beside it as ``NAME.before-restore``. Schedules arrive paused: they do not start
    by themselves. Raises Locked while another run writes.
    """
    from partnerctl.stores.replacing import kept_beside, replace_store

    kept = kept_beside(store) if store.exists() else None
    places = [(config / name, _arriving(name, text)) for name, text in archive.texts]
    if not acting.dry_run:
        replace_store(store, archive.store, wait=wait, at=timestamp(acting.at))
        for path, text in places:
            _put(path, text)
    files = tuple(str(path) for path, _ in places)
    place = None if kept is None else str(kept)
    return Restored(str(store), place, archive.made, archive.schema, archive.customers, files)


def _arriving(name: str, text: str) -> str:
    """Return the text of a file as it is put in place: every schedule is paused."""
    if name != SCHEDULES:
        return text
    from partnerctl.scheduling.file import paused_text

    return paused_text(text)


def _put(path: Path, text: str) -> None:
    make_private(path.parent)
    with explained(path):
        if path.exists():
            write_private(path.with_name(f"{path.name}.before-restore"), path.read_text(encoding="utf-8"))
        write_private(path, text)


def _read(archive: Path, folder: Path) -> Archive:
    import zipfile
    import zlib

    from partnerctl.stores.replacing import inspect_file

    try:
        with zipfile.ZipFile(archive) as file:
            members = _members(archive, file)
            manifest = _manifest(archive, file, members)
            store = folder / STORE
            _unpack(archive, file, members[STORE], store, manifest)
            texts = tuple(
                (name, _text(archive, file, info, manifest))
                for name, info in members.items()
                if name not in (STORE, MANIFEST)
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise _invalid(archive, f"is no backup, or is damaged ({fault})") from fault
    for name, text in texts:
        _check_text(archive, name, text)
    found = inspect_file(store)
    return Archive(archive.name, str(manifest.get("made", "")), found.schema, found.customers, store, texts)


def _members(archive: Path, file: ZipFile) -> dict[str, ZipInfo]:
    """Return the files of the archive by their names; only names that a backup has are taken."""
    infos = file.infolist()
    if len(infos) > _MOST_FILES:
        raise _invalid(archive, "holds too many files")
    found: dict[str, ZipInfo] = {}
    for info in infos:
        if not _NAMES.fullmatch(info.filename) or info.filename in found:
            raise _invalid(archive, f"holds {info.filename!r}, which no backup does")
        if info.flag_bits & 0x1:
            raise _invalid(archive, "is encrypted")
        largest = LARGEST_STORE if info.filename == STORE else LARGEST_TEXT
        if info.file_size > largest or info.file_size > _RATIO * info.compress_size + _UNSUSPICIOUS:
            raise _invalid(archive, f"holds {info.filename} of {info.file_size} bytes, which is too large")
        found[info.filename] = info
    for name in (MANIFEST, STORE):
        if name not in found:
            raise _invalid(archive, f"holds no {name}: it is no backup")
    return found


def _manifest(archive: Path, file: ZipFile, members: dict[str, ZipInfo]) -> dict[str, Any]:
    try:
        manifest = json.loads(_content(archive, file, members[MANIFEST]))
        number, sums = manifest["format"], dict(manifest["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise _invalid(archive, f"has a damaged {MANIFEST}") from fault
    if number != FORMAT:
        raise _invalid(archive, f"has form {number}, this partnerctl knows {FORMAT}")
    if set(sums) != set(members) - {MANIFEST}:
        raise _invalid(archive, f"does not hold the files that its {MANIFEST} lists")
    return {**manifest, "sha256": sums}


def _content(archive: Path, file: ZipFile, info: ZipInfo) -> bytes:
    with file.open(info) as source:
        content = source.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise _invalid(archive, f"holds a {info.filename} that is too large")
    return content


def _text(archive: Path, file: ZipFile, info: ZipInfo, manifest: dict[str, Any]) -> str:
    import hashlib

    content = _content(archive, file, info)
    _compare(archive, info.filename, hashlib.sha256(content).hexdigest(), manifest)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _invalid(archive, f"holds a {info.filename} that is not UTF-8 text") from fault


def _unpack(archive: Path, file: ZipFile, info: ZipInfo, target: Path, manifest: dict[str, Any]) -> None:
    import hashlib

    digest = hashlib.sha256()
    size = 0
    target.touch(mode=0o600)
    with file.open(info) as source, target.open("wb") as out:
        while block := source.read(_CHUNK):
            size += len(block)
            if size > info.file_size:
                raise _invalid(archive, f"holds more of {info.filename} than it says")
            digest.update(block)
            out.write(block)
    _compare(archive, info.filename, digest.hexdigest(), manifest)


def _compare(archive: Path, name: str, found: str, manifest: dict[str, Any]) -> None:
    if manifest["sha256"][name] != found:
        raise _invalid(archive, f"holds a {name} that was changed since")


def _check_text(archive: Path, name: str, text: str) -> None:
    """Raise InvalidData where a file could not be read once it stood in its place."""
    document = parse_document(text, Path(archive.name) / name)
    if name == CONFIG:
        check_configuration(document)


def _invalid(archive: Path, problem: str) -> InvalidData:
    return InvalidData(f"{archive} {problem}", "nothing was changed; give a file that `store backup` wrote")
