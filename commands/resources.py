"""``resources``: links, guides and support (PH-H1, PH-H2)."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import Command, ListingOptions, listing_options

TABLE_COLUMNS = ("title", "kind", "url")


@click.command(
    "resources",
    cls=Command,
    examples=(
        "partnerctl resources",
        "partnerctl resources phone numbers",
        "partnerctl resources support",
        "partnerctl resources calling --kind guide --json",
    ),
)
@click.argument("words", nargs=-1)
@click.option(
    "--kind", type=click.Choice(["link", "guide", "support"]), help="Only quick links, guides or support."
)
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def command(app: App, listing: ListingOptions, words: tuple[str, ...], kind: str | None) -> None:
    """Find help: links, guides, support.

    Every one of WORDS has to fit, as a part of a title or of a search word. `resources support` lists the
    ways to contact partner support.
    """
    from partnerctl.services.resources import find_resources

    app.show(find_resources(words, kind, listing.sort, listing.limit), listing, table_fields=TABLE_COLUMNS)
