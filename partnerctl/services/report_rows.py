"""The rows of a report: from its source, in the order of its columns, with what is to be said about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from partnerctl.domain.entities import ENTITIES
from partnerctl.errors import InvalidData, UsageError
from partnerctl.reports.sources import SECTIONS, SOURCES, Source
from partnerctl.services.questions import Asked, left_out_note, question_for
from partnerctl.services.report_orders import ReportOrder

if TYPE_CHECKING:
    from datetime import date

    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.domain.entities import Entity
    from partnerctl.reports.templates import Template
    from partnerctl.stores.contract import Store
    from partnerctl.stores.terms import Question

Row = Sequence[Any]
"""The cells of one row: typed values, or all of them text as a file holds it."""


@dataclass(frozen=True, slots=True)
class ReportRows:
    """The rows, which can be taken once, and what is said of them.

    `figures` are KPIs by their field names, with a value or None for unknown. `regions` holds how many rows
    each region has, None for unknown, once they are taken; it stays empty where nobody asked for it.
    """

    rows: Iterator[Row]
    notes: tuple[str, ...] = ()
    figures: tuple[tuple[str, Any], ...] = ()
    regions: dict[str | None, int] = field(default_factory=dict)


def checked_order(store: Store, order: ReportOrder, template: Template) -> ReportOrder:
    """Return the order with the days that it covers, where it covers a period; reads nothing.

    Raises UsageError for a query, region, order or period that the source does not understand, InvalidData
    where it is the custom template that asks so.
    """
    source = SOURCES[template.source]
    if template.preset.where is not None:
        alone = replace(order.asked, where=template.preset.where, also=(), region=(), sort=())
        try:
            question_for(store, source.noun, alone)
        except UsageError as fault:
            raise InvalidData(f"template {template.name}: where: {fault.reason}", fault.hint) from fault
    question_for(store, source.noun, _sorted(order, template))
    if not source.dated:
        return order
    since, until = _span(store, order, source)
    return replace(order, since=since, until=until)


def _span(store: Store, order: ReportOrder, source: Source) -> tuple[date | None, date | None]:
    if source.calling:
        from partnerctl.services.calling.report import report_span

        return report_span(order.since, order.until, order.asked.today)
    from partnerctl.services.changes import WantedChanges, span_of

    span = span_of(store, WantedChanges(order.since, order.until), order.asked.today)
    return span.since, span.until


def newest_day(store: Store, order: ReportOrder, template: Template) -> date | None:
    """Return the day of the newest data that the report rests on."""
    source = SOURCES[template.source]
    if source.calling:
        from partnerctl.services.calling.asking import newest_record_day

        return newest_record_day(_place(order))
    return store.newest_day(template.source if source.inventory else None, order.asked.as_of)


def report_rows(store: Store, order: ReportOrder, template: Template, *, by_region: bool) -> ReportRows:
    """Return the rows of a report; with `by_region` they are counted by the region of their customer."""
    columns = tuple(column.key for column in template.layout.columns)
    if not SOURCES[template.source].listed:
        return _stored(store, order, template, columns, by_region)
    if not by_region:
        return _listed(store, order, template, columns)
    found = _listed(store, order, template, (*columns, "org_id"))
    return replace(found, rows=_tallied(found.rows, store.customer_regions(), found.regions))


def _tallied(
    rows: Iterable[Row], region_of: Mapping[str, str | None], counts: dict[str | None, int]
) -> Iterator[Row]:
    """Yield rows without their last cell, the customer's id, and count them by region on their way."""
    for row in rows:
        region = region_of.get(row[-1])
        counts[region] = counts.get(region, 0) + 1
        yield row[:-1]


def _sorted(order: ReportOrder, template: Template) -> Asked:
    """Return what is asked, in the order of the template, where it is the store that sorts."""
    source = SOURCES[template.source]
    by_store = source.listed and not source.calling and source.noun != "units" and source.name != "today"
    return replace(order.asked, sort=template.sort if by_store else (), limit=None)


# Rows that the store writes out as text -----------------------------------------------------------------


def _stored(
    store: Store, order: ReportOrder, template: Template, columns: tuple[str, ...], by_region: bool
) -> ReportRows:
    question = question_for(store, "customers", _sorted(order, template))
    entity = ENTITIES[template.source]
    hidden = tuple(key for key in _own_sort(template) if key not in columns)
    read = store.inventory_rows if entity.inventory else partial(_subscription_rows, store)
    rows: Iterator[Row] = read(entity, (*columns, *hidden), question)
    notes = []
    if question.where.unknown_fields:
        left_out = store.customers(question._replace(limit=0)).left_out
        if left_out:
            notes.append(left_out_note(left_out, question.where.unknown_fields))
    if _own_sort(template):
        rows = _in_order(rows, template, (*columns, *hidden), len(columns))
    regions: dict[str | None, int] = {}
    if by_region:  # one statement more; counting rows on their way would cost a third of the whole time
        regions = (
            store.inventory_regions(entity, question)
            if entity.inventory
            else store.subscription_regions(question)
        )
    return ReportRows(rows, tuple(notes), regions=regions)


