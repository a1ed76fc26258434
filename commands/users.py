"""``users``: the people that the store knows (PH-O2)."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import ListingOptions, complete_customer, listing_options, noun

command = noun(
    "users",
    "See the people of your own organization, or of a customer.",
    "partnerctl users list",
    "partnerctl users list --customer 'Acme GmbH'",
)

LIST_COLUMNS = ("email", "name", "customer", "role")


@command.command(
    "list",
    examples=("partnerctl users list", "partnerctl users list --customer 'Acme GmbH' --json"),
)
@click.option("--customer", metavar="CUSTOMER", shell_complete=complete_customer, help="Of this customer.")
@listing_options("as_of")
@click.pass_obj
def list_(app: App, listing: ListingOptions, customer: str | None) -> None:
    """List the people of your own organization, or of a customer."""
    from partnerctl.services.finding import find_customer
    from partnerctl.services.users import list_users

    org_id = None if customer is None else find_customer(app.store, customer)
    app.show(list_users(app.store, app.asked(listing), org_id), listing, table_fields=LIST_COLUMNS)
