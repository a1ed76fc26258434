"""What the log of changes tells of: each noun, its key in the log, its fields, and how it is told.

A row of the log holds all values of a thing, as JSON arrays in the order of `LoggedNoun.fields`; the bits of
its masks are the positions in them (``domain.telling``).
"""

from __future__ import annotations

from dataclasses import dataclass

from partnerctl.domain.courses import NO_MEMBERS, THERE
from partnerctl.domain.telling import MOST_FIELDS, Manner
from partnerctl.stores.tables import CUSTOMER_TABLE, LICENSE_TABLE, SUBSCRIPTION_TABLE, HistoryTable

STEPS_PER_ROW = 16
"""Numbers of the feed per row of the log: one for each bit of a mask."""


@dataclass(frozen=True, slots=True)
class LoggedNoun:
    """One noun of the log. `table` holds its versions; None: they follow from those of another table.

    `keys` are its columns in the log, `fields` the names of its values in order.
    """

    name: str
    keys: tuple[str, ...]
    fields: tuple[str, ...]
    manner: Manner
    table: HistoryTable | None = None

    @property
    def noted(self) -> tuple[str, ...]:
        """Return the columns by which it is noted that something changed; the other keys follow."""
        return ("org_id",) if self.table is None else self.keys


def _tabled(table: HistoryTable, manner: Manner) -> LoggedNoun:
    return LoggedNoun(table.name, table.keys, table.values, manner, table)


def _width(table: HistoryTable) -> int:
    if len(table.values) > MOST_FIELDS:
        raise ValueError(f"{table.name}: more than {MOST_FIELDS} values do not fit into a mask")
    return len(table.values)


CUSTOMERS = _tabled(CUSTOMER_TABLE, Manner(_width(CUSTOMER_TABLE), announced=True))
SUBSCRIPTIONS = _tabled(SUBSCRIPTION_TABLE, Manner(_width(SUBSCRIPTION_TABLE), announced=True))
LICENSES = _tabled(LICENSE_TABLE, Manner(_width(LICENSE_TABLE), first=(0, 1)))  # total, assigned
TAGS = LoggedNoun("tags", ("org_id", "subscription_id"), ("tags",), Manner(1, nothing=NO_MEMBERS))
ADMINS = LoggedNoun("admins", ("org_id",), ("admins",), Manner(1, nothing=NO_MEMBERS))
PRESENCE = LoggedNoun("presence", ("org_id",), ("absent",), Manner(1, nothing=THERE))

LOGGED: tuple[LoggedNoun, ...] = (CUSTOMERS, SUBSCRIPTIONS, LICENSES, TAGS, ADMINS, PRESENCE)
"""Every noun of the log, in the order in which one run tells of them."""

LOGGED_TABLES: dict[str, LoggedNoun] = {
    **{noun.table.name: noun for noun in LOGGED if noun.table is not None},
    "tag_sets": TAGS,
    "assignment_sets": ADMINS,
}
"""The noun that a history table's versions are told as; what has no history is not told."""
