"""The SQL of customers: one row each, with what runs on ``:today`` and the statuses (``kpis.md``).

A common table expression ``customer_rows`` that lists, filters, counts and reports all read from.
"""

from __future__ import annotations

from partnerctl.domain.statuses import STATUSES
from partnerctl.stores.sources import rows_of

RUNNING = (
    "(s.status = 'active' AND (s.start_date IS NULL OR s.start_date <= :today)"
    " AND (s.end_date IS NULL OR s.end_date >= :today))"
)
"""A subscription ``s`` runs on ``:today`` (``kpis.md``, running); unknown status is not running."""

SUBSCRIBED = "COALESCE(s.kind, 'subscription') = 'subscription'"
"""A subscription ``s`` is none of the trials: a file without a type column says neither (``reports.md``)."""

RENEWS = f"({SUBSCRIBED} AND s.auto_renew = 1)"
"""A subscription ``s`` renews by itself; a trial never does, unknown does not (``kpis.md``, kind)."""

_SUBSCRIPTIONS = "customer_subscriptions"

_FLAGS = {
    "suspended": "COALESCE(w.suspended, 0)",
    "expiring_soon": "COALESCE(r.expiring, 0)",
    "license_overage": "COALESCE(r.over_limit, 0)",
    "ready_for_order_setup": "COALESCE(w.in_setup, 0)",
    "trial": "COALESCE(r.trials > 0, 0)",
    "subscription": "COALESCE(r.subscriptions > 0, 0)",
    "no_recent_activity": "COALESCE(c.last_admin_login < :inactive, 0)",
    "expired": "(r.org_id IS NULL AND COALESCE(w.suspended OR w.in_setup OR w.unknown, 0) = 0"
    " AND EXISTS (SELECT 1 FROM known_subscriptions))",
}
# every shift in parentheses: engines differ in which of << and | binds more
_ALL_FLAGS = " | ".join(f"({_FLAGS[status]} << {position})" for position, status in enumerate(STATUSES))


def _sum(measure: str) -> str:
    """Return the sum of a measure over what runs, NULL where a term is unknown."""
    return f"CASE WHEN COUNT(*) = COUNT(s.{measure}) THEN SUM(s.{measure}) END AS licenses_{measure}"


def _running(subscriptions: str, narrow: str) -> str:
    """Return what runs, per customer: read on its own, so that nothing is tested twice per row."""
    return f"""
    running AS (
        SELECT s.org_id, MAX(s.over_limit) AS over_limit,
            MAX(COALESCE(s.end_date <= :soon, 0) AND NOT COALESCE({RENEWS}, 0)) AS expiring,
            COUNT(CASE WHEN {SUBSCRIBED} THEN 1 END) AS subscriptions,
            COUNT(CASE WHEN s.kind = 'trial' THEN 1 END) AS trials,
            {_sum("total")}, {_sum("assigned")},
            MIN(s.end_date) AS next_end_date, GROUP_CONCAT(s.products, ';') AS products
        FROM {subscriptions} s WHERE {RUNNING}{narrow} GROUP BY s.org_id
    )"""


def _waiting(subscriptions: str, narrow: str) -> str:
    """Return what does not run and is not over either, per customer; unknown status may be anything."""
    return f"""
    waiting AS (
        SELECT s.org_id, MAX(COALESCE(s.status = 'suspended', 0)) AS suspended,
            MAX(COALESCE(s.status = 'pending_setup' AND {SUBSCRIBED}, 0)) AS in_setup,
            MAX(s.status IS NULL) AS unknown
        FROM {subscriptions} s
        WHERE (s.status IS NULL OR s.status IN ('suspended', 'pending_setup')){narrow} GROUP BY s.org_id
    )"""


_TAG_SETS = " LEFT JOIN tag_sets t ON t.org_id = c.org_id"


def _tags(as_of: bool) -> str:
    """Return the customer's set of tags as text; those of a day are looked up: a join would hold them all."""
    if not as_of:
        return "t.members"
    return f"(SELECT t.members FROM {rows_of('tag_sets', as_of)} t WHERE t.org_id = c.org_id)"


def customer_rows(as_of: bool, one: bool = False) -> str:
    """Return the common table expressions that end in ``customer_rows``.

    Parameters: ``:today``, ``:soon`` (the last day that is expiring soon), ``:inactive`` (a sign-in before
    it is not recent), ``:customer`` where `one` narrows the work to one and, with `as_of`, ``:as_of``.
    """
    subscriptions = rows_of("subscriptions", as_of)
    shared = ""
    narrow = " AND s.org_id = :customer" if one else ""
    if as_of:  # the rows of a day are worth finding once
        shared, subscriptions = f"{_SUBSCRIPTIONS} AS (SELECT * FROM {subscriptions}),", _SUBSCRIPTIONS
    return f"""
    {shared}
    known_subscriptions AS (SELECT 1 AS known FROM {subscriptions} k LIMIT 1),
    {_running(subscriptions, narrow)},
    {_waiting(subscriptions, narrow)},
    customer_rows AS (
        SELECT c.org_id, c.name, c.name_folded, c.region, c.country, c.managed_by, {_ALL_FLAGS} AS flags,
            r.products, {_tags(as_of)} AS tags,
            COALESCE(r.subscriptions, 0) AS subscriptions, COALESCE(r.trials, 0) AS trials,
            CASE WHEN r.org_id IS NULL THEN 0 ELSE r.licenses_total END AS licenses_total,
            CASE WHEN r.org_id IS NULL THEN 0 ELSE r.licenses_assigned END AS licenses_assigned,
            r.next_end_date, c.created_date, c.last_admin_login, c.last_seen AS data_as_of,
            c.industry, c.planned_users, c.total_users, c.verified_users, c.external_id
        FROM {rows_of("customers", as_of)} c
        LEFT JOIN running r ON r.org_id = c.org_id
        LEFT JOIN waiting w ON w.org_id = c.org_id{"" if as_of else _TAG_SETS}
        WHERE c.merged_into IS NULL{" AND c.org_id = :customer" if one else ""}
    )"""
