"""Which column each header of a file names, and in which language the file is.

By key, English or Portuguese header, alias, or what the user says with ``--map 'HEADER=key'``; case,
accents, spaces and punctuation do not count (``reports.md``, Reading).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partnerctl.domain.entities import Kind
from partnerctl.domain.folding import fold, fold_header, nearest
from partnerctl.errors import InvalidData
from partnerctl.tabular.columns import Column, Layout

Pairs = tuple[tuple[str, str], ...]
"""Headers and the keys of the columns that they stand for."""

_PORTUGUESE_WORDS = re.compile(r"\b(de|do|da|dos|das|em|para|por)\b")


class MissingColumn(InvalidData):
    """A required column that no header names; `certain` where an id among those found leaves little doubt."""

    certain = False
    layout = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """What the user says of headers: for this run (`mapped`), and in the configuration (`aliases`)."""

    mapped: Pairs = ()
    aliases: Pairs = ()


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """The columns of one file: each with its place in the rows, in the order of the file."""

    layout: Layout
    columns: tuple[tuple[int, Column], ...]
    language: str
    unknown: tuple[str, ...]

    @property
    def missing(self) -> tuple[Column, ...]:
        """Return the columns that the layout requires and the file lacks."""
        present = {column.key for _, column in self.columns}
        return tuple(c for c in self.layout.columns if c.required and c.key not in present)


def match_headers(
    headers: Sequence[str], layout: Layout, file: str, naming: Naming | None = None
) -> HeaderMatch:
    """Match the headers of `file` with the columns of `layout`.

    Raises InvalidData for a required column that no header names, for a column that two headers name, and
    for a ``--map`` to a column that the layout does not have.
    """
    naming = naming or Naming()
    _check_maps(headers, layout, file, naming)
    _refuse_duplicates(headers, layout, file, naming)
    match = find_columns(headers, layout, naming)
    if match.missing:
        raise _missing(match, file)
    return match


def find_columns(headers: Sequence[str], layout: Layout, naming: Naming | None = None) -> HeaderMatch:
    """Match as far as it goes, without complaint: the first header wins where two name one column."""
    taken: dict[str, int] = {}
    for place, key in _candidates(headers, layout, naming or Naming()):
        taken.setdefault(key, place)
    by_place = sorted((place, layout.column(key)) for key, place in taken.items()) if taken else []
    places = {place for place, _ in by_place}
    unknown = tuple(header for place, header in enumerate(headers) if place not in places and header)
    matched = [(headers[place], column) for place, column in by_place]
    return HeaderMatch(layout, tuple(by_place), _language(matched), unknown)


def _candidates(headers: Sequence[str], layout: Layout, naming: Naming) -> list[tuple[int, str]]:
    """Return place and key of each header that names a column; where a map names a column, only the map."""
    spellings = _spellings(layout, naming.aliases)
    mapped = {fold_header(header): key for header, key in naming.mapped}
    folded = [fold_header(header) for header in headers]
    by_map = {mapped[text] for text in folded if text in mapped}
    found: list[tuple[int, str]] = []
    for place, text in enumerate(folded):
        if text in mapped:
            found.append((place, mapped[text]))
        elif text in spellings and spellings[text] not in by_map:
            found.append((place, spellings[text]))
    known = {column.key for column in layout.columns}
    return [(place, key) for place, key in found if key in known]


def _spellings(layout: Layout, aliases: Pairs) -> dict[str, str]:
    """Return the key of the column per folded spelling; a key beats a header, a header beats an alias."""
    found: dict[str, str] = {}
    for column in layout.columns:
        found.setdefault(fold_header(column.key), column.key)
    for column in layout.columns:
        for _, text in column.headers:
            found.setdefault(fold_header(text), column.key)
    for column in layout.columns:
        for text in column.aliases:
            found.setdefault(fold_header(text), column.key)
    for text, key in aliases:
        found.setdefault(fold_header(text), key)
    found.pop("", None)
    return found


def _check_maps(headers: Sequence[str], layout: Layout, file: str, naming: Naming) -> None:
    present = {fold_header(header) for header in headers}
    keys = [column.key for column in layout.columns]
    for header, key in naming.mapped:
        if fold_header(header) in present and key not in keys:
            near = nearest(key, keys)
            hint = f"Did you mean {', '.join(near)}?" if near else f"Columns: {', '.join(keys)}."
            words = f"--map '{header}={key}': {layout.name} has no column {key!r}"
            raise InvalidData.at(file, None, None, words, hint)


def _refuse_duplicates(headers: Sequence[str], layout: Layout, file: str, naming: Naming) -> None:
    taken: dict[str, int] = {}
    for place, key in _candidates(headers, layout, naming):
        first = taken.setdefault(key, place)
        if first != place:
            words = (
                f"two headers name the column {key!r}: {headers[first]!r} (column {first + 1}) "
                f"and {headers[place]!r} (column {place + 1})"
            )
            same = fold_header(headers[first]) == fold_header(headers[place])
            hint = "Take one out" if same else f"Take one out, or choose with --map '{headers[first]}={key}'"
            raise InvalidData.at(file, 1, None, words, f"{hint}.")


def _missing(match: HeaderMatch, file: str) -> MissingColumn:
    error = _what_is_missing(match, file)
    error.certain = any(c.kind is Kind.ORG_ID or c.key.endswith("_id") for _, c in match.columns)
    error.layout = match.layout.name
    return error


def _what_is_missing(match: HeaderMatch, file: str) -> MissingColumn:
    column = match.missing[0]
    names = " / ".join(dict.fromkeys((column.key, *(text for _, text in column.headers))))
    words = f"{match.layout.name} needs the column {names}, and no header names it"
    more = [c.key for c in match.missing[1:]]
    if more:
        words += f" (nor {', '.join(more)})"
    near = _nearest_header(match.unknown, column)
    if near:
        return MissingColumn.at(
            file, 1, None, f"{words}; the nearest one is {near!r}", f"Say --map '{near}={column.key}'."
        )
    found = ", ".join(match.unknown[:8]) or "none"
    hint = f"Say which header it is with --map 'HEADER={column.key}'; headers not recognised: {found}."
    return MissingColumn.at(file, 1, None, words, hint)


def _nearest_header(headers: Iterable[str], column: Column) -> str | None:
    """Return the header that looks most like any spelling of `column`; a shared word counts as well."""
    import difflib  # only on the way to an error message

    def likeness(header: str) -> float:
        folded = fold(header)
        return max(difflib.SequenceMatcher(None, folded, fold(s)).ratio() for s in column.spellings)

    best = max(headers, key=likeness, default=None)
    return best if best is not None and likeness(best) >= 0.45 else None


def _language(matched: Sequence[tuple[str, Column]]) -> str:
    """Return ``pt`` where more headers are Portuguese than English; keys count for neither."""
    votes = 0
    for header, column in matched:
        text = fold_header(header)
        spoken = {language for language, name in column.headers if fold_header(name) == text}
        if spoken == {"pt"}:
            votes += 1
        elif spoken == {"en"}:
            votes -= 1
        elif not spoken and _PORTUGUESE_WORDS.search(fold(header)):
            votes += 1
    return "pt" if votes > 0 else "en"
