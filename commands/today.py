"""``today``: the customers that need a person now, and why."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import Command, ListingOptions, listing_options

COLUMNS = ("score", "customer", "reasons", "since")


@click.command(
    "today",
    cls=Command,
    examples=(
        "partnerctl today",
        "partnerctl today --new --where tag:gold",
        "partnerctl today --region EU --limit 10 --json",
    ),
)
@click.option("--new", "only_new", is_flag=True, help="Only who was not listed the day before.")
@listing_options()
@click.pass_obj
def command(app: App, listing: ListingOptions, only_new: bool) -> None:
    """See the customers that need a person now, the most urgent first, with the reasons.

    The score is a sum of terms, each with its most points in the settings today.*.
    """
    from partnerctl.services.today import list_urgent

    settings = app.settings
    asked = app.asked(listing)
    found = list_urgent(app.store, asked, settings.urgency, settings.low_factor, only_new=only_new)
    app.show(found, listing, table_fields=COLUMNS)
