"""Partner administrator roles and what each may do (PH-O3, PH-A3; the table in ``partner-hub.md``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """One partner administrator role; the fields are those of ``roles list``."""

    role: str
    name: str
    sees_all_customers: bool
    can_change_tags: bool
    can_start_trials: bool
    can_manage_admins: bool
    can_run_reports: bool


ROLES: dict[str, Role] = {
    role.role: role
    for role in (
        Role("full_admin", "Partner full administrator", True, True, True, True, True),
        Role("admin", "Partner administrator", False, True, True, False, False),
        Role("readonly_admin", "Partner read-only administrator", True, False, False, False, True),
        Role("provisioning_admin", "Provisioning administrator", False, False, False, False, False),
        Role("helpdesk_admin", "Help desk administrator", True, False, False, False, False),
    )
}
"""Every role by its key, in Partner Hub's order."""
