"""``--sort FIELD[,-FIELD]`` -> the keys to sort by, and their SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from partnerctl.queries.fields import FieldTable, QueryField
from partnerctl.queries.place import Place, check_text, quoted


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field to sort by, from low to high, or the other way round where `descending`."""

    field: QueryField
    descending: bool = False


def parse_sort(text: str, table: FieldTable) -> tuple[SortKey, ...]:
    """Return the keys that `text` names, a field's first mention alone; raises UsageError at the place.

    Names are spelt as in a query: singular or plural, aliases; ``-`` before a name sorts from high to low.
    """
    check_text(text)
    keys: dict[str, SortKey] = {}
    start = 0
    for item in text.split(","):
        key = _key(item, Place(text, start, start + len(item)), table)
        keys.setdefault(key.field.name, key)
        start += len(item) + 1
    return tuple(keys.values())


def _key(item: str, place: Place, table: FieldTable) -> SortKey:
    word = item.strip()
    descending = word.startswith("-")
    word = word.removeprefix("-") if descending else word.removeprefix("+")
    if not word:
        raise place.error("a field to sort by is missing here", f"fields: {', '.join(sortable(table))}")
    field = table.find(word)
    if field is None:
        raise place.error(f"there is no field {quoted(word)} to sort by", table.suggestion(word))
    if field.sort_expression is None:
        raise place.error(f"{field.name} is a list and has no order", f"fields: {', '.join(sortable(table))}")
    return SortKey(field, descending)


def sortable(table: FieldTable) -> tuple[str, ...]:
    """Return the names of the fields that have an order."""
    return tuple(f.name for f in table.fields if f.sort_expression is not None)


def order_by_sql(keys: Iterable[SortKey], ties: Iterable[str] = ()) -> str:
    """Return what follows ORDER BY: `keys` with unknown values last, then the SQL expressions `ties`."""
    terms: list[str] = []
    for key in keys:
        expression = key.field.sort_expression
        if expression is None:
            raise ValueError(f"{key.field.name} has no order")
        if key.field.can_be_unknown:
            terms.append(f"({expression} IS NULL)")
        terms.append(f"{expression} DESC" if key.descending else expression)
    return ", ".join([*terms, *ties])
