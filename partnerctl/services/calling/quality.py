"""Quality of calling: good, poor and unknown legs, and endpoints with theirs (PH-L2 to PH-L4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.calling.querying import Analysis, Days, ask
from partnerctl.domain.figures import pct, tenths
from partnerctl.domain.records import CallingEndpoint, CallingQuality
from partnerctl.services.arranging import arranged
from partnerctl.services.calling.asking import (
    CUSTOMER,
    ENDPOINT,
    WEEK,
    Clientele,
    Inquiry,
    Span,
    by_name,
    in_order,
    inquire,
)

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

UNMEASURED = (
    "no leg of these weeks was measured: what is good and poor stands in Calling Media Quality files,"
    " import them"
)


class Heard(NamedTuple):
    """Legs by quality, and those without any."""

    legs: int = 0
    measured: int = 0
    good: int = 0
    poor: int = 0
    analog: int = 0
    third_party: int = 0
    ipv6: int = 0

    def plus(self, other: Heard) -> Heard:
        """Return the sums."""
        return Heard(*(a + b for a, b in zip(self, other, strict=True)))

    def settled(self) -> Heard:
        """Return it with as many legs as were measured, where these are more."""
        return self._replace(legs=max(self.legs, self.measured))

    @property
    def unknown(self) -> int:
        """How many legs are neither good nor poor."""
        return self.legs - self.good - self.poor


Cells = dict[tuple[date, str, str | None], Heard]
"""Legs by week, organization and endpoint type, or None for all types together."""


def heard(rows: Rows, customers: Clientele, *, by_endpoint: bool) -> Cells:
    """Return the legs that count by quality; answered and measured ones are compared cell by cell."""
    cells: Cells = defaultdict(Heard)
    for week, org_id, endpoint, legs, analog, third_party, ipv6 in rows.answered:
        if customers.counts(org_id):
            key = (week, org_id, endpoint if by_endpoint else None)
            cells[key] = cells[key].plus(Heard(legs, 0, 0, 0, analog, third_party, ipv6))
    for week, org_id, endpoint, _, legs, good, poor, *_ in rows.measured:
        if customers.counts(org_id):
            key = (week, org_id, endpoint if by_endpoint else None)
            cells[key] = cells[key].plus(Heard(0, legs, good, poor))
    return {key: one.settled() for key, one in cells.items()}


class Rows(NamedTuple):
    """What the folder says: answered legs, measured ones, and what was called on each endpoint type."""

    answered: list[tuple[Any, ...]]
    measured: list[tuple[Any, ...]]
    called: list[tuple[Any, ...]]


def _rows(inquiry: Inquiry) -> Rows:
    def question(analysis: Analysis) -> Rows:
        return Rows(*map(analysis.rows_by_endpoint, ("answered", "measured", "endpoints")))

    return ask(inquiry.place, Days(inquiry.weeks[0], inquiry.until), question)


def quality(store: Store, place: CallingPlace, asked: Asked, span: Span) -> Answer[CallingQuality]:
    """Return quality per customer, week or endpoint type (``docs/calling.md``, Quality).

    Raises UsageError for a bad query, week or sort and without the extra, StaleData by age, NotAllowed.
    """
    inquiry = inquire(store, place, asked, span, "quality", (CUSTOMER, WEEK, ENDPOINT))
    customers = inquiry.customers
    rows = _rows(inquiry)
    sums: dict[tuple[date, str | None], Heard] = defaultdict(Heard)
    for (week, org_id, endpoint), one in heard(rows, customers, by_endpoint=span.by == ENDPOINT).items():
        subject = {WEEK: None, ENDPOINT: endpoint}.get(span.by or CUSTOMER, org_id)
        sums[week, subject] = sums[week, subject].plus(one)
    records = [_quality(week, subject, one, customers, span.by) for (week, subject), one in sums.items()]
    ordered = in_order(
        records,
        span.by,
        lambda one: (-one.poor, *by_name(one), one.endpoint or ""),
        lambda one: one.week,
    )
    said = _said(inquiry, rows)
    return arranged(CallingQuality, ordered, asked.sort, asked.limit, said, inquiry.newest)


def _said(inquiry: Inquiry, rows: Rows) -> tuple[str, ...]:
    orgs = (row[1] for row in (*rows.answered, *rows.measured))
    return inquiry.said(orgs, *(() if rows.measured else (UNMEASURED,)))


def _quality(
    week: date, subject: str | None, one: Heard, customers: Clientele, by: str | None
) -> CallingQuality:
    org_id = None if by in (WEEK, ENDPOINT) else subject
    client = customers.of(org_id)
    return CallingQuality(
        week,
        client.name,
        org_id,
        client.region,
        subject if by == ENDPOINT else None,
        one.legs,
        one.good,
        one.poor,
        one.unknown,
        pct(one.poor, one.good + one.poor),
        one.analog + one.third_party + one.ipv6,
        one.analog,
        one.third_party,
        one.ipv6,
    )


def endpoints(store: Store, place: CallingPlace, asked: Asked, span: Span) -> Answer[CallingEndpoint]:
    """Return what people called on, and how well it was heard (``docs/calling.md``, Endpoint types).

    Raises UsageError for a bad query, week or sort and without the extra, StaleData by age, NotAllowed.
    """
    inquiry = inquire(store, place, asked, span, "endpoints", (CUSTOMER, WEEK, ENDPOINT))
    customers = inquiry.customers
    rows = _rows(inquiry)
    records = _endpoints(rows, customers, split=span.by == CUSTOMER)
    ordered = in_order(
        records,
        span.by,
        lambda one: (-one.legs, *by_name(one), one.endpoint),
        lambda one: one.week,
    )
    said = _said(inquiry, rows)
    return arranged(CallingEndpoint, ordered, asked.sort, asked.limit, said, inquiry.newest)


def _endpoints(rows: Rows, customers: Clientele, *, split: bool) -> list[CallingEndpoint]:
    """Return a row per week and endpoint type; with `split` per customer, too."""
    called: dict[tuple[date, str | None, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    whole: dict[tuple[date, str | None], int] = defaultdict(int)
    sums: dict[tuple[date, str | None, str], Heard] = defaultdict(Heard)
    for week, org_id, endpoint, _, *figures in rows.called:
        if customers.counts(org_id):
            subject = org_id if split else None
            found = called[week, subject, endpoint]
            found[:] = [a + b for a, b in zip(found, figures, strict=True)]
            whole[week, subject] += figures[0]
    for (week, org_id, kind), one in heard(rows, customers, by_endpoint=True).items():
        subject = org_id if split else None
        sums[week, subject, kind or ""] = sums[week, subject, kind or ""].plus(one)
    return [
        _endpoint(key, called.get(key, [0, 0, 0]), whole[key[:2]], sums.get(key, Heard()), customers)
        for key in _keys(called, sums)
    ]


def _keys(
    called: Iterable[tuple[date, str | None, str]], sums: dict[tuple[date, str | None, str], Heard]
) -> list[tuple[date, str | None, str]]:
    """Return what has a row: what was called on, or measured."""
    return list({**dict.fromkeys(called), **{key: None for key, one in sums.items() if one.measured}})


def _endpoint(
    key: tuple[date, str | None, str],
    called: Sequence[int],
    whole: int,
    one: Heard,
    customers: Clientele,
) -> CallingEndpoint:
    week, org_id, endpoint = key
    client = customers.of(org_id)
    legs, seconds, users = called
    return CallingEndpoint(
        week,
        client.name,
        org_id,
        client.region,
        endpoint,
        legs,
        pct(legs, whole),
        tenths(Fraction(seconds, 60)),
        users,
        one.good,
        one.poor,
        one.unknown,
        pct(one.poor, one.good + one.poor),
    )
