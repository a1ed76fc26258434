"""What files say of a day, found by going through all of them again (``cli.md``, --as-of; ``kpis.md``).

Plain loops over plain rows: nothing here is shared with what the program does. Days are ISO texts, which
compare as days do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from partnerctl.domain.history import Value
from tests.stores.said import Cells, Said

Files = Sequence[Said]
Key = tuple[str, ...]

NEWEST = "9999-12-31"
"""The day that asks for the newest knowledge: later than every file."""


@dataclass(frozen=True)
class Sub:
    """What is known of one subscription or trial, and of its customer, on some day."""

    subscription_id: str
    org_id: str
    customer: str | None
    region: str | None
    kind: str
    status: str | None
    start_date: date | None
    end_date: date | None
    auto_renew: bool | None
    first_seen: date


@dataclass(frozen=True)
class Figures:
    """The figures of one license row, taken on one day."""

    total: int | None
    assigned: int | None
    used_7d: int | None
    used_3m: int | None
    used_ever: int | None


def words(files: Files, table: str, key: Key) -> list[tuple[str, Cells]]:
    """Return what each file says of one thing, oldest first; of one day, what was told later comes later."""
    in_order = sorted(files, key=lambda said: said.day)
    return [(said.day, said.tables[table][key]) for said in in_order if key in said.tables.get(table, {})]


def keys(files: Files, table: str) -> list[Key]:
    """Return the key of everything that a table speaks of."""
    return sorted({key for said in files for key in said.tables.get(table, {})})


def spoken(files: Files, table: str, key: Key, column: str, until: str) -> Value:
    """Return the newest value of a field that carries; not yet spoken of, it takes its earliest later one."""
    said = [(day, cells[column]) for day, cells in words(files, table, key) if column in cells]
    before = [value for day, value in said if day <= until]
    if before:
        return before[-1]
    return said[0][1] if said else None


def sightings(files: Files, subscription_id: str) -> list[str]:
    """Return the days on which a subscription was observed, by itself or by its figures."""
    return sorted(
        said.day
        for said in files
        if (subscription_id,) in said.tables.get("subscriptions", {})
        or any(key[0] == subscription_id for key in said.tables.get("licenses", {}))
    )


def is_absent(files: Files, subscription_id: str, until: str) -> bool:
    """Tell whether a complete file has closed the subscription, and it was not seen again since."""
    seen = [day for day in sightings(files, subscription_id) if day <= until]
    closed = [
        said.day
        for said in files
        if said.complete and said.day <= until and (subscription_id,) not in said.tables["subscriptions"]
    ]
    return bool(seen) and bool(closed) and max(closed) > max(seen)


def known_subs(files: Files, until: str) -> list[Sub]:
    """Return every subscription that exists on a day: from its first observation on."""
    ids = sorted({key[0] for table in ("subscriptions", "licenses") for key in keys(files, table)})
    return [known_sub(files, one, until) for one in ids if sightings(files, one)[0] <= until]


def known_sub(files: Files, subscription_id: str, until: str) -> Sub:
    """Return what is known of one subscription on a day."""

    def said(column: str) -> Value:
        return spoken(files, "subscriptions", (subscription_id,), column, until)

    org_id = str(said("org_id"))
    auto_renew = said("auto_renew")
    return Sub(
        subscription_id,
        org_id,
        text(spoken(files, "customers", (org_id,), "name", until)),
        text(spoken(files, "customers", (org_id,), "region", until)),
        # decided: what is not known to be a trial counts, and prints, as a subscription
        "trial" if said("kind") == "trial" else "subscription",
        "absent" if is_absent(files, subscription_id, until) else text(said("status")),
        day_of(said("start_date")),
        day_of(said("end_date")),
        None if auto_renew is None else bool(auto_renew),
        date.fromisoformat(sightings(files, subscription_id)[0]),
    )


def snapshot(files: Files, subscription_id: str, until: str) -> dict[str, Figures]:
    """Return the newest figures of each license row of a subscription, whatever the other products' days.

    A row that a file has ended does not stand.
    """
    standing = {}
    for key in keys(files, "licenses"):
        said = [(day, cells) for day, cells in words(files, "licenses", key) if day <= until]
        if key[0] != subscription_id or not said:
            continue
        of_that_day: Cells = {}
        for day, cells in said:
            if day == said[-1][0]:
                of_that_day.update(cells)
        if not of_that_day["ended"]:
            standing[key[1]] = Figures(
                number(of_that_day.get("total")),
                number(of_that_day.get("assigned")),
                number(of_that_day.get("used_7d")),
                number(of_that_day.get("used_3m")),
                number(of_that_day.get("used_ever")),
            )
    return standing


def figure_days(files: Files, subscription_id: str | None, products: Sequence[str] | None) -> list[str]:
    """Return the days on which figures were taken: of one subscription or all, of these products or all.

    Decided: the mark that ends a row is no figure ("an all-empty license triple is no row"); a row of
    zeros, or of unknown figures, is.
    """
    return sorted(
        said.day
        for said in files
        for (subscription, product), cells in said.tables.get("licenses", {}).items()
        if (subscription_id is None or subscription == subscription_id)
        and (products is None or product in products)
        and not cells["ended"]
    )


def newest_day(files: Files, until: str) -> date | None:
    """Return the newest day on which any customer was observed, by itself or by what it buys."""
    tables = ("customers", "subscriptions", "licenses")
    days = [said.day for said in files if said.day <= until and any(said.tables.get(t) for t in tables)]
    return date.fromisoformat(max(days)) if days else None


def text(value: Value) -> str | None:
    """Return a cell as text."""
    return None if value is None else str(value)


def number(value: Value) -> int | None:
    """Return a cell as a number."""
    return None if value is None else int(value)


def day_of(value: Value) -> date | None:
    """Return a cell as a day."""
    return None if value is None else date.fromisoformat(str(value))
