"""Sources: what a report's rows come from, an entity of the store or a list, and what each takes."""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """One source of rows.

    `noun` is the list whose query fields it takes. `inventory`: as it is now, without history. `listed`: its
    rows are typed records, as lists have them, not text of the store. `calling`: they are counted from the
    folder of calling records. `days`, `product` and `dated` say which options it takes besides: a horizon, a
    product family, a first and a last day.
    """

    name: str
    noun: str = "customers"
    inventory: bool = False
    listed: bool = False
    calling: bool = False
    days: bool = False
    product: bool = False
    dated: bool = False


_ALL = (
    Source("devices", inventory=True),
    Source("phone-numbers", inventory=True),
    Source("app-versions", inventory=True),
    Source("subscriptions"),
    Source("calling-usage", listed=True, calling=True, dated=True),
    Source("calling-by-customer", listed=True, calling=True, dated=True),
    Source("customers", listed=True),
    Source("licenses", "licenses", listed=True),
    Source("added", "units", listed=True, days=True, product=True),
    Source("expiring", "units", listed=True, days=True, product=True),
    Source("renewing", "units", listed=True, days=True, product=True),
    Source("low-assignment", "units", listed=True, product=True),
    Source("unassigned", "units", listed=True, product=True),
    Source("overage", "units", listed=True, product=True),
    Source("changes", "changes", listed=True, dated=True),
    Source("today", listed=True),
)

SOURCES: dict[str, Source] = {source.name: source for source in _ALL}
"""Every source by its name."""

SECTIONS = frozenset(source.name for source in _ALL if source.noun == "units")
"""The sources that are sections of license analytics."""
