"""``doctor``: whether this machine has what is needed."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import Command, OutputOptions, output_options


@click.command("doctor", cls=Command, examples=("partnerctl doctor", "partnerctl doctor --json"))
@output_options
@click.pass_obj
def command(app: App, output: OutputOptions) -> None:
    """Check Python, folders, configuration, store and clock.

    Each check is ok, warn or fail, with what to do. Exits 0 unless one fails: 12 for an invalid
    configuration, 13 for the rest. Nothing is created or changed.
    """
    from partnerctl.output.render import Rows
    from partnerctl.services.diagnosis import Finding, Machine, diagnose, exit_code

    app.do_without_bad_configuration()
    findings = diagnose(Machine(app.folders, app.settings.store, app.clock.now()))
    app.show(Rows(Finding, findings), output)
    app.exit_code = exit_code(findings)
