"""``tags``: tags of customers and subscriptions (PH-T1, PH-T2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from partnerctl.app import App
from partnerctl.options import (
    BulkOptions,
    Command,
    ListingOptions,
    OutputOptions,
    bulk_options,
    complete_customer,
    from_store,
    listing_options,
    noun,
    output_options,
    subject_and_words,
)
from partnerctl.options.changing import carry_out, customers_chosen

command = noun(
    "tags",
    "Tag customers and subscriptions, to group them your own way.",
    "partnerctl tags list",
    "partnerctl tags add 'Acme GmbH' gold renewals",
    "partnerctl tags add --where 'region:EU end:this-month' ends-nov",
    "partnerctl customers filter status:trial --json | partnerctl tags add --input - trials",
)


@command.command("list", examples=("partnerctl tags list", "partnerctl tags list --sort -customers --json"))
@listing_options("where", "region")
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List the tags, and how many customers and subscriptions carry each."""
    from partnerctl.services.tags import list_tags

    app.show(list_tags(app.store, app.asked(listing)), listing)


def _verb(mode: Any, summary: str, *examples: str) -> None:
    """Define one verb that changes tags."""

    def run(
        app: App, words: tuple[str, ...], subscription: str | None, output: OutputOptions, bulk: BulkOptions
    ) -> None:
        from partnerctl.services.subjects import subscription_subject
        from partnerctl.services.tags import tag_change, tags_of

        if bulk.many:
            bulk.refuse_named(subscription, "--subscription")
        named, tags = (None, words) if subscription else subject_and_words(words, bulk, "CUSTOMER")
        change = tag_change(mode, tags)
        subjects = customers_chosen(app, named, bulk)
        if subscription is not None:
            subjects = [subscription_subject(app.store, subscription)]
        carry_out(app, change, subjects, bulk, output)
        if not bulk.many and not bulk.dry_run:
            app.show_one(tags_of(app.store, subjects[0]), output)

    decorated: Callable[..., Any] = click.pass_obj(run)
    for decorate in (output_options, bulk_options, _SUBSCRIPTION, _WORDS):
        decorated = decorate(decorated)
    command.command(mode, cls=Command, examples=examples, help=summary)(decorated)


@command.command(
    "push",
    cls=Command,
    examples=(
        "partnerctl tags push --dry-run",
        "partnerctl tags push 'Acme GmbH'",
        "partnerctl tags push --where region:EU --max-changes 200",
    ),
)
@click.argument("customer", metavar="[CUSTOMER]", required=False, shell_complete=complete_customer)
@bulk_options
@output_options
@click.pass_obj
def push(app: App, customer: str | None, output: OutputOptions, bulk: BulkOptions) -> None:
    """Send the tags of this store to Webex, of every customer or of some; takes none away there."""
    from partnerctl.options.changing import push_tags
    from partnerctl.services.subjects import every_customer

    if bulk.many:
        bulk.refuse_named(customer, "CUSTOMER")
    subjects = customers_chosen(app, customer, bulk) if customer or bulk.many else every_customer(app.store)
    push_tags(app, subjects, bulk, output)


_WORDS = click.argument("words", nargs=-1, metavar="[CUSTOMER] [TAG]...", shell_complete=complete_customer)
_SUBSCRIPTION = click.option(
    "--subscription",
    metavar="ID",
    shell_complete=from_store("subscriptions"),
    help="Tag this subscription, instead of a customer.",
)
_verb(
    "add",
    "Add tags to a customer, or to many; what is there stays.",
    "partnerctl tags add 'Acme GmbH' gold renewals",
    "partnerctl tags add --where 'region:EU end:this-month' ends-nov",
    "partnerctl customers filter status:trial --json | partnerctl tags add --input - trials",
)
_verb(
    "remove",
    "Take tags away from a customer, or from many.",
    "partnerctl tags remove 'Acme GmbH' gold",
    "partnerctl tags remove --where tag:ends-nov ends-nov --max-changes 200",
)
_verb(
    "set",
    "Put tags in the place of all that a customer has; with no tag, clear them.",
    "partnerctl tags set 'Acme GmbH' gold",
    "partnerctl tags set 'Acme GmbH'",
    "partnerctl tags set --subscription Sub1234567 renewals",
)
