"""Made data as Partner Hub's report files would hold it: what a file has no column for is left out.

The demo knows what the cells are; whoever asks writes them (``services.demo``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from partnerctl.demo.inventories import Row, make_inventory
from partnerctl.demo.made import Demo
from partnerctl.demo.plans import LAST, WEEKS, CustomerPlan, SubscriptionPlan
from partnerctl.demo.weeks import speaks_of_customer
from partnerctl.domain.batches import Cell

Cells = tuple[str | int | None, ...]

_STATUS_PT = {
    "active": "ativa",
    "suspended": "suspensa",
    "expired": "expirada",
    "cancelled": "cancelada",
    "pending_setup": "pendente",
}
_BOOLEANS = {"en": ("false", "true"), "pt": ("Não", "Sim")}
_TRIAL_PT = "Teste do Webex"
_IN_REPORTS = ("meetings", "calling_professional", "calling_standard")

_PLACE = ("external_id", "customer", "org_id", "location_id", "location")
_USER = ("user_id", "user_uuid")
_LICENSE_COLUMNS = tuple(
    f"{product}_{what}" for product in _IN_REPORTS for what in ("available", "assigned", "used")
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "devices": (*_PLACE, "product", "mac", "firmware", "phone_number", "extension", *_USER),
    "phone-numbers": (
        *_PLACE,
        *("country", "phone_number", "extension", "pstn_connection", "active", "user_type", "number_type"),
        *_USER,
    ),
    "webex-app-version": ("customer", "org_id", "app_type", "platform", "version", "os_version", "users"),
    "subscription-details": (
        *("calculated_date", "customer", "org_id", "subscription_status", "subscription_id"),
        *("subscription_type", "total_users", "verified_users", "auto_renew", "end_date"),
        *_LICENSE_COLUMNS,
    ),
}
"""The keys of the columns that the rows of each report are made of, in order."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One report file to be written: template, download day, what its ten characters come from, its rows.

    The cells are text, whole numbers or None, in the order of ``COLUMNS``.
    """

    template: str
    day: date
    seed: bytes
    rows: Iterable[Cells]


def report_files(demo: Demo, language: str) -> Iterator[ReportFile]:
    """Return the files that a partner would have: Subscription details weekly, inventories of the last day.

    Cells are in `language` (``en``, ``pt``) where Partner Hub translates them; days are ISO.
    """
    for week in range(WEEKS):
        yield _file(demo, "subscription-details", week, language, subscription_details(demo, week, language))
    yield _file(demo, "devices", LAST, language, _inventory_rows(demo, "devices", language))
    yield _file(demo, "phone-numbers", LAST, language, _inventory_rows(demo, "phone-numbers", language))
    yield _file(
        demo, "webex-app-version", LAST, language, _inventory_rows(demo, "webex-app-version", language)
    )


def subscription_details(demo: Demo, week: int, language: str) -> Iterator[Cells]:
    """Return the rows of that week's Subscription details file, sorted as ``reports.md`` says."""
    day = demo.day(week).isoformat()
    for plan in _sorted(demo):
        told = max((w for w in range(week + 1) if speaks_of_customer(plan, w)), default=week)
        users = plan.people(told)  # what the store of the demo knows that week
        for one in sorted(plan.subscriptions, key=lambda s: s.subscription_id):
            if one.seen <= week <= one.gone:
                yield _details(day, plan, one, week, users, language)


def _file(demo: Demo, template: str, week: int, language: str, rows: Iterable[Cells]) -> ReportFile:
    seed = f"demo/{demo.seed}/{demo.customers}/{template}/{week}/{demo.as_of}/{language}"
    return ReportFile(template, demo.day(week), seed.encode(), rows)


def _sorted(demo: Demo) -> list[CustomerPlan]:
    return sorted(demo.plans(), key=lambda plan: (plan.name, plan.org_id))


def _details(
    day: str, plan: CustomerPlan, one: SubscriptionPlan, week: int, users: tuple[int, int], language: str
) -> Cells:
    terms = one.terms(week)
    figures = {license_.product: license_.figures(week) for license_ in one.licenses}
    cells: list[str | int | None] = [day, plan.name, plan.org_id]
    cells += [_status(terms.status, language), one.subscription_id, _type(one, language), *users]
    cells += [_cell(terms.auto_renew, language), _cell(terms.end, language)]
    for product in _IN_REPORTS:
        total, assigned, _, _, used_ever = figures.get(product, (None,) * 5)
        cells += [total, assigned, used_ever]
    return tuple(cells)


def _status(status: str | None, language: str) -> str | None:
    if status is None:
        return None
    return _STATUS_PT[status] if language == "pt" else status.replace("_", " ")


def _type(one: SubscriptionPlan, language: str) -> str:
    return _TRIAL_PT if one.kind == "trial" and language == "pt" else one.subscription_type


def _cell(value: Cell, language: str) -> str | int | None:
    if isinstance(value, bool):
        return _BOOLEANS[language][value]
    return value.isoformat() if isinstance(value, date) else value


def _inventory_rows(demo: Demo, template: str, language: str) -> Iterator[Cells]:
    for plan in _sorted(demo):
        if plan.gone == LAST:
            for row in _rows_of(plan, template):
                yield tuple(_cell(value, language) for value in row)


def _rows_of(plan: CustomerPlan, template: str) -> list[Row]:
    inventory = make_inventory(plan)
    if template == "webex-app-version":
        return [(plan.name, *row) for row in inventory.app_versions]
    rows = inventory.devices if template == "devices" else inventory.phone_numbers
    # the entity's fields begin with org_id and end with external_id: in the report both come first
    return [(row[-1], plan.name, *row[:-1]) for row in rows]
