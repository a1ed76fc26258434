"""Made stores for the license analytics, full of edges, and what the program says of them.

A store is files of different days, told in any order. Days lie around the days that are asked about, ratios
on the thresholds, and figures are missing now and then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from partnerctl.services.kpi_trend import trend
from partnerctl.services.kpis import Choice, overview, section
from partnerctl.services.questions import Asked
from partnerctl.stores.contract import Store
from tests.services.kpi_oracle import Record
from tests.services.kpi_oracle_units import WHERE, Inquiry
from tests.stores.said import Cells, Said

Rows = dict[tuple[str, ...], Cells]

TODAY = date(2026, 11, 23)
"""A Monday."""

NAMES = {"o1": "Ação", "o2": "Beta", "o3": "Beta", "o4": "acme"}
"""Two customers share a name; o5 is known only by what it buys, so that its name is unknown."""
ORGS = (*NAMES, "o5")
SUBSCRIPTIONS = tuple(f"s{n}" for n in range(10))
PRODUCTS = ("meetings", "calling_professional", "calling_standard", "messaging")

DAYS = tuple(TODAY + timedelta(days=n) for n in (-40, -22, -15, -14, -9, -8, -7, -6, -2, -1, 0))
FUTURE = TODAY + timedelta(days=3)

AS_OF = (None, None, *(TODAY + timedelta(days=n) for n in (-60, -9, -8, -2, -1, 0, 5)))
STARTS = (-200, -91, -90, -60, -31, -30, -8, -7, -6, -1, 0, 1, 8)
ENDS = (-60, -1, 0, 1, 6, 7, 8, 29, 30, 31, 60, 89, 90, 91, 92, 200)

STATUSES = (*["active"] * 30, "suspended", "expired", "cancelled", "pending_setup", "odd", None)
TENTHS, FIFTHS = ((10, 1), (10, 1), (20, 2)), ((10, 2), (10, 2), (10, 2), (20, 4), (5, 1))
OTHERS = ((40, 3), (40, 2), (20, 18), (10, 9), (16, 1), (16, 3), (8, 4), (5, 0), (3, 1), (7, 0))
FULL = ((10, 10), (10, 13), (4, 9), (0, 2), (0, 0))
KNOWN: tuple[tuple[int | None, int | None], ...] = (*TENTHS, *FIFTHS, *OTHERS, *FULL)
"""Total and assigned; with factor 0.5 and a median of 2/10, 1/10 is on the threshold, and 3/40 below it."""
UNKNOWN: tuple[tuple[int | None, int | None], ...] = ((None, 3), (6, None), (None, 0), (None, None), (0, 0))


def days(count: int) -> str:
    """Return the day that many days after TODAY."""
    return (TODAY + timedelta(days=count)).isoformat()


def sub(org_id: str = "o1", **cells: Any) -> Cells:
    """Return what a file says of a subscription: one that runs, unless `cells` say otherwise."""
    said = {"kind": "subscription", "status": "active", "start_date": "2025-01-10"}
    return {"org_id": org_id, **said, "end_date": None, "auto_renew": None, **cells}


def row(total: int | None, assigned: int | None, used_7d: int | None = 0, used_ever: int | None = 0) -> Cells:
    """Return the figures of a license row."""
    used: Cells = {"used_7d": used_7d, "used_3m": None, "used_ever": used_ever}
    return {"total": total, "assigned": assigned, **used, "ended": 0}


def ended() -> Cells:
    """Return what a file says of a license row that it ends."""
    return {**row(None, None, None, None), "ended": 1}


def of(
    day: str,
    subs: dict[str, Cells],
    rows: dict[str, Cells],
    product: str = "meetings",
    regions: Mapping[str, str | None] = MappingProxyType({}),
) -> Said:
    """Return a file: subscriptions by id, license rows by id or by ``id product``, regions of customers."""
    tables: dict[str, Rows] = {
        "customers": {(org,): {"name": f"Customer {org}", "region": code} for org, code in regions.items()},
        "subscriptions": {(one,): cells for one, cells in subs.items()},
        "licenses": {tuple(f"{key} {product}".split()[:2]): cells for key, cells in rows.items()},
    }
    return Said(day, {name: said for name, said in tables.items() if said})


def one(figures: Cells, **cells: Any) -> Said:
    """Return a file of TODAY with one subscription of one Meetings row."""
    return of(days(0), {"s1": sub(**cells)}, {"s1": figures})


def units(*figures: Cells) -> Said:
    """Return a file of TODAY with a Meetings unit for each of the figures, each of a customer of its own."""
    numbered = {f"s{n}": cells for n, cells in enumerate(figures, 1)}
    return of(days(0), {key: sub(f"o{key[1:]}") for key in numbered}, numbered)


def taken(day: int, figures: Cells, product: str = "meetings") -> Said:
    """Return a file of that day with the figures of one product of s1."""
    return of(days(day), {"s1": sub(start_date=days(-20))}, {"s1": figures}, product)


class Program:
    """What the program says about one inquiry, in the shape of the oracle."""

    def __init__(self, store: Store, asked: Inquiry) -> None:
        self.store = store
        self.asked = Asked(asked.today, as_of=asked.as_of, region=asked.region, where=asked.where)
        self.choice = Choice(asked.product, asked.days, Decimal(asked.factor))

    def overview(self) -> Record:
        """Return the KPIs over all customers."""
        return asdict(overview(self.store, self.asked, self.choice).record)

    def section(self, name: str) -> Record:
        """Return one section: its KPIs and its rows."""
        return asdict(section(self.store, name, self.asked, self.choice).record)

    def trend(self, weeks: int) -> list[Record]:
        """Return one point per Saturday."""
        return [asdict(point) for point in trend(self.store, self.asked, self.choice, weeks).records]


def around(offsets: tuple[int, ...], unknown: int) -> st.SearchStrategy[str | None]:
    """Return days around those that are asked about, as texts, and `unknown` unknown ones to every four."""
    anchors = st.sampled_from((*[None] * unknown, 0, 0, -8, 5))
    return st.builds(
        lambda anchor, offset: (
            None if anchor is None else (TODAY + timedelta(days=anchor + offset)).isoformat()
        ),
        anchors,
        st.sampled_from(offsets),
    )


def some(of: tuple[str, ...], least: int = 0) -> st.SearchStrategy[list[str]]:
    """Return a few of the texts, in any order, each once."""
    return st.lists(st.sampled_from(of), min_size=least, unique=True)


@st.composite
def most(draw: st.DrawFn, of: tuple[str, ...]) -> list[str]:
    """Return all of the texts but a few, in their order."""
    without = draw(st.lists(st.sampled_from(of), max_size=3))
    return [one for one in of if one not in without]


@st.composite
def inquiries(draw: st.DrawFn) -> Inquiry:
    """Return what to ask, but for the product."""
    return Inquiry(
        TODAY,
        draw(st.sampled_from(AS_OF)),
        tuple(draw(st.sampled_from((*[()] * 5, ("US",), ("EU", "unknown"), ("unknown",), ("US", "EU"))))),
        draw(st.sampled_from((*[None] * 7, *WHERE))),
        days=draw(st.sampled_from((None, None, None, 0, 7, 30, 91))),
        factor=draw(st.sampled_from(("0.5", "0.5", "0.9", "1", "0.25"))),
    )


@st.composite
def stores(draw: st.DrawFn) -> list[Said]:
    """Return files of different days, the one told first first; what they refer to is known by then."""
    everyone = SUBSCRIPTIONS[: draw(st.sampled_from((1, 4, 7, *[10] * 6)))]
    owners = {s: draw(st.sampled_from(ORGS)) for s in everyone}
    kinds = {s: draw(st.sampled_from(("subscription", "subscription", "trial", None))) for s in everyone}
    count = draw(st.sampled_from((1, 2, 3, 3, 4, 5)))
    days = draw(st.permutations((*DAYS, FUTURE)))[:count]
    late = draw(st.lists(st.sampled_from(everyone), max_size=5))
    known: set[str] = set()
    made: list[Said] = []
    for number, day in enumerate(days):
        if number == 0:
            named = [one for one in everyone if one not in late]
        else:
            named = sorted({*draw(some(everyone)), *(late if number == count - 1 else ())})
        subscriptions = draw(subscription_rows(named, owners, kinds))
        known.update(named)
        tables: dict[str, Rows] = {
            "customers": draw(customer_rows()),
            "subscriptions": subscriptions,
            "licenses": draw(license_rows(sorted(known))),
        }
        complete = bool(subscriptions) and draw(st.integers(0, 9)) == 0
        made.append(Said(day.isoformat(), {k: v for k, v in tables.items() if v}, complete=complete))
    return made


@st.composite
def customer_rows(draw: st.DrawFn) -> Rows:
    """Return what a file says of customers, with or without their regions; that of o4 moves."""
    with_region = draw(st.booleans())
    regions = {"o1": "US", "o2": "EU", "o3": None, "o4": draw(st.sampled_from(("US", "EU", None)))}
    return {
        (org,): {"name": NAMES[org], **({"region": regions[org]} if with_region else {})}
        for org in draw(some(tuple(NAMES)))
    }


@st.composite
def subscription_rows(
    draw: st.DrawFn, named: list[str], owners: dict[str, str], kinds: dict[str, str | None]
) -> Rows:
    """Return what a file says of these subscriptions; now and then it does not speak of a column."""
    columns: dict[str, st.SearchStrategy[str | int | None]] = {
        "status": st.sampled_from(STATUSES),
        "start_date": around(STARTS, unknown=4),
        "end_date": around(ENDS, unknown=2),
        "auto_renew": st.sampled_from((None, 0, 1, 1)),
    }
    spoken = [name for name in columns if draw(st.integers(0, 7))]
    with_kind = draw(st.integers(0, 7)) > 0
    return {
        (one,): {
            "org_id": owners[one],
            **({"kind": kinds[one] or "subscription"} if with_kind else {}),
            **{column: draw(columns[column]) for column in spoken},
        }
        for one in named
    }


@st.composite
def license_rows(draw: st.DrawFn, known: list[str]) -> Rows:
    """Return figures: of some products only, so that those of others stay those of older days."""
    products = draw(most(PRODUCTS))
    tidy = draw(st.booleans())  # a single unknown figure hides every sum, so half of the files have none
    columns = [name for name in ("used_7d", "used_3m", "used_ever") if tidy or draw(st.integers(0, 3))]
    counts = st.sampled_from(KNOWN if tidy else (*KNOWN, *UNKNOWN))
    used = st.sampled_from((0, 1, 2, 2, 3, 9) if tidy else (None, 0, 1, 2, 2, 3, 9))
    gone = draw(st.sampled_from((*[None] * 6, "meetings", "messaging")))  # a product of which nothing is left
    found: Rows = {}
    for one in known:
        for product in products:
            what = draw(st.integers(0, 19))
            if what < 2:
                continue
            ended = what == 19 or product == gone
            total, assigned = (None, None) if ended else draw(counts)
            more = {column: None if ended else draw(used) for column in columns}
            found[one, product] = {"total": total, "assigned": assigned, **more, "ended": int(ended)}
    return found
