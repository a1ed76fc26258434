"""The customers of the sandbox's partner, made from the demo's plans when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

from partnerctl.clock import timestamp
from partnerctl.demo.customers import plan_customer
from partnerctl.demo.made import Demo
from partnerctl.demo.plans import LAST, CustomerPlan
from partnerctl.domain.identifiers import bare_id
from partnerctl.sandbox.exchange import Refused
from partnerctl.sandbox.ids import uuid_of

HOME_REGION = "US"
"""The partner's own region: customers whose region nobody knows are there."""

PARTNER_NAME = "Partner Example"
"""The name of the made-up partner."""


class Organization(NamedTuple):
    """The partner's own organization (without a plan), or that of a customer."""

    org_id: str
    name: str
    created: date
    plan: CustomerPlan | None


@dataclass(frozen=True, slots=True)
class Regional(Demo):
    """The demo's data of some customers alone."""

    chosen: tuple[CustomerPlan, ...]

    def plans(self) -> Iterator[CustomerPlan]:
        """Return the plans of those customers."""
        return iter(self.chosen)


class Clientele:
    """The customers: all that there ever were, those that are there now, and the partner itself."""

    def __init__(self, seed: int, count: int, as_of: date) -> None:
        self._seed = seed
        self._count = count
        self.as_of = as_of
        created = as_of.replace(year=as_of.year - 9, month=2, day=3)
        self.own = Organization(uuid_of("partner", seed), PARTNER_NAME, created, None)

    @cached_property
    def everybody(self) -> tuple[CustomerPlan, ...]:
        """The plans of all customers, also of those that are gone."""
        return tuple(plan_customer(self._seed, number, self.as_of) for number in range(self._count))

    @cached_property
    def plans(self) -> tuple[CustomerPlan, ...]:
        """The plans of the customers that are there."""
        return tuple(plan for plan in self.everybody if plan.gone == LAST)

    @cached_property
    def _by_org(self) -> dict[str, Organization]:
        found = {plan.org_id: Organization(plan.org_id, plan.name, plan.created, plan) for plan in self.plans}
        return {self.own.org_id: self.own, **found}

    @cached_property
    def _by_domain(self) -> dict[str, CustomerPlan]:
        return {plan.domain: plan for plan in self.plans}

    def organization(self, given: str | None) -> Organization:
        """Return an organization by an id as Webex takes it, the partner's own for None.

        Raises Refused (404) where there is none.
        """
        if given is None:
            return self.own
        found = self._by_org.get(bare_id(given))
        if found is None:
            raise Refused(404, "Could not find organization with provided ID.")
        return found

    def of_domain(self, email: str) -> Organization | None:
        """Return the organization of a customer by the domain of an address; None where it is nobody's."""
        plan = self._by_domain.get(email.lower().rpartition("@")[2])
        return None if plan is None else self.organization(plan.org_id)

    def in_region(self, region: str) -> Regional:
        """Return the data of the customers of a region, with those that are gone."""
        chosen = tuple(plan for plan in self.everybody if (plan.region or HOME_REGION) == region)
        return Regional(self._seed, len(chosen), self.as_of, chosen)


def instant(day: date, hour: int = 9) -> str:
    """Return an instant of a day, as RFC 3339 with the offset that Webex writes."""
    return timestamp(datetime(day.year, day.month, day.day, hour, 26, 16, tzinfo=UTC)).replace("Z", "+00:00")
