"""Where a statement reads from: the newest rows, or those that held on a day (``cli.md``, --as-of)."""

from __future__ import annotations


def rows_of(name: str, as_of: bool) -> str:
    """Return the FROM item of a history table: current rows, or the versions of the day ``:as_of``."""
    if not as_of:
        return name
    from partnerctl.stores.rollups import ROLLED_UP, SUMS
    from partnerctl.stores.tables import HISTORY_TABLES

    table = HISTORY_TABLES[name]
    columns = ", ".join(
        f"v.{c}" for c in (*table.keys, *table.values, *(f"{c}_folded" for c in table.folded))
    )
    match = " AND ".join(f"o.{k} = v.{k}" for k in table.keys)
    last = f"(SELECT MAX(o.day) FROM {name}_observed o WHERE {match} AND o.day <= :as_of) AS last_seen"
    valid = "v.valid_from <= :as_of AND v.valid_to > :as_of"
    if name != "subscriptions":
        return f"(SELECT {columns}, {last} FROM {table.versions} v WHERE {valid})"
    rolled = ", ".join(
        f"f.{c}" if c == "products" else f"CASE WHEN f.subscription_id IS NULL THEN 0 ELSE f.{c} END AS {c}"
        for c in ROLLED_UP
    )
    return (
        f"(SELECT {columns}, n.first_seen, {last}, {rolled} FROM {table.versions} v"
        " JOIN subscriptions n ON n.subscription_id = v.subscription_id"
        f" LEFT JOIN (SELECT l.subscription_id, {SUMS} FROM licenses_versions l"
        " WHERE l.ended = 0 AND l.valid_from <= :as_of AND l.valid_to > :as_of GROUP BY l.subscription_id) f"
        f" ON f.subscription_id = v.subscription_id WHERE {valid})"
    )


def tags_of(as_of: bool) -> str:
    """Return the FROM item of tags: org_id, subscription_id, tag, tag_folded."""
    if not as_of:
        return "tags"
    return (
        "(SELECT v.org_id, json_extract(m.value, '$[0]') AS subscription_id,"
        " json_extract(m.value, '$[1]') AS tag, json_extract(m.value, '$[2]') AS tag_folded"
        " FROM tag_sets_versions v, json_each(v.members) m"
        " WHERE v.valid_from <= :as_of AND v.valid_to > :as_of)"
    )


def assignments_of(as_of: bool) -> str:
    """Return the FROM item of assignments: org_id, email."""
    if not as_of:
        return "assignments"
    return (
        "(SELECT v.org_id, m.value AS email FROM assignment_sets_versions v, json_each(v.members) m"
        " WHERE v.valid_from <= :as_of AND v.valid_to > :as_of)"
    )
