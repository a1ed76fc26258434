"""Urgency: why a customer needs a person now, and how much; a sum of terms, each with its most points.

Every term grows, or stays, as its own figure gets worse, so nobody ranks lower for being worse off in one of
them. A term that levels off gives half of its points at the figure named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from partnerctl.domain.figures import pct, tenths
from partnerctl.domain.products import FAMILY_NAMES
from partnerctl.domain.records.urgency import Reason
from partnerctl.domain.urgency_rules import UrgencyRules

HALF_AT_ENDING_LICENSES = 50
HALF_AT_LICENSES_OVER = 20
HALF_AT_UNASSIGNED = 50


@dataclass(frozen=True, slots=True)
class Ending:
    """A subscription or trial that ends for good within the horizon; `assigned` None is unknown."""

    kind: str
    days_left: int
    assigned: int | None
    since: date


@dataclass(frozen=True, slots=True)
class Low:
    """A unit of which few licenses are assigned, and the share of the typical customer."""

    product: str
    total: int
    assigned: int
    threshold: Fraction
    typical: Fraction
    since: date


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of licenses or of subscriptions, and the first day on which it was so."""

    count: int
    since: date


@dataclass(frozen=True, slots=True)
class Need:
    """All that is known of one customer's need; empty where it needs nobody.

    `idle_days` are the days since an administrator signed in, where they are too many; `idle_after` is the
    number that is not yet.
    """

    suspended: Sequence[Counted] = ()
    ending: Sequence[Ending] = ()
    over_limit: Sequence[Counted] = ()
    low: Sequence[Low] = ()
    unassigned: Sequence[Counted] = ()
    order_setup: Sequence[Counted] = ()
    idle_days: int | None = None
    idle_after: int = 90
    today: date = field(default=date.max)

    def score(self, rules: UrgencyRules) -> Fraction:
        """Return the sum of the terms, exact (``docs/today.md``)."""
        terms = (
            rules.points_suspended * Fraction(bool(self.suspended)),
            rules.points_ending * self._nearness(rules.ending_days),
            rules.points_ending_licenses * _levelled(self._licenses_ending(), HALF_AT_ENDING_LICENSES),
            rules.points_over_limit * _levelled(_count(self.over_limit), HALF_AT_LICENSES_OVER),
            rules.points_low_assignment * max((_lowness(one) for one in self.low), default=Fraction(0)),
            rules.points_unassigned * _levelled(_count(self.unassigned), HALF_AT_UNASSIGNED),
            rules.points_inactive * _levelled(self.idle_days or 0, self.idle_after),
            rules.points_order_setup * Fraction(bool(self.order_setup)),
        )
        return sum(terms, Fraction(0))

    def _nearness(self, horizon: int) -> Fraction:
        if not self.ending:
            return Fraction(0)
        return Fraction(horizon + 1 - min(one.days_left for one in self.ending), horizon + 1)

    def _licenses_ending(self) -> int:
        return sum(one.assigned or 0 for one in self.ending)

    def reasons(self) -> tuple[Reason, ...]:
        """Return the reasons in words, in the order of the terms."""
        return tuple(self._reasons())

    def _reasons(self) -> Iterable[Reason]:
        if self.suspended:
            yield _subscriptions("suspended", self.suspended, "suspended")
        if self.ending:
            yield self._ending()
        if self.over_limit:
            count = _count(self.over_limit)
            yield Reason("over_limit", f"{_licenses(count)} over the limit", count)
        for product in dict.fromkeys(one.product for one in sorted(self.low, key=lambda one: one.product)):
            yield _low([one for one in self.low if one.product == product])
        if self.unassigned:
            count = _count(self.unassigned)
            yield Reason("unassigned", f"{_licenses(count)} bought, none of them assigned", count)
        if self.idle_days is not None:
            text = f"no administrator signed in for {self.idle_days} days"
            yield Reason("inactive", text, self.idle_days)
        if self.order_setup:
            yield _subscriptions("order_setup", self.order_setup, "not fully set up")

    def _ending(self) -> Reason:
        first = min(self.ending, key=lambda one: (one.days_left, -(one.assigned or 0)))
        days = {0: "today", 1: "tomorrow"}.get(first.days_left, f"in {first.days_left} days")
        text = f"{'trial ' if first.kind == 'trial' else ''}ends {days}"
        if first.assigned is not None:
            text += f" with {_licenses(first.assigned)} assigned"
        if len(self.ending) > 1:
            text += f"; {len(self.ending) - 1} more soon after"
        return Reason("ending", text, first.days_left)

    @property
    def since(self) -> date | None:
        """Return the first day on which the oldest reason that still holds did; None where there is none."""
        counted = (*self.suspended, *self.over_limit, *self.unassigned, *self.order_setup)
        days = [one.since for one in counted]
        days += [one.since for one in self.ending]
        days += [one.since for one in self.low]
        if self.idle_days is not None:
            days.append(self.today - timedelta(days=self.idle_days - self.idle_after - 1))
        return min(days, default=None)


def _levelled(figure: int, half_at: int) -> Fraction:
    """Return the part of its points that a figure gives: half of them at `half_at`, never quite all."""
    return Fraction(figure, figure + half_at) if figure > 0 else Fraction(0)


def _lowness(low: Low) -> Fraction:
    """Return how far a share lies below the threshold: 0 at it, 1 where nothing is assigned."""
    return 1 - Fraction(low.assigned, low.total) / low.threshold


def _count(counted: Iterable[Counted]) -> int:
    return sum(one.count for one in counted)


def _licenses(count: int) -> str:
    return "1 license" if count == 1 else f"{count} licenses"


def _subscriptions(code: str, counted: Sequence[Counted], what: str) -> Reason:
    count = _count(counted)
    text = f"1 subscription is {what}" if count == 1 else f"{count} subscriptions are {what}"
    return Reason(code, text, count)


def _low(units: Sequence[Low]) -> Reason:
    worst = max(units, key=_lowness)
    share = pct(worst.assigned, worst.total) or 0.0
    text = (
        f"assigned {_percent(share)} of {FAMILY_NAMES[worst.product]}"
        f" where the typical customer assigns {_percent(tenths(100 * worst.typical))}"
    )
    more = f", and {len(units) - 1} more such" if len(units) > 1 else ""
    return Reason("low_assignment", text + more, share)


def _percent(value: float) -> str:
    return f"{value:g} %"
