"""``changes``: what changed between two days, or since somebody last looked."""

from __future__ import annotations

from datetime import date

import click

from partnerctl.app import App
from partnerctl.options import DAY, Command, ListingOptions, listing_options

COLUMNS = ("day", "customer", "subscription_id", "kind", "field", "before", "after")
NARROW_COLUMNS = ("day", "customer", "kind", "field", "before", "after")


@click.command(
    "changes",
    cls=Command,
    examples=(
        "partnerctl changes",
        "partnerctl changes --since monday --kind subscription_ended",
        "partnerctl changes --since 2026-11-01 --until 2026-11-30 --where 'product:calling' -o csv",
        "partnerctl changes --after 0 -o jsonl",
    ),
)
@click.option("--since", type=DAY, help="From this day on; default: the seven days up to --until.")
@click.option("--until", type=DAY, help="Up to this day, included; default: today.")
@click.option(
    "--after",
    type=click.IntRange(0, 2**63 - 1),
    metavar="SEQ",
    help="All that was learned after this seq, in that order: a feed for scripts.",
)
@click.option(
    "--kind", metavar="KIND", multiple=True, help="customer_new, subscription_ended, ...; repeatable."
)
@listing_options("as_of")
@click.pass_obj
def command(
    app: App,
    listing: ListingOptions,
    since: date | None,
    until: date | None,
    after: int | None,
    kind: tuple[str, ...],
) -> None:
    """Show what changed: customers, subscriptions, licenses, tags.

    Without a period: the last seven days, as they are known now. With --after: everything that the store
    learned after that number, whatever its day; the number to go on from is told at the end.
    """
    from partnerctl.services.changes import WantedChanges, list_changes

    wanted = WantedChanges(since, until, after, kind)
    found = list_changes(app.store, app.asked(listing), wanted, summarized=listing.format == "table")
    app.show(found, listing, table_fields=COLUMNS, narrow_fields=NARROW_COLUMNS)
