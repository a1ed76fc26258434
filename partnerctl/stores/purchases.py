"""The lists of what customers buy: subscriptions, license rows, orders (PH-S1 to PH-S3)."""

from __future__ import annotations

import sqlite3

from partnerctl.domain.records import License, Order, Subscription
from partnerctl.stores.asking import Listing, ask
from partnerctl.stores.customer_sql import customer_rows
from partnerctl.stores.subscription_records import license_row, order, subscription_on
from partnerctl.stores.subscription_sql import (
    LICENSE_SELECT,
    license_rows,
    subscription_rows,
    subscription_select,
)
from partnerctl.stores.terms import Found, Question


def subscriptions(connection: sqlite3.Connection, question: Question) -> Found[Subscription]:
    """Return subscriptions and trials."""
    dated = question.as_of is not None
    order = "s.customer IS NULL, s.customer, s.org_id, s.subscription_id"
    listing = Listing(
        subscription_rows(dated) + customers_if_asked(question),
        "subscription_rows s",
        subscription_select(dated),
        order,
        ("s.customer IS NULL", "s.customer", "s.subscription_id"),
    )
    return ask(connection, listing, question, subscription_on(question.today))


def licenses(connection: sqlite3.Connection, question: Question) -> Found[License]:
    """Return license rows."""
    dated = question.as_of is not None
    ties = ("s.customer IS NULL", "s.customer", "s.subscription_id", "s.product")
    listing = Listing(
        license_rows(dated) + customers_if_asked(question),
        "license_rows s",
        LICENSE_SELECT,
        ", ".join(ties),
        ties,
    )
    return ask(connection, listing, question, license_row)


def orders(connection: sqlite3.Connection, subscription_id: str) -> tuple[Order, ...]:
    """Return the order history of one subscription."""
    found = connection.execute(
        "SELECT order_id, subscription_id, ordered_date, product, quantity, status, invoice FROM orders"
        " WHERE subscription_id = :id ORDER BY ordered_date, order_id",
        {"id": subscription_id},
    )
    return tuple(map(order, found))


def customers_if_asked(question: Question) -> str:
    """Return the rows of customers where the condition asks for a customer's statuses."""
    if "customer_rows" not in question.where.sql:
        return ""
    return f", {customer_rows(question.as_of is not None)}"
