"""``reports``: templates, and writing reports by them (PH-R1, PH-R3 to PH-R9)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from partnerctl.app import App
from partnerctl.domain.products import FAMILY_CHOICES
from partnerctl.domain.report_words import LANGUAGES, LONGEST_HORIZON
from partnerctl.errors import PartnerctlError
from partnerctl.options import (
    ANY_REGION,
    DAY,
    ChangeOptions,
    ListingOptions,
    OutputOptions,
    change_options,
    listing_options,
    noun,
    output_options,
    progress,
    report_options,
    running_options,
    split_words,
    timing_options,
)

if TYPE_CHECKING:
    from partnerctl.services.recording import Journal
    from partnerctl.services.reports import ReportOrder, ReportResult

command = noun(
    "reports",
    "Write reports as files, by templates.",
    "partnerctl reports list",
    "partnerctl reports run subscription-details",
    "partnerctl reports run phone-numbers --region EU --dir ~/Reports",
    "partnerctl reports run devices --stdout > devices.csv",
)

LIST_COLUMNS = ("template", "title", "period", "columns", "custom", "about")
DETAIL_COLUMNS = ("key", "kind", "en", "pt", "required")
SCHEDULE_FIELDS = ("name", "template", "cron", "tz", "next_run", "dir", "file", "format", "mail_to")


def _template_names(ctx: click.Context, _param: click.Parameter, text: str) -> list[str]:
    from partnerctl.reports.templates import DEFAULT_NAMES

    folder = ctx.obj.folders.templates
    customs = [path.stem for path in folder.glob("*.toml")] if folder.is_dir() else []
    return [name for name in sorted({*DEFAULT_NAMES, *customs}) if name.startswith(text)]


template_argument = click.argument("template", shell_complete=_template_names)
"""The argument TEMPLATE: the name or the title of a report template."""


@command.command("list", examples=("partnerctl reports list", "partnerctl reports list --json"))
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List the report templates, default and custom ones."""
    from partnerctl.services.templates import list_templates

    found = list_templates(listing.sort, listing.limit, app.folders.templates)
    app.show(found, listing, table_fields=LIST_COLUMNS)


@command.command(
    "show",
    examples=("partnerctl reports show devices", "partnerctl reports show subscription-details --json"),
)
@template_argument
@output_options
@click.pass_obj
def show(app: App, output: OutputOptions, template: str) -> None:
    """Show a template and its columns, in the order in which they are written."""
    from partnerctl.services.templates import show_template

    shown = show_template(template, app.folders.templates)
    app.show_one(shown, output, sections={"columns_detail": DETAIL_COLUMNS})


@command.command(
    "run",
    examples=(
        "partnerctl reports run subscription-details",
        "partnerctl reports run phone-numbers --region EU --dir ~/Reports",
        "partnerctl reports run expiring --days 60 --format xlsx",
        "partnerctl reports run renewing --where tag:gold --format html --file 'renewing-{date}.html'",
        "partnerctl reports run devices --file 'devices-{region}.csv' --overwrite",
        "partnerctl reports run subscription-details --where status:expiring_soon --language pt --excel",
        "partnerctl reports run webex-app-version --stdout | head",
        "partnerctl reports run devices --source webex --region EU",
    ),
)
@template_argument
@click.option(
    "--source",
    type=click.Choice(("store", "webex")),
    default="store",
    help="Write it from this store (default), or let Webex make it and download that.",
)
@click.option("--since", type=DAY, help="First day, for reports with a date range.")
@click.option("--until", type=DAY, help="Last day, for reports with a date range.")
@click.option("--stdout", is_flag=True, help="Write the report to stdout; no record is printed.")
@report_options
@listing_options("limit", "sort")
@click.pass_obj
def run(app: App, /, listing: ListingOptions, template: str, source: str, stdout: bool, **given: Any) -> None:
    """Write the report TEMPLATE as a file, and print its path.

    The file is called TITLE_TENCHARACTERS_DAY.csv and exists whole or not at all; none is ever overwritten
    without --overwrite. --where and --region pick the customers whose rows are written; --as-of is for
    reports that have a history. Every run is recorded: see `partnerctl runs list`.
    """
    from partnerctl.services.recording import Journal
    from partnerctl.services.report_orders import order_by
    from partnerctl.services.reports import run_report

    out = sys.stdout.buffer if stdout else None
    order = order_by(app.settings, app.folders, template, app.asked(listing), out=out, **given)
    journal = Journal(lambda: app.writable_store, app.actor, app.clock)
    if source == "webex":
        result = _made_by_webex(app, order, journal)
    else:
        with progress(app, "writing") as step:
            result = run_report(app.store, order, journal, step)
    _print(app, listing, order, result)


