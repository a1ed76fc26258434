"""The partner's own people: their roles, and who manages which customer."""

from __future__ import annotations

from typing import NamedTuple

from partnerctl.demo.customers import ADMINS, PARTNER_DOMAIN
from partnerctl.demo.names import address
from partnerctl.demo.plans import LAST, CustomerPlan
from partnerctl.domain.identifiers import bare_id
from partnerctl.domain.roles import ROLES
from partnerctl.sandbox.clientele import Clientele
from partnerctl.sandbox.exchange import Refused
from partnerctl.sandbox.ids import encode, uuid_of

INTERNAL: dict[str, str] = {
    "full_admin": "atlas-portal.partner.salesfulladmin",
    "admin": "atlas-portal.partner.salesadmin",
    "provisioning_admin": "atlas-portal.partner.provision_admin",
    "helpdesk_admin": "atlas-portal.partner.helpdesk",
    # no page says what this role is called within Webex: known by its name alone
    "readonly_admin": "7b6d2f1a-5d0c-4c0e-9a53-2f8f0c6f41d2",
}
"""What Webex calls each partner role within."""

ROLE_NAMES: dict[str, str] = {
    "full_admin": "Partner full administrator",
    "admin": "Partner administrator",
    "provisioning_admin": "Provisioning administrator",
    "helpdesk_admin": "Help desk administrator (Basic)",
    "readonly_admin": "Partner readonly administrator",
}
"""The name of each partner role, as the list of roles gives it."""

CUSTOMER_ROLES: dict[str, str] = {
    "id_full_admin": "Full Administrator",
    "id_readonly_admin": "Read-only Administrator",
    "id_user_admin": "User Administrator",
    "id_device_admin": "Device Administrator",
}
"""Roles within one organization, which are no partner roles."""

_ASSIGNABLE = ("admin", "provisioning_admin")


class Member(NamedTuple):
    """One of the partner's people."""

    uuid: str
    email: str
    name: str


def role_id(internal: str) -> str:
    """Return the id of a role."""
    return encode("ROLE", internal)


class Staff:
    """The partner's people. A role can be lost, a customer gained and lost."""

    def __init__(self, seed: int, clientele: Clientele) -> None:
        self._clientele = clientele
        emails = ((address(name, PARTNER_DOMAIN), name, role) for name, role in ADMINS)
        self.members: dict[str, Member] = {}
        self._roles: dict[str, str | None] = {}
        for email, name, role in emails:
            self.members[email] = Member(uuid_of("staff", seed, email), email, name)
            self._roles[email] = role
        self._managed: dict[str, tuple[str, ...]] = {}

    def role(self, email: str) -> str | None:
        """Return the key of a person's partner role; None for one who has none."""
        return self._roles.get(email)

    def by_role(self, role: str) -> Member:
        """Return the first person with that role; raises KeyError for a role that nobody has."""
        return next(one for email, one in self.members.items() if self._roles[email] == role)

    def by_id(self, given: str) -> Member:
        """Return a person by an id as Webex takes it; raises Refused (404)."""
        wanted = bare_id(given)
        for one in self.members.values():
            if one.uuid == wanted:
                return one
        raise Refused(404, "Could not find person with provided ID.")

    def admins_of(self, plan: CustomerPlan) -> tuple[str, ...]:
        """Return the addresses of those who are assigned to a customer."""
        known = self._managed.get(plan.org_id)
        return plan.admins[plan.turn <= LAST] if known is None else known

    def customers_of(self, email: str) -> list[CustomerPlan]:
        """Return the customers to whom a person is assigned."""
        return [plan for plan in self._clientele.plans if email in self.admins_of(plan)]

    def sees(self, email: str, plan: CustomerPlan) -> bool:
        """Tell whether a person sees a customer: by the role, or by being assigned."""
        role = self.role(email)
        return bool(role and ROLES[role].sees_all_customers) or email in self.admins_of(plan)

    def assign(self, plan: CustomerPlan, member: Member) -> None:
        """Put a person in charge of a customer; raises Refused (400) where the role does not allow it."""
        if self.role(member.email) not in _ASSIGNABLE:
            raise Refused(400, "The user must have the Partner Administrator role.")
        admins = self.admins_of(plan)
        if member.email not in admins:
            self._managed[plan.org_id] = (*admins, member.email)

    def unassign(self, plan: CustomerPlan, member: Member) -> None:
        """Take a person away from a customer; nothing happens where he was not in charge."""
        self._managed[plan.org_id] = tuple(one for one in self.admins_of(plan) if one != member.email)

    def revoke(self, member: Member) -> None:
        """Take the partner role and every customer away from a person."""
        for plan in self.customers_of(member.email):
            self.unassign(plan, member)
        self._roles[member.email] = None
