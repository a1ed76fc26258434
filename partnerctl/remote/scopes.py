"""The scopes that partnerctl asks for, what each is for, and how to see whether a token has it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.domain.identifiers import webex_id
from partnerctl.errors import NotAllowed, PartnerctlError

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.remote.people import Person


class Scope(NamedTuple):
    """One scope: its name, and which commands need it.

    `probe` is the path of a request that reads little and is refused without the scope; None where there is
    none that is harmless. ``{org}`` in it stands for the person's own organization.
    """

    name: str
    needed_for: str
    probe: str | None = None


SCOPES: tuple[Scope, ...] = (
    Scope(
        "spark-admin:organizations_read",
        "sync of customers, tags and administrators; tags, admins",
        "/organizations/{org}",
    ),
    Scope("spark-admin:organizations_write", "tags add, remove and set; admins add, remove and revoke"),
    Scope(
        "spark-admin:reports_read",
        "sync of reports (full and read-only administrators alone)",
        "/partner/reports/templates",
    ),
    Scope("spark-admin:reports_write", "sync of reports: asking for new ones, and removing them"),
    Scope("identity:people_read", "sync of reports"),
    Scope("spark-admin:licenses_read", "sync of licenses", "/licenses"),
    Scope("spark-admin:people_read", "sync of administrators; admins add and remove", "/people?max=1"),
    Scope("spark-admin:roles_read", "your own role, and those of administrators", "/roles"),
    Scope("spark-admin:locations_read", "sync of locations", "/locations?max=1"),
    Scope("spark-admin:devices_read", "sync of devices", "/devices?max=1"),
    Scope("spark-admin:telephony_config_read", "sync of numbers", "/telephony/config/numbers?max=1"),
    Scope("spark-admin:calling_cdr_read", "call detail records"),
    Scope("spark:people_read", "who you are: auth login, auth status"),
)
"""Every scope that some command needs, in the order in which they are asked for."""


def wanted_scopes(setting: str | None) -> tuple[str, ...]:
    """Return the scopes to ask for: those of the setting ``auth.scopes``, else all."""
    return tuple(dict.fromkeys(setting.split())) if setting else tuple(scope.name for scope in SCOPES)


def missing_scopes(granted: Collection[str]) -> tuple[Scope, ...]:
    """Return the scopes that are not among those that were granted."""
    return tuple(scope for scope in SCOPES if scope.name not in granted)


def probed_scopes(
    client: Client, person: Person, step: Callable[[str], None] = lambda _: None
) -> tuple[Scope, ...]:
    """Return the scopes for want of which Webex refuses to answer a small question.

    Those that no harmless question shows are taken for granted. `step` hears of each question.
    """
    missing = []
    for scope in SCOPES:
        if scope.probe is None or ("{org}" in scope.probe and person.org_id is None):
            continue
        step(scope.name)
        try:
            client.get(scope.probe.format(org=webex_id(person.org_id or "")))
        except NotAllowed:
            missing.append(scope)
        except PartnerctlError:
            continue  # it says nothing about the scope
    return tuple(missing)
