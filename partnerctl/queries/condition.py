"""A condition in SQL: what a query becomes, and what a list without one has. Costs nothing to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ALWAYS = "1 = 1"
"""A condition that every row meets, in every dialect."""
NEVER = "1 = 0"
"""A condition that no row meets, in every dialect."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition, true or false and never NULL, and the values of its ``:q1``, ``:q2``...

    `possible_sql` is true where the condition would be if unknown values matched; None: the same as `sql`.
    `unknown_fields` are the fields whose unknown values may leave rows out; where there are none, nobody
    needs to count.
    """

    sql: str = ALWAYS
    params: Mapping[str, object] = field(default_factory=dict)
    possible_sql: str | None = None
    unknown_fields: tuple[str, ...] = ()

    @property
    def unknown_sql(self) -> str:
        """Return the SQL condition of the rows left out only because a value is unknown."""
        if self.possible_sql is None:
            return NEVER
        return f"({self.possible_sql} AND NOT ({self.sql}))"


EVERYTHING = Condition()
"""The condition that every row meets."""
