"""The list of people that the store knows (PH-O2), and what a query over it may name."""

from __future__ import annotations

import sqlite3

from partnerctl.domain.records import User
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from partnerctl.stores.asking import Listing, ask
from partnerctl.stores.customer_fields import assigned_condition
from partnerctl.stores.terms import Found, Question

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
            QueryField("assigned_to", FieldKind.WORDS, assigned_condition("u.org_id")),
            QueryField("region", text, "u.region"),
        ),
        "customer",
    )


def users(connection: sqlite3.Connection, question: Question) -> Found[User]:
    """Return people."""
    listing = Listing(
        _USER_ROWS,
        "user_rows u",
        "u.email, u.name, u.org_id, u.customer, u.role",
        "u.name IS NULL, u.name, u.email",
        ("u.email",),
    )
    return ask(connection, listing, question, lambda row: User(*row))