def _subscription_rows(
    store: Store, _entity: Entity, columns: tuple[str, ...], question: Question
) -> Iterator[Row]:
    return store.subscription_report(columns, question)


def _own_sort(template: Template) -> list[str]:
    return [key.removeprefix("-") for key in template.sort] if template.custom else []


def _in_order(rows: Iterable[Row], template: Template, columns: Sequence[str], shown: int) -> Iterator[Row]:
    """Yield rows of text in the order that a custom template wants, unknown last; all are held for that."""
    from partnerctl.reports.defaults import base_of
    from partnerctl.reports.values import converters_of

    layout = base_of(template).layout
    readers = dict(zip((c.key for c in layout.columns), converters_of(layout), strict=True))
    found = list(rows)
    for key in reversed(template.sort):
        name = key.removeprefix("-")
        place, read = columns.index(name), readers[name]
        known = [row for row in found if row[place] not in ("", None)]
        unknown = [row for row in found if row[place] in ("", None)]
        known.sort(key=lambda row: _rank(read(row[place])), reverse=key.startswith("-"))
        found = known + unknown
    return (row[:shown] for row in found)


def _rank(value: Any) -> tuple[bool, Any]:
    """Return what a value is sorted by: what is no number and no day in such a column comes after those."""
    return isinstance(value, str), value


# Rows of the lists --------------------------------------------------------------------------------------


def _listed(store: Store, order: ReportOrder, template: Template, columns: tuple[str, ...]) -> ReportRows:
    records, notes, figures = _answer(store, order, template)
    return ReportRows(map(_reader(columns), records), notes, figures)


def _answer(
    store: Store, order: ReportOrder, template: Template
) -> tuple[Iterable[Any], tuple[str, ...], tuple[tuple[str, Any], ...]]:
    asked = replace(order.asked, sort=template.sort, limit=None)
    if SOURCES[template.source].calling:
        return _counted(store, order, template, asked)
    if template.source in SECTIONS:
        from partnerctl.services.kpis import Choice, section

        choice = Choice(order.product or "all", order.days, order.low_factor)
        page = section(store, template.source, asked, choice)
        kpis = page.record.kpis
        figures = tuple((one.name, getattr(kpis, one.name)) for one in fields(kpis))
        return page.record.subscriptions, page.notes, figures
    if template.source == "today":
        from partnerctl.services.today import list_urgent

        answer: Any = list_urgent(store, asked, order.urgency, order.low_factor)
    elif template.source == "changes":
        from partnerctl.services.changes import WantedChanges, list_changes

        answer = list_changes(store, asked, WantedChanges(order.since, order.until))
    elif template.source == "licenses":
        from partnerctl.services.subscriptions import list_licenses

        answer = list_licenses(store, asked)
    else:
        from partnerctl.services.customers import list_customers

        answer = list_customers(store, asked)
    return answer.records, answer.notes, ()


def _counted(
    store: Store, order: ReportOrder, template: Template, asked: Asked
) -> tuple[Iterable[Any], tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """Return what is counted from calling records, in the order of the template, unknown last."""
    from partnerctl.domain.records.calling_report import CustomerUsage, LocationUsage
    from partnerctl.services.arranging import arranged
    from partnerctl.services.calling.report import customer_rows, usage_rows

    by_customer = template.source == "calling-by-customer"
    since, until = _days(order)
    count = customer_rows if by_customer else usage_rows
    found = count(store, _place(order), asked, since, until)
    ordered = arranged(CustomerUsage if by_customer else LocationUsage, found.rows, template.sort)
    return ordered.records, found.notes, ()


def _days(order: ReportOrder) -> tuple[date, date]:
    if order.since is None or order.until is None:
        raise ValueError("the order has no period: it was not checked")
    return order.since, order.until


def _place(order: ReportOrder) -> CallingPlace:
    if order.calling is None:
        raise ValueError("the order does not say where calling records are kept")
    return order.calling


def _reader(columns: tuple[str, ...]) -> Callable[[Any], Row]:
    """Return the function that reads a record's cells; of reasons, their texts."""
    if len(columns) == 1:
        one = attrgetter(columns[0])
        return lambda record: (_texts(one(record)),)
    read: Callable[[Any], Row] = attrgetter(*columns)
    if "reasons" in columns:
        return lambda record: tuple(_texts(value) for value in read(record))
    return read


def _texts(value: Any) -> Any:
    if isinstance(value, tuple) and value and hasattr(value[0], "text"):
        return tuple(one.text for one in value)
    return value
