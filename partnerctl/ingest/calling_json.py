"""Calling records as JSON: an array, an object with ``items``, one object per line, or one object.

Names of keys count without case; a key that an object lacks has no value. Lines stream; a document that is
one JSON value is held in memory, up to a limit.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any, TextIO

from partnerctl.domain.folding import fold_header
from partnerctl.errors import InvalidData, MachineFault, UsageError
from partnerctl.ingest.typed import unknown_note
from partnerctl.tabular.columns import Layout
from partnerctl.tabular.encoding import LONGEST_LINE
from partnerctl.tabular.headers import Naming, find_columns
from partnerctl.tabular.rows import SKIP_HINT, BadRow, OnBad, Opener

LARGEST_DOCUMENT = 256 << 20
"""The largest array, or object with ``items``, in characters, that is read."""

_LOOKED_AT = 50  # objects that are asked for their keys before the file is recognised
_MOST_KEYS = 10_000
_HINT = 'Records are an array of objects, {"items": [...]}, or one object per line.'
_CUT_HINT = "Download or export it again."
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Shape(Enum):
    """How the objects stand in the file."""

    LINES = "lines"
    ARRAY = "array"
    ITEMS = "items"
    OBJECT = "object"  # one alone, over several lines


@dataclass(frozen=True, slots=True)
class BadItem(BadRow):
    """A bad row that is no line of the file but one item of a list; its `line` is the number of the item."""

    def error(self, file: str) -> InvalidData:
        """Return the error that names the file, the item and the field."""
        return InvalidData.at(
            f"{file}, item {self.line}", None, self.field, self.reason, self.hint or SKIP_HINT
        )


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """A JSON file whose shape is known. `keys` are those of its first objects, in their order."""

    name: str
    open_bytes: Opener = field(repr=False)
    encoding: str
    shape: Shape
    keys: tuple[str, ...]

    @property
    def by_items(self) -> bool:
        """Return whether an object is called by its number, not by its line."""
        return self.shape is not Shape.LINES

    def objects(self) -> Iterator[tuple[int, Any]]:
        """Yield the line, or the number, and the value of each item, which may be no object.

        Raises InvalidData (not JSON, cut, too large), MachineFault.
        """
        with _text(self.open_bytes, self.name, self.encoding) as text:
            if self.shape is Shape.LINES:
                yield from _lines(self.name, text)
            else:
                yield from enumerate(_listed(_document(self.name, text)), 1)


def begins_as_json(open_bytes: Opener) -> bool:
    """Return whether the first character of the file begins a JSON object or array."""
    return _beginning(open_bytes).lstrip()[:1] in ("{", "[")


def speaks_of_calls(open_bytes: Opener) -> bool:
    """Return whether the beginning of a JSON file, however broken, has a key that call records have."""
    beginning = "".join(_beginning(open_bytes).lower().split())
    return '"reportid"' in beginning or '"starttime"' in beginning


def open_document(open_bytes: Opener, name: str, encoding: str | None = None) -> JsonDocument:
    """Find out the shape of a JSON file and the keys of its first objects.

    Raises InvalidData (not JSON, cut, too large), UsageError for an unknown `encoding`, MachineFault.
    """
    codec = encoding or _codec(_head(open_bytes))
    with _text(open_bytes, name, codec) as text:
        shape, first = _look(name, text)
    keys: dict[str, None] = {}
    for value in first:
        if isinstance(value, dict):
            keys.update(dict.fromkeys(value))
    return JsonDocument(name, open_bytes, codec, shape, tuple(keys))


class JsonRows:
    """The objects of a document as rows, all as wide as the layout; no value is an empty text."""

    guarded = False

    def __init__(self, document: JsonDocument, layout: Layout, naming: Naming) -> None:
        self.name = document.name
        self.headers = tuple(column.header("en") for column in layout.columns)
        self.notes: tuple[str, ...] = ()
        self._document = document
        self._places = _Places(layout, naming, document.keys)
        self._doubled: dict[tuple[str, str], tuple[int, int]] = {}  # the first number, and how many

    def rows(self, on_bad: OnBad | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of each object; what is no object goes to `on_bad`, or is raised.

        A cell that is a list or an object makes a bad row, too. Raises InvalidData, MachineFault.
        """
        self._doubled.clear()
        for number, value in self._document.objects():
            bad = self._not_an_object(number, value)
            if bad is None:
                row = self._row(number, value)
                if isinstance(row, list):
                    yield number, row
                    continue
                bad = row
            if on_bad is None:
                raise bad.error(self.name)
            on_bad(bad)

    def bad(
        self, number: int, cells: tuple[str, ...], where: str | None, reason: str, hint: str | None = None
    ) -> BadRow:
        """Return the bad row of that number, which knows whether it is a line or an item."""
        made = BadItem if self._document.by_items else BadRow
        return made(number, cells, where, reason, hint)

    def said(self) -> tuple[str, ...]:
        """Return what is to be said of the keys, once the rows are read."""
        notes = []
        unknown = self._places.unknown
        if unknown:
            notes.append(unknown_note(self.name, unknown, "key"))
        unit = "item" if self._document.by_items else "line"
        for (one, other), (number, count) in self._doubled.items():
            rows = "" if count == 1 else f" ({count} records in all)"
            words = f"{one!r} and {other!r} mean the same; the last one counts{rows}"
            notes.append(f"{self.name}, {unit} {number}: {words}")
        return tuple(notes)

    def _not_an_object(self, number: int, value: Any) -> BadRow | None:
        if isinstance(value, dict):
            return None
        return self.bad(number, (str(value)[:100],), None, "is not a JSON object", _HINT)

    def _row(self, number: int, record: dict[str, Any]) -> list[str] | BadRow:
        places = self._places
        row = [""] * places.width
        strange: str | None = None
        for key, value in record.items():
            place = places[key]
            if place is None:
                continue
            if isinstance(value, str):
                row[place] = value
            elif isinstance(value, (list, dict)):
                strange = strange or key
            else:
                row[place] = _cell(value)
        for pair in places.pairs:
            if pair[0] in record and pair[1] in record:
                first, count = self._doubled.get(pair, (number, 0))
                self._doubled[pair] = first, count + 1
        if strange is None:
            return row
        return self.bad(
            number, tuple(row), strange, "is a list or an object; a cell holds one value", SKIP_HINT
        )


