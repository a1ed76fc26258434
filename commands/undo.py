"""``undo``: take one run back."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import ChangeOptions, Command, OutputOptions, change_options, output_options


@click.command(
    "undo",
    cls=Command,
    examples=(
        "partnerctl undo 42 --dry-run",
        "partnerctl undo 42",
        "partnerctl audit list --limit 5",
    ),
)
@click.argument("run_id", type=click.IntRange(1, 2**63 - 1), metavar="RUN")
@change_options
@output_options
@click.pass_obj
def command(app: App, output: OutputOptions, change: ChangeOptions, run_id: int) -> None:
    """Take back an import or a change, as if it had never been made.

    RUN is the run_id that `import` and `audit list` show. A change is taken back only where no later run
    has spoken of the same fields; exit 6 otherwise.
    """
    from partnerctl.services.undo import undo_run

    acting = app.acting(change.dry_run)
    store = app.store if change.dry_run or app.store.run(run_id) is None else app.writable_store
    app.show_one(undo_run(store, run_id, acting), output)
    if change.dry_run:
        app.note("--dry-run: nothing was changed")
