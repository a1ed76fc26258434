"""What became of calls in queues, a second time: a slow reading of ``docs/calling.md``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.services.calling.calling_oracle_data import (
    QUEUE,
    Data,
    Leg,
    Row,
    added,
    by_name,
    counting,
    heading,
    in_week,
    legs_of,
    percent,
    rounded,
)

REASONS = ("Original reason", "Redirect reason", "Related reason")


@dataclass(frozen=True)
class Mean:
    """A sum of seconds over so many calls."""

    seconds: Fraction = Fraction(0)
    calls: int = 0

    def shown(self) -> float | None:
        return rounded(self.seconds / self.calls) if self.calls else None


@dataclass(frozen=True)
class Queued:
    """A queue leg, and the agent legs that belong to it."""

    leg: Leg
    agents: tuple[Leg, ...]

    @property
    def answered(self) -> bool:
        return bool(self.agents)

    @property
    def abandoned(self) -> bool:
        return not self.agents and self.leg.word("Releasing party") == "remote"

    @property
    def time_to_answer(self) -> Fraction | None:
        """Return the seconds to the first known Answer time among the agent legs.

        Decided: where that one is before the queue leg, the time is not known, whatever comes later.
        """
        moments = [moment for agent in self.agents if (moment := agent.time("Answer time")) is not None]
        return _between(self.leg, min(moments)) if moments else None

    @property
    def wait(self) -> Fraction | None:
        """Return the seconds until the caller gave up."""
        moment = self.leg.time("Release time")
        return _between(self.leg, moment) if self.abandoned and moment is not None else None


def _between(leg: Leg, moment: datetime) -> Fraction | None:
    """Return the seconds from the start of a leg; None where they are negative."""
    seconds = Fraction((moment - leg.start) // timedelta(microseconds=1), 10**6)
    return seconds if seconds >= 0 else None


def is_queue(leg: Leg) -> bool:
    """Tell whether the leg reached a queue."""
    return leg.terminating and leg.word("User type") in QUEUE


def is_agent(leg: Leg) -> bool:
    """Tell whether an agent answered here a call of a queue."""
    sent = any(leg.word(header) == "callqueue" for header in REASONS)
    return leg.human and leg.terminating and leg.answered and sent


def queued(legs: list[Leg]) -> list[Queued]:
    """Return every queue leg with its agent legs.

    Decided: the next day is the one after the day on which the queue leg began.
    """
    agents: dict[str, list[Leg]] = {}
    reached = list(filter(is_queue, legs))
    for agent in filter(is_agent, legs):
        before = [leg for leg in reached if leg.call == agent.call and leg.start <= agent.start]
        if before:
            last = max(before, key=lambda leg: (leg.start, leg.id))
            if agent.start.date() <= last.start.date() + timedelta(days=1):
                agents.setdefault(last.id, []).append(agent)
    return [Queued(leg, tuple(agents.get(leg.id, ()))) for leg in reached]


@dataclass(frozen=True)
class Told:
    """The figures of one customer."""

    org: str
    source: str
    calls: int | None
    answered: int | None
    abandoned: int | None
    answering: Mean
    waiting: Mean


def told_by_records(org: str, calls: list[Queued]) -> Told:
    """Return the figures of queue legs."""
    return Told(
        org,
        "records",
        len(calls),
        len([one for one in calls if one.answered]),
        len([one for one in calls if one.abandoned]),
        _mean(one.time_to_answer for one in calls),
        _mean(one.wait for one in calls),
    )


def _mean(times: Iterable[Fraction | None]) -> Mean:
    known = [time for time in times if time is not None]
    return Mean(sum(known, Fraction(0)), len(known))


def told_by_stats(org: str, rows: list[Row]) -> Told:
    """Return the figures of Call Queue Stats; decided: a sum is over the rows that know the number."""
    return Told(
        org,
        "queue_stats",
        added(row.get("total_calls") for row in rows),
        added(row.get("answered_calls") for row in rows),
        added(row.get("abandoned_calls") for row in rows),
        _total(rows, "answered_calls", "total_wait_seconds", "avg_wait_seconds"),
        _total(rows, "abandoned_calls", "total_abandoned_seconds", "avg_abandoned_seconds"),
    )


def _total(rows: list[Row], calls_key: str, total_key: str, average_key: str) -> Mean:
    seconds, calls = Fraction(0), 0
    for row in rows:
        many, total, average = row.get(calls_key), row.get(total_key), row.get(average_key)
        if many is None or (total is None and average is None):
            continue
        seconds += Fraction(str(total)) if total is not None else Fraction(str(average)) * many
        calls += many
    return Mean(seconds, calls)


def queues(data: Data, week: date, by: str | None = None, only: frozenset[str] | None = None) -> list[Row]:
    """Return what became of the calls that reached a queue in that week."""
    calls = [one for one in queued(legs_of(data)) if in_week(one.leg.start, week)]
    orgs = {one.leg.org for one in calls} | {row["org_id"] for row in data.queue_stats}
    told = []
    for org in orgs if only is None else orgs & only:
        rows = counting(data.queue_stats, org, week, week + timedelta(days=6))
        own = [one for one in calls if one.leg.org == org]
        if rows is not None:
            told.append(told_by_stats(org, rows))
        elif own:
            told.append(told_by_records(org, own))
    if by == "week":
        return [_row(data, week, None, told)] if told else []
    return sorted((_row(data, week, one.org, [one]) for one in told), key=_order)


def _order(row: Row) -> tuple[object, ...]:
    """Return the order; decided: an unknown number of abandoned calls comes last."""
    return (row["abandoned"] is None, -(row["abandoned"] or 0), *by_name(row))


def _row(data: Data, week: date, org: str | None, told: list[Told]) -> Row:
    """Return a row; decided: its percentage is of its sums, also where they are not of the same rows."""
    calls, abandoned = added(one.calls for one in told), added(one.abandoned for one in told)
    sources = {one.source for one in told}
    return heading(
        data,
        week,
        org,
        calls=calls,
        answered=added(one.answered for one in told),
        abandoned=abandoned,
        abandoned_pct=percent(abandoned, calls),
        answer_seconds=_together([one.answering for one in told]).shown(),
        wait_seconds=_together([one.waiting for one in told]).shown(),
        source=sources.pop() if len(sources) == 1 else "both",
    )


def _together(means: list[Mean]) -> Mean:
    return Mean(sum((one.seconds for one in means), Fraction(0)), sum(one.calls for one in means))
