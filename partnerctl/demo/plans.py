"""What becomes of a made-up subscription over the 26 weeks: fixed beforehand, read off week by week.

Weeks count from 0 to `LAST`; week `LAST` ends on the day that the data is made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from partnerctl.domain.batches import Cell

WEEKS = 26
"""How many weekly days are made."""

LAST = WEEKS - 1
"""The number of the newest week."""

NEVER = WEEKS
"""A week that does not come: what happens then does not happen."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What changes in a subscription's life: status, last day, renewal."""

    status: str | None
    end: date | None
    auto_renew: bool | None


@dataclass(frozen=True, slots=True)
class LicensePlan:
    """The figures of one product in one subscription.

    `before` licenses stand until week `upsell`, `total` from then on; `assigned` is the number in the newest
    week; `slope` is its growth in eighths of a license per week, `swing` bounds the ups and downs. `used`:
    the parts per thousand of the assigned that were used in 7 days, in 3 months, ever (None: never measured).
    """

    product: str
    total: int
    before: int
    upsell: int
    assigned: int
    slope: int
    swing: int
    over: bool
    used: tuple[int, int, int] | None

    def figures(self, week: int) -> tuple[int, int, int | None, int | None, int | None]:
        """Return total, assigned, used_7d, used_3m and used_ever as measured in that week."""
        total = self.total if week >= self.upsell else self.before
        back = LAST - week
        assigned = self.assigned - self.slope * back // 8 - back * back * 5 % self.swing
        if assigned < 0:
            assigned = 0
        elif assigned > total and not self.over:
            assigned = total
        if self.used is None:
            return total, assigned, None, None, None
        recent, quarter, ever = self.used
        recent -= back * 7 % 40
        return total, assigned, assigned * recent // 1000, assigned * quarter // 1000, assigned * ever // 1000


@dataclass(frozen=True, slots=True)
class SubscriptionPlan:
    """One subscription or trial: `first` terms until week `turn`, `then` from that week on.

    It is seen from week `seen` to week `gone`, both included.
    """

    subscription_id: str
    kind: str
    subscription_type: str
    start: date | None
    first: Terms
    then: Terms
    turn: int
    seen: int
    gone: int
    invoice: str | None
    tag: str | None
    licenses: tuple[LicensePlan, ...]

    def terms(self, week: int) -> Terms:
        """Return the terms that hold in that week."""
        return self.then if week >= self.turn else self.first

    def row(self, org_id: str, week: int) -> tuple[Cell, ...]:
        """Return the cells of the `subscriptions` entity, as of that week."""
        terms = self.then if week >= self.turn else self.first
        return (
            self.subscription_id,
            org_id,
            self.kind,
            self.subscription_type,
            terms.status,
            self.start,
            terms.end,
            terms.auto_renew,
            self.invoice,
        )


@dataclass(frozen=True, slots=True)
class CustomerPlan:
    """One customer: who it is, what it has, and what changes.

    `region` is known from week `region_week`; `tags` and `admins` are pairs, before and from week `turn` on;
    `sign_in` is a fixed day, or None where administrators sign in every few days (`signs_in`) or are unknown.
    `number` counts customers from 0.
    """

    number: int
    org_id: str
    name: str
    domain: str
    region: str | None
    region_week: int
    country: str
    industry: str
    managed_by: str | None
    external_id: str | None
    users: int
    created: date
    signs_in: bool
    sign_in: date | None
    turn: int
    tags: tuple[tuple[str, ...], tuple[str, ...]]
    admins: tuple[tuple[str, ...], tuple[str, ...]]
    subscriptions: tuple[SubscriptionPlan, ...]

    @property
    def seen(self) -> int:
        """Return the first week in which the customer is seen."""
        return min(subscription.seen for subscription in self.subscriptions)

    @property
    def gone(self) -> int:
        """Return the last week in which the customer is seen."""
        return max(subscription.gone for subscription in self.subscriptions)

    def people(self, week: int) -> tuple[int, int]:
        """Return how many users and how many verified users there are in that week."""
        users = self.users - self.users * (LAST - week) // 400
        return users, users * (880 + self.number % 100) // 1000

    def row(self, week: int, day: date) -> tuple[Cell, ...]:
        """Return the cells of the `customers` entity, as of that week, which ends on `day`."""
        users, verified = self.people(week)
        return (
            self.org_id,
            self.name,
            self.region if week >= self.region_week else None,
            self.country,
            self.industry,
            -(-self.users // 50) * 50,
            self.managed_by,
            self.external_id,
            users,
            verified,
            self.created,
            self._last_sign_in(week, day),
        )

    def _last_sign_in(self, week: int, day: date) -> date | None:
        if self.sign_in is not None:
            return min(self.sign_in, day)
        return day - timedelta(days=(self.number * 3 + week * 5) % 17) if self.signs_in else None
