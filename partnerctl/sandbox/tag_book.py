"""The tags of customers and of subscriptions, as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from partnerctl.demo.plans import LAST, CustomerPlan, SubscriptionPlan
from partnerctl.sandbox.clientele import Clientele
from partnerctl.sandbox.exchange import Refused

MOST_TAGS = 5
LONGEST_TAG = 25

_DESCRIPTIONS = {
    "gold": "Customers with a premium contract",
    "at risk": "Talk to them before they leave",
    "quote sent": "A quote is out; call within a week",
}


class Tag(NamedTuple):
    """One tag, with its description where it has one."""

    name: str
    description: str | None


class Tagged(NamedTuple):
    """A customer with its tags, or a subscription of it."""

    plan: CustomerPlan
    subscription: SubscriptionPlan | None
    tags: tuple[str, ...]


class TagBook:
    """What carries which tags. A tag is there for as long as something carries it."""

    def __init__(self, clientele: Clientele) -> None:
        self._clientele = clientele
        self._written: dict[tuple[str, str | None], tuple[str, ...]] = {}
        self._descriptions: dict[str, str | None] = dict(_DESCRIPTIONS)

    def of(self, plan: CustomerPlan, subscription: SubscriptionPlan | None) -> tuple[str, ...]:
        """Return the tags of a customer, or of a subscription of it."""
        written = self._written.get(_key(plan, subscription))
        if written is not None:
            return written
        if subscription is None:
            return plan.tags[plan.turn <= LAST]
        return (subscription.tag,) if subscription.tag else ()

    def replace(
        self, plan: CustomerPlan, subscription: SubscriptionPlan | None, given: Any
    ) -> tuple[Tag, ...]:
        """Put tags in the place of all that there are, and return them; raises Refused (400)."""
        tags = {tag.name: tag for tag in _read(given)}
        if len(tags) > MOST_TAGS:
            raise Refused(400, f"A maximum of {MOST_TAGS} tags can be assigned.")
        self._written[_key(plan, subscription)] = tuple(tags)
        self._descriptions |= {tag.name: tag.description for tag in tags.values()}
        return tuple(tags.values())

    def all_tags(self, *, subscriptions: bool) -> list[Tag]:
        """Return every tag that something carries, by name."""
        names = {name for thing in self.things(subscriptions) for name in thing.tags}
        return [Tag(name, self._descriptions.get(name)) for name in sorted(names)]

    def things(self, subscriptions: bool) -> Iterable[Tagged]:
        """Yield every customer that carries tags, or every subscription that does, by name."""
        for plan in sorted(self._clientele.plans, key=lambda plan: (plan.name, plan.org_id)):
            for one in current(plan) if subscriptions else (None,):
                tags = self.of(plan, one)
                if tags:
                    yield Tagged(plan, one, tags)


def current(plan: CustomerPlan) -> list[SubscriptionPlan]:
    """Return the subscriptions of a customer that are there, by id."""
    there = (one for one in plan.subscriptions if one.seen <= LAST <= one.gone)
    return sorted(there, key=lambda one: one.subscription_id)


def _key(plan: CustomerPlan, subscription: SubscriptionPlan | None) -> tuple[str, str | None]:
    return plan.org_id, None if subscription is None else subscription.subscription_id


def _read(given: Any) -> Iterable[Tag]:
    if not isinstance(given, list):
        raise Refused(400, "'tags' must be a list.")
    for one in given:
        name = one.get("name") if isinstance(one, dict) else None
        description = one.get("description") if isinstance(one, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise Refused(400, "Each tag must have a name.")
        if len(name) > LONGEST_TAG:
            raise Refused(400, f"The tag name cannot be longer than {LONGEST_TAG} characters.")
        if description is not None and not isinstance(description, str):
            raise Refused(400, "The description of a tag must be a text.")
        yield Tag(name, description)
