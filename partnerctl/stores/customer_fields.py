"""What a query over customers may name (``cli.md``, QUERY): the keys of ``customers list`` and their SQL."""

from __future__ import annotations

from partnerctl.domain.products import FAMILIES, PRODUCTS
from partnerctl.domain.regions import REGIONS, parse_region
from partnerctl.domain.statuses import STATUSES
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from partnerctl.stores.customer_sql import RUNNING
from partnerctl.stores.sources import assignments_of, rows_of, tags_of

_ANY_STATUS = " OR ".join(
    f"((c.flags & {1 << position}) != 0 AND '{status}' {{match}})" for position, status in enumerate(STATUSES)
)
_ANY_KIND = "((c.subscriptions > 0 AND 'subscription' {match}) OR (c.trials > 0 AND 'trial' {match}))"


def products_condition(as_of: bool, org_id: str) -> str:
    """Return the WORDS condition of the products that run with a total above 0."""
    return (
        f"EXISTS (SELECT 1 FROM {rows_of('subscriptions', as_of)} s"
        f" JOIN {rows_of('licenses', as_of)} l ON l.subscription_id = s.subscription_id"
        f" WHERE s.org_id = {org_id} AND {RUNNING} AND l.ended = 0 AND l.total > 0 AND l.product {{match}})"
    )


def managers_condition(as_of: bool) -> str:
    """Return the WORDS condition of who manages a customer: its field, or an administrator's address."""
    return (
        "(COALESCE(c.managed_by, '') {match} OR EXISTS"
        f" (SELECT 1 FROM {assignments_of(as_of)} a WHERE a.org_id = c.org_id AND a.email {{match}}))"
    )


def assigned_condition(org_id: str) -> str:
    """Return the WORDS condition of the administrators to whom a customer is assigned now."""
    return f"EXISTS (SELECT 1 FROM assignments a WHERE a.org_id = {org_id} AND a.email {{match}})"


def customer_fields(as_of: bool) -> FieldTable:
    """Return the fields of a query over the rows ``c`` of ``customer_rows``."""
    text, number, day, words = FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.WORDS
    return FieldTable(
        (
            QueryField("org_id", text, "c.org_id", nullable=False),
            QueryField("name", text, "c.name_folded", aliases=("customer",), folded=True, order_sql="c.name"),
            QueryField("region", text, "c.region", values=tuple(REGIONS), read=parse_region),
            QueryField("country", text, "c.country"),
            QueryField("managed_by", text, "c.managed_by", values=("partner", "external"), closed=False),
            QueryField(
                "managers", words, managers_condition(as_of), values=("partner", "external"), closed=False
            ),
            QueryField("assigned_to", words, assigned_condition("c.org_id")),
            QueryField("statuses", words, f"({_ANY_STATUS})", values=tuple(STATUSES)),
            QueryField(
                "products",
                words,
                products_condition(as_of, "c.org_id"),
                values=tuple(PRODUCTS),
                closed=False,
                groups={"calling": FAMILIES["calling"]},
            ),
            QueryField(
                "tags",
                words,
                f"EXISTS (SELECT 1 FROM {tags_of(as_of)} t WHERE t.org_id = c.org_id"
                " AND t.subscription_id = '' AND t.tag_folded {match})",
            ),
            QueryField("kind", words, _ANY_KIND, values=("subscription", "trial")),
            QueryField("subscriptions", number, "c.subscriptions", nullable=False),
            QueryField("trials", number, "c.trials", nullable=False),
            QueryField("licenses_total", number, "c.licenses_total", aliases=("seats",)),
            QueryField("licenses_assigned", number, "c.licenses_assigned"),
            QueryField("next_end_date", day, "c.next_end_date", aliases=("end",)),
            QueryField("created_date", day, "c.created_date"),
            QueryField("last_admin_login", day, "c.last_admin_login"),
            QueryField("data_as_of", day, "c.data_as_of"),
        ),
        "name",
    )
