"""``store``: what the store is and knows, whether it is sound, copies of it and back."""

from __future__ import annotations

from pathlib import Path

import click

from partnerctl.app import App
from partnerctl.errors import ExitCode
from partnerctl.options import (
    PATH,
    ChangeOptions,
    ListingOptions,
    OutputOptions,
    change_options,
    listing_options,
    noun,
    output_options,
    progress,
)

command = noun(
    "store",
    "Look after the store: what it knows, backups, checks.",
    "partnerctl store info",
    "partnerctl store coverage",
    "partnerctl store backup ~/backups",
    "partnerctl store restore partnerctl-backup_default_2026-11-23.zip",
)


@command.command("info", examples=("partnerctl store info", "partnerctl store info --json"))
@output_options
@click.pass_obj
def info(app: App, output: OutputOptions) -> None:
    """Show where the store is, its size and schema, and how much of each kind it holds."""
    from partnerctl.services.upkeep import store_info

    found = store_info(app.store, app.demo)
    app.show_one(found, output, sections={"entities": ("entity", "rows")}, data_as_of=found.newest_day)


@command.command(
    "coverage",
    examples=("partnerctl store coverage", "partnerctl store coverage --sort known_pct --json"),
)
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def coverage(app: App, listing: ListingOptions) -> None:
    """Show, field by field, how much is known and which file supplies it."""
    from partnerctl.services.upkeep import coverage as covered

    app.show(covered(app.store, listing.sort, listing.limit), listing)


@command.command("check", examples=("partnerctl store check", "partnerctl store check --json"))
@output_options
@click.pass_obj
def check(app: App, output: OutputOptions) -> None:
    """Check the store: its file, its references, and everything that is folded from observations.

    Prints each problem, and exits 13 where there is one.
    """
    from partnerctl.services.upkeep import check_store

    with progress(app, "checking") as step:
        found = check_store(app.store, step)
    app.show(found, output)
    if found.records:
        app.warn("the store is damaged; restore a backup with `partnerctl store restore ARCHIVE`")
        app.exit_code = ExitCode.MACHINE
    else:
        app.note("the store is sound")


@command.command(
    "backup",
    examples=(
        "partnerctl store backup",
        "partnerctl store backup ~/backups",
        "partnerctl store backup a.zip",
    ),
)
@click.argument("target", required=False, type=PATH)
@output_options
@click.pass_obj
def backup(app: App, output: OutputOptions, target: Path | None) -> None:
    """Write one archive of store, templates and configuration, readable by you alone.

    TARGET is a file or a folder; default: the current folder, under a name with profile and day. It holds
    no passwords. Nothing is overwritten, and other runs may go on meanwhile.
    """
    from partnerctl.services.backups import back_up

    acting = app.acting()
    app.show_one(back_up(app.store, app.folders.config, target, app.settings.profile, acting), output)


@command.command(
    "restore",
    examples=(
        "partnerctl store restore partnerctl-backup_default_2026-11-23.zip",
        "partnerctl store restore backup.zip --dry-run",
        "partnerctl --profile old --store sqlite:///old.db store restore backup.zip --yes",
    ),
)
@click.argument("archive", type=PATH)
@change_options
@output_options
@click.pass_obj
def restore(app: App, output: OutputOptions, change: ChangeOptions, archive: Path) -> None:
    """Put the content of a backup in the place of the present store and configuration.

    The archive is checked whole before anything is touched. What stood there is kept beside it, as
    NAME.before-restore. Needs --yes or a confirmation.
    """
    from partnerctl.services.restores import opened_archive, restore_archive, store_file

    path = store_file(app.settings.store)
    acting = app.acting(change.dry_run)
    with opened_archive(archive, path.parent) as found:
        if not change.dry_run:
            question = f"replace {path} by the backup of {found.made} ({found.customers} customers)?"
            app.confirm(question, change.yes)
        app.show_one(restore_archive(found, path, app.folders.config, app.settings.wait, acting), output)
    if change.dry_run:
        app.note("--dry-run: nothing was changed")
