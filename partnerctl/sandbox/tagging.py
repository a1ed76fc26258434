"""The operations on tags."""

from __future__ import annotations

from typing import Any

from partnerctl.demo.plans import SubscriptionPlan
from partnerctl.sandbox.exchange import Refused, Reply, json_reply
from partnerctl.sandbox.ids import encode
from partnerctl.sandbox.state import Ask
from partnerctl.sandbox.tag_book import Tag, Tagged, current

_MOST = 100
_TYPES = ("ORGANIZATION", "SUBSCRIPTION")


def list_tags(ask: Ask) -> Reply:
    """Return every tag of customers, or every tag of subscriptions, as a bare list."""
    kind = ask.call.param("type") or _TYPES[0]
    if kind not in _TYPES:
        raise Refused(400, f"'type' must be one of {', '.join(_TYPES)}.")
    return json_reply([_tag(tag) for tag in ask.state.tags.all_tags(subscriptions=kind == _TYPES[1])])


def get_tags(ask: Ask) -> Reply:
    """Return the tags of a customer, or of a subscription of it."""
    plan, subscription = ask.customer(), _subscription(ask)
    return json_reply(_thing(ask, Tagged(plan, subscription, ask.state.tags.of(plan, subscription))))


def replace_tags(ask: Ask) -> Reply:
    """Put tags in the place of all that a customer or a subscription carries, and return them."""
    given = ask.call.fields().get("tags")
    return json_reply(
        [_tag(tag) for tag in ask.state.tags.replace(ask.customer(), _subscription(ask), given)]
    )


def tagged_customers(ask: Ask) -> Reply:
    """Return the customers that carry any of the tags, as a bare list, as many as ``max`` at most."""
    return _tagged(ask, subscriptions=False)


def tagged_subscriptions(ask: Ask) -> Reply:
    """Return the subscriptions that carry any of the tags, as a bare list, as many as ``max`` at most."""
    return _tagged(ask, subscriptions=True)


def _tagged(ask: Ask, *, subscriptions: bool) -> Reply:
    text = ask.call.param("tags")
    if text is None:
        raise Refused(400, "'tags' is required.")
    most = ask.call.number("max", _MOST, 1, _MOST)
    wanted = {name.strip() for name in text.split(",")}
    seen = (
        thing
        for thing in ask.state.tags.things(subscriptions)
        if wanted & set(thing.tags) and ask.state.staff.sees(ask.caller, thing.plan)
    )
    return json_reply([_thing(ask, thing) for thing, _ in zip(seen, range(most), strict=False)])


def _subscription(ask: Ask) -> SubscriptionPlan | None:
    wanted = ask.parts.get("subscriptionId")
    if wanted is None:
        return None
    for one in current(ask.customer()):
        if one.subscription_id == wanted:
            return one
    raise Refused(404, "The subscription could not be found.")


def _tag(tag: Tag) -> dict[str, Any]:
    return {"name": tag.name, **({"description": tag.description} if tag.description else {})}


def _thing(ask: Ask, thing: Tagged) -> dict[str, Any]:
    told: dict[str, Any] = {
        "orgName": thing.plan.name,
        "orgId": encode("ORGANIZATION", thing.plan.org_id),
        "tags": list(thing.tags),
    }
    if thing.subscription is not None:
        if len(thing.tags) > 1 and ask.state.turn("joined", 2):
            told["tags"] = [",".join(thing.tags)]  # as the published example has them
        told["subscriptionId"] = thing.subscription.subscription_id
        told["trial"] = "true" if thing.subscription.kind == "trial" else "false"
    return told
