"""The SQL of customers: one row each, with what runs on ``:today`` and the statuses (``kpis.md``).

A common table expression ``customer_rows`` that lists, filters, counts and reports all read from.
"""

from __future__ import annotations

from partnerctl.domain.statuses import STATUSES
from partnerctl.stores.sources import rows_of, tags_of

RUNNING = (
    "(s.status = 'active' AND (s.start_date IS NULL OR s.start_date <= :today)"
    " AND (s.end_date IS NULL OR s.end_date >= :today))"
)
"""A subscription ``s`` runs on ``:today`` (``kpis.md``, running); unknown status is not running."""

RENEWS = "(s.kind = 'subscription' AND s.auto_renew = 1)"
"""A subscription ``s`` renews by itself; a trial never does, unknown does not (``kpis.md``, kind)."""

_EXPIRING = f"({RUNNING} AND NOT COALESCE({RENEWS}, 0) AND s.end_date <= :soon)"

_CONDITIONS = {
    "suspended": "MAX(s.status = 'suspended')",
    "expiring_soon": f"MAX({_EXPIRING})",
    "license_overage": f"MAX({RUNNING} AND s.over_limit)",
    "ready_for_order_setup": "MAX(s.status = 'pending_setup' AND s.kind = 'subscription')",
    "trial": f"MAX({RUNNING} AND s.kind = 'trial')",
    "subscription": f"MAX({RUNNING} AND s.kind = 'subscription')",
    "no_recent_activity": "c.last_admin_login < :inactive",
    "expired": "NOT COALESCE(MAX("
    f"{RUNNING} OR COALESCE(s.status IN ('suspended'), s.org_id IS NOT NULL)"
    " OR (s.status = 'pending_setup' AND s.kind = 'subscription')), 0)"
    " AND EXISTS (SELECT 1 FROM known_subscriptions)",
}
_FLAGS = " | ".join(
    f"(COALESCE({_CONDITIONS[status]}, 0) << {position})" for position, status in enumerate(STATUSES)
)


def _sum(measure: str) -> str:
    """Return the sum of a measure over what runs: 0 where nothing does, NULL where a term is unknown."""
    return (
        f"CASE WHEN COUNT(CASE WHEN {RUNNING} THEN 1 END) = COUNT(CASE WHEN {RUNNING} THEN s.{measure} END)"
        f" THEN COALESCE(SUM(CASE WHEN {RUNNING} THEN s.{measure} END), 0) END AS licenses_{measure}"
    )


def _tags(as_of: bool) -> str:
    """Return the customer's own tags, joined; looked up per customer, because a join would hold them all."""
    return (
        f"(SELECT GROUP_CONCAT(o.tag) FROM (SELECT t.tag FROM {tags_of(as_of)} t WHERE t.org_id = c.org_id"
        " AND t.subscription_id = '' ORDER BY t.tag) o)"
    )


def customer_rows(as_of: bool, only: str = "") -> str:
    """Return the common table expressions that end in ``customer_rows``.

    `only` is a condition on ``c``, a customer's row; it narrows the work. Parameters: ``:today``, ``:soon``
    (the last day that is expiring soon), ``:inactive`` (a sign-in before it is not recent) and, with
    `as_of`, ``:as_of``.
    """
    narrow = f" AND {only}" if only else ""
    return f"""
    known_subscriptions AS (
        SELECT 1 AS known FROM {rows_of("subscriptions", as_of)} k LIMIT 1
    ),
    customer_rows AS (
        SELECT c.org_id, c.name, c.name_folded, c.region, c.country, c.managed_by, {_FLAGS} AS flags,
            GROUP_CONCAT(CASE WHEN {RUNNING} THEN s.products END, ';') AS products,
            {_tags(as_of)} AS tags,
            COUNT(CASE WHEN {RUNNING} AND s.kind = 'subscription' THEN 1 END) AS subscriptions,
            COUNT(CASE WHEN {RUNNING} AND s.kind = 'trial' THEN 1 END) AS trials,
            {_sum("total")}, {_sum("assigned")},
            MIN(CASE WHEN {RUNNING} THEN s.end_date END) AS next_end_date,
            c.created_date, c.last_admin_login, c.last_seen AS data_as_of,
            c.industry, c.planned_users, c.total_users, c.verified_users, c.external_id
        FROM {rows_of("customers", as_of)} c
        LEFT JOIN {rows_of("subscriptions", as_of)} s ON s.org_id = c.org_id
        WHERE c.merged_into IS NULL{narrow}
        GROUP BY c.org_id
    )"""
