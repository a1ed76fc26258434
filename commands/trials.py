"""``trials``: trials of customers, recorded here (PH-T3, PH-T4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from partnerctl.app import App
from partnerctl.options import (
    BulkOptions,
    ListingOptions,
    OutputOptions,
    bulk_options,
    complete_customer,
    from_store,
    listing_options,
    noun,
    output_options,
)
from partnerctl.options.changing import carry_out, customers_chosen, trials_chosen

command = noun(
    "trials",
    "Start, see, extend and end trials, as records of this store.",
    "partnerctl trials list",
    "partnerctl trials start 'Acme GmbH' --product meetings=25 --days 30",
    "partnerctl trials extend TRIAL-ABCDEFGHJK --days 14",
    "partnerctl trials link TRIAL-ABCDEFGHJK Sub1234567",
)

COLUMNS = (
    "subscription_id",
    "customer",
    "status",
    "start_date",
    "end_date",
    "days_left",
    "assigned",
    "total",
)
NARROW_COLUMNS = ("subscription_id", "customer", "status", "end_date", "days_left")
LICENSE_COLUMNS = ("product", "total", "assigned", "used_7d", "used_3m", "used_ever", "available")
TRIAL = from_store("subscriptions")
_RECORD = click.option(
    "--record",
    is_flag=True,
    help="Where the profile has a remote side: keep a record in this store all the same.",
)


@command.command(
    "list", examples=("partnerctl trials list", "partnerctl trials list --where 'days_left:0..14' --json")
)
@click.option("--customer", metavar="CUSTOMER", shell_complete=complete_customer, help="Of this customer.")
@listing_options()
@click.pass_obj
def list_(app: App, listing: ListingOptions, customer: str | None) -> None:
    """List trials, those of Webex and those recorded here."""
    from partnerctl.services.finding import find_customer
    from partnerctl.services.subscriptions import list_subscriptions

    chosen = [("kind", "trials", ("trial",))]
    if customer is not None:
        chosen.append(("org_id", "--customer", (find_customer(app.store, customer),)))
    found = list_subscriptions(app.store, app.asked(listing, chosen))
    app.show(found, listing, table_fields=COLUMNS, narrow_fields=NARROW_COLUMNS)


@command.command("show", examples=("partnerctl trials show TRIAL-ABCDEFGHJK --json",))
@click.argument("trial", metavar="ID", shell_complete=TRIAL)
@listing_options("limit", "sort", "where", "region", "as_of")
@click.pass_obj
def show(app: App, listing: ListingOptions, trial: str) -> None:
    """Show one trial, with the licenses of each product."""
    from partnerctl.services.finding import find_subscription
    from partnerctl.services.trials import RECORDED_HERE, find_trial, is_local

    trial_id = find_subscription(app.store, trial)
    found = find_trial(app.store, trial_id, app.today, app.settings.me)
    app.show_one(found, listing, sections={"licenses": LICENSE_COLUMNS})
    if is_local(found.subscription_id):
        app.note(RECORDED_HERE)


@command.command(
    "start",
    examples=(
        "partnerctl trials start 'Acme GmbH' --product meetings=25 --product calling_professional=10",
        "partnerctl trials start 'New Ltd' --new --country BR --product meetings=50 --email ana@new.example",
        "partnerctl trials start --where 'tag:pilot' --product contact_center=5 --days 60 --dry-run",
    ),
)
@click.argument("customer", metavar="[CUSTOMER]", required=False, shell_complete=complete_customer)
@click.option(
    "--product", multiple=True, required=True, metavar="P=SEATS", help="Product and seats; repeatable."
)
@click.option("--days", type=click.IntRange(1, 180), default=30, metavar="N", help="Days; default: 30.")
@click.option("--email", metavar="ADMIN", help="Address of the customer's own administrator.")
@click.option("--country", metavar="CC", help="Country of a new customer, two letters.")
@click.option("--new", is_flag=True, help="The customer does not exist yet.")
@_RECORD
@bulk_options
@output_options
@click.pass_obj
def start(
    app: App,
    /,
    customer: str | None,
    product: tuple[str, ...],
    days: int,
    email: str | None,
    country: str | None,
    new: bool,
    record: bool,
    output: OutputOptions,
    bulk: BulkOptions,
) -> None:
    """Record a trial of one or more products for a customer, or for many."""
    from partnerctl.services import trials

    change = trials.start_trial(product, days, email)
    if new:
        change, subjects = trials.for_new_customer(app.store, change, customer, country, bulk.many)
    else:
        trials.check_existing(customer, country, bulk.many)
        subjects = customers_chosen(app, customer, bulk)
    done = carry_out(app, change, subjects, bulk, output, record)
    _finish(app, [step.object for step in done.changed], bulk, output)


def _verb(name: str, make: Callable[..., Any], summary: str, *examples: str, days: bool = False) -> None:
    """Define one verb that changes local trials."""

    def run(
        app: App,
        trial: str | None,
        record: bool,
        output: OutputOptions,
        bulk: BulkOptions,
        **given: Any,
    ) -> None:
        change = make(**given)
        if bulk.many:
            bulk.refuse_named(trial, "ID")
        subjects = trials_chosen(app, None if bulk.many else bulk.named(trial, "ID"), bulk)
        done = carry_out(app, change, subjects, bulk, output, record)
        _finish(app, [step.object for step in done.steps], bulk, output)

    decorated: Callable[..., Any] = click.pass_obj(run)
    decorators = [output_options, bulk_options, _RECORD, *([_DAYS] if days else []), _TRIAL]
    for decorate in decorators:
        decorated = decorate(decorated)
    command.command(name, examples=examples, help=summary)(decorated)


_TRIAL = click.argument("trial", metavar="[ID]", required=False, shell_complete=TRIAL)
_DAYS = click.option("--days", type=click.IntRange(1, 180), required=True, metavar="N", help="Days more.")


def _extend(days: int) -> Any:
    from partnerctl.services.trials import ExtendTrial

    return ExtendTrial(days)


def _end() -> Any:
    from partnerctl.services.trials import EndTrial

    return EndTrial()


_verb(
    "extend",
    _extend,
    "Move the end of a local trial, or of many.",
    "partnerctl trials extend TRIAL-ABCDEFGHJK --days 14",
    days=True,
)
_verb("end", _end, "End a local trial today, or many.", "partnerctl trials end TRIAL-ABCDEFGHJK")


@command.command("link", examples=("partnerctl trials link TRIAL-ABCDEFGHJK Sub1234567",))
@click.argument("trial", metavar="ID", shell_complete=TRIAL)
@click.argument("subscription", metavar="SUBSCRIPTION", shell_complete=TRIAL)
@bulk_options
@output_options
@click.pass_obj
def link(app: App, trial: str, subscription: str, output: OutputOptions, bulk: BulkOptions) -> None:
    """Join a local trial to the subscription that it has become; that one counts from now on."""
    from partnerctl.services.finding import find_subscription
    from partnerctl.services.trials import LinkTrial

    if bulk.many:
        bulk.refuse_named(trial, "ID")
    change = LinkTrial(find_subscription(app.store, subscription))
    subjects = trials_chosen(app, trial, bulk)
    done = carry_out(app, change, subjects, bulk, output)
    _finish(app, [step.object for step in done.steps], bulk, output)


def _finish(app: App, ids: list[str], bulk: BulkOptions, output: OutputOptions) -> None:
    """Print the one trial as it is now, and say that nobody but this store knows of it."""
    from partnerctl.services.trials import RECORDED_HERE, find_trial

    if len(ids) == 1 and not bulk.many and not bulk.dry_run:
        trial = find_trial(app.writable_store, ids[0], app.today)
        app.show_one(trial, output, sections={"licenses": LICENSE_COLUMNS})
    app.note(RECORDED_HERE)
