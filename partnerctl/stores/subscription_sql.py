"""The SQL of subscriptions and license rows (PH-S1, PH-S2)."""

from __future__ import annotations

from partnerctl.stores.customer_sql import RENEWS, RUNNING
from partnerctl.stores.dialect import LICENSE_ROWS
from partnerctl.stores.sources import rows_of, tags_of

_COLUMNS = (
    "s.subscription_id, c.name AS customer, c.name_folded, s.org_id,"
    " COALESCE(s.kind, 'subscription') AS kind, s.subscription_type, s.status,"
    " s.start_date, s.first_seen, s.end_date, s.auto_renew, s.invoice, s.total, s.assigned, s.used_7d,"
    " s.used_3m, s.used_ever, c.region, c.country, c.managed_by, c.created_date, c.last_admin_login"
)


def subscription_rows(as_of: bool) -> str:
    """Return the common table expression ``subscription_rows``; merged customers' rows have moved on."""
    return f"""
    subscription_rows AS (
        SELECT {_COLUMNS}, {RUNNING} AS running, COALESCE({RENEWS}, 0) AS renews
        FROM {rows_of("subscriptions", as_of)} s
        JOIN {rows_of("customers", as_of)} c ON c.org_id = s.org_id
    )"""


def subscription_select(as_of: bool) -> str:
    """Return the columns of a subscription's record, selected from ``subscription_rows s``."""
    tags = (
        f"(SELECT GROUP_CONCAT(o.tag) FROM (SELECT t.tag FROM {tags_of(as_of)} t WHERE t.org_id = s.org_id"
        " AND t.subscription_id = s.subscription_id ORDER BY t.tag) o)"
    )
    return (
        "s.subscription_id, s.customer, s.org_id, s.kind, s.subscription_type, s.status, s.start_date,"
        f" s.first_seen, s.end_date, s.auto_renew, s.invoice, {tags}, s.total, s.assigned, s.used_7d,"
        f" s.used_3m, s.used_ever, {LICENSE_ROWS.format(licenses=rows_of('licenses', as_of))}"
    )


def license_rows(as_of: bool) -> str:
    """Return the common table expression ``license_rows``: one row per subscription and product."""
    return f"""
    license_rows AS (
        SELECT {_COLUMNS.replace("s.total, s.assigned, s.used_7d, s.used_3m, s.used_ever", _MEASURES)},
            l.product, l.last_seen AS as_of, {RUNNING} AS running, COALESCE({RENEWS}, 0) AS renews
        FROM {rows_of("licenses", as_of)} l
        JOIN {rows_of("subscriptions", as_of)} s ON s.subscription_id = l.subscription_id
        JOIN {rows_of("customers", as_of)} c ON c.org_id = s.org_id
        WHERE l.ended = 0
    )"""


_MEASURES = "l.total, l.assigned, l.used_7d, l.used_3m, l.used_ever"
LICENSE_SELECT = (
    "s.subscription_id, s.customer, s.org_id, s.kind, s.status, s.product, s.total, s.assigned, s.used_7d,"
    " s.used_3m, s.used_ever, s.as_of"
)
"""The columns of a license row's record, selected from ``license_rows s``."""
