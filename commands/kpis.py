"""``kpis``: license analytics, as Partner Hub defines them and exactly (PH-K1 to PH-K7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from partnerctl.app import WIDE, App
from partnerctl.domain.products import FAMILY_CHOICES
from partnerctl.errors import ExitCode
from partnerctl.options import (
    Command,
    DefaultingGroup,
    ListingOptions,
    OutputOptions,
    chart_options,
    listing_options,
    picture_kind,
    write_chart,
)

if TYPE_CHECKING:
    from partnerctl.output.chart import Chart
    from partnerctl.output.dashboard import Dashboard
    from partnerctl.services.kpis import Choice, SectionPage

command = DefaultingGroup(
    "kpis",
    default="overview",
    help="See license analytics: what expires, renews, is not assigned, is over the limit.",
    examples=(
        "partnerctl kpis",
        "partnerctl kpis expiring --product calling --days 30",
        "partnerctl kpis low-assignment --region EU --json",
        "partnerctl kpis trend --chart trend.svg",
        "partnerctl kpis check 'over_limit=0' 'near_expiry<=10'",
    ),
)


class View(NamedTuple):
    """How a section is asked for and shown: help, an example, the columns of a wide and of a narrow table."""

    help: str
    example: str
    wide: tuple[str, ...]
    narrow: tuple[str, ...]
    days: bool = False
    chart: bool = False


VIEWS = {
    "added": View(
        "See what was added lately: the last 90 days, or --days.",
        "partnerctl kpis added --days 30",
        (
            "customer",
            "subscription_id",
            "product",
            "days_since_added",
            "total",
            "weekly_assigned_change",
            "weekly_used_change",
            "licenses",
        ),
        ("customer", "subscription_id", "days_since_added", "total", "licenses"),
        days=True,
    ),
    "expiring": View(
        "See what ends for good within 90 days, or --days.",
        "partnerctl kpis expiring --where 'assigned:10..' --sort days_left",
        ("customer", "subscription_id", "product", "kind", "days_left", "total", "used_3m", "licenses"),
        ("customer", "subscription_id", "days_left", "total", "licenses"),
        days=True,
        chart=True,
    ),
    "renewing": View(
        "See what renews by itself within 90 days, or --days.",
        "partnerctl kpis renewing --product meetings --chart renewals.png",
        ("customer", "subscription_id", "product", "days_left", "total", "used_3m", "licenses"),
        ("customer", "subscription_id", "days_left", "total", "licenses"),
        days=True,
        chart=True,
    ),
    "low-assignment": View(
        "See who assigns few licenses, compared with your other customers.",
        "partnerctl kpis low-assignment --product calling",
        (
            "customer",
            "subscription_id",
            "product",
            "months_since_added",
            "assigned",
            "assigned_pct",
            "threshold_pct",
            "total",
            "weekly_assigned_change",
            "licenses",
        ),
        ("customer", "subscription_id", "assigned", "assigned_pct", "total", "licenses"),
    ),
    "unassigned": View(
        "See what was bought and is not assigned at all.",
        "partnerctl kpis unassigned --limit 20",
        ("customer", "subscription_id", "product", "months_since_added", "start_date", "end_date", "total"),
        ("customer", "subscription_id", "product", "months_since_added", "total"),
    ),
    "overage": View(
        "See who has more licenses assigned than bought.",
        "partnerctl kpis overage --region US --region CA -o csv",
        (
            "customer",
            "subscription_id",
            "product",
            "months_left",
            "auto_renew",
            "total",
            "assigned",
            "assigned_pct",
            "used_7d",
            "used_pct",
            "overage",
            "licenses",
        ),
        ("customer", "subscription_id", "assigned", "total", "overage", "licenses"),
        chart=True,
    ),
}
"""The sections, as the command line asks for them and shows them."""

PRODUCT = click.option(
    "--product",
    type=click.Choice(FAMILY_CHOICES),
    default="all",
    help="Product family; default: all.",
)
DAYS = click.option(
    "--days",
    type=click.IntRange(min=0, max=99_999),
    metavar="N",
    help="Days to look ahead, or back; default: 90.",
)
CHART, OVERWRITE = chart_options()
ONLY_KPIS = click.option("--kpis", "only_kpis", is_flag=True, help="The KPIs alone, as one record.")


def _choice(app: App, product: str, days: int | None = None) -> Choice:
    from partnerctl.services.kpis import Choice

    return Choice(product, days, app.settings.low_factor)


@command.command(
    "overview",
    examples=(
        "partnerctl kpis",
        "partnerctl kpis overview --region EU --json",
        "partnerctl kpis overview --product calling --days 30 --as-of 2026-10-01",
    ),
)
@PRODUCT
@DAYS
@listing_options("limit", "sort")
@click.pass_obj
def overview_(app: App, listing: ListingOptions, product: str, days: int | None) -> None:
    """See the KPIs over all customers: near expiry and renewal, low assignment, over the limit."""
    from partnerctl.services.kpis import overview

    page = overview(app.store, app.asked(listing), _choice(app, product, days))
    if listing.format != "table" or listing.fields:
        app.show_one(page.record, listing, data_as_of=page.record.data_as_of)
        app.note(*page.notes)
        return
    from partnerctl.output.dashboard import Dashboard
    from partnerctl.services.kpi_charts import subtitle
    from partnerctl.services.kpi_checks import OVERVIEW_KPIS

    record = page.record
    title = f"License analytics, {record.horizon_days} days ahead"
    below = subtitle(product, record.region, record.as_of)
    shown = Dashboard(title, below, record, OVERVIEW_KPIS, data_as_of=record.data_as_of)
    app.show_dashboard(shown, listing, page.notes)


def _section(name: str, view: View) -> None:
    """Define the verb of one section."""

    def run(
        app: App,
        /,
        listing: ListingOptions,
        product: str,
        only_kpis: bool,
        days: int | None = None,
        chart: Path | None = None,
        overwrite: bool = False,
    ) -> None:
        from partnerctl.services.kpis import section

        kind = picture_kind(chart, overwrite)
        page = section(app.store, name, app.asked(listing), _choice(app, product, days))
        drawn = _drawn(page) if view.chart and (chart is not None or listing.format == "table") else None
        if only_kpis:
            _show_kpis(app, page, listing)
        else:
            _show_section(app, page, listing, view, drawn)
        if chart is not None:
            write_chart(app, drawn, chart, kind, overwrite)

    options = [PRODUCT, *([DAYS] if view.days else []), ONLY_KPIS]
    options += [CHART, OVERWRITE] if view.chart else []
    decorated: Callable[..., Any] = click.pass_obj(run)
    decorated = listing_options()(decorated)
    for option in reversed(options):
        decorated = option(decorated)
    examples = (f"partnerctl kpis {name}", view.example, f"partnerctl kpis {name} --kpis -o csv")
    command.command(name, cls=Command, examples=examples, help=view.help)(decorated)


for _name, _view in VIEWS.items():
    _section(_name, _view)


def _drawn(page: SectionPage) -> Chart | None:
    from partnerctl.services.kpi_charts import section_chart

    return section_chart(page.record, page.every_row)


def _show_kpis(app: App, page: SectionPage, listing: ListingOptions) -> None:
    if listing.format == "table":
        app.show_dashboard(_dashboard(page, ()), listing, page.notes)
        return
    app.show_one(page.record.kpis, OutputOptions(listing.format, None, listing.header))
    app.note(*page.notes)


def _show_section(
    app: App, page: SectionPage, listing: ListingOptions, view: View, chart: Chart | None
) -> None:
    notes = page.notes
    if page.total is not None and listing.limit is not None and page.total > listing.limit:
        notes = (f"showing {listing.limit} of {page.total}", *notes)
    if listing.format != "table":
        app.show_page(page.record, "subscriptions", page.row_type, listing, notes)
        return
    from partnerctl.output.picking import pick_fields

    width = app.shape(listing).width
    columns = view.narrow if width is not None and width < WIDE else view.wide
    if listing.fields:
        columns = pick_fields(page.row_type, listing.fields)
    app.show_dashboard(_dashboard(page, columns, chart), listing, notes)


def _dashboard(page: SectionPage, columns: tuple[str, ...], chart: Chart | None = None) -> Dashboard:
    from partnerctl.output.dashboard import Dashboard
    from partnerctl.services.kpi_charts import subtitle
    from partnerctl.services.kpis import section_rule

    record = page.record
    title = section_rule(record.section).title
    if record.horizon_days is not None:
        title += f" within {record.horizon_days} days"
    below = subtitle(record.product, record.region, record.as_of)
    rows = record.subscriptions
    return Dashboard(title, below, record.kpis, None, rows, columns, record.data_as_of, chart)


@command.command(
    "trend",
    examples=(
        "partnerctl kpis trend --product meetings",
        "partnerctl kpis trend --weeks 52 --region EU --chart trend.svg",
        "partnerctl kpis trend -o csv",
    ),
)
@PRODUCT
@click.option(
    "--weeks", type=click.IntRange(min=1, max=1040), default=26, metavar="N", help="Weeks; default: 26."
)
@CHART
@OVERWRITE
@listing_options()
@click.pass_obj
def trend_(
    app: App, listing: ListingOptions, product: str, weeks: int, chart: Path | None, overwrite: bool
) -> None:
    """See licenses bought, assigned and used over time, one point per Saturday."""
    from partnerctl.services.kpi_trend import trend

    kind = picture_kind(chart, overwrite)
    found = trend(app.store, app.asked(listing), _choice(app, product), weeks)
    points = tuple(found.records)
    drawn = None
    if points and (chart is not None or (listing.format == "table" and not listing.fields)):
        from partnerctl.services.kpi_charts import trend_chart

        drawn = trend_chart(points, product, ",".join(listing.region) or None)
    if drawn is not None and listing.format == "table" and not listing.fields:
        app.draw(drawn)
    app.show(found, listing)
    if chart is not None:
        write_chart(app, drawn, chart, kind, overwrite)


@command.command(
    "check",
    examples=(
        "partnerctl kpis check 'near_expiry<=10' 'over_limit=0'",
        "partnerctl kpis check 'expiring.assigned_pct>=60' --product calling --max-age 8d",
        "partnerctl kpis check 'low-assignment.customers<5' --region EU --quiet",
    ),
)
@click.argument("conditions", nargs=-1, required=True, metavar="CONDITION...")
@PRODUCT
@DAYS
@listing_options("limit", "sort")
@click.pass_obj
def check_(
    app: App, listing: ListingOptions, conditions: tuple[str, ...], product: str, days: int | None
) -> None:
    """Print the conditions that do not hold, and exit 10 where there are any.

    A condition compares a KPI of the overview, or of a section as SECTION.KPI, with a number: = != < <= > >=.
    A figure that is not known does not hold.
    """
    from partnerctl.domain.records import FailedCondition
    from partnerctl.output.render import Rows
    from partnerctl.services.kpi_checks import check

    found = check(app.store, conditions, app.asked(listing), _choice(app, product, days))
    if found.failed or listing.format != "table":
        app.show(Rows(FailedCondition, found.failed), listing)
    app.note(*found.notes)
    if found.failed:
        app.exit_code = ExitCode.CHECK_FAILED
    else:
        app.note(f"all {found.tried} hold" if found.tried > 1 else "it holds")