class _Places(dict[str, int | None]):
    """The place in a row of each key, found when it first comes up; None for an unknown one.

    `pairs` are the keys of which two have the same place.
    """

    def __init__(self, layout: Layout, naming: Naming, keys: tuple[str, ...]) -> None:
        super().__init__()
        self.width = len(layout.columns)
        self.unknown: list[str] = []
        self.pairs: list[tuple[str, str]] = []
        self._layout = layout
        self._naming = naming
        self._numbers = {column.key: place for place, column in enumerate(layout.columns)}
        present = {fold_header(key) for key in keys}
        self._maps = {fold_header(text): key for text, key in naming.mapped if fold_header(text) in present}

    def __missing__(self, key: str) -> int | None:
        place = self._find(key)
        if len(self) < _MOST_KEYS:
            if place is None:
                self.unknown.append(key)
            else:
                self.pairs.extend((known, key) for known, taken in self.items() if taken == place)
            self[key] = place
        return place

    def _find(self, key: str) -> int | None:
        match = find_columns((key,), self._layout, self._naming)
        if not match.columns:
            return None
        column = match.columns[0][1].key
        if column in self._maps.values() and self._maps.get(fold_header(key)) != column:
            return None  # where a map names a column, only the map
        return self._numbers[column]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = repr(value)
        return format(Decimal(text), "f") if "e" in text else text
    return str(value)


def _beginning(open_bytes: Opener) -> str:
    head = _head(open_bytes)
    return head.decode(_codec(head), errors="ignore")


