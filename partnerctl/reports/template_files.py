"""Reading a report template from its TOML file: an error names file, line and field (PH-R3)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast, get_args

from partnerctl.documents.reading import Document, Key, read_document
from partnerctl.domain.entities import Kind
from partnerctl.domain.folding import fold_header, nearest
from partnerctl.domain.products import FAMILY_CHOICES
from partnerctl.domain.report_words import LANGUAGES, LONGEST_HORIZON
from partnerctl.errors import InvalidData
from partnerctl.reports.sources import SOURCES, Source
from partnerctl.reports.templates import Period, Preset, Template
from partnerctl.tabular.columns import Column, Layout

_KEYS = frozenset({"name", "about", "period", "source", "sort", "titles", "columns", *Preset._fields})
_COLUMN_KEYS = frozenset({"key", "kind", "required", "blank", "aliases", *LANGUAGES})


def read_template(path: Path, *, custom: bool = False) -> Template:
    """Read the template in the file at `path`; raises InvalidData that names file, line and field."""
    document = read_document(path)
    if document is None:
        raise InvalidData.at(str(path), None, None, "cannot be read (there is no such file)")
    return check_template(document, custom=custom)


def check_template(document: Document, *, custom: bool = False) -> Template:
    """Return the template that a document is; raises InvalidData that names file, line and field."""
    return _Reader(document, custom).read()


class _Reader:
    """Checks the tables of one document, and builds the template."""

    def __init__(self, document: Document, custom: bool) -> None:
        self.document = document
        self.custom = custom

    def read(self) -> Template:
        """Return the template; raises InvalidData at the first problem."""
        table = self.document.tables
        self._refuse_unknown(table, _KEYS, ())
        name = self._text(table, "name")
        columns = self._columns(table)
        keys = tuple(column.key for column in columns)
        sort = self._words(table, "sort")
        if not self.custom:  # a custom one may sort by what it does not show
            self._check_sort(sort, keys)
        titles = table.get("titles")
        if not isinstance(titles, dict):
            raise self._error(("titles",), "needs a table with en and pt")
        source = self._one_of(table, "source", tuple(SOURCES))
        return Template(
            name=name,
            titles=tuple((language, self._text(titles, language, ("titles",))) for language in LANGUAGES),
            about=self._text(table, "about"),
            period=cast("Period", self._one_of(table, "period", get_args(Period))),
            source=source,
            sort=sort,
            layout=Layout(name, columns),
            preset=self._preset(table, SOURCES[source]),
            custom=self.custom,
        )

    def _check_sort(self, sort: Sequence[str], keys: tuple[str, ...]) -> None:
        for key in sort:
            if key.removeprefix("-") not in keys:
                raise self._error(("sort",), f"there is no column {key!r}", _near(key, keys))

    def _preset(self, table: dict[str, Any], source: Source) -> Preset:
        for key in ("days", "product"):
            if key in table and not getattr(source, key):
                raise self._error((key,), f"{source.name} does not take it", "leave it out")
        where = self._text(table, "where") if "where" in table else None
        if where is not None:
            self._check_query(where)
        language = self._one_of(table, "language", LANGUAGES) if "language" in table else None
        product = None
        if "product" in table:
            product = self._one_of(table, "product", FAMILY_CHOICES)
        return Preset(where, self._regions(table), self._days(table), product, language)

    def _check_query(self, where: str) -> None:
        from partnerctl.errors import UsageError
        from partnerctl.queries.parser import parse

        try:
            parse(where)
        except UsageError as fault:
            raise self._error(("where",), fault.reason, fault.hint) from fault

    def _regions(self, table: dict[str, Any]) -> tuple[str, ...]:
        from partnerctl.domain.regions import parse_chosen

        found = []
        for word in self._words(table, "region"):
            code = parse_chosen(word)
            if code is None:
                raise self._error(("region",), f"{word!r} is not a region")
            found.append(code)
        return tuple(found)

    def _days(self, table: dict[str, Any]) -> int | None:
        days = table.get("days")
        if days is not None and (type(days) is not int or not 0 <= days <= LONGEST_HORIZON):
            raise self._error(("days",), f"needs a number of days, 0 to {LONGEST_HORIZON}")
        return days

    def _columns(self, table: dict[str, Any]) -> tuple[Column, ...]:
        rows = table.get("columns")
        if not isinstance(rows, list) or not rows:
            raise self._error(("columns",), "needs at least one [[columns]] table")
        columns = tuple(self._column(row, ("columns", n)) for n, row in enumerate(rows, 1))
        owner: dict[str, str] = {}
        for place, column in enumerate(columns, 1):
            for text in column.spellings:
                other = owner.setdefault(fold_header(text), column.key)
                if other != column.key or not fold_header(text):
                    problem = f"{text!r} already names the column {other!r}"
                    raise self._error((column.key,), problem, at=("columns", place))
        if len({column.key for column in columns}) != len(columns):
            raise self._error(("columns",), "two columns have the same key")
        return columns

    def _column(self, row: Any, where: tuple[Key, ...]) -> Column:
        if not isinstance(row, dict):
            raise self._error(where, "needs to be a table")
        self._refuse_unknown(row, _COLUMN_KEYS, where)
        return Column(
            key=self._text(row, "key", where),
            kind=Kind(self._one_of(row, "kind", tuple(kind.value for kind in Kind), where)),
            headers=tuple((language, self._text(row, language, where)) for language in LANGUAGES),
            aliases=self._words(row, "aliases", where),
            required=self._flag(row, "required", where),
            blank=self._flag(row, "blank", where),
        )

    def _flag(self, table: dict[str, Any], key: str, where: tuple[Key, ...]) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self._error((*where, key), "needs true or false")
        return value

    def _text(self, table: dict[str, Any], key: str, where: tuple[Key, ...] = ()) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._error((*where, key), "needs a text")
        return value

    def _one_of(
        self, table: dict[str, Any], key: str, known: tuple[str, ...], where: tuple[Key, ...] = ()
    ) -> str:
        value = self._text(table, key, where)
        if value not in known:
            problem = f"{value!r} is none of {', '.join(known)}"
            raise self._error((*where, key), problem, _near(value, known))
        return value

    def _words(self, table: dict[str, Any], key: str, where: tuple[Key, ...] = ()) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self._error((*where, key), "needs a list of texts")
        return tuple(value)

    def _refuse_unknown(self, table: dict[str, Any], known: frozenset[str], where: tuple[Key, ...]) -> None:
        for key in table:
            if key not in known:
                hint = _near(key, tuple(sorted(known)))
                raise self._error((*where, key), "is not a setting of a template", hint)

    def _error(
        self,
        where: tuple[Key, ...],
        problem: str,
        hint: str | None = None,
        at: tuple[Key, ...] | None = None,
    ) -> InvalidData:
        """Return the error for the field `where`; the line is that of `at` where it is given."""
        if at is None:
            return self.document.error(where, problem, hint)
        from partnerctl.documents.reading import field_name, find_line

        line = find_line(self.document.text, at)
        return InvalidData.at(str(self.document.path), line, field_name(where), problem, hint)


def _near(word: str, known: tuple[str, ...]) -> str | None:
    near = nearest(word, known)
    return f"Did you mean {', '.join(near)}?" if near else None