def _made_by_webex(app: App, order: ReportOrder, journal: Journal) -> ReportResult:
    from partnerctl.services.webex.partner_reports import Polling
    from partnerctl.services.webex.reports import run_remote_report

    client = app.remote(app.settings.sync_budget)
    with progress(app, "waiting for Webex") as step:
        return run_remote_report(app.store, client, order, journal, Polling(app.stopwatch), step)


def _print(app: App, listing: ListingOptions, order: ReportOrder, result: ReportResult) -> None:
    """Print the path alone, or the record where a format or fields are asked for; none with ``--stdout``."""
    if order.out is None:
        if listing.format == "table" and listing.fields is None:
            if result.run.path is not None:
                click.echo(result.run.path)
        else:
            app.show_one(result.run, listing)
    app.note(*result.notes)
    if result.warning:
        app.warn(result.warning)


@command.command(
    "add",
    examples=(
        "partnerctl reports add 'Gold EU renewals' --base renewing --where 'tag:gold region:EU'",
        "partnerctl reports add 'Ends soon' --base expiring --columns customer,end_date,total --days 30",
        "partnerctl reports add 'Renovações Gold' --base renewing --sort days_left --language pt",
    ),
)
@click.argument("title")
@click.option(
    "--base", required=True, metavar="TEMPLATE", shell_complete=_template_names, help="What it is made from."
)
@click.option("--columns", metavar="A,B,C", callback=split_words, help="Columns, in order; default: all.")
@click.option("--sort", metavar="KEY[,-KEY]", callback=split_words, help="Order; - for descending.")
@click.option("--where", metavar="QUERY", help="Only what matches; see `partnerctl help queries`.")
@click.option("--region", type=ANY_REGION, multiple=True, help="Only this region, or unknown; repeatable.")
@click.option("--days", type=click.IntRange(0, LONGEST_HORIZON), metavar="N", help="Days ahead or back.")
@click.option("--product", type=click.Choice(FAMILY_CHOICES), help="Licenses of this product.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of headers and title.")
@click.option("--title-pt", metavar="TITLE", help="The Portuguese title; default: the same one.")
@click.option("--about", metavar="TEXT", help="One line for `reports list`.")
@change_options
@output_options
@click.pass_obj
def add(app: App, /, output: OutputOptions, change: ChangeOptions, title: str, **given: Any) -> None:
    """Make a report template of your own, called TITLE, from another one.

    It is a TOML file in the templates folder of the configuration, of the same form as the default ones;
    `partnerctl reports edit` opens it.
    """
    from partnerctl.options.reporting import check_template
    from partnerctl.services.templates import NewTemplate, add_template

    new = NewTemplate(title, **{name: value for name, value in given.items() if value is not None})
    detail = add_template(
        app.folders.templates, new, lambda made: check_template(app, made), dry_run=change.dry_run
    )
    app.show_one(detail, output, sections={"columns_detail": DETAIL_COLUMNS})
    if change.dry_run:
        app.note("dry run: nothing was written")
    else:
        app.note(f"run it with: partnerctl reports run {detail.template}")


