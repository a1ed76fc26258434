"""The operations on organizations and on those who manage them."""

from __future__ import annotations

import base64
from typing import Any

from partnerctl.sandbox.clientele import Organization, instant
from partnerctl.sandbox.exchange import Refused, Reply, json_reply
from partnerctl.sandbox.ids import encode
from partnerctl.sandbox.staff import INTERNAL
from partnerctl.sandbox.state import Ask

_SEES_ALL = frozenset({"full_admin", "readonly_admin"})


def list_organizations(ask: Ask) -> Reply:
    """Return every customer that the caller sees, on one page."""
    staff = ask.state.staff
    found = [plan for plan in ask.state.clientele.plans if staff.sees(ask.caller, plan)]
    organizations = (Organization(plan.org_id, plan.name, plan.created, plan) for plan in found)
    return json_reply({"items": [_told(one) for one in organizations]})


def get_organization(ask: Ask) -> Reply:
    """Return one organization; a right to it that has lapsed is there again."""
    found = ask.organization(ask.parts["orgId"])
    ask.state.lapsed.discard(found.org_id)
    return json_reply(_told(found))


def list_managed(ask: Ask) -> Reply:
    """Return the customers of one partner administrator, in an object or as a bare list, in turns."""
    given = ask.call.param("managedBy")
    if given is None:
        raise Refused(400, "'managedBy' is required.")
    member = ask.state.staff.by_id(given)
    role = ask.state.staff.role(member.email)
    if role in _SEES_ALL:
        raise Refused(400, "The user already has access to all customers of the partner organization.")
    told = base64.b64encode(INTERNAL[role].encode()).decode() if role else ""
    plans = ask.state.staff.customers_of(member.email)
    items = [{"orgId": encode("ORGANIZATION", plan.org_id), "role": told} for plan in plans]
    return json_reply(items if ask.state.turn("managedBy", 2) else {"items": items})


def list_partner_admins(ask: Ask) -> Reply:
    """Return the administrators who are assigned to a customer."""
    staff = ask.state.staff
    members = (staff.members[email] for email in staff.admins_of(ask.customer()))
    items = []
    for one in members:
        first, _, last = one.name.partition(" ")
        items.append(
            {
                "id": encode("PEOPLE", one.uuid),
                "displayName": one.name,
                "firstName": first,
                "lastName": last,
                "emails": [one.email],
                "roleInCustomerOrg": "id_full_admin",
            }
        )
    return json_reply({"items": items})


def assign_admin(ask: Ask) -> Reply:
    """Put an administrator in charge of a customer; the same again changes nothing."""
    ask.state.staff.assign(ask.customer(), ask.state.staff.by_id(ask.parts["personId"]))
    return Reply(200)


def unassign_admin(ask: Ask) -> Reply:
    """Take an administrator away from a customer; the same again changes nothing."""
    ask.state.staff.unassign(ask.customer(), ask.state.staff.by_id(ask.parts["personId"]))
    return Reply(200)


def revoke_admin(ask: Ask) -> Reply:
    """Take the partner roles and every customer away from a person."""
    ask.state.staff.revoke(ask.state.staff.by_id(ask.parts["personId"]))
    return Reply(204)


def _told(one: Organization) -> dict[str, Any]:
    return {
        "id": encode("ORGANIZATION", one.org_id),
        "displayName": one.name,
        "created": instant(one.created),
    }
