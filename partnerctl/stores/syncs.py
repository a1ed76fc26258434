"""What the store remembers of syncs: the last outcome of each part."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from partnerctl.domain.records import SyncedPart
from partnerctl.stores.journal import as_text
from partnerctl.stores.rows import day, instant

if TYPE_CHECKING:
    import sqlite3

_KEYS = ("part", "template", "region")
_NAMES = (*_KEYS, "status", "day", "at", "customers", "failed", "rows", "run_id", "error")
_RECORD = (
    f"INSERT INTO synced_parts ({', '.join(_NAMES)}) VALUES ({', '.join(f':{name}' for name in _NAMES)})"
    f" ON CONFLICT ({', '.join(_KEYS)}) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _NAMES if name not in _KEYS)
)


def record_part(connection: sqlite3.Connection, part: SyncedPart) -> None:
    """Write the outcome of one part, in the place of its last one."""
    values = dict(zip(_NAMES, map(as_text, astuple(part)), strict=True))
    connection.execute(_RECORD, {**values, "template": part.template or "", "region": part.region or ""})


def synced_parts(connection: sqlite3.Connection) -> list[SyncedPart]:
    """Return the last outcome of every part that was ever synced, by part, template and region."""
    order = ", ".join(_KEYS)
    return [
        _part(*row)
        for row in connection.execute(f"SELECT {', '.join(_NAMES)} FROM synced_parts ORDER BY {order}")
    ]


def _part(
    part: str, template: str, region: str, status: str, on: str | None, at: str, *rest: Any
) -> SyncedPart:
    ended = instant(at)
    assert ended is not None
    return SyncedPart(part, template or None, region or None, status, day(on), ended, *rest)
