"""What became of the calls of queues: from records, or from Call Queue Stats, which are exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from partnerctl.domain.calling.periods import Period, tiling
from partnerctl.domain.figures import tenths

RECORDS, QUEUE_STATS, BOTH = "records", "queue_stats", "both"


class Mean(NamedTuple):
    """A mean on its way: the sum in seconds, and of how many."""

    total: Fraction = Fraction(0)
    calls: int = 0

    def plus(self, other: Mean) -> Mean:
        """Return the mean of both."""
        return Mean(self.total + other.total, self.calls + other.calls)

    @property
    def value(self) -> float | None:
        """The mean, to one decimal; None of nothing."""
        return tenths(self.total / self.calls) if self.calls else None


class Queued(NamedTuple):
    """Calls that reached queues, and what became of them; a count that nobody knows is None."""

    calls: int | None = None
    answered: int | None = None
    abandoned: int | None = None
    answer: Mean = Mean()
    wait: Mean = Mean()
    timed_out: int | None = None
    overflowed: int | None = None
    transferred: int | None = None

    def plus(self, other: Queued) -> Queued:
        """Return the sums of what is known."""
        return Queued(
            known_sum(self.calls, other.calls),
            known_sum(self.answered, other.answered),
            known_sum(self.abandoned, other.abandoned),
            self.answer.plus(other.answer),
            self.wait.plus(other.wait),
            known_sum(self.timed_out, other.timed_out),
            known_sum(self.overflowed, other.overflowed),
            known_sum(self.transferred, other.transferred),
        )


def known_sum(one: int | None, other: int | None) -> int | None:
    """Return the sum of what is known; None where neither is."""
    if one is None or other is None:
        return other if one is None else one
    return one + other


def of_records(row: Sequence[Any]) -> Queued:
    """Return what a row of ``queues.sql`` says, from its counts on."""
    calls, answered, abandoned, answers, answer_ms, waits, wait_ms = row
    return Queued(
        calls,
        answered,
        abandoned,
        Mean(Fraction(answer_ms or 0, 1000), answers),
        Mean(Fraction(wait_ms or 0, 1000), waits),
    )


class StatsRow(NamedTuple):
    """One row of Call Queue Stats (``queue_stats.sql``)."""

    org_id: str
    since: date
    until: date
    location: str | None
    total_calls: int | None
    answered_calls: int | None
    abandoned_calls: int | None
    total_wait_seconds: int | None
    avg_wait_seconds: float | None
    total_abandoned_seconds: int | None
    avg_abandoned_seconds: float | None
    calls_timed_out: int | None
    calls_overflowed: int | None
    calls_transferred: int | None

    @property
    def queued(self) -> Queued:
        """What the row says."""
        return Queued(
            self.total_calls,
            self.answered_calls,
            self.abandoned_calls,
            _mean(self.total_wait_seconds, self.avg_wait_seconds, self.answered_calls),
            _mean(self.total_abandoned_seconds, self.avg_abandoned_seconds, self.abandoned_calls),
            self.calls_timed_out,
            self.calls_overflowed,
            self.calls_transferred,
        )


def _mean(total: int | None, average: float | None, calls: int | None) -> Mean:
    """Return the mean of so many calls, by their total, else by their average."""
    if calls is None or (total is None and average is None):
        return Mean()
    return Mean(Fraction(total) if total is not None else Fraction(str(average)) * calls, calls)


def stats_of(
    rows: Iterable[Sequence[Any]], wanted: Iterable[Period]
) -> dict[tuple[Period, str], dict[str | None, Queued]]:
    """Return what Call Queue Stats say, by period and organization, then by location.

    Only where the periods of its files make up the wanted one exactly.
    """
    by_org: dict[str, list[StatsRow]] = defaultdict(list)
    for row in rows:
        one = StatsRow(*row)
        by_org[one.org_id].append(one)
    found: dict[tuple[Period, str], dict[str | None, Queued]] = {}
    for period in wanted:
        for org_id, own in by_org.items():
            chosen = tiling((Period(one.since, one.until) for one in own), period)
            if chosen:
                places: dict[str | None, Queued] = defaultdict(Queued)
                for one in own:
                    if Period(one.since, one.until) in chosen:
                        places[one.location] = places[one.location].plus(one.queued)
                found[period, org_id] = places
    return found
