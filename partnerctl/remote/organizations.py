"""The organizations that a partner manages, and their licenses (``upstream.md``, 3.1 and 3.4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.domain.identifiers import webex_id
from partnerctl.remote.bodies import items_of
from partnerctl.remote.fields import count_of, day_of, id_of, known, text_of, unexpected

if TYPE_CHECKING:
    from partnerctl.remote.client import Client


class Organization(NamedTuple):
    """One organization. `id` is as Webex gave it, `org_id` its UUID; `created` is the organization's age."""

    id: str
    org_id: str
    name: str
    created: date | None


class License(NamedTuple):
    """One row of licenses: `assigned` is what Webex calls consumed. Rows repeat per subscription and site."""

    name: str
    total: int | None
    assigned: int | None
    subscription_id: str | None


def organizations(client: Client) -> list[Organization]:
    """Return every organization that the token sees, in Webex's order; the list has no pages."""
    answer = client.get("/organizations")
    if answer is None:
        raise unexpected("/organizations", "lists nothing at all")
    found: dict[str, Organization] = {}
    items = items_of(answer)
    for item in items:
        one = _organization(item)
        if one is not None:
            found.setdefault(one.org_id, one)
    known("/organizations", items, found)
    return list(found.values())


def organization(client: Client, org_id: str) -> Organization | None:
    """Return one organization; asking for it also brings lapsed rights back. Raises NotFound."""
    return _organization(client.get(f"/organizations/{webex_id(org_id)}"))


def licenses(client: Client, org: str) -> list[License]:
    """Return the rows of licenses of an organization, by its id as Webex gave it."""
    rows = []
    for page in client.pages("/licenses", (("orgId", org),), org=org):
        items = items_of(page)
        for item in items:
            name = text_of(item, "name")
            if name is not None:
                total, assigned = count_of(item, "totalUnits"), count_of(item, "consumedUnits")
                rows.append(License(name, total, assigned, text_of(item, "subscriptionId")))
        known("/licenses", items, rows)
    return rows


def _organization(item: Any) -> Organization | None:
    given, org_id = text_of(item, "id"), id_of(item, "id")
    if given is None or org_id is None:
        return None
    name = text_of(item, "displayName") or org_id
    return Organization(given, org_id, name, day_of(item, "created"))
