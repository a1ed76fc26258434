"""The nouns of the hub: customers, subscriptions, licenses, users, reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Unpack

from partnerctl.domain.records import (
    Customer,
    CustomerDetail,
    FoundCustomer,
    License,
    Order,
    ReportRun,
    Subscription,
    User,
)
from partnerctl.hub.asking import Narrow, Words, held, words
from partnerctl.hub.opened import Opened
from partnerctl.services.answers import Answer
from partnerctl.services.finding import find_customer, find_subscription


class Noun:
    """The services of one noun, over the hub's store."""

    def __init__(self, hub: Opened) -> None:
        self._hub = hub


class Customers(Noun):
    """Customers and their statuses (PH-C1 to PH-C13)."""

    def list(self, **narrow: Unpack[Narrow]) -> Answer[Customer]:
        """Return customers; raises UsageError for a bad query or sort."""
        from partnerctl.services.customers import list_customers

        return held(list_customers(self._hub.store, self._hub.asked(**narrow)))

    def filter(
        self,
        query: str | None = None,
        *,
        managed_by: Words = (),
        product: Words = (),
        status: Words = (),
        kind: Words = (),
        tag: Words = (),
        **narrow: Unpack[Narrow],
    ) -> Answer[Customer]:
        """Return the customers that match QUERY and the options; any value of one option will do."""
        from partnerctl.services.customers import list_customers
        from partnerctl.services.customers import managed_by as managers

        chosen = (("products", product), ("statuses", status), ("kind", kind), ("tags", tag))
        options = tuple((field, field, words(values)) for field, values in chosen)
        options += managers(words(managed_by), self._hub.settings.me)
        asked = replace(self._hub.asked(**narrow), also=(query,) if query else (), options=options)
        return held(list_customers(self._hub.store, asked))

    def search(self, text: str, **narrow: Unpack[Narrow]) -> Answer[FoundCustomer]:
        """Return the customers where an address is used, or whose name holds a word without ``@``."""
        from partnerctl.services.customer_search import search_customers

        return held(search_customers(self._hub.store, self._hub.asked(**narrow), text))

    def show(self, customer: str, *, as_of: date | None = None) -> CustomerDetail:
        """Return one customer, by its id or exact name; raises NotFound or Ambiguous."""
        from partnerctl.services.customers import show_customer

        store = self._hub.store
        return show_customer(store, self._hub.asked(as_of=as_of), find_customer(store, customer)).customer


class Subscriptions(Noun):
    """Subscriptions and trials (PH-S1 to PH-S4)."""

    def list(
        self,
        *,
        customer: str | None = None,
        status: Words = (),
        kind: Words = (),
        product: Words = (),
        auto_renew: bool | None = None,
        ending_within: int | None = None,
        expiring_within: int | None = None,
        renewing_within: int | None = None,
        **narrow: Unpack[Narrow],
    ) -> Answer[Subscription]:
        """Return subscriptions and trials; the ``within`` options are numbers of days."""
        from partnerctl.services.subscriptions import Within, list_subscriptions

        store = self._hub.store
        chosen = [("status", words(status)), ("kind", words(kind)), ("products", words(product))]
        if customer is not None:
            chosen.append(("org_id", (find_customer(store, customer),)))
        if auto_renew is not None:
            chosen.append(("auto_renew", ("true" if auto_renew else "false",)))
        options = tuple((field, field, values) for field, values in chosen)
        asked = replace(self._hub.asked(**narrow), options=options)
        within = Within(ending_within, expiring_within, renewing_within)
        return held(list_subscriptions(store, asked, within))

    def show(self, subscription_id: str, *, as_of: date | None = None) -> Subscription:
        """Return one subscription or trial; raises NotFound."""
        from partnerctl.services.subscriptions import show_subscription

        store = self._hub.store
        found = find_subscription(store, subscription_id)
        return show_subscription(store, self._hub.asked(as_of=as_of), found)

    def orders(self, subscription_id: str) -> Answer[Order]:
        """Return the order history of one subscription, oldest first; raises NotFound."""
        from partnerctl.services.subscriptions import list_orders

        store = self._hub.store
        found = find_subscription(store, subscription_id)
        return held(list_orders(store, found, me=self._hub.settings.me))


class Licenses(Noun):
    """License figures, one record per subscription and product (PH-S2)."""

    def list(self, **narrow: Unpack[Narrow]) -> Answer[License]:
        """Return license figures; raises UsageError for a bad query or sort."""
        from partnerctl.services.subscriptions import list_licenses

        return held(list_licenses(self._hub.store, self._hub.asked(**narrow)))


class Users(Noun):
    """People that the store knows (PH-O2)."""

    def list(self, *, customer: str | None = None, **narrow: Unpack[Narrow]) -> Answer[User]:
        """Return the people of the own organization, or of a customer."""
        from partnerctl.services.users import list_users

        store = self._hub.store
        org_id = None if customer is None else find_customer(store, customer)
        return held(list_users(store, self._hub.asked(**narrow), org_id))


class Reports(Noun):
    """Reports, written as files (PH-R1)."""

    def run(
        self,
        template: str,
        folder: str | Path = ".",
        *,
        file: str | None = None,
        overwrite: bool = False,
        format: str = "csv",  # noqa: A002 - the word of the command line
        language: str | None = None,
        excel: bool = False,
        skip_empty: bool = False,
        days: int | None = None,
        product: str | None = None,
        since: date | None = None,
        until: date | None = None,
        where: str | None = None,
        region: Words = (),
        as_of: date | None = None,
        max_age: timedelta | None = None,
    ) -> ReportRun:
        """Write a report into `folder`, or to `file`, and return its run; `path` is the file.

        `format` is ``csv``, ``xlsx``, ``html`` or ``jsonl``. Raises NotFound for the template, UsageError,
        Conflict where the file exists, StaleData, MachineFault.
        """
        from partnerctl.reports.writing import check_form
        from partnerctl.services.recording import Journal
        from partnerctl.services.report_orders import order_by
        from partnerctl.services.reports import run_report

        hub = self._hub
        order = order_by(
            hub.settings,
            hub.folders,
            template,
            hub.asked(where=where, region=region, as_of=as_of, max_age=max_age),
            since=since,
            until=until,
            days=days,
            product=product,
            format=check_form(format),
            language=language,
            excel=excel,
            skip_empty=skip_empty,
            folder=None if file is not None else Path(folder),
            file=file,
            overwrite=overwrite,
        )
        return run_report(hub.store, order, Journal(lambda: hub.writable_store, hub.actor, hub.clock)).run
