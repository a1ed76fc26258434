"""What the lists return: one frozen record per row; the field order is the key order of JSON (``cli.md``).

Days are ``date``, instants aware ``datetime`` in UTC, unknown is None. Counts are numbers of licenses or
of things; percentages run from 0 to 100.

Each record is loaded with its first use (PEP 562): defining one costs about a millisecond of start-up.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partnerctl.domain.records.calling import (
        CallingEndpoint,
        CallingFeature,
        CallingQuality,
        CallingQueues,
        CallingUsage,
        KeptRecords,
        PrunedRecords,
    )
    from partnerctl.domain.records.changes import Change
    from partnerctl.domain.records.customer_pages import CustomerAdmin, CustomerDetail, FoundCustomer
    from partnerctl.domain.records.customers import Customer
    from partnerctl.domain.records.kpis import FailedCondition, Overview, Section, TrendPoint, UnitRow
    from partnerctl.domain.records.organization import Organization, RegionCount, User
    from partnerctl.domain.records.plans import Admin, Planned, TagCount, Tagged
    from partnerctl.domain.records.runs import AuditEntry, ImportedFile, ReportRun
    from partnerctl.domain.records.schedules import DueTime, ScheduleDetail, ScheduleHealth, ScheduleSummary
    from partnerctl.domain.records.subscriptions import License, Order, ProductFigures, Subscription
    from partnerctl.domain.records.syncs import SyncedPart
    from partnerctl.domain.records.urgency import Reason, Urgent

__all__ = [
    "Admin",
    "AuditEntry",
    "CallingEndpoint",
    "CallingFeature",
    "CallingQuality",
    "CallingQueues",
    "CallingUsage",
    "Change",
    "Customer",
    "CustomerAdmin",
    "CustomerDetail",
    "DueTime",
    "FailedCondition",
    "FoundCustomer",
    "ImportedFile",
    "KeptRecords",
    "License",
    "Order",
    "Organization",
    "Overview",
    "Planned",
    "ProductFigures",
    "PrunedRecords",
    "Reason",
    "RegionCount",
    "ReportRun",
    "ScheduleDetail",
    "ScheduleHealth",
    "ScheduleSummary",
    "Section",
    "Subscription",
    "SyncedPart",
    "TagCount",
    "Tagged",
    "TrendPoint",
    "UnitRow",
    "Urgent",
    "User",
]

_HOMES = {
    **dict.fromkeys(
        (
            *("CallingEndpoint", "CallingFeature", "CallingQuality", "CallingQueues", "CallingUsage"),
            *("KeptRecords", "PrunedRecords"),
        ),
        "calling",
    ),
    **dict.fromkeys(("Change",), "changes"),
    **dict.fromkeys(("Organization", "User", "RegionCount"), "organization"),
    **dict.fromkeys(("Customer",), "customers"),
    **dict.fromkeys(("FoundCustomer", "CustomerAdmin", "CustomerDetail"), "customer_pages"),
    **dict.fromkeys(("ProductFigures", "Subscription", "License", "Order"), "subscriptions"),
    **dict.fromkeys(("FailedCondition", "Overview", "Section", "TrendPoint", "UnitRow"), "kpis"),
    **dict.fromkeys(("Admin", "Planned", "TagCount", "Tagged"), "plans"),
    **dict.fromkeys(("Reason", "Urgent"), "urgency"),
    **dict.fromkeys(("SyncedPart",), "syncs"),
    **dict.fromkeys(("DueTime", "ScheduleDetail", "ScheduleHealth", "ScheduleSummary"), "schedules"),
    **dict.fromkeys(("ImportedFile", "ReportRun", "AuditEntry"), "runs"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
