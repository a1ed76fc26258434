"""Reading canonical files as JSON lines, one object a line, or as one JSON array of objects.

The keys are the headers, null is an empty cell. Every object needs the same keys: an absent key would
mean something else than null (``files.md``: an absent column is left alone, an empty cell is unknown).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from partnerctl.errors import InvalidData, MachineFault
from partnerctl.tabular.encoding import Encoding, find_encoding
from partnerctl.tabular.rows import BadRow, OnBad, Opener

LARGEST_ARRAY = 64 << 20
"""The largest JSON array, in characters, that is read: unlike lines, it is held in memory."""

_LINES_HINT = 'Each line is one object, such as {"org_id": "...", "name": "Acme"}.'


@dataclass(frozen=True, slots=True)
class JsonLinesFile:
    """A file of JSON objects whose keys are known; its rows are read on demand."""

    name: str
    open_bytes: Opener = field(repr=False)
    encoding: Encoding
    headers: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return nothing: JSON lines leave no choice to tell of."""
        return ()

    @property
    def guarded(self) -> bool:
        """Return False: JSON never carries the guard against formulas."""
        return False

    def rows(self, on_bad: OnBad | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield the line and the cells of each object, null as an empty text, in the order of `headers`.

        An object that lacks a key goes to `on_bad` where that is given. Raises InvalidData, MachineFault.
        """
        for line, record in _objects(self.open_bytes, self.name, self.encoding):
            if len(record) == len(self.headers):
                yield line, [_cell(self.name, line, key, record[key]) for key in self.headers]
                continue
            absent = next(key for key in self.headers if key not in record)
            cells = tuple(_cell(self.name, line, key, record.get(key)) for key in self.headers)
            hint = "Write null where a value is unknown, or leave the key out of every object."
            bad = BadRow(line, cells, absent, "the object lacks this key, which others have", hint)
            if on_bad is None:
                raise bad.error(self.name)
            on_bad(bad)


def open_json_lines(open_bytes: Opener, name: str, encoding: str | None = None) -> JsonLinesFile:
    """Find out the keys of all objects in the file called `name`.

    Raises InvalidData (not JSON, not objects, none at all), UsageError, MachineFault.
    """
    found = find_encoding(open_bytes, name, encoding)
    keys: dict[str, None] = {}
    for _, record in _objects(open_bytes, name, found):
        keys.update(dict.fromkeys(record))
    if not keys:
        raise InvalidData.at(name, None, None, "holds no objects", _LINES_HINT)
    return JsonLinesFile(name, open_bytes, found, tuple(keys))


def read_objects(open_bytes: Opener, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line and each JSON object, whatever its values; raises InvalidData, MachineFault."""
    return _objects(open_bytes, name, find_encoding(open_bytes, name))


def looks_like_json(open_bytes: Opener) -> bool:
    """Return whether the first character of the file begins a JSON object or array."""
    try:
        with open_bytes() as binary:
            head = binary.read(4096)
    except OSError:
        return False  # the reader will say so, with the name of the file
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _objects(open_bytes: Opener, name: str, encoding: Encoding) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with open_bytes() as binary, io.TextIOWrapper(binary, encoding=encoding.codec) as text:
            for line, content in enumerate(text, 1):
                if not content.strip():
                    continue
                if line == 1 and content.lstrip().startswith("["):
                    yield from _array(name, content + text.read(LARGEST_ARRAY))
                    return
                yield line, _object(name, line, _decode(name, line, content))
    except UnicodeError:
        raise InvalidData.at(name, None, None, "changed while it was read") from None
    except OSError as error:
        raise MachineFault(f"{name}: cannot be read ({error.strerror or error})") from error


def _array(name: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if len(text) > LARGEST_ARRAY:
        words = f"a JSON array is read up to {LARGEST_ARRAY >> 20} MiB"
        raise InvalidData.at(name, None, None, words, f"Use JSON lines. {_LINES_HINT}")
    for number, value in enumerate(_decode(name, None, text), 1):
        yield number, _object(name, number, value)


def _decode(name: str, line: int | None, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = error.lineno if line is None else line
        words = f"is not valid JSON: {error.msg} (column {error.colno})"
        raise InvalidData.at(name, place, None, words, _LINES_HINT) from None
    except (ValueError, RecursionError) as error:
        words = "is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InvalidData.at(name, line, None, words, _LINES_HINT) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return record


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no value of JSON; write null where it is unknown")


def _object(name: str, line: int, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidData.at(name, line, None, "is not a JSON object", _LINES_HINT)
    return value


def _cell(name: str, line: int, key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (str, int)):
        return _whole_text(name, line, key, str(value))
    raise InvalidData.at(name, line, key, "is a list or an object; a cell holds one value", _LINES_HINT)


def _whole_text(name: str, line: int, key: str, text: str) -> str:
    """Return `text`, unless it holds half of a surrogate pair or a NUL, which no store can keep."""
    if text.isascii() and "\0" not in text:
        return text
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidData.at(
            name, line, key, "holds a character that is no text", "Correct the escape in it."
        )
    return text
