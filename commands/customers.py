"""``customers``: who needs attention, and one customer (PH-C1 to PH-C13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from partnerctl.app import App
from partnerctl.errors import ExitCode, MachineFault
from partnerctl.options import (
    BulkOptions,
    ChangeOptions,
    ListingOptions,
    OutputOptions,
    bulk_options_without_region,
    change_options,
    complete_customer,
    customer_argument,
    listing_options,
    noun,
    output_options,
    query_argument,
)

if TYPE_CHECKING:
    from partnerctl.domain.records import Customer, CustomerDetail
    from partnerctl.services.answers import Answer
    from partnerctl.services.customer_changes import Wanted

R = TypeVar("R")

command = noun(
    "customers",
    "See customers, their statuses, and who needs attention.",
    "partnerctl customers list",
    "partnerctl customers filter status:expiring_soon --json",
    "partnerctl customers search ana@acme.example",
    "partnerctl customers show 'Acme GmbH'",
)

LIST_COLUMNS = (
    "name",
    "region",
    "statuses",
    "subscriptions",
    "trials",
    "licenses_assigned",
    "licenses_total",
    "next_end_date",
)
"""What a table shows of customers: who needs attention, and why."""
NARROW_COLUMNS = ("name", "region", "statuses", "next_end_date")
SEARCH_COLUMNS = ("name", "region", "statuses", "matched_email", "matched_in", "org_id")
NARROW_SEARCH = ("name", "matched_email", "matched_in")
SECTIONS = {
    "subscriptions_detail": (
        "subscription_id",
        "status",
        "end_date",
        "days_left",
        "auto_renew",
        "assigned",
        "total",
    ),
    "trials_detail": ("subscription_id", "status", "end_date", "days_left", "assigned", "total"),
    "admins": ("email", "name", "role"),
}
"""The columns of what a customer's page lists below its fields."""


@command.command(
    "list",
    examples=(
        "partnerctl customers list",
        "partnerctl customers list --sort next_end_date --limit 20",
        "partnerctl customers list --region EU --where 'tag:gold seats:100..' --json",
        "partnerctl customers list --as-of 2026-10-01",
    ),
)
@listing_options()
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List customers with their statuses."""
    from partnerctl.services.customers import list_customers

    _show(app, listing, list_customers(app.store, app.asked(listing)))


@command.command(
    "filter",
    examples=(
        "partnerctl customers filter status:expiring_soon",
        "partnerctl customers filter --status trial --status expired --region US",
        "partnerctl customers filter end:+0d..+60d -tag:gold --managed-by me",
        "partnerctl customers filter --status suspended --exit-code --quiet",
    ),
)
@query_argument
@click.option(
    "--managed-by", metavar="WHO", multiple=True, help="me, partner, external, or an administrator's address."
)
@click.option("--product", metavar="P", multiple=True, help="A running product: meetings, calling, ...")
@click.option("--status", metavar="S", multiple=True, help="A status, such as expiring_soon.")
@click.option("--kind", multiple=True, type=click.Choice(("subscription", "trial")), help="One of it runs.")
@click.option("--tag", metavar="T", multiple=True, help="A tag of the customer.")
@click.option("--exit-code", is_flag=True, help="Exit 10 where something matches.")
@listing_options()
@click.pass_obj
def filter_(
    app: App, /, listing: ListingOptions, query: str | None, exit_code: bool, **options: tuple[str, ...]
) -> None:
    """List the customers that match QUERY and the options.

    Each option can be repeated: any value of one will do, different ones must all hold.
    """
    from partnerctl.services.customers import list_customers, managed_by

    names = {"product": "products", "status": "statuses", "kind": "kind", "tag": "tags"}
    chosen = [(field, f"--{name}", options[name]) for name, field in names.items()]
    asked = app.asked(listing, [*chosen, *managed_by(options["managed_by"], app.settings.me)])
    found = list_customers(app.store, replace(asked, also=(query,) if query else ()))
    if exit_code:
        app.exit_code = ExitCode.CHECK_FAILED if found.total else ExitCode.DONE
        found = replace(found, records=_noticed(app, found.records))
    _show(app, listing, found)


def _show(app: App, listing: ListingOptions, found: Answer[Customer]) -> None:
    app.show(found, listing, table_fields=LIST_COLUMNS, narrow_fields=NARROW_COLUMNS)


def _noticed(app: App, records: Iterable[R]) -> Iterator[R]:
    for record in records:
        app.exit_code = ExitCode.CHECK_FAILED
        yield record


@command.command(
    "search",
    examples=(
        "partnerctl customers search ana@acme.example",
        "partnerctl customers search @acme.example",
        "partnerctl customers search 'ana@*' --json",
        "partnerctl customers search acme",
        "partnerctl customers search ana@acme.example --remote",
    ),
)
@click.argument("email", metavar="EMAIL")
@click.option("--remote", is_flag=True, help="Ask Webex where this store does not know the address.")
@listing_options()
@click.pass_obj
def search(app: App, listing: ListingOptions, email: str, remote: bool) -> None:
    """Find the customers where an e-mail address is used.

    Among users, administrators, devices and phone numbers. A word without @ is looked for in the names.
    """
    from partnerctl.services.customer_search import search_customers

    if remote:
        from partnerctl.services.webex.search import search_remotely

        found = search_remotely(app.store, app.remote, app.asked(listing), email)
    else:
        found = search_customers(app.store, app.asked(listing), email)
    app.show(found, listing, table_fields=SEARCH_COLUMNS, narrow_fields=NARROW_SEARCH)


@command.command(
    "show",
    examples=(
        "partnerctl customers show 'Acme GmbH'",
        "partnerctl customers show 0f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e --json",
    ),
)
@customer_argument
@listing_options("limit", "sort", "where", "region")
@click.pass_obj
def show(app: App, listing: ListingOptions, customer: str) -> None:
    """Show one customer: its subscriptions, trials and administrators."""
    from partnerctl.services.customers import show_customer
    from partnerctl.services.finding import find_customer

    page = show_customer(app.store, app.asked(listing), find_customer(app.store, customer))
    app.show_one(page.customer, listing, sections=SECTIONS, data_as_of=page.data_as_of)


@command.command(
    "open",
    examples=("partnerctl customers open 'Acme GmbH'", "partnerctl customers open 'Acme GmbH' --print"),
)
@customer_argument
@click.option("--print", "only_print", is_flag=True, help="Print the address, open nothing.")
@click.pass_obj
def open_(app: App, customer: str, only_print: bool) -> None:
    """Open a customer's Control Hub in the browser."""
    from partnerctl.services.customers import control_hub_url
    from partnerctl.services.finding import find_customer

    url = control_hub_url(find_customer(app.store, customer))
    if only_print:
        click.echo(url)
        return
    import webbrowser

    if not webbrowser.open(url):
        raise MachineFault(f"no browser could be opened for {url}", "print the address alone with --print")
    app.note(f"opened {url}")


