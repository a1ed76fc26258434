"""The operations on what a customer has: locations, devices, phone numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partnerctl.demo.customers import contacts
from partnerctl.demo.inventories import Inventory, Row, make_inventory
from partnerctl.demo.plans import CustomerPlan
from partnerctl.domain.identifiers import bare_id
from partnerctl.sandbox.exchange import Reply
from partnerctl.sandbox.ids import encode, uuid_of
from partnerctl.sandbox.paging import paged
from partnerctl.sandbox.state import Ask

_OWNERS = {"USER": "PEOPLE", "WORKSPACE": "PLACE"}
_STATES = ("connected", "connected", "disconnected", "connected_with_issues", "offline_expired")


def list_locations(ask: Ask) -> Reply:
    """Return the locations of an organization, in pages."""
    plan, inventory = _inventory(ask)
    items = [_location(plan, row) for row in inventory.locations] if plan else []
    named = (ask.call.param("name") or "").lower()
    wanted = ask.call.param("id")
    items = [one for one in items if named in one["name"].lower() and _is(wanted, one["id"])]
    return paged(ask, items, default=500, most=1000)


def list_devices(ask: Ask) -> Reply:
    """Return the devices of an organization, in pages."""
    plan, inventory = _inventory(ask)
    items = [_device(plan, row, place) for place, row in enumerate(inventory.devices)] if plan else []
    product, location = ask.call.param("product"), ask.call.param("locationId")
    items = [one for one in items if product in (None, one["product"]) and _is(location, one["locationId"])]
    return paged(ask, items, default=1000, most=1000)


def list_numbers(ask: Ask) -> Reply:
    """Return the phone numbers and extensions of an organization, in pages."""
    plan, inventory = _inventory(ask)
    names = {one.email: one.name for one in contacts(plan)} if plan else {}
    items = [_number(plan, row, names) for row in inventory.phone_numbers] if plan else []
    location, state = ask.call.param("locationId"), ask.call.param("state")
    items = [one for one in items if _is(location, one["location"]["id"]) and state in (None, one["state"])]
    told = _count if ask.call.param("details") == "true" else lambda _: {}
    return paged(ask, items, default=2000, most=2000, key="phoneNumbers", told=told)


def _inventory(ask: Ask) -> tuple[CustomerPlan | None, Inventory]:
    plan = ask.organization(ask.call.param("orgId")).plan
    return plan, make_inventory(plan) if plan else Inventory([], [], [], [])


def _is(wanted: str | None, given: str) -> bool:
    return wanted is None or bare_id(wanted) == bare_id(given)


def _location(plan: CustomerPlan, row: Row) -> dict[str, Any]:
    location_id, _, name, country = row
    return {
        "id": encode("LOCATION", str(location_id)),
        "name": name,
        "orgId": encode("ORGANIZATION", plan.org_id),
        "address": {
            "address1": "1 Example Street",
            "city": name,
            "state": "Example",
            "postalCode": "00000",
            "country": country,
        },
        "timeZone": "Etc/UTC",
        "preferredLanguage": "en_us",
        "latitude": "0.0",
        "longitude": "0.0",
    }


def _device(plan: CustomerPlan, row: Row, place: int) -> dict[str, Any]:
    _, location_id, _, product, mac, firmware, _, _, email, user_uuid, _ = row
    digits = str(mac)
    told: dict[str, Any] = {
        "id": encode("DEVICE", uuid_of("device", digits)),
        "displayName": f"{product} {place + 1}",
        "orgId": encode("ORGANIZATION", plan.org_id),
        "connectionStatus": _STATES[(plan.number + place) % len(_STATES)],
        "product": product,
        "type": "phone" if str(product).startswith("DMS") else "roomdesk",
        "tags": [],
        "ip": "192.0.2.1",
        "mac": ":".join(digits[at : at + 2] for at in range(0, len(digits), 2)),
        "serial": f"SANDBOX{digits[-4:]}",
        "software": firmware,
        "created": f"{plan.created.isoformat()}T17:00:00.000Z",
        "locationId": encode("LOCATION", str(location_id)),
        "errorCodes": [],
        "managedBy": "CISCO",
        "devicePlatform": "cisco",
    }
    if email is None:
        told["workspaceId"] = encode("PLACE", uuid_of("place", digits))
    else:
        told["personId"] = encode("PEOPLE", str(user_uuid))
    return told


def _number(plan: CustomerPlan, row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    _, location_id, location, _, number, extension, _, active, kind, sort, email, user_uuid, _ = row
    owner_type = _OWNERS.get(str(kind), str(kind))
    owner = {
        "id": encode(
            "PEOPLE" if email else owner_type, str(user_uuid or uuid_of("owner", plan.org_id, extension))
        ),
        "type": owner_type,
    }
    name = names.get(str(email))
    if name is not None:
        owner["firstName"], _, owner["lastName"] = name.partition(" ")
    return {
        "phoneNumber": number or "",
        "extension": extension,
        "state": "ACTIVE" if active else "INACTIVE",
        "phoneNumberType": "PRIMARY",
        "mainNumber": extension == "1000",
        "includedTelephonyTypes": "PSTN_NUMBER",
        "tollFreeNumber": sort == "Toll-free",
        "isServiceNumber": False,
        "location": {"id": encode("LOCATION", str(location_id)), "name": location},
        "owner": owner,
    }


def _count(items: Sequence[Any]) -> dict[str, Any]:
    count = {
        "assigned": len(items),
        "unAssigned": 0,
        "inActive": sum(one["state"] == "INACTIVE" for one in items),
        "extensionOnly": sum(not one["phoneNumber"] for one in items),
        "tollFreeNumbers": sum(one["tollFreeNumber"] for one in items),
        "total": len(items),
        "mobileNumber": 0,
        "serviceNumber": 0,
    }
    return {"count": count}
