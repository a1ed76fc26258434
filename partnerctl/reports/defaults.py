"""The default templates, and finding one by its name or its title (PH-R3)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from partnerctl.domain.folding import fold_header, nearest
from partnerctl.errors import NotFound
from partnerctl.reports.template_files import read_template
from partnerctl.reports.templates import DEFAULT_NAMES, STORED_NAMES, Template


def default_templates() -> tuple[Template, ...]:
    """Return the default templates, by name; raises InvalidData where a file was damaged."""
    return tuple(default_template(name) for name in DEFAULT_NAMES)


def imported_templates() -> tuple[Template, ...]:
    """Return the templates by which files are read into the store, by name."""
    return tuple(default_template(name) for name in STORED_NAMES)


def default_template(name: str) -> Template:
    """Return the default template of that very name; raises InvalidData where its file was damaged."""
    import partnerctl.templates

    return _template_at(Path(partnerctl.templates.__path__[0], f"{name}.toml"))


@cache
def _template_at(path: Path) -> Template:
    return read_template(path)


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
        if wanted in template.spellings:
            return template
    for known in DEFAULT_NAMES:
        if fold_header(known) == wanted:
            return default_template(known)
    for template in default_templates():
        if wanted in template.spellings:
            return template
    names = (*(template.name for template in customs), *DEFAULT_NAMES)
    near = nearest(name, names)
    hint = f"Did you mean {', '.join(near)}?" if near else f"There are: {', '.join(sorted(names))}."
    raise NotFound(f"no report template is called {name!r}", hint)
