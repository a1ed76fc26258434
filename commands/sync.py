"""``sync``: fetch from Webex what it knows of the customers, and store it."""

from __future__ import annotations

from datetime import date

import click

from partnerctl.app import App
from partnerctl.options import DAY, REGION, Command, DefaultingGroup, OutputOptions, output_options, progress

_FIELDS = ("part", "template", "region", "status", "customers", "failed", "rows", "error")

command = DefaultingGroup(
    "sync",
    default="run",
    help="Fetch what Webex knows of your customers.",
    examples=(
        "partnerctl sync",
        "partnerctl sync --only organizations,licenses",
        "partnerctl sync --only reports --region EU",
        "partnerctl sync --only calls",
        "partnerctl sync --resume",
        "partnerctl sync status",
    ),
)


@command.command(
    "run",
    cls=Command,
    examples=(
        "partnerctl sync",
        "partnerctl sync --only licenses,tags",
        "partnerctl sync --only calls --since 2026-11-15",
        "partnerctl sync --resume",
    ),
)
@click.option(
    "--only",
    multiple=True,
    metavar="PARTS",
    help="Fetch these parts alone: organizations, licenses, tags, admins, locations, devices, numbers,"
    " reports; and calls, which takes long and is fetched where it is named alone.",
)
@click.option(
    "--since",
    type=DAY,
    help="Call records from this day on, at most 30 days back; default: from where the last ones ended.",
)
@click.option("--region", type=REGION, help="Customers and reports of this region alone.")
@click.option("--full", is_flag=True, help="Begin anew, whatever an earlier sync has fetched.")
@click.option("--resume", is_flag=True, help="Go on with the last sync: what it lacks, or could not fetch.")
@click.option("-y", "--yes", is_flag=True, help="Let tags of this store that Webex lacks go.")
@output_options
@click.pass_obj
def run(
    app: App,
    output: OutputOptions,
    only: tuple[str, ...],
    since: date | None,
    region: str | None,
    full: bool,
    resume: bool,
    yes: bool,
) -> None:
    """Fetch customers, licenses, tags, administrators, inventories, reports and call records from Webex.

    What is fetched is stored as of its day; what could not be fetched stays as it was. A sync that is cut off
    goes on where it was.
    """
    from partnerctl.domain.records import SyncedPart
    from partnerctl.errors import UsageError
    from partnerctl.output.picking import pick_fields
    from partnerctl.output.render import Rows
    from partnerctl.services.syncing.options import sync_options
    from partnerctl.services.syncing.sync import Heard, sync

    if resume and (full or only or region or since):
        raise UsageError(
            "--resume goes on with the last sync as it was begun",
            "leave --full, --only, --region and --since out",
        )
    pick_fields(SyncedPart, output.fields)
    settings = app.settings
    how = {"region": region, "full": full, "resume": resume, "since": since}
    options = sync_options(settings, app.folders, app.actor, app.clock, app.stopwatch, only, **how)
    client = app.remote(settings.sync_budget)
    with progress(app, "customers fetched") as step, progress(app, "windows of calls fetched") as window:

        def tell(text: str) -> None:
            step.close()
            app.note(text)

        def confirm(question: str) -> None:
            step.close()
            app.confirm(question, yes)

        heard = Heard(step, step.expect, tell, window, window.expect)
        try:
            done = sync(lambda: app.writable_store, client, options, confirm, heard)
        except KeyboardInterrupt:
            window.close()
            tell("what was fetched is kept; go on with: partnerctl sync --resume")
            raise
    failed = any(part.error for part in done.parts)
    app.show(Rows(SyncedPart, done.parts), output, table_fields=_FIELDS if failed else _FIELDS[:-1])
    app.note(*done.notes)
    done.raise_failure()


@command.command("status", cls=Command, examples=("partnerctl sync status", "partnerctl sync status --json"))
@output_options
@click.pass_obj
def status(app: App, output: OutputOptions) -> None:
    """Show what came of the last sync of every part, and of one that has not ended."""
    from partnerctl.services.syncing.telling import sync_status

    fields = ("part", "template", "region", "status", "at", "customers", "failed", "rows", "error")
    app.show(sync_status(app.store, app.folders.state, app.settings.profile), output, table_fields=fields)
