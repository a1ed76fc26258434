"""Custom templates: files of the same form as the default ones, in the configuration folder (PH-R3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from partnerctl.documents.private import make_private, write_private
from partnerctl.documents.reading import Document, Key, parse_document, read_document
from partnerctl.documents.writing import toml_text
from partnerctl.domain.folding import did_you_mean, fold, fold_header
from partnerctl.domain.report_words import LANGUAGES
from partnerctl.errors import Conflict, InvalidData, MachineFault, NotFound, UsageError
from partnerctl.reports.defaults import base_of
from partnerctl.reports.template_files import check_template
from partnerctl.reports.templates import DEFAULT_NAMES, Template

REJECTED = ".rejected"
"""What the name of a text ends in that was edited and is no template."""

_LONGEST = 80


class Customs(NamedTuple):
    """The custom templates that can be read, by name, and what is wrong with the other files."""

    templates: tuple[Template, ...]
    faults: tuple[InvalidData | MachineFault, ...] = ()


def read_customs(folder: Path | None) -> Customs:
    """Return the custom templates of a folder, which need not exist; a bad one hides no other."""
    if folder is None or not folder.is_dir():
        return Customs(())
    good, faults = [], []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as fault:
        return Customs((), (MachineFault(f"{folder} cannot be read: {fault.strerror or fault}"),))
    for path in paths:
        try:
            good.append(_read(path))
        except (InvalidData, MachineFault) as fault:
            faults.append(fault)
    return Customs(tuple(sorted(good, key=lambda template: template.name)), tuple(faults))


def custom_named(folder: Path | None, name: str) -> Template | None:
    """Return the custom template in the file of that name, None where there is none.

    Raises InvalidData where that file is no template.
    """
    path = None if folder is None else _path(folder, name)
    return _read(path) if path is not None and path.is_file() else None


def custom_path(folder: Path, name: str) -> Path:
    """Return the file of the custom template of that name or title, also of one that is not in order.

    Raises NotFound, which says so of a default template, and names the nearest.
    """
    for path in (folder / f"{name}.toml", _path(folder, name)):
        if path is not None and path.parent == folder and path.is_file():
            return path
    customs = read_customs(folder).templates
    for template in customs:
        if fold_header(name) in template.spellings:
            return folder / f"{template.name}.toml"
    if fold_header(name) in {fold_header(known) for known in DEFAULT_NAMES}:
        hint = f"make one of your own by it: partnerctl reports add 'My {name}' --base {name}"
        raise NotFound(f"{name} is a default template, which stays as it is", hint)
    hint = did_you_mean(name, [one.name for one in customs], "see `partnerctl reports list`")
    raise NotFound(f"there is no custom template {name!r}", hint)


def _read(path: Path) -> Template:
    document = read_document(path)
    if document is None:
        raise InvalidData.at(str(path), None, None, "is a link to nothing", "remove it")
    return _checked(document)


def _checked(document: Document) -> Template:
    """Return the custom template of a document, checked against the source that it reads from."""
    template = check_template(document, custom=True)
    stem = document.path.stem
    if template.name != stem:
        raise document.error(("name",), f"is {template.name!r} in the file {stem}.toml", f"write {stem!r}")
    if template.name in DEFAULT_NAMES:
        hint = "call the file and the template otherwise"
        raise document.error(("name",), f"{template.name!r} is a default template", hint)
    base = base_of(template)
    known = [column.key for column in base.layout.columns]
    for place, column in enumerate(template.layout.columns, 1):
        if column.key not in known:
            raise _unknown_key(document, ("columns", place, "key"), column.key, known)
    for key in template.sort:
        if key.removeprefix("-") not in known:
            raise _unknown_key(document, ("sort",), key, known)
    if template.period != base.period:
        raise document.error(("period",), f"is {template.period}", f"{template.source} has {base.period}")
    return template


def _unknown_key(document: Document, where: tuple[Key, ...], key: str, known: list[str]) -> InvalidData:
    hint = did_you_mean(key, known, f"choose from: {', '.join(known)}")
    return document.error(where, f"the source has no {key!r}", hint)


def name_of(title: str) -> str:
    """Return the name of a template of that title: ``Gold EU renewals`` is ``gold-eu-renewals``.

    Raises UsageError where nothing would be left of it.
    """
    name = re.sub(r"[^\w]+", "-", fold(title)).strip("-_")[:_LONGEST].strip("-_")
    if not name:
        raise UsageError(f"{title!r} has no letter and no digit", "give the template a name with some")
    return name


def custom_tables(
    base: Template,
    titles: tuple[str, str],
    about: str,
    columns: Sequence[str],
    preset: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the tables of a custom template: columns of `base` in the order of `columns`, and a preset.

    `titles` are in the order of LANGUAGES. Raises UsageError, with the nearest names, for a column that the
    source does not have.
    """
    known = {column.key: column for column in base_of(base).layout.columns}
    chosen = columns or [column.key for column in base.layout.columns]
    for key in chosen:
        if key not in known:
            raise _no_column(key, list(known), "--columns")
    for key in preset.get("sort", ()):
        if key.removeprefix("-") not in known:
            raise _no_column(key.removeprefix("-"), list(known), "--sort")
    return {
        "name": name_of(titles[0]),
        "about": about,
        "period": base.period,
        "source": base.source,
        **preset,
        "titles": dict(zip(LANGUAGES, titles, strict=True)),
        "columns": [
            {"key": key, "kind": known[key].kind.value, **dict(known[key].headers)}
            for key in dict.fromkeys(chosen)
        ],
    }


def new_template(folder: Path, tables: dict[str, Any]) -> tuple[Path, str, Template]:
    """Return the path, the text and the template of new tables; raises Conflict where the name is taken."""
    name = tables["name"]
    path = folder / f"{name}.toml"
    if name in DEFAULT_NAMES:
        raise Conflict(f"{name} is the name of a default template", "give your own another name")
    if path.exists():
        raise Conflict(f"there is a custom template {name!r} already", "edit or remove that one")
    text = toml_text(tables, "A custom report template; see `partnerctl reports show`.")
    try:
        return path, text, _checked(Document(path, "", tables))
    except InvalidData as fault:  # nothing stands in a file yet: it is the command line that is wrong
        field, _, problem = fault.reason.removeprefix(f"{path}: ").partition(": ")
        raise UsageError(f"--{field}: {problem}", fault.hint) from fault


def checked_text(path: Path, text: str) -> Template:
    """Return the template that an edited text is; raises InvalidData, also where its name was changed."""
    return _checked(parse_document(text, path))


def keep_text(path: Path, text: str) -> None:
    """Write the text of a template, for the owner alone; raises MachineFault."""
    make_private(path.parent)
    try:
        write_private(path, text)
    except OSError as fault:
        raise MachineFault(
            f"cannot write {path}: {fault.strerror or fault}", "check its permissions and the free space"
        ) from fault


def _path(folder: Path, name: str) -> Path | None:
    try:
        return folder / f"{name_of(name)}.toml"
    except UsageError:
        return None


def _no_column(key: str, known: list[str], option: str) -> UsageError:
    hint = did_you_mean(key, known, f"choose from: {', '.join(known)}")
    return UsageError(f"{option}: there is no column {key!r}", hint)
