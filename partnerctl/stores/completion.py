"""Completion: what the store knows that begins with what was typed.

A Tab key must be answered at once: nothing of the store is loaded but this, and nothing is ever written.
"""

from __future__ import annotations

import sqlite3

from partnerctl.domain.folding import fold
from partnerctl.stores.urls import store_path

_STATEMENTS = {
    "customers": "SELECT DISTINCT name FROM customers WHERE name_folded >= :prefix AND name_folded < :after"
    " AND merged_into IS NULL ORDER BY name_folded, name LIMIT :row_limit",
    "subscriptions": "SELECT subscription_id FROM subscriptions WHERE subscription_id >= :typed"
    " AND subscription_id < :typed_after AND org_id IS NOT NULL ORDER BY subscription_id LIMIT :row_limit",
    "tags": "SELECT DISTINCT tag FROM tags WHERE tag_folded >= :prefix AND tag_folded < :after"
    " ORDER BY tag LIMIT :row_limit",
}
_LAST = "\U0010ffff"


def complete(url: str, what: str, typed: str, limit: int) -> list[str]:
    """Return at most `limit` names of ``customers``, ids of ``subscriptions`` or ``tags``.

    A name begins with `typed` whatever its case and accents. A store that does not exist completes
    nothing. Raises sqlite3.Error, which whoever completes passes over.
    """
    path = store_path(url)
    if path is None or not path.exists():
        return []
    prefix = fold(typed)
    given = {
        "prefix": prefix,
        "after": prefix + _LAST,
        "typed": typed,
        "typed_after": typed + _LAST,
        "row_limit": limit,
    }
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)
    try:
        return [value for (value,) in connection.execute(_STATEMENTS[what], given)]
    finally:
        connection.close()
