"""What a file says differently from an earlier one of the same day: the later one counts, with a note."""

from __future__ import annotations

import sqlite3

from partnerctl.stores.changing import Disagreement
from partnerctl.stores.staging import Staging


def disagreement(connection: sqlite3.Connection, staged: Staging, run_id: int) -> Disagreement | None:
    """Return what absorbed rows of `run_id` say otherwise than another run did of the same key and day.

    None where nothing changed by it.
    """
    if not staged.columns:
        return None
    table = staged.table
    match = " AND ".join(f"o.{k} = s.{k}" for k in (*table.keys, "day"))
    places = {column: 1 << i for i, column in enumerate(table.values)}
    differs = " OR ".join(f"(o.spoken & {places[c]} AND o.{c} IS NOT s.{c})" for c in staged.columns)
    keys = ", ".join(f"s.{k}" for k in table.keys)
    row = connection.execute(
        f"SELECT COUNT(*) OVER (), s.line, s.day, {keys} FROM {staged.name} s WHERE s.how = 1 AND EXISTS ("
        f" SELECT 1 FROM {table.observed} o WHERE {match} AND o.run_id != :run_id AND ({differs})"
        ") ORDER BY s.line LIMIT 1",
        {"run_id": run_id},
    ).fetchone()
    return Disagreement(row[0], row[1], row[2], tuple(row[3:])) if row else None
