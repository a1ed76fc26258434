"""What the store says of a day, held against a slow reading of the files themselves."""

from __future__ import annotations

import os
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerctl.stores.terms import Question
from tests.stores.said import Said, told
from tests.stores.slowly import Slowly
from tests.stores.strategies import DAYS, ORGS, PRODUCTS, SUBSCRIPTIONS, files

many = settings(
    max_examples=int(os.environ.get("N", "40")), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
ASKED = ("2026-10-31", *DAYS, "2026-12-31")
days = st.sampled_from(ASKED)


def question(day: str) -> Question:
    return Question(date.fromisoformat(day), date.fromisoformat(day))


@many
@given(files(moves=True), days)
def test_customers(said: list[Said], day: str) -> None:
    slowly, store = Slowly(said), told(said)

    found = {c.org_id: (c.name, c.region) for c in store.customers(question(day)).records}

    assert found == {
        org: (
            slowly.field("customers", (org,), "name", day),
            slowly.field("customers", (org,), "region", day),
        )
        for org in ORGS
        if slowly.exists("customers", (org,), day)
    }


@many
@given(files(moves=True), days)
def test_subscriptions(said: list[Said], day: str) -> None:
    slowly, store = Slowly(said), told(said)

    found = {
        s.subscription_id: (s.org_id, s.status, s.end_date and s.end_date.isoformat(), s.auto_renew)
        for s in store.subscriptions(question(day)).records
    }

    fields = ("org_id", "status", "end_date", "auto_renew")
    assert found == {
        s: tuple(
            slowly.status((s,), day) if field == "status" else slowly.field("subscriptions", (s,), field, day)
            for field in fields
        )
        for s in SUBSCRIPTIONS
        if slowly.exists("subscriptions", (s,), day)
    }


@many
@given(files(), days)
def test_license_figures(said: list[Said], day: str) -> None:
    slowly, store = Slowly(said), told(said)

    found = {
        (row.subscription_id, row.product): (row.total, row.assigned, row.used_7d, row.used_ever)
        for row in store.licenses(question(day)).records
    }

    expected = {(s, p): slowly.figures((s, p), day) for s in SUBSCRIPTIONS for p in PRODUCTS}
    assert found == {
        key: tuple(figures.get(f) for f in ("total", "assigned", "used_7d", "used_ever"))
        for key, figures in expected.items()
        if figures is not None
    }


@many
@given(files(), days)
def test_the_sums_of_a_subscription(said: list[Said], day: str) -> None:
    slowly, store = Slowly(said), told(said)

    for found in store.subscriptions(question(day)).records:
        rows = [slowly.figures((found.subscription_id, p), day) for p in PRODUCTS]
        totals = [row["total"] for row in rows if row is not None]
        known = [t for t in totals if isinstance(t, int)]

        assert found.total == (sum(known) if len(known) == len(totals) else None)


@many
@given(files(), days)
def test_tags(said: list[Said], day: str) -> None:
    slowly, store = Slowly(said), told(said)

    for found in store.customers(question(day)).records:
        assert set(found.tags) == (slowly.tags(found.org_id, day) or set())


@many
@given(files())
def test_the_newest_knowledge_is_that_of_the_last_day(said: list[Said]) -> None:
    store = told(said)
    last = question(ASKED[-1])
    newest = Question(last.today)

    assert list(store.customers(newest).records) == list(store.customers(last).records)
    assert list(store.subscriptions(newest).records) == list(store.subscriptions(last).records)
    assert list(store.licenses(newest).records) == list(store.licenses(last).records)


@many
@given(files())
def test_inventories_hold_what_the_newest_file_lists(said: list[Said]) -> None:
    from partnerctl.domain.entities import DEVICES

    slowly, store = Slowly(said), told(said)
    rows = list(store.inventory_rows(DEVICES, ("org_id", "mac", "product"), question(ASKED[-1])))

    for org in ORGS:
        assert {row[1:] for row in rows if row[0] == org} == slowly.devices(org)
    assert len(rows) == len(set(rows))
