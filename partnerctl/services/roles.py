"""The partner administrator roles (PH-O3)."""

from __future__ import annotations

from partnerctl.domain.roles import ROLES, Role
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged


def list_roles(sort: tuple[str, ...] = (), limit: int | None = None) -> Answer[Role]:
    """Return every role in Partner Hub's order; raises UsageError for an unknown field in `sort`."""
    return arranged(Role, ROLES.values(), sort, limit)
