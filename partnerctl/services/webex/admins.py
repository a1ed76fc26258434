"""Who manages which customer, and roles, changed in Webex first (PH-A2, PH-A3, PH-O3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.domain.identifiers import webex_id
from partnerctl.domain.members import address_members
from partnerctl.domain.roles import ROLES
from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError
from partnerctl.services.admins import AssignmentChange, RoleChange
from partnerctl.services.bulk import Step, Subject
from partnerctl.services.member_sets import MemberSet, new_set, read_sets, set_of
from partnerctl.services.rights import MANAGE_ADMINS
from partnerctl.services.webex.write_through import failed, left_behind

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.remote.people import Person
    from partnerctl.services.rights import Right
    from partnerctl.stores.contract import Store, Unit


@dataclass(slots=True)
class RemoteAssignment:
    """Puts one administrator in charge of customers, or takes them away, in Webex and then here."""

    client: Client
    store: Store
    change: AssignmentChange
    right: Right = MANAGE_ADMINS
    _person: Person | None = field(default=None, repr=False)

    @property
    def action(self) -> str:
        """The action, as the audit names it."""
        return self.change.action

    def plan(self, store: Store, subjects: Sequence[Subject], _today: date) -> list[Step]:
        """Return who is to manage each customer, by who does in Webex now; in detail, who does in the store.

        Raises NotFound where Webex knows nobody of that address, Conflict where their role sees everybody.
        """
        role = store.admin_role(self.change.email)
        if self.change.mode == "add" and role in ROLES and ROLES[role].sees_all_customers:
            raise Conflict(
                f"{self.change.email} is {role}, which sees every customer", "nothing is to be done"
            )
        self._person = known_person(self.client, self.change.email)
        sets = read_sets(store, "assignment_sets", (str(one.org_id) for one in subjects))
        return [self._planned(one, set_of(sets, str(one.org_id))) for one in subjects]

    def _planned(self, subject: Subject, here: MemberSet) -> Step:
        email, thing = self.change.email, str(subject.org_id)
        try:
            before = self._held(subject)
        except (NotAllowed, NotFound, Conflict) as refused:
            return Step(subject, thing, fault=refused)
        others = tuple(address for address in before if address != email)
        after = tuple(sorted((*others, email))) if self.change.mode == "add" else others
        fault: NotFound | None = None
        if self.change.mode == "remove" and after == before:
            fault = NotFound(f"{email} does not manage customer {subject.org_id}", "nothing was changed")
        addresses = tuple(sorted(member[0] for member in here.members))
        return Step(subject, thing, before, after, fault, addresses)

    def _held(self, subject: Subject) -> tuple[str, ...]:
        from partnerctl.remote.admins import admins_of

        return tuple(sorted(one.email for one in admins_of(self.client, webex_id(str(subject.org_id)))))

    def differs(self, step: Step) -> bool:
        """Tell whether the store names other administrators than Webex."""
        return bool(step.detail != step.after)

    def send(self, step: Step) -> Step:
        """Assign or unassign one customer, and return the step with who manages it then."""
        from partnerctl.remote.admins import assign, unassign

        assert self._person is not None
        call = assign if self.change.mode == "add" else unassign
        fault: PartnerctlError | None = None
        try:
            call(self.client, str(step.subject.org_id), self._person.id)
        except PartnerctlError as raised:
            fault = raised
        try:
            held = self._held(step.subject)
        except PartnerctlError as unread:
            return failed(step, fault or unread, left_behind(fault))
        if (self.change.email in held) == (self.change.mode == "add"):
            return replace(step, after=held)
        fault = fault or Conflict("Webex did not keep the change", "look in Partner Hub, and try again")
        return failed(step, fault, f"in Webex it is managed by {', '.join(held) or 'nobody'}")

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe who manages each customer."""
        sets = read_sets(self.store, "assignment_sets", (str(step.subject.org_id) for step in steps))
        rows = []
        for step in steps:
            org_id = str(step.subject.org_id)
            new = new_set(address_members(step.after or ()), set_of(sets, org_id), today)
            rows.append((new.day.isoformat(), (org_id, new.text)))
        unit.observe("assignment_sets", ("org_id", "members"), rows)


@dataclass(slots=True)
class RemoteRevocation:
    """Takes every partner role and every customer away from a person, in Webex and then here."""

    client: Client
    change: RoleChange
    right: Right = MANAGE_ADMINS

    @property
    def action(self) -> str:
        """The action, as the audit names it."""
        return self.change.action

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return the one step; raises NotFound with nothing to revoke, Conflict for the last full one."""
        return self.change.plan(store, subjects, today)

    def differs(self, _step: Step) -> bool:
        """Return False: what is revoked is what the store has."""
        return False

    def send(self, step: Step) -> Step:
        """Revoke, and return the step once Webex shows no role any more."""
        from partnerctl.remote.admins import revoke
        from partnerctl.remote.people import partner_role

        fault: PartnerctlError | None = None
        try:
            revoke(self.client, known_person(self.client, self.change.email).id)
        except PartnerctlError as raised:
            fault = raised
        try:
            role = partner_role(known_person(self.client, self.change.email), self.client)
        except PartnerctlError as unread:
            return failed(step, fault or unread, left_behind(fault))
        if role is None:
            return step
        fault = fault or Conflict("Webex did not take the role away", "look in Partner Hub, and try again")
        return failed(step, fault, f"in Webex the role is {role}")

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe that the role, and the customers, are gone."""
        self.change.stage(unit, steps, today)


def known_person(client: Client, email: str) -> Person:
    """Return the person of that address; raises NotFound where Webex knows nobody."""
    from partnerctl.remote.people import find_person

    person = find_person(client, email)
    if person is None:
        raise NotFound(f"Webex knows nobody with the address {email}", "check the address")
    return person
