"""Backups: one archive of the store, the configuration and what belongs to it, for the owner alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl import __version__
from partnerctl.clock import timestamp
from partnerctl.errors import NotFound, UsageError
from partnerctl.reports.atomic import atomic_target, explained
from partnerctl.services.acting import Acting
from partnerctl.stores.contract import Store

if TYPE_CHECKING:
    from zipfile import ZipFile

FORMAT = 1
"""The number of the archive's form; a newer one is refused."""

STORE = "store.db"
CONFIG = "config.toml"
SCHEDULES = "schedules.toml"
MANIFEST = "manifest.json"
TEMPLATES = "templates"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """One archive that was written: where, how large in bytes, what it holds, how new its data is."""

    path: str
    bytes: int
    contents: tuple[str, ...]
    schema: int
    newest_day: date | None


def back_up(store: Store, config: Path, target: Path | None, profile: str, acting: Acting) -> Backup:
    """Write an archive of the store and of the folder `config`, and return what was written.

    `target` is a file, or a folder (default: the current one) in which the name tells profile and day. The
    store is copied as it is at one instant. No secret goes in: passwords are not kept in these files, and
    one in a store's URL is left out. Raises NotFound where there is no store yet, Conflict where a file
    stands at the target, MachineFault.
    """
    import tempfile

    if store.path is not None and not store.path.exists():
        raise NotFound(f"there is no store at {store.path} to back up", "import something first")
    path = _target(target, profile, acting.at.date())
    with (
        atomic_target(path) as partial,
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder,
    ):
        partial.chmod(0o600)
        copy = Path(folder) / STORE
        store.backup_to(copy)
        contents = _write(partial, copy, config, {"schema": store.schema(), "made": timestamp(acting.at)})
    with explained(path):
        size = path.stat().st_size
    return Backup(str(path), size, contents, store.schema(), store.newest_day(None, None))


def _target(target: Path | None, profile: str, day: date) -> Path:
    path = (target or Path()).absolute()
    if path.is_dir():
        return _free(path, f"partnerctl-backup_{profile}_{day}")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", "make it first, or name another one")
    return path


def _free(folder: Path, stem: str) -> Path:
    """Return the first name that is not taken: the second backup of a day ends in ``_2``."""
    path, number = folder / f"{stem}.zip", 2
    while path.exists():
        path, number = folder / f"{stem}_{number}.zip", number + 1
    return path


def _write(archive: Path, store: Path, config: Path, about: dict[str, object]) -> tuple[str, ...]:
    """Write the archive and return the names of what it holds, the manifest apart."""
    import zipfile

    sums: dict[str, str] = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        sums[STORE] = _add(out, STORE, store)
        for name, file in _texts(config):
            sums[name] = _add_text(out, name, file)
        manifest = {"format": FORMAT, "partnerctl": __version__, **about, "sha256": sums}
        out.writestr(MANIFEST, json.dumps(manifest, indent=2))
    return tuple(sums)


def _texts(config: Path) -> list[tuple[str, Path]]:
    """Return the text files that belong to a backup, as far as they are there."""
    found = [(name, config / name) for name in (CONFIG, SCHEDULES) if (config / name).is_file()]
    templates = sorted((config / TEMPLATES).glob("*.toml")) if (config / TEMPLATES).is_dir() else []
    return [*found, *((f"{TEMPLATES}/{file.name}", file) for file in templates if file.is_file())]


def _add(out: ZipFile, name: str, file: Path) -> str:
    import hashlib

    digest = hashlib.sha256()
    with file.open("rb") as source, out.open(name, "w", force_zip64=True) as target:
        while block := source.read(_CHUNK):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _add_text(out: ZipFile, name: str, file: Path) -> str:
    import hashlib

    from partnerctl.config.settings import mask_password

    text = mask_password(file.read_text(encoding="utf-8", errors="surrogateescape"))
    content = text.encode("utf-8", "surrogateescape")
    out.writestr(name, content)
    return hashlib.sha256(content).hexdigest()
