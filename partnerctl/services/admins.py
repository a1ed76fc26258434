"""Partner administrators: who they are, whom they manage, which role they have (PH-A1 to PH-A3, PH-O3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from partnerctl.domain.members import address_members
from partnerctl.domain.records import Admin, CustomerAdmin
from partnerctl.domain.roles import ROLES
from partnerctl.errors import Conflict, NotFound, UsageError
from partnerctl.services.bulk import Step, Subject
from partnerctl.services.member_sets import MemberSet, new_set, read_sets, set_of, stage_sets
from partnerctl.services.rights import MANAGE_ADMINS

if TYPE_CHECKING:
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.services.rights import Right
    from partnerctl.stores.contract import Store, Unit

FULL_ADMIN = "full_admin"
"""The role that there must always be one of."""


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """Puts one administrator in charge of customers, or takes them away (PH-A2)."""

    mode: Literal["add", "remove"]
    email: str
    right: Right = MANAGE_ADMINS

    @property
    def action(self) -> str:
        """The action, as the audit names it."""
        return f"admins {self.mode}"

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return who is to manage each customer.

        Raises NotFound where nobody of that address is an administrator, Conflict where their role sees
        every customer.
        """
        if self.mode == "add":
            self._check_role(store)
        sets = read_sets(store, "assignment_sets", (str(one.org_id) for one in subjects))
        return [self._step(one, sets, today) for one in subjects]

    def _check_role(self, store: Store) -> None:
        role = store.admin_role(self.email)
        if role is None:
            raise NotFound(
                f"{self.email} is no partner administrator",
                f"give them a role first: partnerctl admins grant {self.email} admin",
            )
        if role in ROLES and ROLES[role].sees_all_customers:
            raise Conflict(
                f"{self.email} is {role}, which sees every customer and cannot be assigned to one",
                f"change the role first: partnerctl admins grant {self.email} admin",
            )

    def _step(self, subject: Subject, sets: dict[str, MemberSet], today: date) -> Step:
        held = set_of(sets, str(subject.org_id))
        before = tuple(sorted(member[0] for member in held.members))
        others = tuple(address for address in before if address != self.email)
        after = tuple(sorted((*others, self.email))) if self.mode == "add" else others
        if self.mode == "remove" and after == before:
            fault = NotFound(f"{self.email} does not manage customer {subject.org_id}", "nothing was changed")
            return Step(subject, str(subject.org_id), before, after, fault)
        detail = new_set(address_members(after), held, today)
        return Step(subject, str(subject.org_id), before, after, detail=detail)

    def stage(self, unit: Unit, steps: Sequence[Step], _today: date) -> None:
        """Let the unit observe the new sets."""
        stage_sets(unit, "assignment_sets", steps)


@dataclass(frozen=True, slots=True)
class RoleChange:
    """Gives an administrator a role, or takes every role and customer away where `role` is None (PH-A3)."""

    email: str
    role: str | None
    name: str | None = None
    right: Right = MANAGE_ADMINS

    @property
    def action(self) -> str:
        """The action, as the audit names it."""
        return "admins revoke" if self.role is None else "admins grant"

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return the one step; raises NotFound with nothing to revoke, Conflict for the last full one."""
        found = store.administrator(self.email)
        role = found.role if found is not None else None
        if self.role is None and role is None:
            raise NotFound(f"{self.email} is no partner administrator", "list them: partnerctl admins list")
        if role == FULL_ADMIN != self.role and store.admins_with(FULL_ADMIN) == 1:
            raise Conflict(
                f"{self.email} is the last full administrator",
                "grant another one first: partnerctl admins grant ADDRESS full_admin",
            )
        name = self.name or (found.name if found is not None else None)
        dropped = self._dropped(store)
        before = _words(role, found.name if found is not None else None, *dropped)
        after = _words(self.role, name if self.role is not None else None)
        (subject,) = subjects
        day = max(today, store.admin_last_seen(self.email) or today)
        return [
            Step(subject, self.email, before, after, detail=(name, day, self._let_go(store, dropped, today)))
        ]

    def _let_go(self, store: Store, org_ids: tuple[str, ...], today: date) -> list[Step]:
        if not org_ids:
            return []
        removal = AssignmentChange("remove", self.email)
        return removal.plan(store, [Subject(org_id, org_id) for org_id in org_ids], today)

    def _dropped(self, store: Store) -> tuple[str, ...]:
        """Return the customers that are let go: the role sees all of them, or none."""
        if self.role is not None and not ROLES[self.role].sees_all_customers:
            return ()
        return tuple(sorted(store.assigned_to(self.email)))

    def stage(self, unit: Unit, steps: Sequence[Step], _today: date) -> None:
        """Let the unit observe the role, and the sets of the customers that are let go."""
        (step,) = steps
        name, day, let_go = step.detail
        said = (day.isoformat(), (self.email, name, self.role))
        unit.observe("admins", ("email", "name", "role"), [said])
        if let_go:
            stage_sets(unit, "assignment_sets", let_go)


def _words(*words: str | None) -> tuple[str, ...]:
    return tuple(word for word in words if word is not None)


def assignment_change(mode: Literal["add", "remove"], addresses: Sequence[str]) -> AssignmentChange:
    """Return a change of who manages customers; raises UsageError for no address, several, or a bad one."""
    if len(addresses) != 1:
        raise UsageError("one address is needed", f"write partnerctl admins {mode} CUSTOMER EMAIL")
    return AssignmentChange(mode, read_address(addresses[0]))


def role_change(email: str, role: str | None, name: str | None = None) -> RoleChange:
    """Return a change of a role; raises UsageError for a role that there is not, or a name that is none."""
    if role is not None and role not in ROLES:
        from partnerctl.domain.folding import did_you_mean

        hint = did_you_mean(role, tuple(ROLES), f"choose from: {', '.join(ROLES)}")
        raise UsageError(f"there is no role {role!r}", hint)
    cleaned = None if name is None else " ".join(name.split())
    if cleaned is not None and (not cleaned.isprintable() or len(cleaned) > 200):
        raise UsageError("--name: at most 200 characters, and no control characters")
    return RoleChange(read_address(email), role, cleaned or None)


def read_address(text: str) -> str:
    """Return an address folded to lower case; raises UsageError where it is none."""
    from partnerctl.config.kinds import read_email

    try:
        return read_email(text).lower()
    except ValueError as fault:
        raise UsageError(f"{text!r} {fault}") from fault


def list_admins(store: Store, asked: Asked) -> Answer[Admin]:
    """Return every partner administrator, by name; raises UsageError for a bad sort, StaleData by age."""
    from partnerctl.services.arranging import arranged
    from partnerctl.services.questions import look_at

    known = look_at(store, asked)
    every = sorted(store.administrators(), key=lambda one: (one.name is None, one.name or "", one.email))
    return arranged(Admin, every, asked.sort, asked.limit, known.notes)


def admins_of(
    store: Store, org_id: str, sort: tuple[str, ...] = (), limit: int | None = None
) -> Answer[CustomerAdmin]:
    """Return the administrators who manage one customer, by address (PH-A1)."""
    from partnerctl.services.arranging import arranged

    return arranged(CustomerAdmin, store.customer_admins(org_id, None), sort, limit)
