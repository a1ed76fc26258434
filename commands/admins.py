"""``admins``: partner administrators, whom they manage, which role they have (PH-A1 to PH-A3, PH-O3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from partnerctl.app import App
from partnerctl.options import (
    BulkOptions,
    ChangeOptions,
    Command,
    ListingOptions,
    OutputOptions,
    bulk_options,
    change_options,
    complete_customer,
    listing_options,
    noun,
    output_options,
    subject_and_words,
)
from partnerctl.options.changing import carry_out, customers_chosen

command = noun(
    "admins",
    "See and change partner administrators: roles, and who manages which customer.",
    "partnerctl admins list",
    "partnerctl admins list --customer 'Acme GmbH'",
    "partnerctl admins add 'Acme GmbH' ana@partner.example",
    "partnerctl admins grant ana@partner.example admin --name 'Ana Silva'",
)


@command.command(
    "list",
    examples=("partnerctl admins list", "partnerctl admins list --customer 'Acme GmbH' --json"),
)
@click.option(
    "--customer", metavar="CUSTOMER", shell_complete=complete_customer, help="Who manages this one."
)
@listing_options("where", "region", "as_of")
@click.pass_obj
def list_(app: App, listing: ListingOptions, customer: str | None) -> None:
    """List partner administrators, or those who manage one customer."""
    from partnerctl.services.admins import admins_of, list_admins
    from partnerctl.services.finding import find_customer

    if customer is None:
        app.show(list_admins(app.store, app.asked(listing)), listing)
        return
    org_id = find_customer(app.store, customer)
    app.show(admins_of(app.store, org_id, listing.sort, listing.limit), listing)


def _verb(mode: Any, summary: str, *examples: str) -> None:
    """Define one verb that changes who manages customers."""

    def run(app: App, words: tuple[str, ...], output: OutputOptions, bulk: BulkOptions) -> None:
        from partnerctl.services.admins import admins_of, assignment_change

        named, addresses = subject_and_words(words, bulk, "CUSTOMER")
        change = assignment_change(mode, addresses)
        subjects = customers_chosen(app, named, bulk)
        carry_out(app, change, subjects, bulk, output)
        if not bulk.many and not bulk.dry_run:
            app.show(admins_of(app.store, str(subjects[0].org_id)), output)

    decorated: Callable[..., Any] = click.pass_obj(run)
    for decorate in (output_options, bulk_options, _WORDS):
        decorated = decorate(decorated)
    command.command(mode, cls=Command, examples=examples, help=summary)(decorated)


_WORDS = click.argument("words", nargs=-1, metavar="[CUSTOMER] EMAIL", shell_complete=complete_customer)
_verb(
    "add",
    "Put an administrator in charge of a customer, or of many.",
    "partnerctl admins add 'Acme GmbH' ana@partner.example",
    "partnerctl admins add --where 'region:EU' ana@partner.example --dry-run",
)
_verb(
    "remove",
    "Take a customer, or many, away from an administrator.",
    "partnerctl admins remove 'Acme GmbH' ana@partner.example",
    "partnerctl admins remove --input customers.csv ana@partner.example",
)


@command.command(
    "grant",
    examples=(
        "partnerctl admins grant ana@partner.example admin --name 'Ana Silva'",
        "partnerctl admins grant rui@partner.example readonly_admin",
    ),
)
@click.argument("email", metavar="EMAIL")
@click.argument("role", metavar="ROLE")
@click.option("--name", help="Name of the person.")
@click.option(
    "--record", is_flag=True, help="Where the profile has a remote side: record the role in this store alone."
)
@change_options
@output_options
@click.pass_obj
def grant(
    app: App,
    email: str,
    role: str,
    name: str | None,
    record: bool,
    output: OutputOptions,
    change: ChangeOptions,
) -> None:
    """Give somebody a partner administrator role; `partnerctl roles list` says what each may do."""
    from partnerctl.services.admins import role_change

    _change_role(app, role_change(email, role, name), change, output, record)


@command.command(
    "revoke",
    examples=(
        "partnerctl admins revoke ana@partner.example",
        "partnerctl admins revoke ana@partner.example --yes",
    ),
)
@click.argument("email", metavar="EMAIL")
@change_options
@output_options
@click.pass_obj
def revoke(app: App, email: str, output: OutputOptions, change: ChangeOptions) -> None:
    """Take every role and every customer away from an administrator.

    Asks for the address to be typed again, or needs --yes.
    """
    from partnerctl.services.admins import role_change

    wanted = role_change(email, None)
    if not change.dry_run:
        app.confirm_typed(f"this takes every role and customer from {wanted.email}", wanted.email, change.yes)
    _change_role(app, wanted, change, output)


def _change_role(
    app: App, wanted: Any, change: ChangeOptions, output: OutputOptions, record: bool = False
) -> None:
    from partnerctl.services.bulk import Subject

    bulk = BulkOptions(dry_run=change.dry_run, yes=change.yes)
    carry_out(app, wanted, [Subject(wanted.email)], bulk, output, record)
    if not change.dry_run and wanted.role is not None:
        app.show_one(app.store.administrator(wanted.email), output)
