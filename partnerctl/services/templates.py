"""Report templates as `reports list` and `reports show` give them (PH-R3)."""

from __future__ import annotations

from dataclasses import dataclass

from partnerctl.reports.templates import Template, default_templates, find_template
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
    """One template opened: its columns in the order in which they are written."""

    columns_detail: tuple[TemplateColumn, ...]


def list_templates(sort: tuple[str, ...] = (), limit: int | None = None) -> Answer[TemplateSummary]:
    """Return the report templates by name; raises InvalidData where one is damaged."""
    return arranged(TemplateSummary, map(_summary, default_templates()), sort, limit)


def show_template(name: str) -> TemplateDetail:
    """Return the template of that name or title; raises NotFound with the nearest names."""
    template = find_template(name)
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
    return TemplateDetail(
        head.template, head.title, head.title_pt, head.period, head.columns, head.custom, head.about, columns
    )


def _summary(template: Template) -> TemplateSummary:
    return TemplateSummary(
        template.name,
        template.title,
        template.title_in("pt"),
        template.period,
        len(template.layout.columns),
        False,
        template.about,
    )
