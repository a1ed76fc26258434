"""What a customer has: locations, devices, phone numbers (``upstream.md``, 3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from partnerctl.remote.bodies import items_of
from partnerctl.remote.fields import id_of, inner, known, text_of

if TYPE_CHECKING:
    from partnerctl.remote.client import Client


class Location(NamedTuple):
    """One location; `country` as Webex writes it."""

    location_id: str
    name: str | None
    country: str | None


class Device(NamedTuple):
    """One device; `owner` is the person or workspace that it belongs to."""

    location_id: str | None
    product: str | None
    mac: str | None
    firmware: str | None
    owner: str | None


class Number(NamedTuple):
    """One phone number or extension; `kind` and `owner_type` as Webex writes them."""

    phone_number: str | None
    extension: str | None
    state: str | None
    kind: str | None
    location_id: str | None
    location: str | None
    owner: str | None
    owner_type: str | None


def locations(client: Client, org: str) -> list[Location]:
    """Return the locations of an organization, by its id as Webex gave it."""
    found = []
    for page in client.pages("/locations", (("orgId", org), ("max", "500")), org=org):
        items = items_of(page)
        for item in items:
            location_id = id_of(item, "id")
            if location_id is not None:
                country = text_of(inner(item, "address"), "country")
                found.append(Location(location_id, text_of(item, "name"), country))
        known("/locations", items, found)
    return found


def devices(client: Client, org: str) -> list[Device]:
    """Return the devices of an organization; some Calling phones may not be among them."""
    found = []
    for page in client.pages("/devices", (("orgId", org), ("max", "1000")), org=org):
        for item in items_of(page):
            owner = id_of(item, "personId") or id_of(item, "workspaceId")
            product, mac = text_of(item, "product"), text_of(item, "mac")
            found.append(Device(id_of(item, "locationId"), product, mac, text_of(item, "software"), owner))
    return found


def numbers(client: Client, org: str) -> list[Number]:
    """Return the phone numbers and extensions of an organization."""
    found = []
    params = (("orgId", org), ("max", "2000"))
    for page in client.pages("/telephony/config/numbers", params, org=org):
        for item in items_of(page, "phoneNumbers"):
            place, owner = inner(item, "location"), inner(item, "owner")
            found.append(
                Number(
                    text_of(item, "phoneNumber"),
                    text_of(item, "extension"),
                    text_of(item, "state"),
                    text_of(item, "phoneNumberType"),
                    id_of(place, "id"),
                    text_of(place, "name"),
                    id_of(owner, "id"),
                    text_of(owner, "type"),
                )
            )
    return found
