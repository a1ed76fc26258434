"""What a query over changes may name (``cli.md``, QUERY), and its SQL."""

from __future__ import annotations

from partnerctl.domain.change_kinds import CHANGE_KINDS
from partnerctl.domain.products import FAMILIES, PRODUCTS
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from partnerctl.stores.subscription_fields import shared_fields

_SHARED = frozenset(("customer", "org_id", "region", "country", "managed_by", "tags", "statuses"))


def change_fields() -> FieldTable:
    """Return the fields of a query over ``change_rows s``; customers and tags are those of today."""
    text = FieldKind.TEXT
    own = (
        QueryField("seq", FieldKind.NUMBER, "s.seq", nullable=False),
        QueryField("day", FieldKind.DATE, "s.day", nullable=False),
        QueryField("learned_at", FieldKind.DATE, "SUBSTR(s.learned_at, 1, 10)", nullable=False),
        QueryField("subscription_id", text, "s.subscription_id"),
        QueryField("kind", text, "s.kind", values=tuple(CHANGE_KINDS), nullable=False),
        QueryField("field", text, "s.field", nullable=False),
        QueryField(
            "product",
            text,
            "s.product",
            values=tuple(PRODUCTS),
            closed=False,
            groups={"calling": FAMILIES["calling"]},
        ),
    )
    return FieldTable((*own, *(f for f in shared_fields(False) if f.name in _SHARED)), "customer")
