"""The made data: the same each time, plausible, and with something of everything in it."""

import hashlib
import subprocess
import sys
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from partnerctl.demo.made import Demo, make_demo
from partnerctl.domain.batches import Batch
from partnerctl.domain.entities import ENTITIES, Kind
from partnerctl.domain.identifiers import parse_org_id
from partnerctl.domain.products import PRODUCTS
from partnerctl.domain.regions import REGIONS
from partnerctl.domain.roles import ROLES

DAY = date(2026, 11, 23)
DEMO = make_demo(7, 200, DAY)

Rows = list[dict[str, Any]]


@cache
def batches(demo: Demo) -> list[Batch]:
    return list(demo.batches())


def digest(demo: Demo) -> str:
    made = hashlib.sha256()
    for batch in demo.batches():
        made.update(repr((batch.entity.name, batch.day, batch.columns, batch.rows)).encode())
    return made.hexdigest()


def rows(demo: Demo, entity: str) -> list[tuple[date, dict[str, Any]]]:
    """Return every row of an entity with its day, in the order in which they come."""
    return [
        (batch.day, dict(zip(batch.columns, row, strict=True)))
        for batch in batches(demo)
        if batch.entity.name == entity
        for row in batch.rows
    ]


def newest(demo: Demo, entity: str) -> Rows:
    """Return the newest row of each thing."""
    keys = ENTITIES[entity].keys
    found = {tuple(row[key] for key in keys): row for _, row in rows(demo, entity)}
    return list(found.values())


def is_running(row: dict[str, Any], day: date) -> bool:
    starts, ends = row["start_date"] or date.min, row["end_date"] or date.max
    return row["status"] == "active" and starts <= day <= ends


def statuses(demo: Demo) -> dict[str, set[str]]:
    """Return the statuses of each customer, as plainly as ``kpis.md`` says them."""
    day = demo.as_of
    figures = defaultdict(list)
    for row in newest(demo, "licenses"):
        figures[row["subscription_id"]].append(row)
    owned = defaultdict(list)
    for row in newest(demo, "subscriptions"):
        owned[row["org_id"]].append(row)
    found: dict[str, set[str]] = {}
    for customer in newest(demo, "customers"):
        mine = owned[customer["org_id"]]
        running = [row for row in mine if is_running(row, day)]
        pending = [row for row in mine if row["status"] == "pending_setup" and row["kind"] == "subscription"]
        stands = [row for row in mine if row["status"] in {"suspended", None}]
        login = customer["last_admin_login"]
        ending = [r for r in running if r["kind"] == "trial" or r["auto_renew"] is not True]
        over = [r for r in running for f in figures[r["subscription_id"]] if f["assigned"] > f["total"]]
        checks = {
            "suspended": any(row["status"] == "suspended" for row in mine),
            "expiring_soon": any(r["end_date"] and (r["end_date"] - day).days <= 30 for r in ending),
            "license_overage": bool(over),
            "ready_for_order_setup": bool(pending),
            "trial": any(row["kind"] == "trial" for row in running),
            "subscription": any(row["kind"] == "subscription" for row in running),
            "no_recent_activity": login is not None and (day - login).days > 90,
            "expired": not (running or stands or pending),
        }
        found[customer["org_id"]] = {status for status, holds in checks.items() if holds}
    return found


def test_the_same_seed_count_and_day_give_the_same_data() -> None:
    assert digest(make_demo(7, 40, DAY)) == digest(make_demo(7, 40, DAY))
    assert digest(make_demo(8, 40, DAY)) != digest(make_demo(7, 40, DAY))
    assert digest(make_demo(7, 40, DAY + timedelta(days=1))) != digest(make_demo(7, 40, DAY))


