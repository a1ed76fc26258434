"""The tables that hold what files say: which columns are keys, which are values, what is kept of the past.

Every history table ``T`` stands three times in the store: ``T_observed`` is the truth (one row per key, day
and run, with a bit mask of the columns it spoke of), ``T`` is the newest state, ``T_versions`` is every
state in between, as intervals ``valid_from <= day < valid_to``. The last two are folded from the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from partnerctl.domain.entities import (
    ADMINS,
    CUSTOMERS,
    LICENSES,
    LOCATIONS,
    ORDERS,
    SUBSCRIPTIONS,
    USERS,
    Entity,
)

FOREVER = "9999-99-99"
"""The `valid_to` of a version that still holds: later than every day, the last one included."""

ABSENT = "absent"
"""The status of a subscription that a complete report no longer lists (``files.md``, --complete)."""


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """The columns of one table of observed things.

    `sets`: the value is a whole set of members per key, as JSON text. `folded`: values whose folded form
    stands beside them in the current table.
    """

    name: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    history: bool = False
    carries: bool = True
    folded: tuple[str, ...] = ()

    @property
    def observed(self) -> str:
        """Return the name of the table of observations."""
        return f"{self.name}_observed"

    @property
    def versions(self) -> str:
        """Return the name of the table of versions."""
        return f"{self.name}_versions"

    def mask(self, columns: tuple[str, ...]) -> int:
        """Return the bit mask of those of `columns` that are values of this table."""
        return sum(1 << i for i, value in enumerate(self.values) if value in columns)

    def spoken(self, mask: int) -> tuple[str, ...]:
        """Return the value columns that a bit mask names, in order."""
        return tuple(value for i, value in enumerate(self.values) if mask >> i & 1)


def _table(entity: Entity, more: tuple[str, ...] = (), folded: tuple[str, ...] = ()) -> HistoryTable:
    return HistoryTable(
        entity.name, entity.keys, entity.values + more, entity.history, entity.carries, folded
    )


CUSTOMER_TABLE = _table(CUSTOMERS, more=("merged_into",), folded=("name",))
SUBSCRIPTION_TABLE = _table(SUBSCRIPTIONS)
LICENSE_TABLE = _table(LICENSES, more=("ended",))
TAG_SET_TABLE = HistoryTable("tag_sets", ("org_id",), ("members",), history=True)
ASSIGNMENT_SET_TABLE = HistoryTable("assignment_sets", ("org_id",), ("members",), history=True)

HISTORY_TABLES: dict[str, HistoryTable] = {
    table.name: table
    for table in (
        CUSTOMER_TABLE,
        _table(USERS),
        _table(ADMINS),
        SUBSCRIPTION_TABLE,
        LICENSE_TABLE,
        _table(ORDERS),
        _table(LOCATIONS),
        TAG_SET_TABLE,
        ASSIGNMENT_SET_TABLE,
    )
}
"""Every history table by name, what others refer to first."""

SETS = (TAG_SET_TABLE.name, ASSIGNMENT_SET_TABLE.name)
"""The history tables whose newest sets are spread out into rows of their own."""

INVENTORY_TABLES: dict[str, str] = {
    "devices": "devices",
    "phone-numbers": "phone_numbers",
    "app-versions": "app_versions",
}
"""Inventory entities and the tables that hold their rows."""

TABLES: tuple[str, ...] = (
    "changes",
    "tags",
    "assignments",
    *INVENTORY_TABLES.values(),
    "inventories",
    "inventories_observed",
    "inventory_contents",
    "complete_reports",
    "withdrawn",
    *(name for table in HISTORY_TABLES.values() for name in (table.observed, table.name)),
    *(table.versions for table in HISTORY_TABLES.values() if table.history),
    "report_runs",
    "schedule_states",
    "synced_parts",
    "audit",
    "runs",
    "facts",
)
"""Every table of the store, those that refer to others first."""
