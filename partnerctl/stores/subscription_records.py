"""From a row of the store to the record of a subscription, a license row or an order."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from partnerctl.domain.figures import available, pct, wants_more
from partnerctl.domain.records import License, Order, ProductFigures, Subscription
from partnerctl.stores.rows import PRODUCT_ORDER, boolean, day, words


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
    read: list[list[Any]] = json.loads(text)
    found = [ProductFigures(*[*r, available(r[1], r[2])]) for r in read]
    return tuple(sorted(found, key=lambda f: (PRODUCT_ORDER.get(f.product, 99), f.product)))


def license_row(row: tuple[Any, ...]) -> License:
    """Return the record of a row of `LICENSE_SELECT`."""
    more = (available(row[6], row[7]), pct(row[7], row[6]), date.fromisoformat(row[11]))
    values: list[Any] = [*row[:11], *more]
    return License(*values)


def order(row: tuple[Any, ...]) -> Order:
    """Return the record of an order's row."""
    return Order(row[0], row[1], day(row[2]), *row[3:])
