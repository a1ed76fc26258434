"""``org``: the own organization (PH-O4)."""

from __future__ import annotations

from typing import Any

import click

from partnerctl.app import App
from partnerctl.options import REGION, ChangeOptions, OutputOptions, change_options, noun, output_options

command = noun(
    "org",
    "Show and change your own organization.",
    "partnerctl org show",
    "partnerctl org set --industry Telecommunications --planned-users 250",
)


@command.command("show", examples=("partnerctl org show", "partnerctl org show --json"))
@output_options
@click.pass_obj
def show(app: App, output: OutputOptions) -> None:
    """Show your own organization: its id, name, industry, planned Webex users and region."""
    from partnerctl.services.organization import show_organization

    app.show_one(show_organization(app.store), output)


@command.command(
    "set",
    examples=(
        "partnerctl org set --industry Telecommunications --planned-users 250",
        "partnerctl org set --name 'Acme Partner' --region EU",
        "partnerctl org set --industry '' --dry-run",
    ),
)
@click.option("--name", help="Name of the organization.")
@click.option("--industry", help="Type of industry; '' makes it unknown.")
@click.option("--planned-users", type=click.IntRange(0, 10**9), metavar="N", help="Webex users planned.")
@click.option("--region", type=REGION, help="Region of its data: US, CA, EU or AE.")
@click.option("--org-id", metavar="ID", help="Organization id in Webex.")
@change_options
@output_options
@click.pass_obj
def set_(app: App, /, output: OutputOptions, change: ChangeOptions, **given: Any) -> None:
    """Change fields of your own organization, and print it as it is then."""
    from partnerctl.services import organization

    acting = app.acting(change.dry_run)
    store = app.store if organization.find_organization(app.store) is None else app.writable_store
    result = organization.change(store, organization.Wanted(**given), acting)
    app.show_one(result.organization, output)
    if not result.changed:
        app.note("nothing changed: it was so before")
    elif change.dry_run:
        app.note("--dry-run: nothing was changed")
