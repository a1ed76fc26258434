"""Writing the configuration file: comments survive, one writer at a time, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.config.files import parse_configuration
from partnerctl.config.folders import make_private
from partnerctl.errors import Locked, MachineFault

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def set_value(path: Path, profile: str, name: str, value: Any, wait: float) -> None:
    """Write one setting into a profile, or the profile to use where `name` is ``profile``.

    `wait` is in seconds. Raises InvalidData for a bad file (which stays as it is), Locked, MachineFault.
    """

    def change(document: TOMLDocument) -> bool:
        table, key = _table_of(document, profile, name)
        table[key] = value
        return True

    _rewrite(path, change, wait)


def unset_value(path: Path, profile: str, name: str, wait: float) -> bool:
    """Take one setting out of a profile, and return whether it was there; raises like ``set_value``."""

    def change(document: TOMLDocument) -> bool:
        table, key = _table_of(document, profile, name)
        return table.pop(key, None) is not None

    return _rewrite(path, change, wait)


def _table_of(document: TOMLDocument, profile: str, name: str) -> tuple[Any, str]:
    import tomlkit

    if name == "profile":
        return document, name
    table: Any = document
    path = ("profiles", profile, *name.split("."))
    for inner in path[:-1]:
        if inner not in table:
            # [profiles] itself needs no header of its own
            table[inner] = tomlkit.table(is_super_table=inner == "profiles")
        table = table[inner]
    return table, path[-1]


def _rewrite(path: Path, change: Callable[[TOMLDocument], bool], wait: float) -> bool:
    import tomlkit
    from filelock import FileLock, Timeout

    make_private(path.parent)
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=wait, mode=0o600):
            text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
            parse_configuration(text, path)
            document = tomlkit.parse(text)
            if not change(document):
                return False
            changed = tomlkit.dumps(document)
            parse_configuration(changed, path)
            write_private(path, changed)
            return True
    except Timeout as fault:
        raise Locked(
            f"another run is changing {path}", "try again, or give it more time with --wait"
        ) from fault
    except OSError as fault:
        raise MachineFault(
            f"cannot write {path}: {fault.strerror or fault}", "check its permissions and the free space"
        ) from fault


def write_private(path: Path, text: str) -> None:
    """Write a file for the owner alone: beside the target, flushed, then renamed; raises OSError."""
    import tempfile

    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600 from the start
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
