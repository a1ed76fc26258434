"""``export``: write the store as canonical files."""

from __future__ import annotations

from pathlib import Path

import click

from partnerctl.app import App
from partnerctl.options import PATH, Command, OutputOptions, output_options, progress


@click.command(
    "export",
    cls=Command,
    examples=(
        "partnerctl export --dir backup",
        "partnerctl export --dir history --history",
        "partnerctl export --dir today --overwrite --json",
    ),
)
@click.option("--dir", "folder", required=True, type=PATH, help="The folder to write to.")
@click.option("--history", is_flag=True, help="One row per thing and observed day, with as_of.")
@click.option("--overwrite", is_flag=True, help="Replace files of the same names.")
@output_options
@click.pass_obj
def command(app: App, output: OutputOptions, folder: Path, history: bool, overwrite: bool) -> None:
    """Write everything the store knows as canonical files, ENTITY.csv.

    `partnerctl import FOLDER` reads them again; with --history an empty store becomes the same store.
    Devices, phone numbers and app versions are written as they are now; --history adds their day.
    """
    from partnerctl.output.render import Rows
    from partnerctl.services.exports import ExportedFile, export_files

    with progress(app, "writing") as step:
        me = app.settings.me
        files = export_files(app.store, folder, history=history, overwrite=overwrite, step=step, me=me)
    app.show(Rows(ExportedFile, files), output, table_fields=("entity", "rows", "path"))
    if not files:
        from partnerctl.services.questions import EMPTY_STORE

        app.note(*EMPTY_STORE)
