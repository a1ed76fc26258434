"""What a query over subscriptions and license rows may name (``cli.md``, QUERY), and its SQL."""

from __future__ import annotations

from partnerctl.domain.products import FAMILIES, PRODUCTS
from partnerctl.domain.regions import REGIONS, parse_region
from partnerctl.domain.statuses import STATUSES, SUBSCRIPTION_STATUSES
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from partnerctl.stores.customer_fields import assigned_condition
from partnerctl.stores.dialect import days_between
from partnerctl.stores.sources import rows_of, tags_of

_NEVER = "'9999-12-31'"
# What does not run never ends, expires or renews. It is not unknown: no note should count it.


def shared_fields(as_of: bool) -> tuple[QueryField, ...]:
    """Return the fields of every list of what customers buy, over rows that go by the name ``s``."""
    text, number, day, words = FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.WORDS
    pct = "(CASE WHEN s.total > 0 THEN 100.0 * s.assigned / s.total END)"
    free = "(CASE WHEN s.assigned > s.total THEN 0 ELSE s.total - s.assigned END)"
    return (
        QueryField("subscription_id", text, "s.subscription_id", nullable=False),
        QueryField("customer", text, "s.name_folded", aliases=("name",), folded=True, order_sql="s.customer"),
        QueryField("org_id", text, "s.org_id", nullable=False),
        QueryField("kind", text, "s.kind", values=("subscription", "trial")),
        QueryField("subscription_type", text, "s.subscription_type"),
        QueryField("status", text, "s.status", values=SUBSCRIPTION_STATUSES, closed=False),
        QueryField("start_date", day, "s.start_date", aliases=("start",)),
        QueryField("first_seen", day, "s.first_seen"),
        QueryField("end_date", day, "s.end_date", aliases=("end", "next_end_date")),
        QueryField("auto_renew", FieldKind.BOOLEAN, "s.auto_renew"),
        QueryField("days_left", number, days_between("s.end_date", ":today")),
        QueryField("invoice", text, "s.invoice"),
        QueryField(
            "tags",
            words,
            f"EXISTS (SELECT 1 FROM {tags_of(as_of)} t WHERE t.org_id = s.org_id"
            " AND t.subscription_id IN ('', s.subscription_id) AND t.tag_folded {match})",
        ),
        QueryField("total", number, "s.total", aliases=("seats", "licenses_total")),
        QueryField("assigned", number, "s.assigned", aliases=("licenses_assigned",)),
        QueryField("used_7d", number, "s.used_7d"),
        QueryField("used_3m", number, "s.used_3m"),
        QueryField("used_ever", number, "s.used_ever"),
        QueryField("available", number, free),
        QueryField("assigned_pct", number, pct),
        *_customer_fields(),
        QueryField("ends_on", day, f"(CASE WHEN s.running THEN s.end_date ELSE {_NEVER} END)"),
        QueryField(
            "expires_on", day, f"(CASE WHEN s.running AND NOT s.renews THEN s.end_date ELSE {_NEVER} END)"
        ),
        QueryField("renews_on", day, f"(CASE WHEN s.running AND s.renews THEN s.end_date ELSE {_NEVER} END)"),
    )


def _customer_fields() -> tuple[QueryField, ...]:
    """Return the fields of the customer that a row belongs to."""
    text, day, words = FieldKind.TEXT, FieldKind.DATE, FieldKind.WORDS
    statuses = " OR ".join(
        f"((c.flags & {1 << i}) != 0 AND '{status}' {{match}})" for i, status in enumerate(STATUSES)
    )
    return (
        QueryField("region", text, "s.region", values=tuple(REGIONS), read=parse_region),
        QueryField("country", text, "s.country"),
        QueryField("managed_by", text, "s.managed_by", values=("partner", "external"), closed=False),
        QueryField("assigned_to", words, assigned_condition("s.org_id")),
        QueryField("created_date", day, "s.created_date"),
        QueryField("last_admin_login", day, "s.last_admin_login"),
        QueryField(
            "statuses",
            words,
            f"EXISTS (SELECT 1 FROM customer_rows c WHERE c.org_id = s.org_id AND ({statuses}))",
            values=tuple(STATUSES),
        ),
    )


def subscription_fields(as_of: bool) -> FieldTable:
    """Return the fields of a query over ``subscription_rows s``."""
    product = (
        f"EXISTS (SELECT 1 FROM {rows_of('licenses', as_of)} l WHERE l.subscription_id = s.subscription_id"
        " AND l.ended = 0 AND l.total > 0 AND l.product {match})"
    )
    wants = (
        "(CASE WHEN s.total > 0 AND s.assigned IS NOT NULL"
        " THEN (CASE WHEN s.assigned * 100 >= 95 * s.total THEN 1 ELSE 0 END) END)"
    )
    more = (
        QueryField(
            "products",
            FieldKind.WORDS,
            product,
            values=tuple(PRODUCTS),
            closed=False,
            groups={"calling": FAMILIES["calling"]},
        ),
        QueryField("wants_more", FieldKind.BOOLEAN, wants),
    )
    return FieldTable((*shared_fields(as_of), *more), "customer")


def license_fields(as_of: bool) -> FieldTable:
    """Return the fields of a query over ``license_rows s``."""
    product = QueryField(
        "product",
        FieldKind.TEXT,
        "s.product",
        values=tuple(PRODUCTS),
        closed=False,
        groups={"calling": FAMILIES["calling"]},
        nullable=False,
    )
    return FieldTable(
        (*shared_fields(as_of), product, QueryField("as_of", FieldKind.DATE, "s.as_of", nullable=False)),
        "customer",
    )
