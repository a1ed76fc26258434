"""The fields that a query may name: what each holds, how it is spelt, and the SQL that yields it.

The store builds one table of fields per list. Text in SQL is bound, never pasted; a field's SQL is the
store's own. Parameters are named ``:q1``, ``:q2``...: the store keeps other names for its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from partnerctl.domain.folding import did_you_mean, fold


class FieldKind(Enum):
    """What a field holds; it decides how values are read and compared."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"  # ISO text at the border to SQL
    BOOLEAN = "boolean"  # bound as True and False
    WORDS = "words"  # a set of words in rows of their own; never unknown


@dataclass(frozen=True, slots=True)
class QueryField:
    """One field of a query.

    `sql`: an expression, written in parentheses where it is more than a column. For WORDS a condition with
    ``{match}`` in the place of the comparison, on words as they are stored (known values) or folded
    (others): ``EXISTS (SELECT 1 FROM tags t WHERE t.org_id = c.org_id AND t.tag_folded {match})``.
    `folded`: a TEXT field's SQL yields folded text; otherwise only the case of ASCII letters does not count.
    `values`: known values as stored; written in any case, with ``-`` or a space for ``_``. `closed`: with
    `values`, any other is wrong usage. `groups`: a written word that means several values (``calling``).
    `read`: other spellings of a value (``parse_region``); None where it knows none.
    `nullable`: False spares the checks for unknown. `order_sql`: what to sort by, where it is not `sql`.
    """

    name: str
    kind: FieldKind
    sql: str
    aliases: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    closed: bool = True
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read: Callable[[str], str | None] | None = None
    folded: bool = False
    nullable: bool = True
    order_sql: str | None = None

    def __post_init__(self) -> None:
        if (self.kind is FieldKind.WORDS) != ("{match}" in self.sql):
            raise ValueError(f"{self.name}: {{match}} goes with WORDS, and only with them")

    @property
    def expression(self) -> str:
        """Return the SQL expression, safe to stand beside an operator."""
        return self.sql if self.sql.replace(".", "_").isidentifier() else f"({self.sql})"

    @property
    def can_be_unknown(self) -> bool:
        """Return whether a row may lack a value."""
        return self.nullable and self.kind is not FieldKind.WORDS

    @property
    def sort_expression(self) -> str | None:
        """Return the SQL expression to sort by, or None where the field has no order."""
        if self.order_sql is not None:
            return self.order_sql
        return None if self.kind is FieldKind.WORDS else self.expression


@dataclass(frozen=True, slots=True)
class FieldTable:
    """The fields of one list; `name_field` names the one that bare words search, folded text.

    Raises ValueError where two fields share a name, or where the name field is missing or not folded text.
    """

    fields: tuple[QueryField, ...]
    name_field: str
    _by_spelling: dict[str, QueryField] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_spelling: dict[str, QueryField] = {}
        for spellings in (_own_name, _aliases, _other_numbers):
            for f in self.fields:
                for spelling in spellings(f):
                    if by_spelling.setdefault(spelling, f) is not f and spellings is _own_name:
                        raise ValueError(f"two fields are named {spelling}")
        object.__setattr__(self, "_by_spelling", by_spelling)
        if self.name_field not in self.names:
            raise ValueError(f"no field is named {self.name_field}")
        if not self.name.folded or self.name.kind is not FieldKind.TEXT:
            raise ValueError(f"{self.name_field}: bare words search folded text")

    @property
    def name(self) -> QueryField:
        """Return the field that bare words search."""
        return self._by_spelling[self.name_field]

    @property
    def names(self) -> tuple[str, ...]:
        """Return every field's name, in the table's order."""
        return tuple(f.name for f in self.fields)

    def find(self, word: str) -> QueryField | None:
        """Return the field that `word` names: singular or plural, in any case, ``-`` for ``_``; else None."""
        return self._by_spelling.get(fold(word).replace("-", "_"))

    def suggestion(self, word: str) -> str:
        """Say which fields `word` may have meant, or else which there are, as a hint."""
        known = [*self.names, *(alias for f in self.fields for alias in f.aliases)]
        return did_you_mean(word, known, f"fields: {', '.join(self.names)}")


def _own_name(f: QueryField) -> tuple[str, ...]:
    return (f.name,)


def _aliases(f: QueryField) -> tuple[str, ...]:
    return f.aliases


def _other_numbers(f: QueryField) -> list[str]:
    """Return plural and singular forms of a field's names; some are no English, and do no harm."""
    forms: list[str] = []
    for name in (f.name, *f.aliases):
        forms.append(f"{name}s")
        if name.endswith("s"):
            forms += [name[:-1], f"{name}es"]
        if name.endswith(("ses", "xes")):
            forms.append(name[:-2])
        if name.endswith("y"):
            forms.append(f"{name[:-1]}ies")
    return forms
