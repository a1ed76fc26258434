"""The lists of the store: customers, subscriptions, licenses, users (``contract``).

What one list alone needs is loaded with that list: starting fast matters more than reading in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerctl.stores import rows
from partnerctl.stores.asking import Listing, ask
from partnerctl.stores.customer_sql import customer_rows
from partnerctl.stores.sources import assignments_of, rows_of
from partnerctl.stores.terms import Found, Profile, Question

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from partnerctl.domain.records import Customer, CustomerAdmin, License, Order, Subscription, User
    from partnerctl.queries.fields import FieldTable


class Lists:
    """Reads the lists over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fields(self, noun: str, as_of: bool) -> FieldTable:
        """Return what a query over the list may name."""
        from partnerctl.stores.customer_fields import customer_fields
        from partnerctl.stores.people import user_fields
        from partnerctl.stores.subscription_fields import license_fields, subscription_fields

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
            customer_rows(dated, one=question.customer is not None),
            "customer_rows c",
            rows.CUSTOMER_SELECT,
            "c.name NULLS LAST, c.org_id",
            ("c.name NULLS LAST", "c.org_id"),
        )
        return ask(self._connection, listing, question, rows.customer)

    def subscriptions(self, question: Question) -> Found[Subscription]:
        """Return subscriptions and trials."""
        from partnerctl.stores import purchases

        return purchases.subscriptions(self._connection, question)

    def licenses(self, question: Question) -> Found[License]:
        """Return license rows."""
        from partnerctl.stores import purchases

        return purchases.licenses(self._connection, question)

    def users(self, question: Question) -> Found[User]:
        """Return people."""
        from partnerctl.stores import people

        return people.users(self._connection, question)

    def orders(self, subscription_id: str) -> tuple[Order, ...]:
        """Return the order history of one subscription."""
        from partnerctl.stores import purchases

        return purchases.orders(self._connection, subscription_id)

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
        from partnerctl.domain.records import CustomerAdmin

        found = self._connection.execute(
            "SELECT s.email, a.name, a.role, s.org_id, c.name"
            f" FROM {assignments_of(as_of is not None)} s"
            " LEFT JOIN admins a ON a.email = s.email LEFT JOIN customers c ON c.org_id = s.org_id"
            " WHERE s.org_id = :org_id ORDER BY s.email",
            {"org_id": org_id, "as_of": as_of.isoformat() if as_of else None},
        )
        return tuple(CustomerAdmin(*row) for row in found)
