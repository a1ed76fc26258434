"""``subscriptions``: subscriptions and trials, their licenses and orders (PH-S1 to PH-S4)."""

from __future__ import annotations

import click

from partnerctl.app import App
from partnerctl.options import ListingOptions, complete_customer, from_store, listing_options, noun

command = noun(
    "subscriptions",
    "See subscriptions and trials: when they end, what is used.",
    "partnerctl subscriptions list --expiring-within 30",
    "partnerctl subscriptions list --customer 'Acme GmbH'",
    "partnerctl subscriptions show Sub1234567",
    "partnerctl subscriptions orders Sub1234567",
)

LIST_COLUMNS = (
    "subscription_id",
    "customer",
    "kind",
    "status",
    "end_date",
    "days_left",
    "auto_renew",
    "assigned",
    "total",
)
NARROW_COLUMNS = ("subscription_id", "customer", "status", "end_date", "days_left", "auto_renew")
LICENSE_COLUMNS = ("product", "total", "assigned", "used_7d", "used_3m", "used_ever", "available")
DAYS = click.IntRange(min=0, max=99_999)


@command.command(
    "list",
    examples=(
        "partnerctl subscriptions list",
        "partnerctl subscriptions list --expiring-within 30 --sort end_date",
        "partnerctl subscriptions list --renewing-within 90 --product calling --json",
        "partnerctl subscriptions list --customer 'Acme GmbH' --no-auto-renew",
    ),
)
@click.option("--customer", metavar="CUSTOMER", shell_complete=complete_customer, help="Of this customer.")
@click.option("--status", metavar="S", multiple=True, help="active, suspended, expired, ...")
@click.option("--kind", multiple=True, type=click.Choice(("subscription", "trial")), help="Only these.")
@click.option("--product", metavar="P", multiple=True, help="With licenses of it: meetings, calling, ...")
@click.option("--ending-within", "ending", type=DAYS, metavar="N", help="Ends within N days, or renews.")
@click.option("--expiring-within", "expiring", type=DAYS, metavar="N", help="Ends within N days for good.")
@click.option("--renewing-within", "renewing", type=DAYS, metavar="N", help="Renews by itself within N days.")
@click.option("--auto-renew/--no-auto-renew", "renews", default=None, help="Set to renew by itself, or not.")
@listing_options()
@click.pass_obj
def list_(
    app: App,
    /,
    listing: ListingOptions,
    customer: str | None,
    renews: bool | None,
    ending: int | None,
    expiring: int | None,
    renewing: int | None,
    **options: tuple[str, ...],
) -> None:
    """List subscriptions and trials."""
    from partnerctl.services.finding import find_customer
    from partnerctl.services.subscriptions import Within, list_subscriptions

    chosen = [(field, f"--{name}", options[name]) for name, field in _FIELDS.items()]
    if customer is not None:
        chosen.append(("org_id", "--customer", (find_customer(app.store, customer),)))
    if renews is not None:
        chosen.append(("auto_renew", "--auto-renew", ("true" if renews else "false",)))
    within = Within(ending, expiring, renewing)
    found = list_subscriptions(app.store, app.asked(listing, chosen), within)
    app.show(found, listing, table_fields=LIST_COLUMNS, narrow_fields=NARROW_COLUMNS)


_FIELDS = {"status": "status", "kind": "kind", "product": "products"}


@command.command(
    "show",
    examples=("partnerctl subscriptions show Sub1234567", "partnerctl subscriptions show Sub1234567 --json"),
)
@click.argument("subscription_id", metavar="ID", shell_complete=from_store("subscriptions"))
@listing_options("limit", "sort", "where", "region")
@click.pass_obj
def show(app: App, listing: ListingOptions, subscription_id: str) -> None:
    """Show one subscription or trial, with the licenses of each product."""
    from partnerctl.services.finding import find_subscription
    from partnerctl.services.subscriptions import show_subscription

    found = show_subscription(app.store, app.asked(listing), find_subscription(app.store, subscription_id))
    app.show_one(found, listing, sections={"licenses": LICENSE_COLUMNS})


@command.command(
    "orders",
    examples=(
        "partnerctl subscriptions orders Sub1234567",
        "partnerctl subscriptions orders Sub1234567 -o csv",
    ),
)
@click.argument("subscription_id", metavar="ID", shell_complete=from_store("subscriptions"))
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def orders(app: App, listing: ListingOptions, subscription_id: str) -> None:
    """List the orders of a subscription, the oldest first."""
    from partnerctl.services.finding import find_subscription
    from partnerctl.services.subscriptions import list_orders

    found = find_subscription(app.store, subscription_id)
    orders_of = list_orders(app.store, found, listing.sort, listing.limit, app.settings.me)
    app.show(orders_of, listing)