def test_the_data_depends_on_no_hash_of_this_process() -> None:
    program = (
        "from datetime import date\n"
        "from partnerctl.demo.made import make_demo\n"
        "from tests.demo.test_made import digest\n"
        "print(digest(make_demo(7, 40, date(2026, 11, 23))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": "12345", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(make_demo(7, 40, DAY))


def test_customers_do_not_depend_on_how_many_there_are() -> None:
    few, many = make_demo(7, 5, DAY), make_demo(7, 9, DAY)
    assert newest(few, "customers") == newest(many, "customers")[:5]


@pytest.mark.parametrize("customers", [20, 200])
@pytest.mark.parametrize("seed", [1, 7])
def test_every_status_occurs_even_among_few_customers(customers: int, seed: int) -> None:
    seen = set().union(*statuses(make_demo(seed, customers, DAY)).values())
    assert seen == {
        *("suspended", "expiring_soon", "license_overage", "ready_for_order_setup"),
        *("trial", "subscription", "no_recent_activity", "expired"),
    }


def test_most_customers_need_no_attention() -> None:
    found = statuses(DEMO).values()
    calm = [one for one in found if one == {"subscription"}]
    assert 0.4 < len(calm) / len(found) < 0.9


def test_no_customer_is_without_a_status_by_accident() -> None:
    assert all(statuses(DEMO).values())


def test_all_regions_products_roles_and_renewals_occur() -> None:
    regions = [row["region"] for row in newest(DEMO, "customers")]
    assert {*regions} == {*REGIONS, None}
    assert 2 <= regions.count(None) <= 20
    assert {row["product"] for row in newest(DEMO, "licenses")} == {*PRODUCTS}
    assert {row["role"] for row in newest(DEMO, "admins")} == {*ROLES}
    assert {row["auto_renew"] for row in newest(DEMO, "subscriptions")} == {True, False, None}
    assert {row["managed_by"] for row in newest(DEMO, "customers")} == {"partner", "external", None}


def test_the_license_analytics_have_something_to_show() -> None:
    subscriptions = newest(DEMO, "subscriptions")
    running = [row for row in subscriptions if is_running(row, DAY)]
    left = {row["subscription_id"]: (row["end_date"] - DAY).days for row in running if row["end_date"]}
    renewing = [row for row in running if row["auto_renew"] and left.get(row["subscription_id"], 999) <= 90]
    expiring = [row for row in running if not row["auto_renew"] and left[row["subscription_id"]] <= 90]
    added = [row for row in running if row["start_date"] and (DAY - row["start_date"]).days <= 90]
    assert len(renewing) >= 5
    assert len(expiring) >= 10
    assert len(added) >= 5
    assert any(row["start_date"] is None for row in running)
    live = {row["subscription_id"] for row in running}
    units = [row for row in newest(DEMO, "licenses") if row["subscription_id"] in live and row["total"]]
    assert sum(row["assigned"] == 0 for row in units) >= 3
    assert sum(0 < row["assigned"] * 5 <= row["total"] for row in units) >= 5
    assert sum(row["assigned"] > row["total"] for row in units) >= 5


def test_things_change_over_the_weeks() -> None:
    seen: dict[str, set[Any]] = defaultdict(set)
    for _, row in rows(DEMO, "subscriptions"):
        for field in ("status", "end_date", "auto_renew"):
            seen[f"{field} {row['subscription_id']}"].add(row[field])
    for field in ("status", "end_date", "auto_renew"):
        assert any(len(values) > 1 for key, values in seen.items() if key.startswith(field)), field
    first = {row["org_id"]: day for day, row in reversed(rows(DEMO, "customers"))}
    last = {row["org_id"]: day for day, row in rows(DEMO, "customers")}
    assert any(day > DEMO.days[0] for day in first.values()), "new customers"
    assert any(day < DAY for day in last.values()), "customers that are gone"
    tags: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for day, row in rows(DEMO, "tags"):
        tags[row["org_id"]][day].add(row["tag"])
    assert any(len({frozenset(one) for one in days.values()}) > 1 for days in tags.values())


def test_there_are_26_weekly_days_that_end_with_the_day_asked_for() -> None:
    assert len(DEMO.days) == 26
    assert DEMO.days[-1] == DAY
    assert {b - a for a, b in zip(DEMO.days, DEMO.days[1:], strict=False)} == {timedelta(days=7)}
    assert {batch.day for batch in batches(DEMO) if batch.entity.name == "licenses"} == {*DEMO.days}


TYPES: dict[Kind, type] = {Kind.COUNT: int, Kind.DATE: date, Kind.BOOLEAN: bool}


def test_every_cell_fits_its_field_and_required_ones_are_known() -> None:
    for batch in batches(DEMO):
        assert batch.columns == tuple(field.name for field in batch.entity.fields)
        assert batch.rows
        for row in batch.rows:
            for field, cell in zip(batch.entity.fields, row, strict=True):
                assert cell is None or isinstance(cell, TYPES.get(field.kind, str)), (field, cell)
                assert cell is not None or not field.required, (batch.entity.name, field)
                if field.kind is Kind.COUNT and isinstance(cell, int):
                    assert cell >= 0


def test_what_is_referred_to_was_said_before_and_no_key_comes_twice() -> None:
    known: dict[str, set[Any]] = defaultdict(set)
    for batch in batches(DEMO):
        table = [dict(zip(batch.columns, row, strict=True)) for row in batch.rows]
        if batch.entity.keys:
            keys = [tuple(row[key] for key in batch.entity.keys) for row in table]
            assert len(set(keys)) == len(keys), (batch.entity.name, batch.day)
        for name, owner in (("org_id", "customers"), ("subscription_id", "subscriptions")):
            values = {row[name] for row in table if row.get(name)}
            if batch.entity.name == owner:
                known[name] |= values
            else:
                assert values <= known[name], (batch.entity.name, batch.day)


def test_figures_are_plausible_and_move() -> None:
    for day, row in rows(DEMO, "licenses"):
        used = [row[key] for key in ("used_7d", "used_3m", "used_ever")]
        if None not in used:
            assert used == sorted(used)
            assert used[-1] <= row["assigned"]
        else:
            assert used == [None] * 3, day
    per_week: dict[date, int] = defaultdict(int)
    for day, row in rows(DEMO, "licenses"):
        per_week[day] += row["assigned"]
    assert len(set(per_week.values())) > 20


def test_days_are_in_order() -> None:
    for _, row in rows(DEMO, "subscriptions"):
        assert row["start_date"] is None or row["start_date"] <= row["end_date"]
    first = {row["subscription_id"]: day for day, row in reversed(rows(DEMO, "licenses"))}
    for row in newest(DEMO, "subscriptions"):
        assert row["start_date"] is None or row["start_date"] <= first[row["subscription_id"]]
    for day, row in rows(DEMO, "customers"):
        assert row["last_admin_login"] is None or row["last_admin_login"] <= day
        assert row["created_date"] <= day


def test_all_of_it_is_made_up() -> None:
    customers = newest(DEMO, "customers")
    assert len({row["name"] for row in customers}) == len(customers)
    assert all(parse_org_id(row["org_id"]) == row["org_id"] for row in customers)
    assert sum(not row["name"].isascii() for row in customers) > 20
    for entity in ("users", "admins", "assignments"):
        assert all(row["email"].endswith(".example") for _, row in rows(DEMO, entity))
    for _, row in rows(DEMO, "phone-numbers"):
        number = row["phone_number"] or "+442079460"
        assert number.startswith(("+442079460", "+493023125", "+3319900")) or number[5:10] == "55501"
    assert all(int(row["mac"][:2], 16) & 2 for _, row in rows(DEMO, "devices"))


def test_there_are_about_three_subscriptions_a_customer_and_three_products_each() -> None:
    demo = make_demo(7, 1000, DAY)
    subscriptions, licenses = newest(demo, "subscriptions"), newest(demo, "licenses")
    assert 2.8 < len(subscriptions) / 1000 < 3.2
    assert 2.8 < len(licenses) / len(subscriptions) < 3.2
    assert len({row["subscription_id"] for row in subscriptions}) == len(subscriptions)


def test_no_customers_are_no_data_but_the_partner() -> None:
    assert [batch.entity.name for batch in make_demo(7, 0, DAY).batches()] == ["admins"]
