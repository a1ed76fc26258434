"""Where a statement reads from: the newest rows, or those that held on a day (``cli.md``, --as-of)."""

from __future__ import annotations


def rows_of(name: str, as_of: bool) -> str:
    """Return the FROM item of a history table: current rows, or the versions of the day ``:as_of``."""
    if not as_of:
        return name
    from partnerctl.stores.tables import HISTORY_TABLES  # a plain list does without

    match = " AND ".join(f"o.{k} = v.{k}" for k in HISTORY_TABLES[name].keys)
    last = f"(SELECT MAX(o.day) FROM {name}_observed o WHERE {match} AND o.day <= :as_of) AS last_seen"
    if name != "subscriptions":
        return _versions(name, last)
    from partnerctl.stores.rollups import ROLLED_UP, SUMS

    rolled = ", ".join(
        f"f.{c}" if c == "products" else f"CASE WHEN f.subscription_id IS NULL THEN 0 ELSE f.{c} END AS {c}"
        for c in ROLLED_UP
    )
    sums = (
        f" LEFT JOIN (SELECT l.subscription_id, {SUMS} FROM licenses_versions l"
        " WHERE l.ended = 0 AND l.valid_from <= :as_of AND l.valid_to > :as_of GROUP BY l.subscription_id) f"
        " ON f.subscription_id = v.subscription_id"
    )
    return _versions(name, "n.first_seen", last, rolled, joined=_FIRST_SEEN + sums)


def states_of(name: str, as_of: bool) -> str:
    """Return the FROM item of a history table's keys and values alone, and a subscription's first_seen.

    Leaner than `rows_of` where a day's rows are asked for: no roll-ups, no last_seen.
    """
    if not as_of:
        return name
    if name == "subscriptions":
        return _versions(name, "n.first_seen", joined=_FIRST_SEEN)
    return _versions(name)


_FIRST_SEEN = " JOIN subscriptions n ON n.subscription_id = v.subscription_id"


def _versions(name: str, *more: str, joined: str = "") -> str:
    """Return the versions of the day ``:as_of``, with further columns."""
    from partnerctl.stores.tables import HISTORY_TABLES

    table = HISTORY_TABLES[name]
    columns = [f"v.{c}" for c in (*table.keys, *table.values, *(f"{c}_folded" for c in table.folded))]
    valid = "v.valid_from <= :as_of AND v.valid_to > :as_of"
    return f"(SELECT {', '.join([*columns, *more])} FROM {table.versions} v{joined} WHERE {valid})"


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
