"""The rows of the log of changes that follow from staged observations alone, as one statement.

For things of which a file says something newer than all that is known of them: what held until now is in
the current table, what holds from now on is staged. Everything else is compared (`change_log`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from partnerctl.domain.telling import NEW
from partnerctl.stores.dialect import json_array

if TYPE_CHECKING:
    import sqlite3

    from partnerctl.stores.feed.nouns import LoggedNoun
    from partnerctl.stores.staging import Staging

PLACE = ("org_id", "subscription_id", "product")
"""The columns of the log that name a thing; those that its noun does not have are NULL."""

INSERT = f"INSERT INTO changes (run_id, day, noun, {', '.join(PLACE)}, told, stands, before, after)"
"""The beginning of every statement that adds to the log."""


def add_staged(connection: sqlite3.Connection, noun: LoggedNoun, staged: Staging, run_id: int) -> None:
    """Add what the staged rows change; before the current rows are overwritten."""
    table = staged.table
    values = [f"c.{value}" for value in table.values]
    after = [
        f"s.{value}" if value in staged.columns else f"c.{value}" if table.carries else "NULL"
        for value in table.values
    ]
    changed = _mask(
        (i, f"{old} IS NOT {new}")
        for i, (old, new) in enumerate(zip(values, after, strict=True))
        if old != new
    )
    begun = _mask((i, f"{after[i]} IS NOT NULL") for i in noun.manner.first)
    place = [f"s.{column}" if column in noun.keys else "NULL" for column in PLACE]
    order = ", ".join(f"s.{key}" for key in table.keys)
    connection.execute(
        f"""
        {INSERT}
        SELECT :run_id, s.day, '{noun.name}', {", ".join(place)}, {{mask}}, {{mask}},
            CASE WHEN s.how = 1 THEN {json_array(values)} END, {json_array(after)}
        FROM {staged.name} s
        LEFT JOIN {table.name} c ON {" AND ".join(f"c.{key} = s.{key}" for key in table.keys)}
        WHERE s.how != 0 AND NOT s.slow ORDER BY {order}
        """.format(mask=f"CASE WHEN s.how = 2 THEN {NEW} + {begun} ELSE {changed} END"),
        {"run_id": run_id},
    )


def _mask(bits: Iterable[tuple[int, str]]) -> str:
    """Return the expression of a bit mask: each bit's position, and when it is set."""
    return " + ".join(["0", *(f"CASE WHEN {condition} THEN {1 << i} ELSE 0 END" for i, condition in bits)])
