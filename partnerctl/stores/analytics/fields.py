"""What a query over the units of license analytics may name (``cli.md``, QUERY); figures are the unit's."""

from __future__ import annotations

from partnerctl.domain.products import FAMILIES
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from partnerctl.stores.subscription_fields import shared_fields


def unit_fields(as_of: bool) -> FieldTable:
    """Return the fields of a query over ``unit_rows s``."""
    product = QueryField("product", FieldKind.TEXT, "s.product", values=tuple(FAMILIES), nullable=False)
    return FieldTable((*shared_fields(as_of), product), "customer")
