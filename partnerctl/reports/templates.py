"""Report templates: one TOML file each, which `reports run` writes by and `import` reads by (PH-R3).

The default ones lie in ``partnerctl.templates``; a custom one is a file of the same form
(``reports.md``, The five reports).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from partnerctl.domain.folding import fold_header, nearest
from partnerctl.errors import NotFound

if TYPE_CHECKING:
    from partnerctl.tabular.columns import Layout

Period = Literal["none", "last-90-days", "snapshot", "range", "horizon"]
"""What days a report covers: now, the last 90, one day, ``--since`` to ``--until``, a horizon of days."""

IMPORTED_NAMES: tuple[str, ...] = ("devices", "phone-numbers", "subscription-details", "webex-app-version")
"""The names of Partner Hub's own reports: files of these are read, too."""

LIST_NAMES: tuple[str, ...] = (
    "added",
    "changes",
    "customers",
    "expiring",
    "licenses",
    "low-assignment",
    "overage",
    "renewing",
    "today",
    "unassigned",
)
"""The names of the lists that are reports: files of these are written alone."""

DEFAULT_NAMES: tuple[str, ...] = tuple(sorted((*IMPORTED_NAMES, *LIST_NAMES)))
"""The names of the default templates, in the order in which they are listed; reading them costs no file."""


class Preset(NamedTuple):
    """What a custom template asks for where the command line does not say otherwise."""

    where: str | None = None
    region: tuple[str, ...] = ()
    days: int | None = None
    product: str | None = None
    language: str | None = None


NO_PRESET = Preset()


@dataclass(frozen=True, slots=True)
class Template:
    """One report: its titles, the period it covers, the source it reads from, and its columns in order.

    `sort`: the keys that order the rows, so that the same data gives the same bytes; none for the order of
    the source itself.
    """

    name: str
    titles: tuple[tuple[str, str], ...]
    about: str
    period: Period
    source: str
    sort: tuple[str, ...]
    layout: Layout
    preset: Preset = NO_PRESET
    custom: bool = False

    @property
    def title(self) -> str:
        """Return the English title."""
        return self.title_in("en")

    def title_in(self, language: str) -> str:
        """Return the title in `language` (``en``, ``pt``), or the name where none is defined."""
        return dict(self.titles).get(language, self.name)


def default_templates() -> tuple[Template, ...]:
    """Return the default templates, by name; raises InvalidData where a file was damaged."""
    return tuple(default_template(name) for name in DEFAULT_NAMES)


def imported_templates() -> tuple[Template, ...]:
    """Return the templates by which files are read, by name."""
    return tuple(default_template(name) for name in IMPORTED_NAMES)


def default_template(name: str) -> Template:
    """Return the default template of that very name; raises InvalidData where its file was damaged."""
    import partnerctl.templates
    from partnerctl.reports.template_files import read_template

    return read_template(Path(partnerctl.templates.__path__[0], f"{name}.toml"))


def base_of(template: Template) -> Template:
    """Return the default template of the same source, which has every column that there is."""
    names = {"subscriptions": "subscription-details", "app-versions": "webex-app-version"}
    return default_template(names.get(template.source, template.source))


def find_template(name: str, custom: Iterable[Template] = ()) -> Template:
    """Return the template of that name or title, `custom` ones first; case and punctuation do not matter.

    Raises NotFound with the nearest names.
    """
    wanted = fold_header(name)
    customs = tuple(custom)
    for template in customs:
        if wanted in _spellings(template):
            return template
    for known in DEFAULT_NAMES:
        if fold_header(known) == wanted:
            return default_template(known)
    for template in default_templates():
        if wanted in _spellings(template):
            return template
    names = (*(template.name for template in customs), *DEFAULT_NAMES)
    near = nearest(name, names)
    hint = f"Did you mean {', '.join(near)}?" if near else f"There are: {', '.join(sorted(names))}."
    raise NotFound(f"no report template is called {name!r}", hint)


def _spellings(template: Template) -> frozenset[str]:
    titles = (title for _, title in template.titles)
    return frozenset(fold_header(text) for text in (template.name, *titles))
