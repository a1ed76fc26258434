"""``roles``: what each partner administrator role may do (PH-O3)."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import ListingOptions, listing_options, noun

command = noun(
    "roles",
    "List the partner administrator roles.",
    "partnerctl roles list",
    "partnerctl roles list --json",
)


@command.command(
    "list",
    examples=("partnerctl roles list", "partnerctl roles list --fields role,can_run_reports -o csv"),
)
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List every partner administrator role, and what it may see and do."""
    from partnerctl.services.roles import list_roles

    app.show(list_roles(listing.sort, listing.limit), listing)
