"""Ids of the records that come without one: the same row of the same file has the same id each time."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5

from partnerctl.domain.calling.kinds import MEDIA, QUEUE_STATS, USAGE, CallingKind
from partnerctl.domain.folding import fold

Columns = dict[str, list[str]]
"""The canonical cells of some rows, by key."""

_SEPARATOR = "\x1f"


def ids_of(kind: CallingKind) -> Callable[[Columns], list[str]] | None:
    """Return what makes the ids of such records from their canonical cells; None where files have them."""
    if kind is MEDIA:
        return _Occurrences(tuple(key for key in kind.keys if key not in ("record_id", "imported_at")))
    if kind is QUEUE_STATS:
        return lambda columns: _period_ids(columns, ("queue", "location"))
    if kind is USAGE:
        return lambda columns: _period_ids(columns, ("location",))
    return None


def _period_ids(columns: Columns, named: tuple[str, ...]) -> list[str]:
    """Return the ids of rows that speak of one thing over one period; names are compared folded."""
    parts = [columns["org_id"], *([fold(cell) for cell in columns[key]] for key in named)]
    rows = zip(*parts, columns["since"], columns["until"], strict=True)
    return [md5(_SEPARATOR.join(row).encode(), usedforsecurity=False).hexdigest() for row in rows]


class _Occurrences:
    """Makes ids of rows that have none: what they say, and how many rows before said the very same."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = keys
        self._seen: set[bytes] = set()
        self._again: dict[bytes, int] = {}

    def __call__(self, columns: Columns) -> list[str]:
        return [self._id(_SEPARATOR.join(row)) for row in zip(*(columns[k] for k in self._keys), strict=True)]

    def _id(self, text: str) -> str:
        made = md5(text.encode(), usedforsecurity=False)
        digest = made.digest()
        number = 1
        if digest in self._seen:
            number = self._again[digest] = self._again.get(digest, 1) + 1
        self._seen.add(digest)
        made.update(f"{_SEPARATOR}{number}".encode())
        return made.hexdigest()
