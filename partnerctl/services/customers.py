"""Customers: listed, filtered, shown, opened (PH-C1 to PH-C11, PH-C13)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.domain.records import Customer
from partnerctl.services.questions import answer, check_age, question_for
from partnerctl.services.rights import hidden, not_assigned

if TYPE_CHECKING:
    from partnerctl.domain.records import CustomerDetail
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

CONTROL_HUB = "https://admin.webex.com/login?orgId="
"""Where a customer's own administration opens (PH-C10)."""


class CustomerPage(NamedTuple):
    """One customer opened, and the day of the newest data about it."""

    customer: CustomerDetail
    data_as_of: date | None


def list_customers(store: Store, asked: Asked) -> Answer[Customer]:
    """Return customers; raises UsageError for a bad query or sort, StaleData by ``--max-age``."""
    question = question_for(store, "customers", asked)
    return answer(store, asked, question, Customer, store.customers(question))


def managed_by(words: tuple[str, ...], me: str | None) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return the option of `Asked` for ``--managed-by``: who manages a customer, in any of these ways.

    ``partner`` and ``external`` are what the customer's field says; an address, or ``me``, is an
    administrator to whom the customer is assigned (PH-C11). Raises UsageError for anything else, and for
    ``me`` where the profile does not say who that is.
    """
    from partnerctl.errors import UsageError

    values = []
    for word in words:
        value = word.strip().lower()
        if value == "me":
            if me is None:
                hint = "set your address: partnerctl config set me you@example.com"
                raise UsageError("--managed-by me: your own address is not set", hint)
            value = me.lower()
        elif value not in ("partner", "external") and "@" not in value:
            raise UsageError(
                f"--managed-by: {word!r} is nobody",
                "choose me, partner, external or an administrator's address",
            )
        values.append(value)
    if not values:
        return ()
    # the field alone knows which customers it leaves out because nothing is known of them
    field = "managers" if any("@" in value for value in values) else "managed_by"
    return ((field, "--managed-by", tuple(values)),)


def show_customer(store: Store, asked: Asked, org_id: str) -> CustomerPage:
    """Return one customer with its subscriptions, trials and administrators (PH-C13).

    Raises NotFound where it was not known yet on the day of ``--as-of``, StaleData by ``--max-age``.
    """
    from partnerctl.domain.records import CustomerDetail
    from partnerctl.errors import NotFound

    question = question_for(store, "customers", asked)._replace(customer=org_id)
    found = next(iter(store.customers(question).records), None)
    profile = store.profile(org_id, asked.as_of)
    if found is None and hidden(store, asked.me, (org_id,)):
        raise not_assigned(asked.me, org_id)
    if found is None or profile is None:
        raise NotFound(f"customer {org_id} was not known on {asked.as_of}", "choose a later day")
    check_age(found.data_as_of, asked.max_age, asked.as_of or asked.today)
    bought = replace(asked, options=(("org_id", "CUSTOMER", (org_id,)),))
    every = tuple(store.subscriptions(question_for(store, "subscriptions", bought)).records)
    detail = CustomerDetail(
        **_fields(found),
        **profile._asdict(),
        subscriptions_detail=tuple(one for one in every if one.kind != "trial"),
        trials_detail=tuple(one for one in every if one.kind == "trial"),
        admins=store.customer_admins(org_id, asked.as_of),
    )
    return CustomerPage(detail, found.data_as_of)


def _fields(customer: Customer) -> dict[str, Any]:
    return {field.name: getattr(customer, field.name) for field in fields(customer)}


def control_hub_url(org_id: str) -> str:
    """Return the address at which a customer's Control Hub opens (PH-C10)."""
    return f"{CONTROL_HUB}{org_id}"