@command.command(
    "set",
    examples=(
        "partnerctl customers set 'Acme GmbH' --region EU --country DE",
        "partnerctl customers set 'Acme GmbH' --managed-by partner --dry-run",
        "partnerctl customers set --where 'region:unknown country:DE' --region EU",
        "partnerctl customers set 'Acme GmbH' --industry ''",
    ),
)
@click.argument("customer", metavar="[CUSTOMER]", required=False, shell_complete=complete_customer)
@click.option("--region", metavar="REGION", help="Region of its data: US, CA, EU or AE.")
@click.option("--country", metavar="CC", help="Country, two letters.")
@click.option("--managed-by", metavar="WHO", help="partner or external.")
@click.option("--industry", help="Type of industry.")
@click.option("--planned-users", metavar="N", help="Webex users planned.")
@bulk_options_without_region
@output_options
@click.pass_obj
def set_(app: App, /, customer: str | None, output: OutputOptions, bulk: BulkOptions, **given: Any) -> None:
    """Set fields of a customer, or of many, as of today; '' makes a field unknown."""
    from partnerctl.services import customer_changes as changes

    wanted = changes.Wanted(**given)
    values = changes.read_wanted(wanted)  # before a store is opened for writing
    if bulk.many:
        from partnerctl.options.changing import carry_out, customers_chosen

        bulk.refuse_named(customer, "CUSTOMER")
        carry_out(app, changes.FieldChange(values), customers_chosen(app, None, bulk), bulk, output)
    else:
        _set_one(app, bulk.named(customer, "CUSTOMER"), wanted, bulk, output)


def _set_one(app: App, customer: str, wanted: Wanted, bulk: BulkOptions, output: OutputOptions) -> None:
    from partnerctl.services import customer_changes as changes
    from partnerctl.services.finding import find_customer

    org_id = find_customer(app.store, customer)
    acting = app.acting(bulk.dry_run)
    store = app.store if bulk.dry_run else app.writable_store
    result = changes.set_customer(store, org_id, wanted, acting, app.asked(ListingOptions()))
    _show_changed(app, result.customer, output)
    if not result.fields:
        app.note("nothing to change: it is so already")
    elif bulk.dry_run:
        app.note(f"dry run: {', '.join(result.fields)} would change; nothing was changed")
    else:
        app.note(f"changed {', '.join(result.fields)}; take it back with: partnerctl undo {result.run_id}")


@command.command(
    "merge",
    examples=(
        "partnerctl customers merge 'Acme (trial)' 0f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e --dry-run",
        "partnerctl customers merge 'Acme (trial)' 'Acme GmbH' --yes",
    ),
)
@click.argument("local", metavar="LOCAL")
@click.argument("real", metavar="REAL")
@change_options
@output_options
@click.pass_obj
def merge(app: App, local: str, real: str, output: OutputOptions, change: ChangeOptions) -> None:
    """Join LOCAL, a customer made before its organization was known, to REAL.

    What belongs to LOCAL becomes REAL's; LOCAL is shown no more.
    """
    from partnerctl.services import customer_changes as changes

    asked = app.asked(ListingOptions())
    plan = changes.plan_merge(app.store, local, real, asked)
    pair = f"{plan.local.name} ({plan.local.org_id}) into {plan.real.name} ({plan.real.org_id})"
    if not change.dry_run:
        app.confirm(f"merge {pair}?", change.yes)
    acting = app.acting(change.dry_run)
    store = app.store if change.dry_run else app.writable_store
    _show_changed(app, changes.merge_customers(store, plan, acting, asked), output)
    app.note(f"dry run: would merge {pair}; nothing was changed" if change.dry_run else f"merged {pair}")


def _show_changed(app: App, customer: CustomerDetail, output: OutputOptions) -> None:
    app.show_one(customer, output, sections=SECTIONS)
