"""``import``: read report files and canonical files into the store (PH-R, PH-S)."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import click

from partnerctl.app import App
from partnerctl.errors import UsageError
from partnerctl.options import (
    DAY,
    REGION,
    ChangeOptions,
    Command,
    NamedPath,
    OutputOptions,
    change_options,
    output_options,
    progress,
)


def _pairs(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return the pairs of ``--map 'HEADER=key'``."""
    pairs = []
    for value in values:
        header, equals, key = value.rpartition("=")
        if not equals or not header.strip() or not key.strip():
            raise UsageError(f"--map: {value!r} is not HEADER=key", "write --map 'Renewal date=end_date'")
        pairs.append((header.strip(), key.strip()))
    return tuple(pairs)


_FIELDS = (
    "run_id",
    "file",
    "entity",
    "day",
    "rows",
    "inserted",
    "updated",
    "unchanged",
    "rejected",
)
"""What a table shows of each file; a rehearsal has no run."""
_OF_CALLS = ("customer", "since", "until")
_NARROW = ("run_id", "file", "day", "rows", "inserted", "updated", "rejected")
"""What a narrow terminal shows of each file."""


@click.command(
    "import",
    cls=Command,
    examples=(
        "partnerctl import ~/Downloads",
        "partnerctl import 'Subscription Details_Ab12Cd34Ef_2026-11-22.csv' --region EU",
        "partnerctl import report.zip --dry-run",
        "partnerctl import 'Calling Usage.csv' --since 2026-11-01 --until 2026-11-30",
        "cat licenses.csv | partnerctl import - --entity licenses --as-of yesterday",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=NamedPath(path_type=str))
@click.option("--entity", metavar="NAME", help="What the files hold, where their headers do not tell.")
@click.option("--as-of", type=DAY, help="The day of rows that have no date of their own.")
@click.option("--region", type=REGION, help="The region of the customers in the files.")
@click.option(
    "--customer", metavar="C", help="Whose Media Quality or Queue Stats they are, where they do not say."
)
@click.option("--since", type=DAY, help="First day that Calling usage or Call Queue Stats cover.")
@click.option("--until", type=DAY, help="Last day that Calling usage or Call Queue Stats cover.")
@click.option("--complete", is_flag=True, help="Subscriptions that the file does not list are gone.")
@click.option(
    "--available",
    type=click.Choice(["total", "free"]),
    default="total",
    help="What `available` means in Subscription details: bought (default), or left.",
)
@click.option(
    "--map",
    "header_map",
    multiple=True,
    callback=_pairs,
    metavar="'HEADER=key'",
    help="Name the column that a header stands for; repeatable.",
)
@click.option(
    "--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of dates like 03/04/2026."
)
@click.option("--encoding", metavar="NAME", help="Encoding of the files, such as windows-1252.")
@click.option(
    "--skip-bad-rows", is_flag=True, help="Store the good rows; the others go to FILE.rejected.csv."
)
@change_options
@output_options
@click.pass_obj
def command(
    app: App,
    /,
    output: OutputOptions,
    change: ChangeOptions,
    paths: tuple[str, ...],
    as_of: date | None,
    complete: bool,
    skip_bad_rows: bool,
    **reading: Any,
) -> None:
    """Import report files of Partner Hub, canonical files, and files of Webex Calling.

    PATH is a file, a zip, a folder, or - for standard input. Each file is stored whole or not at all,
    and is one run that `partnerctl undo RUN` takes back (not the records of calls).
    """
    from partnerctl.domain.records import ImportedFile
    from partnerctl.output.picking import pick_fields
    from partnerctl.output.render import Rows
    from partnerctl.services.import_run import ImportOptions
    from partnerctl.services.imports import import_paths, read_options

    pick_fields(ImportedFile, output.fields)
    options = ImportOptions(
        app.actor,
        app.clock,
        app.today,
        reading["region"],
        complete,
        skip_bad_rows,
        change.dry_run,
        app.settings.me,
        calling=app.calling_place,
        **{name: reading.pop(name) for name in _OF_CALLS},
    )
    with progress(app, "importing") as step:
        done = import_paths(
            app.store if change.dry_run else app.writable_store,
            paths,
            read_options(aliases=tuple(app.settings.aliases.items()), **reading),
            options,
            lambda question: app.confirm(question, change.yes),
            as_of=as_of,
            stdin=sys.stdin.buffer,
            step=step,
        )
    if done.records:
        shown = _FIELDS[1:] if change.dry_run else _FIELDS
        narrow = [name for name in _NARROW if name in shown]
        app.show(Rows(ImportedFile, done.records), output, table_fields=shown, narrow_fields=narrow)
    app.note(*done.notes)
    for failure in done.failures if done.records or done.stopped else done.failures[1:]:
        app.warn(failure.reason if failure.hint is None else f"{failure.reason}\n  {failure.hint}")
    done.raise_failure()
