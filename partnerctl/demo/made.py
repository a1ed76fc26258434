"""Made data: everything that a partner's files could say, over 26 weeks, from one seed (``cli.md``, demo).

The same seed, number of customers and day give the same rows, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from partnerctl.demo.customers import (
    ADMINS,
    PARTNER_DOMAIN,
    contacts,
    plan_customer,
)
from partnerctl.demo.inventories import make_inventory
from partnerctl.demo.names import address
from partnerctl.demo.plans import LAST, WEEKS, CustomerPlan
from partnerctl.demo.weeks import (
    Rows,
    assignment_rows,
    license_rows,
    order_rows,
    speaks_of_customer,
    subscription_rows,
    tag_rows,
)
from partnerctl.domain import entities
from partnerctl.domain.batches import Batch
from partnerctl.domain.entities import ENTITIES, Entity

_AT_ONCE = 10_000  # customers planned at once, about 60 MB: memory stays bounded whatever their number


@dataclass(frozen=True, slots=True)
class Demo:
    """Made data of so many customers, over the 26 weekly days that end with `as_of`."""

    seed: int
    customers: int
    as_of: date

    @property
    def days(self) -> tuple[date, ...]:
        """Return the weekly days, oldest first; the last is `as_of`."""
        return tuple(self.day(week) for week in range(WEEKS))

    def day(self, week: int) -> date:
        """Return the day on which that week ends; weeks count from 0."""
        return self.as_of - timedelta(days=7 * (LAST - week))

    def plans(self) -> Iterator[CustomerPlan]:
        """Return the plans of all customers, made one by one."""
        return (plan_customer(self.seed, number, self.as_of) for number in range(self.customers))

    def batches(self) -> Iterator[Batch]:
        """Return the observations: what others refer to first, then by day; never an empty batch.

        License figures are there for every week. Customers and subscriptions are spoken of when they are
        new or change, customers every few weeks besides, and all that are not gone on the last day; people,
        orders, locations and inventories on the last day alone. Above 10,000 customers the days start anew
        with every 10,000.
        """
        yield self._batch(entities.ADMINS, 0, [(address(n, PARTNER_DOMAIN), n, role) for n, role in ADMINS])
        for start in range(0, self.customers, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, self.customers))
            plans = [plan_customer(self.seed, number, self.as_of) for number in numbers]
            for week in range(WEEKS):
                yield from self._week(plans, week)
            yield from self._last_day(plans)

    def _batch(self, entity: Entity, week: int, rows: Rows) -> Batch:
        return Batch(entity, self.day(week), tuple(field.name for field in entity.fields), rows)

    def _week(self, plans: list[CustomerPlan], week: int) -> Iterator[Batch]:
        day = self.day(week)
        found: dict[str, Rows] = {
            "customers": [plan.row(week, day) for plan in plans if speaks_of_customer(plan, week)],
            "subscriptions": subscription_rows(plans, week),
            "licenses": license_rows(plans, week),
            "assignments": assignment_rows(plans, week),
            "tags": tag_rows(plans, week),
        }
        for name, rows in found.items():
            if rows:
                yield self._batch(ENTITIES[name], week, rows)

    def _last_day(self, plans: list[CustomerPlan]) -> Iterator[Batch]:
        here = [plan for plan in plans if plan.gone == LAST]
        users: Rows = [
            (one.email, plan.org_id, one.name, one.user_uuid) for plan in here for one in contacts(plan)
        ]
        orders: Rows = [row for plan in here for row in order_rows(plan, self.days)]
        inventories = [make_inventory(plan) for plan in here]
        found: list[tuple[Entity, Rows]] = [
            (entities.USERS, users),
            (entities.ORDERS, orders),
            (entities.LOCATIONS, [row for one in inventories for row in one.locations]),
            (entities.DEVICES, [row for one in inventories for row in one.devices]),
            (entities.PHONE_NUMBERS, [row for one in inventories for row in one.phone_numbers]),
            (entities.APP_VERSIONS, [row for one in inventories for row in one.app_versions]),
        ]
        for entity, rows in found:
            if rows:
                yield self._batch(entity, LAST, rows)


def make_demo(seed: int, customers: int, as_of: date) -> Demo:
    """Return made data of `customers` customers as of that day; nothing is made before it is asked for."""
    return Demo(seed, customers, as_of)
