"""From a row of the store to a record: ISO text to days, joined text to tuples, 0 and 1 to booleans."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from partnerctl.domain.figures import available, pct, wants_more
from partnerctl.domain.products import PRODUCTS
from partnerctl.domain.records import (
    AuditEntry,
    Customer,
    License,
    Order,
    ProductFigures,
    ReportRun,
    Subscription,
    User,
)
from partnerctl.domain.statuses import status_words

_PRODUCT_ORDER = {product: position for position, product in enumerate(PRODUCTS)}
_product_sets: dict[str, tuple[str, ...]] = {}


def day(text: str | None) -> date | None:
    """Return the day of an ISO text."""
    return None if text is None else date.fromisoformat(text)


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
    found = _product_sets.get(joined)
    if found is None:
        found = tuple(sorted(set(joined.split(";")), key=lambda p: (_PRODUCT_ORDER.get(p, 99), p)))
        _product_sets[joined] = found
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
        words(row[7]),
        row[8],
        row[9],
        row[10],
        row[11],
        day(row[12]),
        day(row[13]),
        day(row[14]),
        day(row[15]),
    )


def subscription_on(today: date) -> Any:
    """Return the function from a row of ``subscription_select`` to its record, with days left on `today`."""

    def subscription(row: tuple[Any, ...]) -> Subscription:
        end, total, assigned = day(row[8]), row[12], row[13]
        return Subscription(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            day(row[6]),
            day(row[7]),
            end,
            boolean(row[9]),
            None if end is None else (end - today).days,
            row[10],
            words(row[11]),
            total,
            assigned,
            row[14],
            row[15],
            row[16],
            available(total, assigned),
            pct(assigned, total),
            wants_more(total, assigned),
            _figures(row[17]),
        )

    return subscription


def _figures(text: str) -> tuple[ProductFigures, ...]:
    found = [ProductFigures(*(*r, available(r[1], r[2]))) for r in json.loads(text)]
    return tuple(sorted(found, key=lambda f: (_PRODUCT_ORDER.get(f.product, 99), f.product)))


def license_row(row: tuple[Any, ...]) -> License:
    """Return the record of a row of `LICENSE_SELECT`."""
    more = (available(row[6], row[7]), pct(row[7], row[6]), date.fromisoformat(row[11]))
    return License(*(*row[:11], *more))


def order(row: tuple[Any, ...]) -> Order:
    """Return the record of an order's row."""
    return Order(row[0], row[1], day(row[2]), *row[3:])


def user(row: tuple[Any, ...]) -> User:
    """Return the record of a user's row."""
    return User(*row)


def report_run(row: tuple[Any, ...]) -> ReportRun:
    """Return the record of a row of the table of report runs."""
    days = (day(text) for text in row[10:13])
    instants = (instant(text) for text in row[13:15])
    return ReportRun(*(*row[:3], instant(row[3]), *row[4:10], *days, *instants, row[15]))


def audit_entry(row: tuple[Any, ...]) -> AuditEntry:
    """Return the record of a row of the audit."""
    return AuditEntry(datetime.fromisoformat(row[0]), *row[1:])
