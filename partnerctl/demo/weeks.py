"""The rows that one week speaks of, from the plans: in the field order of the entities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from partnerctl.demo.plans import LAST, CustomerPlan
from partnerctl.domain.batches import Cell

Rows = list[tuple[Cell, ...]]

_EVERY = 5  # weeks from one look at an unchanged customer to the next


def speaks_of_customer(plan: CustomerPlan, week: int) -> bool:
    """Tell whether that week's files look at the customer: new, changed, gone, the last day, or its turn."""
    if not plan.seen <= week <= plan.gone:
        return False
    return week in {plan.seen, plan.gone, plan.region_week} or (week + plan.number) % _EVERY == 0


def subscription_rows(plans: Iterable[CustomerPlan], week: int) -> Rows:
    """Return the rows of the subscriptions that are new or changed in that week, or seen a last time."""
    return [
        one.row(plan.org_id, week)
        for plan in plans
        for one in plan.subscriptions
        if one.seen <= week <= one.gone and week in {one.seen, one.turn, one.gone}
    ]


def license_rows(plans: Iterable[CustomerPlan], week: int) -> Rows:
    """Return the figures of every license that is seen in that week."""
    return [
        (one.subscription_id, license_.product, *license_.figures(week))
        for plan in plans
        for one in plan.subscriptions
        if one.seen <= week <= one.gone
        for license_ in one.licenses
    ]


def tag_rows(plans: Iterable[CustomerPlan], week: int) -> Rows:
    """Return all tags of the customers whose tags are new or changed in that week, or the last day's."""
    rows: Rows = []
    for plan in plans:
        tagged = [one for one in plan.subscriptions if one.tag is not None]
        if not _is_told(plan, week) and week not in {one.seen for one in tagged}:
            continue
        rows += [(plan.org_id, "", tag) for tag in plan.tags[week >= plan.turn]]
        rows += [(plan.org_id, one.subscription_id, one.tag) for one in tagged if one.seen <= week]
    return rows


def assignment_rows(plans: Iterable[CustomerPlan], week: int) -> Rows:
    """Return all administrators of the customers where they are new or changed, or the last day's."""
    return [
        (email, plan.org_id)
        for plan in plans
        if _is_told(plan, week)
        for email in plan.admins[week >= plan.turn]
    ]


def order_rows(plan: CustomerPlan, days: Sequence[date]) -> Rows:
    """Return the order history of the customer's subscriptions: the first order, and each increase.

    `days` are the weekly days: an increase was ordered on the day on which it shows.
    """
    rows: Rows = []
    for one in plan.subscriptions:
        if one.start is None or one.kind == "trial":
            continue
        status = "pending" if one.terms(LAST).status == "pending_setup" else "fulfilled"
        for place, license_ in enumerate(one.licenses, 1):
            order = f"{one.subscription_id.replace('Sub', 'WO')}-{place}"
            what = (one.subscription_id, one.start, license_.product, license_.before, status, one.invoice)
            rows.append((order, *what))
            if license_.total > license_.before:
                more = license_.total - license_.before
                day = days[license_.upsell]
                rows.append((f"{order}-2", one.subscription_id, day, license_.product, more, status, None))
    return rows


def _is_told(plan: CustomerPlan, week: int) -> bool:
    return plan.seen <= week <= plan.gone and week in {plan.seen, plan.turn, plan.gone}
