"""Report templates: one TOML file each, which `reports run` writes by and `import` reads by (PH-R3).

The default ones lie in ``partnerctl.templates``; a custom one is a file of the same form
(``reports.md``, The five reports).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from partnerctl.domain.entities import ENTITIES, Kind
from partnerctl.domain.folding import fold_header, nearest
from partnerctl.errors import InvalidData, NotFound
from partnerctl.tabular.columns import Column, Layout

Period = Literal["none", "last-90-days", "snapshot", "range"]
"""What days a report covers: those of now, the last 90, one day, or ``--since`` to ``--until``."""

LANGUAGES: tuple[str, ...] = ("en", "pt")
"""The languages that every template has its title and its headers in."""

DEFAULT_NAMES: tuple[str, ...] = ("devices", "phone-numbers", "subscription-details", "webex-app-version")
"""The names of the default templates, in the order in which they are listed; reading them costs no file."""

_KEYS = frozenset({"name", "about", "period", "source", "sort", "titles", "columns"})
_COLUMN_KEYS = frozenset({"key", "kind", "required", "blank", "aliases", *LANGUAGES})


@dataclass(frozen=True, slots=True)
class Template:
    """One report: its titles, the period it covers, the entity it reads from, and its columns in order.

    `sort`: the keys of the columns that order the rows, so that the same data gives the same bytes.
    """

    name: str
    titles: tuple[tuple[str, str], ...]
    about: str
    period: Period
    source: str
    sort: tuple[str, ...]
    layout: Layout

    @property
    def title(self) -> str:
        """Return the English title."""
        return self.title_in("en")

    def title_in(self, language: str) -> str:
        """Return the title in `language` (``en``, ``pt``), or the name where none is defined."""
        return dict(self.titles).get(language, self.name)


def default_templates() -> tuple[Template, ...]:
    """Return the default templates, by name; raises InvalidData where a file was damaged."""
    return tuple(_read_default(name) for name in DEFAULT_NAMES)


def find_template(name: str, custom: Iterable[Template] = ()) -> Template:
    """Return the template of that name or title, `custom` ones first; case and punctuation do not matter.

    Raises NotFound with the nearest names.
    """
    wanted = fold_header(name)
    for template in custom:
        if wanted in _spellings(template):
            return template
    for known in DEFAULT_NAMES:
        if fold_header(known) == wanted:
            return _read_default(known)
    for template in default_templates():
        if wanted in _spellings(template):
            return template
    names = (*(template.name for template in custom), *DEFAULT_NAMES)
    near = nearest(name, names)
    hint = f"Did you mean {', '.join(near)}?" if near else f"There are: {', '.join(sorted(names))}."
    raise NotFound(f"no report template is called {name!r}", hint)


def read_template(path: Path) -> Template:
    """Read the template in the file at `path`; raises InvalidData that names file, line and field."""
    return parse_template(read_toml(path), str(path))


def read_toml(path: Path) -> dict[str, Any]:
    """Read the TOML file at `path`; raises InvalidData that names the file and, where known, the line."""
    import tomllib  # 8 ms: only where a template is needed

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidData.at(str(path), None, None, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InvalidData.at(str(path), None, None, "is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(path), str(error)) from error


def parse_template(table: Mapping[str, Any], file: str) -> Template:
    """Build a template from the parsed TOML of `file`; raises InvalidData that names file and field."""
    _refuse_unknown(table, _KEYS, file, "")
    name = _text(table, "name", file)
    columns = _columns(table, file)
    keys = tuple(column.key for column in columns)
    sort = _words(table, "sort", file)
    for key in sort:
        if key not in keys:
            raise InvalidData.at(file, None, "sort", f"there is no column {key!r}", _near(key, keys))
    titles = table.get("titles")
    if not isinstance(titles, Mapping):
        raise InvalidData.at(file, None, "titles", "needs a table with en and pt")
    return Template(
        name=name,
        titles=tuple((language, _text(titles, language, file, "titles.")) for language in LANGUAGES),
        about=_text(table, "about", file),
        period=cast("Period", _one_of(table, "period", get_args(Period), file)),
        source=_one_of(table, "source", tuple(ENTITIES), file),
        sort=sort,
        layout=Layout(name, columns),
    )


def _read_default(name: str) -> Template:
    import partnerctl.templates

    return read_template(Path(partnerctl.templates.__path__[0], f"{name}.toml"))


def _spellings(template: Template) -> frozenset[str]:
    titles = (title for _, title in template.titles)
    return frozenset(fold_header(text) for text in (template.name, *titles))


def _columns(table: Mapping[str, Any], file: str) -> tuple[Column, ...]:
    rows = table.get("columns")
    if not isinstance(rows, list) or not rows:
        raise InvalidData.at(file, None, "columns", "needs at least one [[columns]] table")
    columns = tuple(_column(row, file, f"columns[{n}].") for n, row in enumerate(rows, 1))
    owner: dict[str, str] = {}
    for column in columns:
        for text in column.spellings:
            other = owner.setdefault(fold_header(text), column.key)
            if other != column.key or not fold_header(text):
                raise InvalidData.at(file, None, column.key, f"{text!r} already names the column {other!r}")
    if len({column.key for column in columns}) != len(columns):
        raise InvalidData.at(file, None, "columns", "two columns have the same key")
    return columns


def _column(row: Any, file: str, place: str) -> Column:
    if not isinstance(row, Mapping):
        raise InvalidData.at(file, None, place.rstrip("."), "needs to be a table")
    _refuse_unknown(row, _COLUMN_KEYS, file, place)
    return Column(
        key=_text(row, "key", file, place),
        kind=Kind(_one_of(row, "kind", tuple(kind.value for kind in Kind), file, place)),
        headers=tuple((language, _text(row, language, file, place)) for language in LANGUAGES),
        aliases=_words(row, "aliases", file, place),
        required=_flag(row, "required", file, place),
        blank=_flag(row, "blank", file, place),
    )


def _flag(table: Mapping[str, Any], key: str, file: str, place: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise InvalidData.at(file, None, f"{place}{key}", "needs true or false")
    return value


def _text(table: Mapping[str, Any], key: str, file: str, place: str = "") -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InvalidData.at(file, None, f"{place}{key}", "needs a text")
    return value


def _one_of(table: Mapping[str, Any], key: str, known: tuple[str, ...], file: str, place: str = "") -> str:
    value = _text(table, key, file, place)
    if value not in known:
        problem = f"{value!r} is none of {', '.join(known)}"
        raise InvalidData.at(file, None, f"{place}{key}", problem, _near(value, known))
    return value


def _words(table: Mapping[str, Any], key: str, file: str, place: str = "") -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise InvalidData.at(file, None, f"{place}{key}", "needs a list of texts")
    return tuple(value)


def _refuse_unknown(table: Mapping[str, Any], known: frozenset[str], file: str, place: str) -> None:
    for key in table:
        if key not in known:
            hint = _near(key, tuple(sorted(known)))
            raise InvalidData.at(file, None, f"{place}{key}", "is not a setting of a template", hint)


def _near(word: str, known: tuple[str, ...]) -> str | None:
    near = nearest(word, known)
    return f"Did you mean {', '.join(near)}?" if near else None


def _syntax_error(file: str, message: str) -> InvalidData:
    import re

    line = re.search(r"\(at line (\d+), column \d+\)", message)
    return InvalidData.at(file, int(line[1]) if line else None, None, f"is not valid TOML: {message}")
