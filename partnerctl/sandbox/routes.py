"""The table of operations: how each is reached, who may, and what carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from partnerctl.sandbox import (
    call_records,
    inventory,
    licenses,
    organizations,
    partner_reports,
    people,
    signing_in,
    tagging,
    wholesale,
)
from partnerctl.sandbox.state import Handler

_FULL = frozenset({"full_admin"})
_FULL_OR_READER = frozenset({"full_admin", "readonly_admin"})
_TAGS_READ = frozenset({"full_admin", "admin", "readonly_admin"})
_TAGS_WRITE = frozenset({"full_admin", "admin"})


class Route(NamedTuple):
    """One operation. `roles` may call it (None: whoever has a token); `open`: it asks for no token."""

    method: str
    path: str
    handler: Handler
    roles: frozenset[str] | None = None
    open: bool = False


_TAGS = "/partner/tags"
_TAGS_ORG = "/partner/tags/organizations/{orgId}"
_TAGS_SUB = "/partner/tags/organizations/{orgId}/subscriptions/{subscriptionId}"
_ADMIN = "/partner/organizations/{orgId}/partnerAdmin/{personId}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/authorize", signing_in.authorize, open=True),
    Route("POST", "/access_token", signing_in.exchange_tokens, open=True),
    Route("POST", "/device/authorize", signing_in.authorize_device, open=True),
    Route("POST", "/device/token", signing_in.exchange_device, open=True),
    Route("GET", "/verify", signing_in.verify, open=True),
    Route("GET", "/authorizations/tokenExpiry", signing_in.token_expiry),
    Route("DELETE", "/authorizations", signing_in.delete_authorizations),
    Route("GET", "/organizations", organizations.list_organizations),
    Route("GET", "/organizations/{orgId}", organizations.get_organization),
    Route("GET", "/people", people.list_people),
    Route("GET", "/people/me", people.get_me),
    Route("GET", "/roles", people.list_roles),
    Route("GET", "/licenses", licenses.list_licenses),
    Route("GET", "/licenses/{licenseId}", licenses.get_license),
    Route("GET", "/locations", inventory.list_locations),
    Route("GET", "/devices", inventory.list_devices),
    Route("GET", "/telephony/config/numbers", inventory.list_numbers),
    Route("GET", "/partner/organizations", organizations.list_managed, _FULL_OR_READER),
    Route("GET", "/partner/organizations/{orgId}/partnerAdmins", organizations.list_partner_admins, _FULL),
    Route("POST", f"{_ADMIN}/assign", organizations.assign_admin, _FULL),
    Route("DELETE", f"{_ADMIN}/unassign", organizations.unassign_admin, _FULL),
    Route("DELETE", "/partner/organizations/partnerAdmin/{personId}", organizations.revoke_admin, _FULL),
    Route("GET", _TAGS, tagging.list_tags, _TAGS_READ),
    Route("GET", f"{_TAGS}/organizations", tagging.tagged_customers, _TAGS_READ),
    Route("GET", f"{_TAGS}/subscriptions", tagging.tagged_subscriptions, _TAGS_READ),
    Route("GET", _TAGS_ORG, tagging.get_tags, _TAGS_READ),
    Route("POST", f"{_TAGS_ORG}/assignTags", tagging.replace_tags, _TAGS_WRITE),
    Route("GET", _TAGS_SUB, tagging.get_tags, _TAGS_READ),
    Route("POST", f"{_TAGS_SUB}/assignTags", tagging.replace_tags, _TAGS_WRITE),
    Route("GET", "/partner/reports/templates", partner_reports.list_templates, _FULL_OR_READER),
    Route("GET", "/partner/reports", partner_reports.list_reports, _FULL_OR_READER),
    Route("POST", "/partner/reports", partner_reports.create_report, _FULL_OR_READER),
    Route("GET", "/partner/reports/{reportId}", partner_reports.get_report, _FULL_OR_READER),
    Route("DELETE", "/partner/reports/{reportId}", partner_reports.delete_report, _FULL_OR_READER),
    Route("GET", "/download/{reportId}", partner_reports.download, _FULL_OR_READER),
    Route("GET", "/wholesale/customers", wholesale.list_wholesale_customers),
    Route("GET", "/wholesale/subPartners", wholesale.list_sub_partners),
    Route("GET", "/cdr_feed", call_records.cdr_feed),
    Route("GET", "/cdr_stream", call_records.cdr_stream),
)
"""Every operation; of two that fit a path, the first is meant."""


_BY_LENGTH: dict[tuple[str, int], list[tuple[Route, list[str]]]] = {}
for _route in ROUTES:
    _parts = _route.path.strip("/").split("/")
    _BY_LENGTH.setdefault((_route.method, len(_parts)), []).append((_route, _parts))


class Found(NamedTuple):
    """The operation that a call asks for, and what its path says."""

    route: Route
    parts: Mapping[str, str]


def find(method: str, path: str) -> Found | None:
    """Return the operation that a method and a path ask for; None where there is none."""
    given = path.strip("/").split("/")
    for route, wanted in _BY_LENGTH.get((method, len(given)), ()):
        if all(key[0] == "{" or key == value for key, value in zip(wanted, given, strict=True)):
            pairs = zip(wanted, given, strict=True)
            return Found(route, {key[1:-1]: unquote(value) for key, value in pairs if key[0] == "{"})
    return None


def is_known(path: str) -> bool:
    """Tell whether any method reaches a path."""
    return any(find(method, path) for method in ("GET", "POST", "DELETE"))
