"""The operations on wholesale customers and sub-partners."""

from __future__ import annotations

from typing import Any

from partnerctl.demo.inventories import make_inventory
from partnerctl.demo.plans import CustomerPlan
from partnerctl.sandbox.clientele import Clientele
from partnerctl.sandbox.exchange import Reply
from partnerctl.sandbox.ids import encode, uuid_of
from partnerctl.sandbox.paging import paged
from partnerctl.sandbox.state import Ask
from partnerctl.sandbox.tag_book import current

_PACKAGES = {
    "meetings": "webex_meetings",
    "calling_professional": "webex_calling",
    "calling_standard": "webex_calling_standard",
    "messaging": "webex_suite",
    "contact_center": "cx_essentials",
}
_DEFAULT = 100


def list_wholesale_customers(ask: Ask) -> Reply:
    """Return the customers that have an external id, in pages."""
    call = ask.call
    wanted, external, status = call.param("orgId"), call.param("externalId"), call.param("status")
    organization = ask.organization(wanted) if wanted else None
    plans = [
        plan
        for plan in ask.state.clientele.plans
        if plan.external_id is not None
        and ask.state.staff.sees(ask.caller, plan)
        and external in (None, plan.external_id)
        and (organization is None or plan.org_id == organization.org_id)
    ]
    if status is not None:
        plans = [plan for plan in plans if _status(plan) in status.split(",")]
    return paged(ask, plans, default=_DEFAULT, most=1000, position="offset", render=_customer)


def list_sub_partners(ask: Ask) -> Reply:
    """Return the partner's two made-up sub-partners, under the key that the published example has."""
    state = ask.call.param("provisioningState")
    items = [one for one in _sub_partners(ask.state.clientele) if state in (None, one["provisioningState"])]
    return paged(ask, items, default=_DEFAULT, most=1000, key="subPartners", position="offset")


def _customer(plan: CustomerPlan) -> dict[str, Any]:
    products = {license_.product for one in current(plan) for license_ in one.licenses}
    packages = sorted(_PACKAGES[product] for product in products & set(_PACKAGES))
    location = make_inventory(plan).locations[0]
    return {
        "id": encode("ENTERPRISE", uuid_of("enterprise", plan.org_id)),
        "orgId": encode("Organization", plan.org_id),
        "externalId": plan.external_id,
        "address": {"addressLine1": "1 Example Street", "city": location[2], "country": plan.country},
        "status": _status(plan),
        "packages": packages,
        "resourceDetails": {"packages": [{"name": name, "status": "provisioned"} for name in packages]},
    }


def _status(plan: CustomerPlan) -> str:
    return "provisioned_with_errors" if plan.number % 29 == 28 else "provisioned"


def _sub_partners(clientele: Clientele) -> list[dict[str, Any]]:
    created = f"{clientele.own.created.isoformat()}T14:10:18.855Z"
    return [
        {
            "orgId": encode("ORGANIZATION", uuid_of("sub-partner", clientele.own.org_id, number)),
            "subscriptionId": f"Sub{90_000 + number}",
            "provisioningState": state,
            "created": created,
            "billingStartDate": created,
        }
        for number, state in enumerate(("active", "suspended"))
    ]
