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
    from collections.abc import Iterable, Sequence
    from datetime import date

    from partnerctl.domain.records import Change, Customer, CustomerAdmin, License, Order, Subscription, User
    from partnerctl.domain.units import Brief, LicenseUnit, Scope, WeeklyChange
    from partnerctl.queries.fields import FieldTable
    from partnerctl.stores.analytics.trend import Trend
    from partnerctl.stores.analytics.urgent import Pressing, UnitState
    from partnerctl.stores.terms import ChangeSpan


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
        if noun == "units":
            from partnerctl.stores.analytics.fields import unit_fields

            return unit_fields(as_of)
        if noun == "changes":
            from partnerctl.stores.feed.fields import change_fields

            return change_fields()
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

    def units(self, question: Question, scope: Scope) -> Found[LicenseUnit]:
        """Return the units of license analytics."""
        from partnerctl.stores.analytics import units

        return units.units(self._connection, question, scope)

    def weekly_changes(
        self, subscriptions: Iterable[str], today: date, as_of: date | None
    ) -> dict[tuple[str, str], WeeklyChange]:
        """Return how the figures of units changed within a week."""
        from partnerctl.stores.analytics import weeks

        return weeks.weekly_changes(self._connection, subscriptions, today, as_of)

    def trend(
        self, question: Question, families: Sequence[str], days: Sequence[date], old_after: int
    ) -> Trend:
        """Return the license figures of many days."""
        from partnerctl.stores.analytics import trend

        return trend.trend(self._connection, question, families, days, old_after)

    def briefs(self, question: Question, families: Sequence[str], horizon: date) -> Found[Brief]:
        """Return what the overview asks of every unit."""
        from partnerctl.stores.analytics import units

        return units.briefs(self._connection, question, families, horizon)

    def pressing(self, question: Question) -> list[Pressing]:
        """Return the subscriptions that need somebody."""
        from partnerctl.stores.analytics import urgent

        return urgent.pressing(self._connection, question)

    def unit_histories(
        self, subscriptions: Iterable[str], today: date
    ) -> dict[tuple[str, str], list[UnitState]]:
        """Return what units had, oldest first."""
        from partnerctl.stores.analytics import urgent

        return urgent.unit_histories(self._connection, subscriptions, today)

    def first_day(self) -> date | None:
        """Return the first day on which any subscription was observed."""
        row = self._connection.execute("SELECT MIN(first_seen) FROM subscriptions").fetchone()
        return rows.day(row[0])

    def changes(self, question: Question, span: ChangeSpan) -> Found[Change]:
        """Return changes."""
        from partnerctl.stores.feed import reading

        return reading.changes(self._connection, question, span)

    def change_counts(self, question: Question, span: ChangeSpan) -> dict[str, int]:
        """Return how many changes there are of each kind."""
        from partnerctl.stores.feed import reading

        return reading.change_counts(self._connection, question, span)

    def last_change(self, question: Question, span: ChangeSpan) -> int:
        """Return the number of the last change within the question's limit."""
        from partnerctl.stores.feed import reading

        return reading.last_change(self._connection, question, span)

    def newest_change(self) -> int:
        """Return a number beyond which no change was learned yet."""
        from partnerctl.stores.feed import reading

        return reading.newest_change(self._connection)

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
