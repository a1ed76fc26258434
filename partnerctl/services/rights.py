"""Rights: what the acting person may do, by their role (PH-T2, PH-A3; ``partner-hub.md``, Roles).

On a local store they guard against mistakes: whoever can read the file can do everything. Without ``me``
nobody is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from partnerctl.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partnerctl.domain.roles import Role
    from partnerctl.stores.contract import Store


class Right(NamedTuple):
    """One right: the field of a role that grants it, and what it lets one do, in words."""

    field: str
    words: str


CHANGE_TAGS = Right("can_change_tags", "change tags")
START_TRIALS = Right("can_start_trials", "start or change trials")
MANAGE_ADMINS = Right("can_manage_admins", "manage administrators")
RUN_REPORTS = Right("can_run_reports", "see analytics and run reports")
SEE_PURCHASES = Right("sees_purchases", "see subscriptions, licenses and people")
CHANGE_CUSTOMERS = Right("can_change_tags", "change customers")
KEEP_STORE = Right("can_manage_admins", "set up the organization, or replace the store")


def role_of(store: Store, me: str | None) -> Role | None:
    """Return the role of the acting person; None for the owner of the store, who has no need of one.

    Raises NotAllowed where the store knows no administrator of that address.
    """
    if me is None:
        return None
    from partnerctl.domain.roles import ROLES

    role = store.admin_role(me.lower())
    if role is None or role not in ROLES:
        raise NotAllowed(
            f"{me} is no partner administrator that this store knows",
            "ask a full administrator for: partnerctl admins grant ADDRESS ROLE;"
            " or see who you are with: partnerctl config show --origin",
        )
    return ROLES[role]


def require(store: Store, me: str | None, right: Right) -> Role | None:
    """Return the role of the acting person; raises NotAllowed, naming the roles that would do."""
    role = role_of(store, me)
    if role is None or _grants(role, right):
        return role
    from partnerctl.domain.roles import ROLES

    roles = [one.role for one in ROLES.values() if _grants(one, right)]
    raise NotAllowed(f"{me} is {role.role}, which may not {right.words}", f"it takes {' or '.join(roles)}")


def _grants(role: Role, right: Right) -> bool:
    if right is SEE_PURCHASES:
        return role.role != "helpdesk_admin"
    return bool(getattr(role, right.field))


def sees_all(role: Role | None) -> bool:
    """Tell whether a role sees every customer; the owner of the store does."""
    return role is None or role.sees_all_customers


def hidden(store: Store, me: str | None, org_ids: Iterable[str]) -> frozenset[str]:
    """Return those of the customers that the acting person does not see: not assigned to them."""
    if me is None or sees_all(role_of(store, me)):
        return frozenset()
    return frozenset(org_ids) - store.assigned_to(me.lower())


def not_assigned(me: str | None, org_id: str) -> NotAllowed:
    """Return the error for a customer that is not assigned to the acting person."""
    from partnerctl.domain.roles import ROLES

    roles = [one.role for one in ROLES.values() if one.sees_all_customers and one.can_manage_admins]
    return NotAllowed(
        f"customer {org_id} is not assigned to {me}",
        f"it takes {' or '.join(roles)}, or: partnerctl admins add {org_id} {me}",
    )


def require_import(store: Store, me: str | None, entity: str) -> None:
    """Raise NotAllowed where a file changes what the role may not: tags, administrators, who manages whom.

    Other files may be taken in by anybody, and these too while the store knows no administrator.
    """
    right = {"tags": CHANGE_TAGS, "admins": MANAGE_ADMINS, "assignments": MANAGE_ADMINS}.get(entity)
    if me is not None and right is not None and store.administrators():
        require(store, me, right)


def right_of(kind: str, subject: str | None) -> Right:
    """Return the right that a run took, and so its undo: by its kind, and by what it says that it changed."""
    if kind in ("import", "sync"):
        return KEEP_STORE
    action = (subject or "").split(" ", 1)[0]
    return {"tags": CHANGE_TAGS, "trials": START_TRIALS, "admins": MANAGE_ADMINS}.get(
        action, CHANGE_CUSTOMERS
    )
