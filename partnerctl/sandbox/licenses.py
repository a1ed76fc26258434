"""The operations on licenses: figures of the demo's newest week, under the names that Webex gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from partnerctl.demo.customers import contacts
from partnerctl.demo.plans import LAST, CustomerPlan, LicensePlan, SubscriptionPlan
from partnerctl.domain.identifiers import bare_id
from partnerctl.sandbox.exchange import Refused, Reply, json_reply
from partnerctl.sandbox.ids import encode, uuid_of
from partnerctl.sandbox.paging import link
from partnerctl.sandbox.state import Ask
from partnerctl.sandbox.tag_book import current

NAMES: dict[str, tuple[str, str]] = {
    "meetings": ("Meeting - Webex Meeting Center", "MC"),
    "calling_professional": ("Webex Calling - Professional", "BCSTD"),
    "calling_standard": ("Webex Calling - Basic", "BCBAS"),
    "messaging": ("Messaging", "MS"),
    "real_time_translations": ("Real-Time Translations", "RTT"),
    "contact_center": ("Contact Center - Premium Agent", "CCPRM"),
}
"""The name that Webex gives each product's license, and the code within the license's id."""

_FREE = (("Basic Space Meetings", "CFFREE", 0), ("Hybrid Calendar Service", "HCAL", 1))
_SITE_TYPES = ("Control Hub managed site", "Linked site", "Site Admin managed site")
_MOST_USERS = 300
_TWO_SITES = 100  # licenses from which on meetings are spread over two sites


def list_licenses(ask: Ask) -> Reply:
    """Return the rows of licenses of an organization, on one page; the partner's own has none."""
    plan = ask.organization(ask.call.param("orgId")).plan
    return json_reply({"items": list(_rows(plan)) if plan else []})


def get_license(ask: Ask) -> Reply:
    """Return one row, with the people to whom it is assigned where that is asked for, in pages."""
    given = ask.parts["licenseId"]
    org_id = bare_id(given).partition(":")[0]
    plan = ask.organization(org_id).plan
    row = next((one for one in _rows(plan) if bare_id(one["id"]) == bare_id(given)), None) if plan else None
    if row is None or plan is None:
        raise Refused(404, "The license could not be found.")
    if ask.call.param("includeAssignedTo") != "user":
        return json_reply(row)
    limit = ask.call.number("limit", _MOST_USERS, 1, _MOST_USERS)
    start = ask.call.number("next", 0, 0, 10**6)
    users = _users(plan, row["consumedUnits"])
    headers = {}
    if start + limit < len(users):
        query = [(name, value) for name, value in ask.call.query if name != "next"]
        headers["link"] = link(ask, [*query, ("next", str(start + limit))])
    return json_reply({**row, "users": users[start : start + limit]}, headers=headers)


def _rows(plan: CustomerPlan) -> Iterator[dict[str, Any]]:
    for subscription in current(plan):
        for license_ in subscription.licenses:
            yield from _rows_of(plan, subscription, license_)
    for name, code, total in _FREE:
        yield _row(plan, name, code, "free", total, 0)


def _rows_of(
    plan: CustomerPlan, subscription: SubscriptionPlan, license_: LicensePlan
) -> Iterator[dict[str, Any]]:
    total, assigned = license_.figures(LAST)[:2]
    name, code = NAMES[license_.product]
    parts = [(total, assigned)]
    if license_.product == "meetings" and total >= _TWO_SITES:
        parts = [(total // 3, assigned // 3), (total - total // 3, assigned - assigned // 3)]
    for place, (units, used) in enumerate(parts):
        row = _row(plan, name, code, f"{subscription.subscription_id}/{place}", units, used)
        row["subscriptionId"] = subscription.subscription_id
        if license_.product == "meetings":
            site = plan.domain.partition(".")[0]
            row["siteUrl"] = f"{site}{f'-{place + 1}' if place else ''}.webex.example"
            row["siteType"] = _SITE_TYPES[(plan.number + place) % 3]
        yield row


def _row(plan: CustomerPlan, name: str, code: str, what: str, total: int, assigned: int) -> dict[str, Any]:
    value = f"{plan.org_id}:{code}_{uuid_of('license', plan.org_id, code, what)}"
    workspaces = assigned // 20 if code.startswith("BC") else 0
    return {
        "id": encode("LICENSE", value),
        "name": name,
        "totalUnits": total,
        "consumedUnits": assigned,
        "consumedByUsers": assigned - workspaces,
        "consumedByWorkspaces": workspaces,
    }


def _users(plan: CustomerPlan, assigned: int) -> list[dict[str, Any]]:
    return [
        {
            "id": encode("PEOPLE", one.user_uuid),
            "type": "INTERNAL",
            "displayName": one.name,
            "email": one.email,
        }
        for one in contacts(plan)[:assigned]
    ]
