"""What stands around the rows of a report: title, period, region, filter, age of the data, figures."""

from __future__ import annotations

from partnerctl.domain.records import ReportRun
from partnerctl.domain.units import days_from
from partnerctl.reports.page import Page
from partnerctl.reports.sources import SOURCES
from partnerctl.reports.templates import Template
from partnerctl.reports.wording import shown, words
from partnerctl.services.report_orders import ReportOrder
from partnerctl.services.report_rows import ReportRows


def page_of(
    order: ReportOrder, template: Template, found: ReportRows, run: ReportRun, *, demo: bool = False
) -> Page:
    """Return the page of a report that is about to be written; `demo`: the data is made, and that is said."""
    language = order.language or order.usual_language
    facts = [
        ("period", _period(order, template, language)),
        ("region", ", ".join(order.asked.region) or words("all", language)),
    ]
    if order.product not in (None, "all"):
        facts.append(("product", str(order.product)))
    if queries := [text for text in (order.asked.where, *order.asked.also) if text]:
        facts.append(("query", " ".join(queries)))
    if demo:
        facts.insert(0, ("made_up", "DEMO"))
    facts.append(("data_as_of", shown(run.data_as_of, language)))
    facts += [(name, shown(value, language)) for name, value in found.figures]
    if run.started is None:
        raise ValueError("the run has not started")
    return Page(
        title=template.title_in(language),
        layout=template.layout,
        language=language,
        facts=tuple((words(key, language), value) for key, value in facts),
        made=run.started,
    )


def _period(order: ReportOrder, template: Template, language: str) -> str:
    today = order.today
    source = SOURCES[template.source]
    if source.inventory:
        return words("last_90_days" if template.period == "last-90-days" else "now", language)
    if source.dated:
        from partnerctl.services.changes import USUAL_DAYS

        until = order.until or today
        since = order.since or days_from(until, 1 - USUAL_DAYS)
        return f"{since} {words('to', language)} {until}"
    if source.days:
        from partnerctl.services.kpis import HORIZON_DAYS

        days = HORIZON_DAYS if order.days is None else order.days
        first, last = (
            (days_from(today, -days), today) if source.name == "added" else (today, days_from(today, days))
        )
        return f"{first} {words('to', language)} {last}"
    return today.isoformat()