@command.command("edit", examples=("partnerctl reports edit gold-eu-renewals",))
@template_argument
@output_options
@click.pass_obj
def edit(app: App, output: OutputOptions, template: str) -> None:
    """Open a template of your own in $EDITOR, and check it when it is saved.

    A text that is no template never takes its place: it is kept beside it, and the error names the line.
    """
    from partnerctl.options.reporting import check_template, edited_text
    from partnerctl.services.templates import keep_rejected, replace_template, template_file

    path = template_file(app.folders.templates, template)
    edited = edited_text(path)
    if edited is None:
        app.note("nothing was changed")
        return
    try:
        detail = replace_template(path, edited, lambda made: check_template(app, made))
    except PartnerctlError as fault:
        raise keep_rejected(path, edited, fault) from fault
    app.show_one(detail, output, sections={"columns_detail": DETAIL_COLUMNS})


@command.command("remove", examples=("partnerctl reports remove gold-eu-renewals --yes",))
@template_argument
@change_options
@click.pass_obj
def remove(app: App, change: ChangeOptions, template: str) -> None:
    """Remove a template of your own; one that a schedule uses stays."""
    from partnerctl.services.schedules import using_template
    from partnerctl.services.templates import remove_template, template_file

    path = template_file(app.folders.templates, template)
    used = using_template(app.folders.schedules_file, path.stem)
    if change.dry_run:
        app.note(f"dry run: {path} would be removed; nothing was changed")
        return
    if not used:
        app.confirm(f"remove {path}?", change.yes)
    remove_template(app.folders.templates, template, used)
    app.note(f"removed {path}")


@command.command(
    "schedule",
    examples=(
        "partnerctl reports schedule expiring --weekly monday --at 07:00 --days 60",
        "partnerctl reports schedule renewing --monthly last --at 18:00 --mail-to sales@acme.example",
        "partnerctl reports schedule changes --cron '0 7 * * 1' --since -7d --tz Europe/Lisbon",
    ),
)
@template_argument
@click.option("--name", metavar="NAME", help="Name of the schedule; default: the template's.")
@timing_options
@click.option("--since", metavar="DAY", help="First day of a date range, meant at the due time: -7d.")
@click.option("--until", metavar="DAY", help="Last day of a date range, meant at the due time.")
@click.option("--where", metavar="QUERY", help="Only what matches; see `partnerctl help queries`.")
@click.option("--region", type=ANY_REGION, multiple=True, help="Only this region, or unknown; repeatable.")
@click.option("--as-of", metavar="DAY", help="What was known of that day, meant at the due time: -30d.")
@click.option("--max-age", metavar="AGE", help="Do not run where the newest data is older, such as 8d.")
@report_options
@running_options
@change_options
@output_options
@click.pass_obj
def schedule(app: App, /, output: OutputOptions, change: ChangeOptions, template: str, **given: Any) -> None:
    """Let the report TEMPLATE be written at set times, by `partnerctl schedules tick`.

    The entry goes to schedules.toml in the configuration folder, which you may edit. One crontab line,
    systemd timer or Task Scheduler entry starts the ticks: see `partnerctl schedules export`.
    """
    from partnerctl.options.scheduling import entry_values
    from partnerctl.scheduling.file import read_schedules
    from partnerctl.services.scheduled_orders import Surroundings
    from partnerctl.services.schedules import free_name, make_schedule
    from partnerctl.services.templates import template_named

    found = template_named(template, app.folders.templates)
    path = app.folders.schedules_file
    name = given.pop("name") or free_name(read_schedules(path), found.name)
    values, notes = entry_values(app, found.name, given)
    detail = make_schedule(
        app.store if change.dry_run else app.writable_store,
        path,
        name,
        values,
        Surroundings(app.settings, app.folders),
        app.clock,
        actor=app.actor,
        dry_run=change.dry_run,
    )
    app.show_one(detail, output, table_fields=SCHEDULE_FIELDS)
    if detail.dir is None and detail.file is None:
        notes.append(f"its files go to {app.folders.reports}")
    app.note(*notes)
    if change.dry_run:
        app.note("dry run: nothing was written")
