"""Report templates as `reports list` and `reports show` give them (PH-R3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from partnerctl.errors import Conflict, InvalidData, PartnerctlError, UsageError
from partnerctl.reports.custom import (
    REJECTED,
    Customs,
    checked_text,
    custom_named,
    custom_path,
    custom_tables,
    keep_text,
    new_template,
    read_customs,
)
from partnerctl.reports.defaults import default_templates, find_template
from partnerctl.reports.templates import Template
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """One report template: its name, its title, the days that it covers, how many columns it has."""

    template: str
    title: str
    title_pt: str
    period: str
    columns: int
    custom: bool
    about: str


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of a template; `aliases` are further headers that `import` reads it by."""

    key: str
    kind: str
    en: str
    pt: str
    required: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplateDetail(TemplateSummary):
    """One template opened: what it asks for, and its columns in the order in which they are written."""

    source: str
    sort: tuple[str, ...]
    where: str | None
    region: tuple[str, ...]
    days: int | None
    product: str | None
    language: str | None
    columns_detail: tuple[TemplateColumn, ...]


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """What a custom template is to be: `base` names the one whose source and headers it takes."""

    title: str
    base: str
    title_pt: str | None = None
    about: str | None = None
    columns: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    where: str | None = None
    region: tuple[str, ...] = ()
    days: int | None = None
    product: str | None = None
    language: str | None = None


def template_named(name: str, folder: Path | None = None) -> Template:
    """Return the template of that name or title, custom ones first.

    Raises NotFound with the nearest names, InvalidData where the file of that name is no template.
    """
    custom = custom_named(folder, name)
    return custom or find_template(name, read_customs(folder).templates)


def list_templates(
    sort: tuple[str, ...] = (), limit: int | None = None, folder: Path | None = None
) -> Answer[TemplateSummary]:
    """Return the report templates by name, default and custom ones; notes tell of files that are none.

    Raises InvalidData where a default one is damaged.
    """
    customs: Customs = read_customs(folder)
    found = sorted((*default_templates(), *customs.templates), key=lambda template: template.name)
    notes = tuple(fault.reason for fault in customs.faults)
    return arranged(TemplateSummary, map(_summary, found), sort, limit, notes)


def add_template(
    folder: Path, new: NewTemplate, check: Callable[[Template], None], *, dry_run: bool = False
) -> TemplateDetail:
    """Write a custom template, and return it; `check` raises where its query or its order make no sense.

    Raises NotFound for the base, UsageError for a column, Conflict where the name is taken, InvalidData.
    """
    base = template_named(new.base, folder)
    about = new.about or (base.about if base.custom else f"{base.about} (own choice)")
    path, text, template = new_template(
        folder,
        custom_tables(base, (new.title, new.title_pt or new.title), about, new.columns, _preset(base, new)),
    )
    try:
        check(template)
    except InvalidData as fault:  # nothing stands in a file yet
        raise UsageError(fault.reason, fault.hint) from fault
    if not dry_run:
        keep_text(path, text)
    return _detail(template)


def _preset(base: Template, new: NewTemplate) -> dict[str, object]:
    """Return what the new template asks for: its own words, else those of a custom base."""
    preset: dict[str, object] = {}
    for name in ("days", "product", "language"):
        value = getattr(new, name)
        value = getattr(base.preset, name) if value is None else value
        if value is not None:
            preset[name] = value
    if new.where is not None or base.preset.where is not None:  # what the base asks for holds as well
        preset["where"] = " ".join(text for text in (base.preset.where, new.where) if text is not None)
    if region := new.region or base.preset.region:
        preset["region"] = list(region)
    inherited = base.sort if base.custom else ()
    preset["sort"] = list(new.sort or inherited)
    return preset


def template_file(folder: Path, name: str) -> Path:
    """Return the file of a custom template; raises NotFound, also for a default one."""
    return custom_path(folder, name)


def replace_template(path: Path, edited: bytes, check: Callable[[Template], None]) -> TemplateDetail:
    """Put an edited text in the place of a custom template; raises InvalidData where it is none."""
    try:
        text = edited.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InvalidData.at(str(path), None, None, "is not UTF-8 text", "save it as UTF-8") from fault
    template = checked_text(path, text)
    check(template)
    keep_text(path, text)
    return _detail(template)


def keep_rejected(path: Path, edited: bytes, fault: PartnerctlError) -> InvalidData:
    """Keep an edited text that is no template beside the template, and return the error that says where."""
    place = path.with_name(f"{path.name}{REJECTED}")
    keep_text(place, edited.decode("utf-8", "backslashreplace"))
    hint = f"the template stays as it was; your text is in {place}"
    return InvalidData(fault.reason, f"{fault.hint}; {hint}" if fault.hint else hint)


def remove_template(folder: Path, name: str, used_by: tuple[str, ...]) -> Path:
    """Remove a custom template, and return what its file was; raises Conflict where schedules use it."""
    path = custom_path(folder, name)
    if used_by:
        raise Conflict(
            f"{path.stem} is used by the schedule {', '.join(used_by)}",
            f"remove that first: partnerctl schedules remove {used_by[0]!r}",
        )
    path.unlink()
    return path


def show_template(name: str, folder: Path | None = None) -> TemplateDetail:
    """Return the template of that name or title; raises NotFound with the nearest names."""
    return _detail(template_named(name, folder))


def _detail(template: Template) -> TemplateDetail:
    head = _summary(template)
    columns = tuple(
        TemplateColumn(
            column.key,
            column.kind.value,
            column.header("en"),
            column.header("pt"),
            column.required,
            column.aliases,
        )
        for column in template.layout.columns
    )
    preset = template.preset
    return TemplateDetail(
        head.template,
        head.title,
        head.title_pt,
        head.period,
        head.columns,
        head.custom,
        head.about,
        source=template.source,
        sort=template.sort,
        where=preset.where,
        region=preset.region,
        days=preset.days,
        product=preset.product,
        language=preset.language,
        columns_detail=columns,
    )


def _summary(template: Template) -> TemplateSummary:
    return TemplateSummary(
        template.name,
        template.title,
        template.title_in("pt"),
        template.period,
        len(template.layout.columns),
        template.custom,
        template.about,
    )