def _head(open_bytes: Opener) -> bytes:
    try:
        with open_bytes() as binary:
            return binary.read(1 << 16)
    except OSError:
        return b""  # the reader will say so, with the name of the file


def _codec(head: bytes) -> str:
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), "utf-8")


@contextmanager
def _text(open_bytes: Opener, name: str, codec: str) -> Iterator[TextIO]:
    try:
        with open_bytes() as binary, io.TextIOWrapper(binary, encoding=codec) as text:
            yield text
    except LookupError:
        raise UsageError(f"there is no encoding {codec!r}", "For example --encoding utf-8, utf-16.") from None
    except UnicodeError:
        hint = "JSON is UTF-8; say which encoding it has, for example --encoding windows-1252."
        raise InvalidData.at(
            name, None, None, f"its bytes are not {codec} text, or it is cut", hint
        ) from None
    except OSError as error:
        raise MachineFault(f"{name}: cannot be read ({error.strerror or error})") from error


def _look(name: str, text: TextIO) -> tuple[Shape, list[Any]]:
    """Return the shape of the file, and its first values."""
    import orjson

    line, number = "", 0
    while not line.strip():
        number += 1
        line = text.readline(LARGEST_DOCUMENT + 1)
        if not line:
            return Shape.LINES, []
    try:
        first = orjson.loads(line.lstrip("\ufeff"))
    except orjson.JSONDecodeError:
        first = None
    if isinstance(first, dict):
        more = [value for _, value in islice(_lines(name, text, number), _LOOKED_AT)]
        if more or _items(first) is None:
            return Shape.LINES, [first, *more]
        return Shape.ITEMS, (_items(first) or [])[:_LOOKED_AT]
    return _look_at_all(_document(name, text, line))


def _look_at_all(value: Any) -> tuple[Shape, list[Any]]:
    listed = _listed(value)[:_LOOKED_AT]
    if isinstance(value, list):
        return Shape.ARRAY, listed
    return Shape.OBJECT if _items(value) is None else Shape.ITEMS, listed


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    items = _items(value)
    return [value] if items is None else items


def _items(value: Any) -> list[Any] | None:
    """Return the list that an object has under ``items``, None where it has none."""
    if isinstance(value, dict):
        for key, items in value.items():
            if key.lower() == "items" and isinstance(items, list):
                return items
    return None


def _lines(name: str, text: TextIO, before: int = 0) -> Iterator[tuple[int, Any]]:
    """Yield the line and the value of each line that is not blank; `before`: lines that are read already."""
    import orjson

    number = before
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            words = f"the line is longer than {LONGEST_LINE >> 20} MiB: this is no record"
            raise InvalidData.at(name, number, None, words, _HINT)
        bare = line.strip().lstrip("\ufeff")
        if not bare:
            continue
        try:
            yield number, orjson.loads(bare)
        except orjson.JSONDecodeError as error:
            words, hint = f"is not valid JSON: {error.msg} (column {error.colno})", _HINT
            if not line.endswith("\n") or not text.read(1):
                words, hint = f"{words}, and the file ends there: it seems to be cut", _CUT_HINT
            raise InvalidData.at(name, number, None, words, hint) from None


def _document(name: str, text: TextIO, begun: str = "") -> Any:
    import orjson

    whole = begun + text.read(LARGEST_DOCUMENT + 1)
    if len(whole) > LARGEST_DOCUMENT:
        words = f"is one JSON value of more than {LARGEST_DOCUMENT >> 20} MiB"
        raise InvalidData.at(name, None, None, words, "Write one record per line, which has no such limit.")
    try:
        return orjson.loads(whole.lstrip("\ufeff"))
    except orjson.JSONDecodeError as error:
        words, hint = f"is not valid JSON: {error.msg} (column {error.colno})", _HINT
        if error.pos >= len(whole.rstrip()) - 1:
            words, hint = f"{words}, and the file ends there: it seems to be cut", _CUT_HINT
        raise InvalidData.at(name, error.lineno, None, words, hint) from None
