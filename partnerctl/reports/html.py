"""A report as one HTML page that needs nothing but itself: to read, to sort, to print, to send on.

The rows are streamed. Whatever a text holds, it is shown and never run: texts are escaped, and the page's own
policy allows its one style and its one script, and nothing from anywhere else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from itertools import islice
from pathlib import Path
from string import Template
from typing import BinaryIO

from partnerctl.clock import timestamp
from partnerctl.domain.entities import Kind
from partnerctl.reports.page import Page
from partnerctl.reports.values import Cell, typed_rows

_BATCH = 500
_WORDS = {
    "en": {
        "made": "Made",
        "filter": "Filter",
        "all_rows": "{all} rows",
        "one_row": "1 row",
        "some_rows": "{shown} of {all} rows",
        "yes": "Yes",
        "no": "No",
    },
    "pt": {
        "made": "Gerado em",
        "filter": "Filtrar",
        "all_rows": "{all} linhas",
        "one_row": "1 linha",
        "some_rows": "{shown} de {all} linhas",
        "yes": "Sim",
        "no": "Não",
    },
}
_LANG = {"en": "en", "pt": "pt-BR"}
_SORTED_AS = {Kind.COUNT: "number", Kind.NUMBER: "number", Kind.DATE: "date", Kind.INSTANT: "date"}
_LOOKS = {
    **dict.fromkeys((Kind.COUNT, Kind.NUMBER), "n"),
    **dict.fromkeys((Kind.DATE, Kind.INSTANT), "d"),
    **dict.fromkeys((Kind.ORG_ID, Kind.EMAIL), "i"),
}
"""The classes of ``report.css``: numbers, dates, and what may be broken anywhere where paper is narrow."""
_WIDE = (6, 12)  # columns beyond which paper is turned, and the letters smaller
_SWAPPED = str.maketrans(",.", ".,")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# a page cannot show these, so their pictures stand for them, which come in the same order from U+2400 on
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}


def write_html(out: BinaryIO, page: Page, rows: Iterable[Sequence[Cell]]) -> int:
    """Write `rows` as a page to `out`, and return how many there were; they are read as they are needed.

    Numbers are written as the language writes them, days as ISO, instants in UTC. The page sorts by a click
    on a header; without JavaScript everything can be read.
    """
    before, after = _text_of("report.html").split("$rows")
    out.write(_encoded(Template(before).substitute(_opening(page))))
    making = _RowMaker(page)
    typed = typed_rows(page.layout, rows)
    count = 0
    while batch := list(islice(typed, _BATCH)):
        out.write(_encoded("".join([making.row(row) for row in batch])))
        count += len(batch)
    out.write(_encoded(Template(after).substitute(_closing(count, page.language))))
    return count


class _RowMaker:
    """Makes the rows of the table; the column that says whose row it is becomes its header."""

    def __init__(self, page: Page) -> None:
        self._portuguese = page.language == "pt"
        self._yes, self._no = _WORDS[page.language]["yes"], _WORDS[page.language]["no"]
        key = _key_place(page)
        self._tags = [
            (f"<th scope=row{_class(column.kind, True)}", "</th>")
            if at == key
            else (f"<td{_class(column.kind, False)}", "</td>")
            for at, column in enumerate(page.layout.columns)
        ]

    def row(self, row: Sequence[Cell]) -> str:
        """Return one row of typed cells."""
        cells = [
            f"{opening}{self._content(value)}{closing}"
            for value, (opening, closing) in zip(row, self._tags, strict=True)
        ]
        return f"<tr>{''.join(cells)}</tr>\n"

    def _content(self, value: Cell) -> str:
        """Return what a cell shows, and the ``>`` before it that ends its tag."""
        if isinstance(value, str):
            return f">{_escaped(value)}"
        if value is None:
            return ">"
        if isinstance(value, bool):
            return f">{self._yes if value else self._no}"
        if isinstance(value, int | float):
            return self._number(value)
        if isinstance(value, tuple):
            return f">{_escaped('; '.join(value))}"
        if isinstance(value, datetime):
            return f">{timestamp(value)[:-1].replace('T', ' ')}"
        return f">{value.isoformat()}"

    def _number(self, value: int | float) -> str:
        """Return a number as people write it; where it differs, also as the script reads it."""
        plain = str(value)
        shown = f"{value:,.15g}" if isinstance(value, float) else f"{value:,}"
        if self._portuguese:
            shown = shown.translate(_SWAPPED)
        return f">{shown}" if shown == plain else f' data-v="{plain}">{shown}'


def _opening(page: Page) -> dict[str, str]:
    """Return what the page says before its rows, by the names in ``report.html``."""
    words = _WORDS[page.language]
    style, script = _text_of("report.css"), _text_of("report.js")
    columns = len(page.layout.columns)
    return {
        "lang": _LANG[page.language],
        "policy": (
            f"default-src 'none'; style-src {_source_of(style)}; script-src {_source_of(script)}; "
            "base-uri 'none'; form-action 'none'"
        ),
        "title": escape(page.title),
        "style": style,
        "width": "widest" if columns > _WIDE[1] else "wide" if columns > _WIDE[0] else "narrow",
        "facts": "\n".join([*(_fact(label, escape(value)) for label, value in page.facts), _made(page)]),
        "headers": "".join(_headers(page)),
        **{name: escape(words[name]) for name in ("filter", "all_rows", "one_row", "some_rows")},
    }


def _closing(count: int, language: str) -> dict[str, str]:
    """Return what the page says after its rows: how many there were stands where they have ended."""
    words = _WORDS[language]
    figure = f"{count:,}".translate(_SWAPPED) if language == "pt" else f"{count:,}"
    said = words["one_row"] if count == 1 else words["all_rows"].replace("{all}", figure)
    return {"count": said, "script": _text_of("report.js")}


def _headers(page: Page) -> Iterator[str]:
    key = _key_place(page)
    for at, (column, header) in enumerate(zip(page.layout.columns, page.headers, strict=True)):
        kind = _SORTED_AS.get(column.kind, "text")
        name = escape(header)
        yield f'<th scope="col"{_class(column.kind, at == key)} data-kind="{kind}"><span>{name}</span></th>\n'


def _fact(label: str, value: str) -> str:
    return f"<div><dt>{escape(label)}</dt><dd>{value}</dd></div>"


def _made(page: Page) -> str:
    instant = timestamp(page.made)
    shown = f"{instant[:10]} {instant[11:16]} UTC"
    return _fact(_WORDS[page.language]["made"], f'<time datetime="{instant}">{shown}</time>')


def _key_place(page: Page) -> int:
    """Return the place of the column that stays in sight: the first of a name, else the first of all."""
    names = (at for at, column in enumerate(page.layout.columns) if column.kind is Kind.NAME)
    return next(names, 0)


def _class(kind: Kind, key: bool) -> str:
    names = ["k"] if key else []
    if kind in _LOOKS:
        names.append(_LOOKS[kind])
    return f' class="{" ".join(names)}"' if names else ""


def _escaped(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    return escape(text, quote=False).translate(_PICTURES)


def _encoded(text: str) -> bytes:
    """Return the bytes of a part of the page; what the command line could not decode is ``?``."""
    return text.encode(errors="replace")


def _source_of(text: str) -> str:
    """Return how a policy names the one style or script that it allows: by its checksum."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _text_of(name: str) -> str:
    import partnerctl.templates

    return Path(partnerctl.templates.__path__[0], name).read_text(encoding="utf-8")
