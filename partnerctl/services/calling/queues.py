"""Queues: time to answer, wait before abandoning, abandoned calls (PH-L6, PH-L7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

from partnerctl.calling.querying import Analysis, Days, ask
from partnerctl.domain.calling.periods import Period
from partnerctl.domain.figures import pct
from partnerctl.domain.records import CallingQueues
from partnerctl.services.arranging import arranged
from partnerctl.services.calling.asking import (
    CUSTOMER,
    WEEK,
    Clientele,
    Inquiry,
    Span,
    by_name,
    in_order,
    inquire,
)
from partnerctl.services.calling.queue_figures import (
    BOTH,
    QUEUE_STATS,
    RECORDS,
    Queued,
    of_records,
    stats_of,
)

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

Cells = dict[tuple[date, str], tuple[Queued, str]]
"""What became of the calls of queues by week and organization, and where that is from."""


def queues(store: Store, place: CallingPlace, asked: Asked, span: Span) -> Answer[CallingQueues]:
    """Return what became of the calls of queues (``docs/calling.md``, Queues).

    Raises UsageError for a bad query, week or sort and without the extra, StaleData by age, NotAllowed.
    """
    inquiry = inquire(store, place, asked, span, "queues", (CUSTOMER, WEEK))
    cells = _cells(inquiry)
    records = _records(cells, inquiry.customers, span.by)
    ordered = in_order(
        records,
        span.by,
        lambda one: (one.abandoned is None, -(one.abandoned or 0), *by_name(one)),
        lambda one: one.week,
    )
    orgs = (org_id for _, org_id in cells)
    said = inquiry.said(orgs, *_total_note(cells), *_unknown_note(records))
    return arranged(CallingQueues, ordered, asked.sort, asked.limit, said, inquiry.newest)


def _cells(inquiry: Inquiry) -> Cells:
    def question(analysis: Analysis) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        return analysis.rows("queues"), analysis.rows("queue_stats")

    weeks = inquiry.weeks
    rows, stats = ask(inquiry.place, Days(weeks[0], inquiry.until, ahead=True), question)
    sums: dict[tuple[date, str], Queued] = defaultdict(Queued)
    for week, org_id, _, *figures in rows:
        sums[week, org_id] = sums[week, org_id].plus(of_records(figures))
    cells = {key: (one, RECORDS) for key, one in sums.items()}
    wanted = [Period(week, week + timedelta(days=6)) for week in weeks]
    for (period, org_id), places in stats_of(stats, wanted).items():
        cells[period.since, org_id] = (reduce(Queued.plus, places.values()), QUEUE_STATS)
    return {key: cell for key, cell in cells.items() if inquiry.customers.counts(key[1])}


def _records(cells: Cells, customers: Clientele, by: str | None) -> list[CallingQueues]:
    if by != WEEK:
        return [_record(week, org_id, *cell, customers) for (week, org_id), cell in cells.items()]
    records = []
    for week in sorted({week for week, _ in cells}):
        own = [cell for (one, _), cell in cells.items() if one == week]
        sources = {source for _, source in own}
        source = sources.pop() if len(sources) == 1 else BOTH
        records.append(_record(week, None, reduce(Queued.plus, (one for one, _ in own)), source, customers))
    return records


def _record(week: date, org_id: str | None, one: Queued, source: str, customers: Clientele) -> CallingQueues:
    client = customers.of(org_id)
    return CallingQueues(
        week,
        client.name,
        org_id,
        client.region,
        one.calls,
        one.answered,
        one.abandoned,
        pct(one.abandoned, one.calls),
        one.answer.value,
        one.wait.value,
        source,
    )


def _total_note(cells: Cells) -> tuple[str, ...]:
    """Return the KPIs over all customers and weeks (PH-L6)."""
    if not cells:
        return ()
    one = reduce(Queued.plus, (one for one, _ in cells.values()))
    words = [f"in total: {_shown(one.calls)} calls", f"{_shown(one.answered)} answered"]
    words.append(f"{_shown(one.abandoned)} abandoned ({_shown(pct(one.abandoned, one.calls), ' %')})")
    words.append(f"{_shown(one.answer.value, ' s')} to answer")
    words.append(f"{_shown(one.wait.value, ' s')} before abandoning")
    return (", ".join(words),)


def _shown(value: float | None, unit: str = "") -> str:
    return "unknown" if value is None else f"{value:,}{unit}"


def _unknown_note(records: Sequence[CallingQueues]) -> tuple[str, ...]:
    """Return which file would tell what is null here."""
    unknown = any(
        one.calls is None
        or (one.answered and one.answer_seconds is None)
        or (one.abandoned and one.wait_seconds is None)
        for one in records
    )
    if not unknown:
        return ()
    return ("what is unknown here stands in Call Queue Stats files: import them with --since and --until",)
