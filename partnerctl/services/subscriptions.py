"""Subscriptions, trials, their license figures and their orders (PH-S1 to PH-S4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from partnerctl.domain.records import Subscription
from partnerctl.services.questions import answer, check_age, question_for
from partnerctl.services.rights import SEE_PURCHASES, hidden, not_assigned, require

if TYPE_CHECKING:
    from partnerctl.domain.records import License, Order
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class Within:
    """Numbers of days within which running subscriptions end, expire or renew; None asks for nothing."""

    ending: int | None = None
    expiring: int | None = None
    renewing: int | None = None


def list_subscriptions(store: Store, asked: Asked, within: Within | None = None) -> Answer[Subscription]:
    """Return subscriptions and trials; raises UsageError for a bad query or sort, StaleData by age.

    ``expiring within N``: running, does not auto-renew, 0 <= days left <= N; ``renewing`` and ``ending``
    likewise (``kpis.md``, Words).
    """
    require(store, asked.me, SEE_PURCHASES)
    if within is not None:
        asked = replace(asked, also=(*asked.also, *_terms(within, asked.as_of or asked.today)))
    question = question_for(store, "subscriptions", asked)
    return answer(store, asked, question, Subscription, store.subscriptions(question))


def list_licenses(store: Store, asked: Asked) -> Answer[License]:
    """Return one record per subscription and product; raises UsageError, StaleData."""
    from partnerctl.domain.records import License

    require(store, asked.me, SEE_PURCHASES)
    question = question_for(store, "licenses", asked)
    return answer(store, asked, question, License, store.licenses(question))


def show_subscription(store: Store, asked: Asked, subscription_id: str) -> Subscription:
    """Return one subscription or trial.

    Raises NotFound where it was not known yet on the day of ``--as-of``, StaleData by ``--max-age``.
    """
    from partnerctl.errors import NotFound

    require(store, asked.me, SEE_PURCHASES)
    asked = replace(asked, options=(("subscription_id", "ID", (subscription_id,)),))
    records = store.subscriptions(question_for(store, "subscriptions", asked)).records
    # a query takes ids in any case, and two may differ in that alone
    found = next((one for one in records if one.subscription_id == subscription_id), None)
    if found is None:
        when = "" if asked.as_of is None else f" on {asked.as_of}"
        raise NotFound(
            f"nothing is known of {subscription_id}{when}", "list them: partnerctl subscriptions list"
        )
    check_age(store.newest_day(None, asked.as_of), asked.max_age, asked.as_of or asked.today)
    return found


def list_orders(
    store: Store,
    subscription_id: str,
    sort: tuple[str, ...] = (),
    limit: int | None = None,
    me: str | None = None,
) -> Answer[Order]:
    """Return the order history of one subscription, oldest first (PH-S3); raises UsageError, NotAllowed."""
    from partnerctl.domain.records import Order
    from partnerctl.services.arranging import arranged

    require(store, me, SEE_PURCHASES)
    owner = store.owner_of(subscription_id)
    if owner is not None and hidden(store, me, (owner,)):
        raise not_assigned(me, owner)
    return arranged(Order, store.orders(subscription_id), sort, limit)


def _terms(within: Within, day: date) -> list[str]:
    asking = (("ends_on", within.ending), ("expires_on", within.expiring), ("renews_on", within.renewing))
    return [f"{field}:..{_later(day, days)}" for field, days in asking if days is not None]


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max - timedelta(days=1)  # the last day itself stands for never
