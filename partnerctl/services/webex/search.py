"""Finding the customer of an address that the store does not know, by asking Webex (PH-C12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from partnerctl.domain.records import Customer, FoundCustomer
from partnerctl.errors import NotAllowed, NotFound, UsageError
from partnerctl.services.answers import Answer
from partnerctl.services.customer_search import search_customers
from partnerctl.services.questions import question_for

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

IN_WEBEX = "webex"
"""What `matched_in` says of a customer that Webex found."""


def search_remotely(
    store: Store, client: Callable[[], Client], asked: Asked, text: str
) -> Answer[FoundCustomer]:
    """Return the customers where an address stands in the store; where it does in none, Webex is asked.

    Raises UsageError for anything but one whole address, NotAllowed, Unavailable, TimedOut.
    """
    email = text.strip()
    if not email.partition("@")[0] or not email.partition("@")[2] or "*" in email:
        raise UsageError(
            f"--remote asks Webex for one whole address, and {text!r} is none",
            "write ana@acme.example, or leave --remote out",
        )
    known = search_customers(store, asked, email)
    records = tuple(known.records)
    if records:
        return replace(known, records=records)
    return _asked_of_webex(store, client(), asked, email.lower())


def _asked_of_webex(store: Store, client: Client, asked: Asked, email: str) -> Answer[FoundCustomer]:
    from partnerctl.remote.people import find_person

    person = find_person(client, email)
    if person is None or person.org_id is None:
        return Answer(FoundCustomer, (), (f"Webex knows nobody with the address {email}",), 0)
    chosen = replace(asked, options=(*asked.options, ("org_id", "EMAIL", (person.org_id,))))
    found = tuple(store.customers(question_for(store, "customers", chosen)).records)
    customer = found[0] if found else _bare(client, person.org_id)
    values: dict[str, Any] = {field.name: getattr(customer, field.name) for field in fields(Customer)}
    record = FoundCustomer(**values, matched_email=email, matched_in=IN_WEBEX)
    notes = () if found else ("this store does not know the customer yet: partnerctl sync fetches it",)
    return Answer(FoundCustomer, (record,), notes, 1)


def _bare(client: Client, org_id: str) -> Customer:
    """Return what Webex says of a customer that the store does not know; the rest is unknown."""
    from partnerctl.remote.organizations import organization

    name, created = None, None
    try:
        found = organization(client, org_id)
    except (NotAllowed, NotFound):  # it belongs to somebody else: its id is all that one may know
        found = None
    if found is not None:
        name, created = found.name, found.created
    return Customer(org_id, name, None, None, None, (), (), (), 0, 0, None, None, None, created, None, None)
