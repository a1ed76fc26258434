"""Usage and endpoints of calling: what was called, on what, and how that changes (PH-L1, PH-L3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.calling.querying import Analysis, Days, ask
from partnerctl.domain.calling.trends import known_weeks, slope
from partnerctl.domain.calling.weeks import TREND_WEEKS, weeks_until
from partnerctl.domain.figures import tenths
from partnerctl.domain.records import CallingUsage
from partnerctl.services.arranging import arranged
from partnerctl.services.calling.asking import (
    CUSTOMER,
    ENDPOINT,
    WEEK,
    Clientele,
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


class Figures(NamedTuple):
    """What was called in one week: by a customer, on a type of endpoint, or by all together."""

    calls: int = 0
    legs: int = 0
    seconds: int = 0
    active_users: int = 0

    def plus(self, other: Figures) -> Figures:
        """Return the sums."""
        return Figures(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def minutes(self) -> float:
        """The minutes, to one decimal."""
        return tenths(Fraction(self.seconds, 60))


Subject = str | None
"""What a row is about: an organization id, an endpoint type, None for all customers together."""


def usage(store: Store, place: CallingPlace, asked: Asked, span: Span) -> Answer[CallingUsage]:
    """Return usage per customer, week or endpoint type, with change and slope (``docs/calling.md``, Usage).

    Raises UsageError for a bad query, week or sort and without the extra, StaleData by age, NotAllowed.
    """
    inquiry = inquire(store, place, asked, span, "usage", (CUSTOMER, WEEK, ENDPOINT))
    weeks, customers = inquiry.weeks, inquiry.customers
    first = weeks_until(weeks[0], TREND_WEEKS)[0]

    def question(analysis: Analysis) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        more = analysis.rows_by_endpoint("endpoints") if span.by == ENDPOINT else []
        return analysis.rows("usage"), more

    rows, by_endpoint = ask(place, Days(first, inquiry.until), question)
    recorded = frozenset(row[0] for row in rows)
    found = _by_subject(rows, by_endpoint, span.by, customers)
    records = [
        _record(subject, figures, window, recorded, customers, span.by)
        for week in weeks
        if week in recorded
        for window in [weeks_until(week, TREND_WEEKS)]
        for subject, figures in found.items()
        if week in known_weeks(window, recorded, figures)
    ]
    ordered = in_order(records, span.by, _rank, lambda one: one.week)
    said = inquiry.said(row[1] for row in rows if row[0] in weeks)
    return arranged(CallingUsage, ordered, asked.sort, asked.limit, said, inquiry.newest)


def _by_subject(
    rows: Iterable[Sequence[Any]],
    by_endpoint: Iterable[Sequence[Any]],
    by: str | None,
    customers: Clientele,
) -> dict[Subject, dict[date, Figures]]:
    """Return the figures of each subject in each week in which it has records."""
    found: dict[Subject, dict[date, Figures]] = defaultdict(dict)

    def add(subject: Subject, week: date, figures: Figures) -> None:
        weeks = found[subject]
        weeks[week] = weeks.get(week, Figures()).plus(figures)

    if by == ENDPOINT:
        for week, org_id, endpoint, *figures in by_endpoint:
            if customers.counts(org_id):
                add(endpoint, week, Figures(*figures))
        return found
    for week, org_id, *figures in rows:
        if customers.counts(org_id):
            add(None if by == WEEK else org_id, week, Figures(*figures))
    return found


def _record(
    subject: Subject,
    figures: dict[date, Figures],
    window: Sequence[date],
    recorded: frozenset[date],
    customers: Clientele,
    by: str | None,
) -> CallingUsage:
    """Return the row of a subject for the last week of `window`, which is known of it."""
    week, before = window[-1], window[-1] - timedelta(days=7)
    known = known_weeks(window, recorded, figures)
    now = figures.get(week, Figures())
    then = figures.get(before, Figures()) if before in known else None
    org_id = None if by in (WEEK, ENDPOINT) else subject
    client = customers.of(org_id)
    points = [(one.toordinal() // 7, figures.get(one, Figures()).calls) for one in known]
    return CallingUsage(
        week,
        client.name,
        org_id,
        client.region,
        subject if by == ENDPOINT else None,
        now.calls,
        now.legs,
        now.minutes,
        now.active_users,
        None if then is None else now.calls - then.calls,
        None if then is None else now.legs - then.legs,
        None if then is None else round(now.minutes * 10 - then.minutes * 10) / 10,
        None if then is None else now.active_users - then.active_users,
        slope(points),
    )


def _rank(one: CallingUsage) -> tuple[Any, ...]:
    """Return what orders the rows of a week: decliners first, unknown last (PH-L1)."""
    falling = one.calls_slope if one.calls_slope is not None else 0.0
    return (one.calls_slope is None, falling, *by_name(one), one.endpoint or "")
