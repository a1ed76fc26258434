"""The lists of the store: customers, subscriptions, licenses, users (``contract``)."""

from __future__ import annotations

import sqlite3
from datetime import date

from partnerctl.domain.records import Customer, CustomerAdmin, License, Order, Subscription, User
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from partnerctl.stores import rows
from partnerctl.stores.asking import Listing, ask
from partnerctl.stores.contract import Found, Profile, Question
from partnerctl.stores.customer_fields import customer_fields
from partnerctl.stores.customer_sql import customer_rows
from partnerctl.stores.sources import assignments_of, rows_of
from partnerctl.stores.subscription_sql import (
    LICENSE_SELECT,
    license_fields,
    license_rows,
    subscription_fields,
    subscription_rows,
    subscription_select,
)

_USER_ROWS = """
    user_rows AS (
        SELECT u.email, u.name, u.org_id, c.name AS customer, a.role, c.region, c.name_folded
        FROM users u LEFT JOIN customers c ON c.org_id = u.org_id LEFT JOIN admins a ON a.email = u.email
    )"""


def user_fields() -> FieldTable:
    """Return the fields of a query over users."""
    text = FieldKind.TEXT
    return FieldTable(
        (
            QueryField("email", text, "u.email", nullable=False),
            QueryField("name", text, "u.name"),
            QueryField("org_id", text, "u.org_id"),
            QueryField("customer", text, "u.name_folded", folded=True, order_sql="u.customer"),
            QueryField("role", text, "u.role"),
            QueryField("region", text, "u.region"),
        ),
        "customer",
    )


class Lists:
    """Reads the lists over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fields(self, noun: str, as_of: bool) -> FieldTable:
        """Return what a query over the list may name."""
        if noun == "users":
            return user_fields()
        tables = {
            "customers": customer_fields,
            "subscriptions": subscription_fields,
            "licenses": license_fields,
        }
        return tables[noun](as_of)

    def customers(self, question: Question) -> Found[Customer]:
        """Return customers."""
        dated = question.as_of is not None
        listing = Listing(
            customer_rows(dated),
            "customer_rows c",
            rows.CUSTOMER_SELECT,
            "c.name IS NULL, c.name, c.org_id",
            ("c.name IS NULL", "c.name", "c.org_id"),
        )
        return ask(self._connection, listing, question, rows.customer)

    def subscriptions(self, question: Question) -> Found[Subscription]:
        """Return subscriptions and trials."""
        dated = question.as_of is not None
        order = "s.customer IS NULL, s.customer, s.org_id, s.subscription_id"
        listing = Listing(
            subscription_rows(dated) + _customers_if_asked(question),
            "subscription_rows s",
            subscription_select(dated),
            order,
            ("s.customer IS NULL", "s.customer", "s.subscription_id"),
        )
        return ask(self._connection, listing, question, rows.subscription_on(question.today))

    def licenses(self, question: Question) -> Found[License]:
        """Return license rows."""
        dated = question.as_of is not None
        ties = ("s.customer IS NULL", "s.customer", "s.subscription_id", "s.product")
        listing = Listing(
            license_rows(dated) + _customers_if_asked(question),
            "license_rows s",
            LICENSE_SELECT,
            ", ".join(ties),
            ties,
        )
        return ask(self._connection, listing, question, rows.license_row)

    def users(self, question: Question) -> Found[User]:
        """Return people."""
        listing = Listing(
            _USER_ROWS,
            "user_rows u",
            "u.email, u.name, u.org_id, u.customer, u.role",
            "u.name IS NULL, u.name, u.email",
            ("u.email",),
        )
        return ask(self._connection, listing, question, rows.user)

    def orders(self, subscription_id: str) -> tuple[Order, ...]:
        """Return the order history of one subscription."""
        found = self._connection.execute(
            "SELECT order_id, subscription_id, ordered_date, product, quantity, status, invoice FROM orders"
            " WHERE subscription_id = :id ORDER BY ordered_date, order_id",
            {"id": subscription_id},
        )
        return tuple(map(rows.order, found))

    def profile(self, org_id: str, as_of: date | None) -> Profile | None:
        """Return the further fields of one customer."""
        row = self._connection.execute(
            "SELECT c.industry, c.planned_users, c.total_users, c.verified_users, c.external_id"
            f" FROM {rows_of('customers', as_of is not None)} c WHERE c.org_id = :org_id",
            {"org_id": org_id, "as_of": as_of.isoformat() if as_of else None},
        ).fetchone()
        return None if row is None else Profile(*row)

    def customer_admins(self, org_id: str, as_of: date | None) -> tuple[CustomerAdmin, ...]:
        """Return the administrators who are assigned to one customer."""
        found = self._connection.execute(
            "SELECT s.email, a.name, a.role, s.org_id, c.name"
            f" FROM {assignments_of(as_of is not None)} s"
            " LEFT JOIN admins a ON a.email = s.email LEFT JOIN customers c ON c.org_id = s.org_id"
            " WHERE s.org_id = :org_id ORDER BY s.email",
            {"org_id": org_id, "as_of": as_of.isoformat() if as_of else None},
        )
        return tuple(CustomerAdmin(*row) for row in found)


def _customers_if_asked(question: Question) -> str:
    """Return the rows of customers where the condition asks for a customer's statuses."""
    if "customer_rows" not in question.where.sql:
        return ""
    return f", {customer_rows(question.as_of is not None)}"
