"""``calls``: the folder of calling records, what it holds, and deleting what is old."""

from __future__ import annotations

from datetime import timedelta

import click

from partnerctl.app import App
from partnerctl.options import AGE, ChangeOptions, OutputOptions, change_options, noun, output_options

command = noun(
    "calls",
    "Look after the calling records: what there is of each kind, pruning.",
    "partnerctl calls info",
    "partnerctl calls prune --older-than 400d --dry-run",
)

INFO_COLUMNS = ("kind", "since", "until", "days", "records", "bytes", "path")
NARROW_COLUMNS = ("kind", "since", "until", "days", "records", "bytes")


@command.command("info", examples=("partnerctl calls info", "partnerctl calls info --json"))
@output_options
@click.pass_obj
def info(app: App, output: OutputOptions) -> None:
    """Show days, records and bytes of each kind of calling records.

    The records are Parquet files, one for each UTC day, in the folder of the setting calling.path: any
    engine that reads Parquet may read them.
    """
    from partnerctl.services.calling.keeping import info as held

    app.show(held(app.calling_place), output, table_fields=INFO_COLUMNS, narrow_fields=NARROW_COLUMNS)


@command.command(
    "prune",
    examples=(
        "partnerctl calls prune --older-than 400d --dry-run",
        "partnerctl calls prune --older-than 400d --yes",
    ),
)
@click.option("--older-than", type=AGE, required=True, help="Days that ended longer ago, such as 400d.")
@change_options
@output_options
@click.pass_obj
def prune(app: App, output: OutputOptions, change: ChangeOptions, older_than: timedelta) -> None:
    """Delete the calling records of old days, of every kind, for good.

    It cannot be undone. Needs --yes or a confirmation.
    """
    from partnerctl.services.calling.keeping import prune as deleted

    acting = app.acting(change.dry_run)
    found = deleted(
        lambda: app.store if change.dry_run else app.writable_store,
        app.calling_place,
        older_than,
        acting,
        lambda question: app.confirm(question, change.yes),
    )
    app.show(found, output)
    if change.dry_run:
        app.note("dry run: nothing was deleted")
