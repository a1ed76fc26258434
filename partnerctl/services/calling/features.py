"""Features: how many calls used a hunt group, an auto attendant, a queue and so on (PH-L5)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.calling.querying import Days, ask
from partnerctl.domain.records import CallingFeature
from partnerctl.services.arranging import arranged
from partnerctl.services.calling.asking import CUSTOMER, WEEK, Span, by_name, in_order, inquire

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

FEATURES = (
    *("hunt_group", "auto_attendant", "call_queue", "paging", "voicemail", "call_forward", "call_transfer"),
    *("call_pickup", "call_park", "barge_in", "executive", "simultaneous_ring", "sequential_ring"),
    *("call_recording", "mobile_network"),
)
"""Every feature, in the order in which ``features.sql`` counts their legs and calls."""


def features(store: Store, place: CallingPlace, asked: Asked, span: Span) -> Answer[CallingFeature]:
    """Return calls and legs per feature (``docs/calling.md``, Features).

    Raises UsageError for a bad query, week or sort and without the extra, StaleData by age, NotAllowed.
    """
    inquiry = inquire(store, place, asked, span, "features", (CUSTOMER, WEEK))
    customers = inquiry.customers
    rows = ask(place, Days(inquiry.weeks[0], inquiry.until), lambda analysis: analysis.rows("features"))
    counts: dict[tuple[date, str | None, str], list[int]] = defaultdict(lambda: [0, 0])
    for week, org_id, *figures in rows:
        if customers.counts(org_id):
            for feature, legs, calls in zip(FEATURES, figures[::2], figures[1::2], strict=True):
                found = counts[week, org_id if span.by == CUSTOMER else None, feature]
                found[:] = [found[0] + calls, found[1] + legs]
    records = [
        CallingFeature(week, customers.of(org_id).name, org_id, customers.of(org_id).region, feature, *found)
        for (week, org_id, feature), found in counts.items()
        if found[1]
    ]
    ordered = in_order(
        records,
        span.by,
        lambda one: (-one.calls, *by_name(one), one.feature),
        lambda one: one.week,
    )
    said = inquiry.said(row[1] for row in rows)
    return arranged(CallingFeature, ordered, asked.sort, asked.limit, said, inquiry.newest)
