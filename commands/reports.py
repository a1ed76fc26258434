"""``reports``: templates, and writing reports by them (PH-R1, PH-R3 to PH-R9)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from partnerctl.app import App
from partnerctl.options import (
    DAY,
    PATH,
    ListingOptions,
    NamedPath,
    OutputOptions,
    listing_options,
    noun,
    output_options,
    progress,
)

if TYPE_CHECKING:
    from partnerctl.services.reports import ReportOrder, ReportResult

command = noun(
    "reports",
    "Write reports as files, by templates.",
    "partnerctl reports list",
    "partnerctl reports run subscription-details",
    "partnerctl reports run phone-numbers --region EU --dir ~/Reports",
    "partnerctl reports run devices --stdout > devices.csv",
)

LIST_COLUMNS = ("template", "title", "period", "columns", "about")
DETAIL_COLUMNS = ("key", "kind", "en", "pt", "required")


def _template_names(_ctx: click.Context, _param: click.Parameter, text: str) -> list[str]:
    from partnerctl.reports.templates import DEFAULT_NAMES

    return [name for name in DEFAULT_NAMES if name.startswith(text)]


@command.command("list", examples=("partnerctl reports list", "partnerctl reports list --json"))
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List the report templates."""
    from partnerctl.services.templates import list_templates

    app.show(list_templates(listing.sort, listing.limit), listing, table_fields=LIST_COLUMNS)


@command.command(
    "show",
    examples=("partnerctl reports show devices", "partnerctl reports show subscription-details --json"),
)
@click.argument("template", shell_complete=_template_names)
@output_options
@click.pass_obj
def show(app: App, output: OutputOptions, template: str) -> None:
    """Show a template and its columns, in the order in which they are written."""
    from partnerctl.services.templates import show_template

    app.show_one(show_template(template), output, sections={"columns_detail": DETAIL_COLUMNS})


@command.command(
    "run",
    examples=(
        "partnerctl reports run subscription-details",
        "partnerctl reports run phone-numbers --region EU --dir ~/Reports",
        "partnerctl reports run devices --file 'devices-{region}-{date}.csv' --overwrite",
        "partnerctl reports run subscription-details --where status:expiring_soon --language pt --excel",
        "partnerctl reports run webex-app-version --stdout | head",
    ),
)
@click.argument("template", shell_complete=_template_names)
@click.option("--since", type=DAY, help="First day, for reports with a date range.")
@click.option("--until", type=DAY, help="Last day, for reports with a date range.")
@click.option("--dir", "folder", type=PATH, help="Folder; default: the current one.")
@click.option(
    "--file",
    type=NamedPath(path_type=str),
    metavar="PATH",
    help="Path of the file; {date} {region} {title} are filled in.",
)
@click.option("--overwrite", is_flag=True, help="Replace the file of --file, atomically.")
@click.option(
    "--format", type=click.Choice(["csv"]), expose_value=False, help="Format of the file; default: csv."
)
@click.option("--stdout", is_flag=True, help="Write the report to stdout; no record is printed.")
@click.option("--excel", is_flag=True, help="For Excel: byte order mark, CRLF, formulas guarded.")
@click.option("--language", type=click.Choice(["en", "pt"]), help="Of headers and title; default: en.")
@click.option("--skip-empty", is_flag=True, help="No file where there are no rows.")
@listing_options("limit", "sort")
@click.pass_obj
def run(
    app: App, /, listing: ListingOptions, template: str, stdout: bool, language: str | None, **given: Any
) -> None:
    """Write the report TEMPLATE as a file, and print its path.

    The file is called TITLE_TENCHARACTERS_DAY.csv and exists whole or not at all; none is ever overwritten
    without --overwrite. --where and --region pick the customers whose rows are written; --as-of is for
    subscription-details alone. Every run is recorded: see `partnerctl runs list`.
    """
    from partnerctl.services.recording import Journal
    from partnerctl.services.reports import ReportOrder, run_report

    order = ReportOrder(
        template,
        app.asked(listing),
        language=language or app.settings.language,
        zone=app.settings.timezone,
        out=sys.stdout.buffer if stdout else None,
        **given,
    )
    with progress(app, "writing") as step:
        journal = Journal(lambda: app.writable_store, app.actor, app.clock)
        result = run_report(app.store, order, journal, step)
    _print(app, listing, order, result)


def _print(app: App, listing: ListingOptions, order: ReportOrder, result: ReportResult) -> None:
    """Print the path alone, or the record where a format or fields are asked for; none with ``--stdout``."""
    if order.out is None:
        if listing.format == "table" and listing.fields is None:
            if result.run.path is not None:
                click.echo(result.run.path)
        else:
            app.show_one(result.run, listing)
    for note in result.notes:
        app.note(note)
    if result.warning:
        app.warn(result.warning)
