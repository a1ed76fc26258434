"""``runs``: the history of report runs (PH-R1, PH-R2)."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import ListingOptions, OutputOptions, listing_options, noun, output_options

command = noun(
    "runs",
    "Show the history of report runs.",
    "partnerctl runs list --limit 10",
    "partnerctl runs show 42",
    "partnerctl runs list --json | jq '.[] | select(.status == \"failed\")'",
)

LIST_COLUMNS = ("run_id", "template", "schedule", "status", "finished", "rows", "region", "path", "error")

NARROW_COLUMNS = ("run_id", "template", "status", "finished", "rows")


@command.command(
    "list",
    examples=("partnerctl runs list --limit 10", "partnerctl runs list --sort template,-run_id --json"),
)
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List the runs of reports, the newest first."""
    from partnerctl.services.runs import list_runs

    app.show(
        list_runs(app.store, listing.sort, listing.limit),
        listing,
        table_fields=LIST_COLUMNS,
        narrow_fields=NARROW_COLUMNS,
    )


@command.command("show", examples=("partnerctl runs show 42", "partnerctl runs show 42 --json"))
@click.argument("run_id", type=click.IntRange(1, 2**63 - 1), metavar="RUN")
@output_options
@click.pass_obj
def show(app: App, output: OutputOptions, run_id: int) -> None:
    """Show one run of a report, by its id."""
    from partnerctl.services.runs import show_run

    app.show_one(show_run(app.store, run_id), output)
