"""The rules of urgency: how far `today` looks ahead, and how many points each reason is worth at most."""

from __future__ import annotations

from typing import NamedTuple


class UrgencyRules(NamedTuple):
    """The settings ``today.*``, by their names; see `domain.urgency` for what each point is given for."""

    ending_days: int = 30
    points_suspended: int = 100
    points_ending: int = 100
    points_ending_licenses: int = 50
    points_over_limit: int = 60
    points_low_assignment: int = 30
    points_unassigned: int = 20
    points_inactive: int = 20
    points_order_setup: int = 10
