"""Columns: the one definition of a file's or a table's column, for reading and for writing."""

from __future__ import annotations

from dataclasses import dataclass

from partnerctl.domain.entities import Entity, Kind


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its headers per language, what its cells hold, and other names it goes by.

    `required`: a file without it is refused, and so is an empty cell unless the column may be `blank`.
    """

    key: str
    kind: Kind = Kind.TEXT
    headers: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    required: bool = False
    blank: bool = False

    def header(self, language: str) -> str:
        """Return the header in `language` (``en``, ``pt``), or the key where none is defined."""
        return dict(self.headers).get(language, self.key)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return every text that names this column: key, headers, aliases (``reports.md``, Reading)."""
        return (self.key, *(text for _, text in self.headers), *self.aliases)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file. `name` is an entity's or a report template's key."""

    name: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Return the column of that key; raises KeyError where there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


AS_OF = Column("as_of", Kind.DATE)
"""The day of a row: licenses always have it, other entities in a history export."""


def canonical_layout(entity: Entity) -> Layout:
    """Return the layout of an entity's canonical file; ``as_of``, the day of a row, is accepted on every one.

    A measurement must be spoken of, but may be unknown: its cell may be blank.
    """
    columns = tuple(
        Column(f.name, f.kind, required=f.required, blank=not (entity.carries or f.key))
        for f in entity.fields
    )
    return Layout(entity.name, (*columns, AS_OF))
