"""``audit``: every change, by whom and when."""

from __future__ import annotations

from datetime import date

import click

from partnerctl.app import App
from partnerctl.options import DAY, ListingOptions, complete_customer, listing_options, noun

command = noun(
    "audit",
    "Show who changed what, and when.",
    "partnerctl audit list --since -7d",
    "partnerctl audit list --actor ana@acme.example --action 'customers set'",
    "partnerctl audit list --json --limit 20",
)

COLUMNS = ("at", "actor", "run_id", "action", "object")


@command.command(
    "list",
    examples=(
        "partnerctl audit list --since -7d",
        "partnerctl audit list --actor ana@acme.example --limit 20",
        "partnerctl audit list --customer 'Acme GmbH' --action tags",
        "partnerctl audit list --action customers --json",
    ),
)
@click.option("--actor", metavar="WHO", help="Only changes by this person.")
@click.option(
    "--customer", metavar="CUSTOMER", shell_complete=complete_customer, help="Only changes of this customer."
)
@click.option("--action", metavar="ACTION", help="Only this action, such as 'customers set' or customers.")
@click.option("--since", type=DAY, help="Only changes of this day or later, in UTC.")
@click.option("--until", type=DAY, help="Only changes of this day or earlier, in UTC.")
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def list_(
    app: App,
    listing: ListingOptions,
    actor: str | None,
    customer: str | None,
    action: str | None,
    since: date | None,
    until: date | None,
) -> None:
    """List changes, the newest first."""
    from partnerctl.services.audit import Wanted, list_audit
    from partnerctl.services.finding import find_customer

    org_id = None if customer is None else find_customer(app.store, customer)
    wanted = Wanted(actor, org_id, action, since, until)
    found = list_audit(app.store, wanted, listing.sort, listing.limit)
    app.show(found, listing, table_fields=COLUMNS)
