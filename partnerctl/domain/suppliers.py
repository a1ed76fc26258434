"""Suppliers: which file, or command, tells which field (``reports.md``; `store coverage` prints it).

The Subscription details report holds no start dates and no 7-day or 3-month use: only canonical files do.
"""

from __future__ import annotations

_DETAILS = "subscription-details"
_NAMING = (_DETAILS, "devices", "phone-numbers", "webex-app-version")  # a report creates who it names
_SET = "customers set"

INVENTORY_REPORTS: dict[str, str] = {
    "devices": "devices",
    "phone-numbers": "phone-numbers",
    "app-versions": "webex-app-version",
}
"""Inventory entities and the report that holds every field of them."""

_REPORTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("customers", "org_id"): _NAMING,
    ("customers", "name"): _NAMING,
    ("customers", "region"): ("import --region", _SET),
    ("customers", "country"): (_SET,),
    ("customers", "industry"): (_SET,),
    ("customers", "planned_users"): (_SET,),
    ("customers", "managed_by"): (_SET,),
    ("customers", "total_users"): (_DETAILS,),
    ("customers", "verified_users"): (_DETAILS,),
    **{
        ("subscriptions", field): (_DETAILS,)
        for field in (
            "subscription_id",
            "org_id",
            "kind",
            "subscription_type",
            "status",
            "end_date",
            "auto_renew",
        )
    },
    **{
        ("licenses", field): (_DETAILS,)
        for field in ("subscription_id", "product", "total", "assigned", "used_ever")
    },
}


def suppliers(entity: str, field: str) -> tuple[str, ...]:
    """Return what tells a field: report templates, the canonical file (``ENTITY.csv``), other commands."""
    report = INVENTORY_REPORTS.get(entity)
    found = (report,) if report else _REPORTS.get((entity, field), ())
    files = tuple(s for s in found if " " not in s)
    return (*files, f"{entity}.csv", *(s for s in found if " " in s))
