"""Who manages which customer, as Webex keeps it (``upstream.md``, 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from partnerctl.domain.identifiers import webex_id
from partnerctl.remote.bodies import items_of
from partnerctl.remote.fields import known, text_of, texts_of

if TYPE_CHECKING:
    from partnerctl.remote.client import Client


class PartnerAdmin(NamedTuple):
    """An administrator who manages one customer; access by customer groups is not told."""

    email: str
    name: str | None


def admins_of(client: Client, org: str) -> list[PartnerAdmin]:
    """Return the administrators who are assigned to an organization, by its id as Webex takes it."""
    path = f"/partner/organizations/{quote(org, safe='')}/partnerAdmins"
    found = {}
    for page in client.pages(path, org=org):
        items = items_of(page)
        for item in items:
            emails = texts_of(item, "emails")
            if emails and "@" in emails[0]:
                email = emails[0].lower()
                found[email] = PartnerAdmin(email, text_of(item, "displayName"))
        known(path, items, found)
    return list(found.values())


def assign(client: Client, org_id: str, person_id: str) -> None:
    """Put a partner administrator in charge of a customer; the same again changes nothing."""
    client.post(f"{_one(org_id, person_id)}/assign", org=webex_id(org_id), repeatable=True)


def unassign(client: Client, org_id: str, person_id: str) -> None:
    """Take a partner administrator away from a customer; the role stays. Raises NotFound."""
    client.delete(f"{_one(org_id, person_id)}/unassign", org=webex_id(org_id), repeatable=True)


def revoke(client: Client, person_id: str) -> None:
    """Take every partner role and every customer away from a person."""
    client.delete(f"/partner/organizations/partnerAdmin/{quote(person_id, safe='')}", repeatable=True)


def _one(org_id: str, person_id: str) -> str:
    return f"/partner/organizations/{webex_id(org_id)}/partnerAdmin/{quote(person_id, safe='')}"
