"""``regions``: where customer data lives (PH-O5)."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import ListingOptions, listing_options, noun

command = noun(
    "regions",
    "List the regions in which customer data lives.",
    "partnerctl regions list",
    "partnerctl customers list --region EU",
)


@command.command(
    "list", examples=("partnerctl regions list", "partnerctl regions list --sort -customers --json")
)
@listing_options("where", "region", "as_of")
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List the regions and how many customers live in each; `unknown`: no file has said it yet."""
    from partnerctl.services.regions import list_regions

    answer = list_regions(app.store, app.today, listing.sort, listing.limit, listing.max_age)
    app.show(answer, listing)
