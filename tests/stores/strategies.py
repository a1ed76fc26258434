"""Made files for the properties of the store: few things and few days, so that everything collides."""

from __future__ import annotations

from hypothesis import strategies as st

from partnerctl.domain.history import Value
from tests.stores.said import Cells, Said

ORGS = ("o1", "o2", "o3")
SUBSCRIPTIONS = {"s1": "o1", "s2": "o1", "s3": "o2", "s4": "o3"}
PRODUCTS = ("meetings", "messaging")
DAYS = tuple(f"2026-11-{d:02}" for d in range(1, 9))

maybe = st.none() | st.integers(0, 3)
VALUES: dict[str, dict[str, st.SearchStrategy[Value]]] = {
    "customers": {
        "name": st.sampled_from(("Ação", "acao", "Beta")),
        "region": st.sampled_from((None, "US", "CA")),
        "planned_users": maybe,
    },
    "subscriptions": {
        "status": st.sampled_from((None, "active", "suspended")),
        "end_date": st.sampled_from((None, "2026-12-01", "2027-01-01")),
        "auto_renew": st.sampled_from((None, 0, 1)),
    },
    "users": {"name": st.sampled_from((None, "Ana", "Bo")), "user_uuid": st.sampled_from((None, "u"))},
}


def some(of: tuple[str, ...], least: int = 1) -> st.SearchStrategy[list[str]]:
    """Return a few of the texts, in any order."""
    return st.lists(st.sampled_from(of), min_size=least, unique=True)


@st.composite
def rows(draw: st.DrawFn, table: str, keys: list[str]) -> dict[tuple[str, ...], Cells]:
    """Return what a file says of each key: the same columns of all."""
    columns = draw(some(tuple(VALUES[table])))
    return {(key,): {column: draw(VALUES[table][column]) for column in columns} for key in keys}


def placed(said: dict[tuple[str, ...], Cells], moving: dict[str, str]) -> dict[tuple[str, ...], Cells]:
    """Return rows of subscriptions with the customer that each belongs to."""
    return {key: {"org_id": moving[key[0]], "kind": "subscription", **cells} for key, cells in said.items()}


@st.composite
def license_rows(draw: st.DrawFn, keys: list[str]) -> dict[tuple[str, ...], Cells]:
    """Return license figures of each subscription: any products; a row of nothing ends one that stood."""
    used = draw(some(("used_7d", "used_ever"), 0))
    found: dict[tuple[str, ...], Cells] = {}
    for key in keys:
        for product in draw(some(PRODUCTS, 0)):
            ended = draw(st.integers(0, 4)) == 0
            cells = {c: None if ended else draw(maybe) for c in ("total", "assigned", *used)}
            found[key, product] = {**cells, "ended": int(ended)}
    return found


@st.composite
def reports(draw: st.DrawFn, day: str, complete: bool | None = None, moves: bool = False) -> Said:
    """Return a report: subscriptions, their customers and their license figures, perhaps all there are."""
    keys = draw(some(tuple(SUBSCRIPTIONS)))
    where = {s: draw(st.sampled_from(ORGS)) if moves else org for s, org in SUBSCRIPTIONS.items()}
    orgs = sorted({where[key] for key in keys})
    tables: dict[str, dict[tuple[str, ...], Cells]] = {
        "customers": {(org,): {"name": draw(VALUES["customers"]["name"])} for org in orgs},
        "subscriptions": placed(draw(rows("subscriptions", keys)), where),
        "licenses": draw(license_rows(keys)),
    }
    whole = draw(st.booleans()) if complete is None else complete
    region = draw(st.sampled_from((None, "US", "CA"))) if whole else None
    return Said(day, {k: v for k, v in tables.items() if v}, complete=whole, region=region)


@st.composite
def canonical(draw: st.DrawFn, day: str, moves: bool = False) -> Said:
    """Return a file of one entity, which speaks of things that are known."""
    kind = draw(st.sampled_from(("customers", "subscriptions", "licenses", "users", "tags", "devices")))
    if kind == "tags":
        return Said(day, tags={o: tuple(draw(some(("gold", "Ouro", "vip"), 0))) for o in draw(some(ORGS))})
    if kind == "devices":
        boxes = st.tuples(st.sampled_from("abc"), st.sampled_from("xy"))
        listed = st.lists(boxes, min_size=1, max_size=4).map(tuple)
        return Said(day, devices={o: draw(listed) for o in draw(some(ORGS))})
    if kind == "users":
        people = draw(rows("users", draw(some(("ana@acme.example", "bo@acme.example")))))
        return Said(day, {"users": {key: {"org_id": "o1", **cells} for key, cells in people.items()}})
    if kind == "customers":
        return Said(day, {"customers": draw(rows("customers", draw(some(ORGS))))})
    keys = draw(some(tuple(SUBSCRIPTIONS)))
    if kind == "licenses":
        return Said(day, {k: v for k, v in (("licenses", draw(license_rows(keys))),) if v})
    where = {s: draw(st.sampled_from(ORGS)) if moves else org for s, org in SUBSCRIPTIONS.items()}
    return Said(day, {"subscriptions": placed(draw(rows("subscriptions", keys)), where)})


def base(day: str) -> Said:
    """Return a report that names everything, so that any other file may come after it, of any day."""
    customers: dict[tuple[str, ...], Cells] = {(org,): {"name": org} for org in ORGS}
    named: dict[tuple[str, ...], Cells] = {(s,): {} for s in SUBSCRIPTIONS}
    return Said(day, {"customers": customers, "subscriptions": placed(named, SUBSCRIPTIONS)})


@st.composite
def files(draw: st.DrawFn, moves: bool = False) -> list[Said]:
    """Return files of different days; the first names everything."""
    days = draw(st.permutations(DAYS))
    count = draw(st.integers(1, 5))
    made = [
        draw(st.one_of(reports(day, moves=moves), canonical(day, moves=moves))) for day in days[1 : count + 1]
    ]
    return [base(days[0]), *made]


@st.composite
def orders(draw: st.DrawFn, count: int) -> list[int]:
    """Return the numbers below `count` in any order, 0 first, some more than once."""
    again = draw(st.lists(st.integers(0, count - 1), max_size=4))
    return [0, *draw(st.permutations([*range(1, count), *again]))]
