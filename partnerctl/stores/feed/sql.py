"""The SQL of changes: one row of the log becomes one record for each field that its mask names.

In SQL, so that conditions hold for records, and nothing is held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from partnerctl.domain.change_kinds import ENDED_STATUSES
from partnerctl.domain.telling import FIRST, GONE, NEW
from partnerctl.stores.dialect import json_element, literals
from partnerctl.stores.feed.nouns import (
    ADMINS,
    CUSTOMERS,
    LICENSES,
    PRESENCE,
    STEPS_PER_ROW,
    SUBSCRIPTIONS,
    TAGS,
    LoggedNoun,
)


class _Told(NamedTuple):
    """How a bit of a noun's mask is told: as which field, from which position in the arrays, as which kind.

    Position None: the thing itself. A kind in capitals depends on the values (`_KIND`).
    """

    noun: str
    bit: int
    field: str
    position: int | None
    kind: str
    holds: str = "value"


def _told() -> Iterator[_Told]:
    yield from _fields(CUSTOMERS, "customer_changed", {"merged_into": "LEAVING"})
    yield from _announced(CUSTOMERS, "customer", "new", "name", 0)
    terms = {"status": "STATUS", "end_date": "END", "auto_renew": "RENEWAL"}
    yield from _fields(SUBSCRIPTIONS, "subscription_changed", terms)
    yield from _announced(SUBSCRIPTIONS, "subscription", "added", "subscription_id", None)
    measures = {"total": "licenses_bought", "assigned": "licenses_assigned", "ended": "licenses_ended"}
    yield from _fields(LICENSES, "licenses_used", measures)
    yield _Told(TAGS.name, 0, "tags", 0, "tags_changed", "list")
    yield _Told(ADMINS.name, 0, "admins", 0, "admins_changed", "list")
    yield _Told(PRESENCE.name, 0, "absent", 0, "PRESENCE", "boolean")


def _fields(noun: LoggedNoun, kind: str, kinds: dict[str, str]) -> Iterator[_Told]:
    for bit, field in enumerate(noun.fields):
        holds = "boolean" if field in ("auto_renew", "ended") else "value"
        yield _Told(noun.name, bit, field, bit, kinds.get(field, kind), holds)


def _announced(noun: LoggedNoun, thing: str, new: str, field: str, position: int | None) -> Iterator[_Told]:
    yield _Told(noun.name, NEW.bit_length() - 1, field, position, f"{thing}_{new}")
    yield _Told(noun.name, GONE.bit_length() - 1, field, position, f"{thing}_withdrawn")
    yield _Told(noun.name, FIRST.bit_length() - 1, "first_seen", 0, f"{thing}_changed")


def _literal(value: str | int | None) -> str:
    return f"'{value}'" if isinstance(value, str) else "NULL" if value is None else str(value)


_TOLD = ", ".join(f"({', '.join(map(_literal, told))})" for told in _told())
_ENDED = literals(ENDED_STATUSES)
_KIND = f"""CASE v.kind
    WHEN 'STATUS' THEN CASE
        WHEN v.after IN ({_ENDED}) AND COALESCE(v.before NOT IN ({_ENDED}), 1 = 1) THEN 'subscription_ended'
        ELSE 'status_changed' END
    WHEN 'END' THEN CASE
        WHEN v.after > v.before THEN 'subscription_extended'
        WHEN v.after < v.before THEN 'subscription_shortened'
        ELSE 'subscription_changed' END
    WHEN 'RENEWAL' THEN CASE
        WHEN v.before + v.after = 1 THEN 'renewal_switched' ELSE 'subscription_changed' END
    WHEN 'LEAVING' THEN CASE WHEN v.after IS NULL THEN 'customer_back' ELSE 'customer_gone' END
    WHEN 'PRESENCE' THEN CASE WHEN v.after = 1 THEN 'customer_gone' ELSE 'customer_back' END
    ELSE v.kind END"""

_ENDING = json_element("r.after", str(LICENSES.fields.index("ended")))
# figures that end with their row go without saying, and a row that stands again is told by its figures
_WORTH = f"""(r.product IS NULL OR CASE WHEN f.field = 'ended'
    THEN COALESCE({_ENDING}, 0) = 1 ELSE COALESCE({_ENDING}, 0) = 0 END)"""


def _value(array: str) -> str:
    itself = f"CASE WHEN r.{array} IS NOT NULL THEN r.subscription_id END"
    return f"CASE WHEN f.position IS NULL THEN {itself} ELSE {json_element(f'r.{array}', 'f.position')} END"


def change_rows(mask: str, condition: str) -> str:
    """Return the common table expressions that end in ``change_rows``.

    `mask` is the column of the log that says which fields count, `condition` narrows its rows ``r``.
    """
    withdrawn = f"b.subscription_id IS NULL AND r.noun = '{SUBSCRIPTIONS.name}' AND r.told != {FIRST}"
    owner = f"CASE WHEN {withdrawn} THEN {json_element('COALESCE(r.after, r.before)', '0')} END"
    return f"""
    change_told (noun, bit, field, position, kind, holds) AS (VALUES {_TOLD}),
    change_values AS (
        SELECT r.seq AS row_seq, f.bit, r.day, u.started AS learned_at,
            COALESCE(r.org_id, b.org_id, {owner}) AS org_id, r.subscription_id, r.product,
            COALESCE(r.product || '.', '') || f.field AS field,
            {_value("before")} AS before, {_value("after")} AS after, f.kind, f.holds
        FROM changes r LEFT JOIN runs u ON u.run_id = r.run_id
        LEFT JOIN subscriptions b ON b.subscription_id = r.subscription_id
        CROSS JOIN change_told f
        WHERE f.noun = r.noun AND ((r.{mask} >> f.bit) & 1) = 1 AND {_WORTH} AND {condition}
    ),
    change_rows AS (
        SELECT v.row_seq, v.bit, v.row_seq * {STEPS_PER_ROW} + v.bit AS seq, v.day, v.learned_at,
            c.name AS customer, c.name_folded, v.org_id, v.subscription_id, v.product,
            {_KIND} AS kind, v.field, v.before, v.after, v.holds, c.region, c.country, c.managed_by
        FROM change_values v LEFT JOIN customers c ON c.org_id = v.org_id
    )"""
