"""``runs``: the history of report runs (PH-R1, PH-R2)."""

from __future__ import annotations

from datetime import timedelta

import click

from partnerctl.app import App
from partnerctl.errors import UsageError
from partnerctl.options import (
    AGE,
    ChangeOptions,
    ListingOptions,
    OutputOptions,
    change_options,
    listing_options,
    noun,
    output_options,
)

command = noun(
    "runs",
    "Show the history of report runs, and prune it.",
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


@command.command(
    "prune",
    examples=("partnerctl runs prune --older-than 400d", "partnerctl runs prune --keep 1000 --yes"),
)
@click.option("--older-than", type=AGE, help="Runs that ended longer ago, such as 400d.")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="All but the newest N.")
@change_options
@click.pass_obj
def prune(app: App, change: ChangeOptions, older_than: timedelta | None, keep: int | None) -> None:
    """Remove old runs of reports from the history; their files stay."""
    from partnerctl.services.runs import prune_runs

    if older_than is None and keep is None:
        raise UsageError("it is not said which runs", "give --older-than 400d, or --keep 1000")
    before = None if older_than is None else app.clock.now() - older_than
    count = prune_runs(app.writable_store, before, keep, dry_run=True)
    if change.dry_run or not count:
        app.note(f"{'dry run: ' if change.dry_run else ''}{_runs(count)} to remove; nothing was changed")
        return
    app.confirm(f"remove {_runs(count)} from the history?", change.yes)
    app.note(f"removed {_runs(prune_runs(app.writable_store, before, keep))}")


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"
