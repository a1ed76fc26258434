"""From a row of the store to a record: ISO text to days, joined text to tuples, 0 and 1 to booleans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from partnerctl.domain.members import members_of
from partnerctl.domain.products import PRODUCTS
from partnerctl.domain.records import Customer
from partnerctl.domain.statuses import status_words

PRODUCT_ORDER = {product: position for position, product in enumerate(PRODUCTS)}
"""The place of each product that is known by name; others come after them."""
_product_sets: dict[frozenset[str], tuple[str, ...]] = {}
_tag_sets: dict[str, tuple[str, ...]] = {}
_UNREAD = date.max
_days: dict[str | None, date | None] = {}


def day(text: str | None) -> date | None:
    """Return the day of an ISO text; lists hold few different ones."""
    found = _days.get(text, _UNREAD)
    if found is _UNREAD:
        found = _days[text] = None if text is None else date.fromisoformat(text)
    return found


def instant(text: str | None) -> datetime | None:
    """Return the instant of an RFC 3339 text."""
    return None if text is None else datetime.fromisoformat(text)


def boolean(value: int | None) -> bool | None:
    """Return the boolean of 0 or 1."""
    return None if value is None else value != 0


def products(joined: str | None) -> tuple[str, ...]:
    """Return the distinct products of a joined text, known ones first."""
    if not joined:
        return ()
    distinct = frozenset(joined.split(";"))
    found = _product_sets.get(distinct)
    if found is None:
        found = tuple(sorted(distinct, key=lambda p: (PRODUCT_ORDER.get(p, 99), p)))
        _product_sets[distinct] = found
    return found


def own_tags(members: str | None) -> tuple[str, ...]:
    """Return the customer's own tags out of its set (`domain.members`), by code point."""
    if members is None:
        return ()
    found = _tag_sets.get(members)
    if found is None:
        found = tuple(sorted(tag for subscription_id, tag, _ in members_of(members) if not subscription_id))
        _tag_sets[members] = found
    return found


def words(joined: str | None) -> tuple[str, ...]:
    """Return the tags of a text joined by commas; a tag holds none."""
    return tuple(joined.split(",")) if joined else ()


CUSTOMER_SELECT = (
    "c.org_id, c.name, c.region, c.country, c.managed_by, c.flags, c.products, c.tags, c.subscriptions,"
    " c.trials, c.licenses_total, c.licenses_assigned, c.next_end_date, c.created_date, c.last_admin_login,"
    " c.data_as_of"
)
"""The columns of a customer's record, selected from ``customer_rows c``."""


def customer(row: tuple[Any, ...]) -> Customer:
    """Return the record of a row of `CUSTOMER_SELECT`."""
    return Customer(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        status_words(row[5]),
        products(row[6]),
        own_tags(row[7]),
        row[8],
        row[9],
        row[10],
        row[11],
        day(row[12]),
        day(row[13]),
        day(row[14]),
        day(row[15]),
    )
