"""Writing the configuration file: comments survive, one writer at a time, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.config.files import check_configuration
from partnerctl.documents.writing import change_document, table_at

if TYPE_CHECKING:
    from partnerctl.documents.writing import TOMLDocument


def set_value(path: Path, profile: str, name: str, value: Any, wait: float) -> None:
    """Write one setting into a profile, or the profile to use where `name` is ``profile``.

    `wait` is in seconds. Raises InvalidData for a bad file (which stays as it is), Locked, MachineFault.
    """

    def change(document: TOMLDocument) -> bool:
        table, key = _table_of(document, profile, name)
        table[key] = value
        return True

    change_document(path, change, check_configuration, wait)


def unset_value(path: Path, profile: str, name: str, wait: float) -> bool:
    """Take one setting out of a profile, and return whether it was there; raises like ``set_value``."""

    def change(document: TOMLDocument) -> bool:
        table, key = _table_of(document, profile, name)
        return table.pop(key, None) is not None

    return change_document(path, change, check_configuration, wait)


def _table_of(document: TOMLDocument, profile: str, name: str) -> tuple[Any, str]:
    *tables, key = ("profiles", profile, *name.split(".")) if name != "profile" else (name,)
    return table_at(document, tuple(tables)), key
