"""``licenses``: license figures, one row per subscription and product (PH-S2)."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import ListingOptions, listing_options, noun

command = noun(
    "licenses",
    "See license figures: bought, assigned, used.",
    "partnerctl licenses list --where 'product:calling'",
    "partnerctl licenses list --sort -assigned_pct --limit 20",
)

LIST_COLUMNS = (
    "customer",
    "subscription_id",
    "product",
    "total",
    "assigned",
    "assigned_pct",
    "used_7d",
    "used_ever",
    "available",
    "as_of",
)

NARROW_COLUMNS = ("customer", "subscription_id", "product", "assigned", "total")


@command.command(
    "list",
    examples=(
        "partnerctl licenses list --where 'product:calling status:active'",
        "partnerctl licenses list --sort -assigned_pct --limit 20",
        "partnerctl licenses list --as-of -30d -o csv",
    ),
)
@listing_options()
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List license figures, one record per subscription and product."""
    from partnerctl.services.subscriptions import list_licenses

    found = list_licenses(app.store, app.asked(listing))
    app.show(found, listing, table_fields=LIST_COLUMNS, narrow_fields=NARROW_COLUMNS)
