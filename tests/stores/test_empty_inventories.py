"""A customer of whom it is known that there is nothing: who asked about that very customer says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerctl.domain.entities import DEVICES, ENTITIES
from partnerctl.stores.contract import Store
from partnerctl.stores.opening import open_store

AT = "2026-11-23T12:00:00Z"
LOCAL, REAL = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}", wait=0, create=True, at=AT)
    with opened.unit() as unit:
        unit.begin("import", "ana", AT, "customers.csv")
        rows = (("2026-11-20", (org_id, name)) for org_id, name in ((LOCAL, "Acme"), (REAL, "Acme GmbH")))
        unit.observe("customers", ("org_id", "name"), rows)
        unit.commit()
    say(opened, "2026-11-20", REAL, "Desk Pro")
    return opened


def say(store: Store, day: str, org_id: str, product: str | None) -> None:
    """Say what one customer has on a day, or that it has nothing."""
    with store.unit() as unit:
        staged = unit.stage_inventory(DEVICES, ("org_id", "product"))
        if product is None:
            staged.add_empty(org_id, day)
        else:
            staged.add(1, (org_id, product), day)
        unit.begin("sync", "ana", AT, "devices")
        unit.redirect_merged(staged)
        unit.absorb_inventory(staged, day)
        unit.commit()


def devices(store: Store) -> list[str]:
    return [str(row[3]) for row in store.exported(ENTITIES["devices"], history=False)]


def test_nothing_takes_the_place_of_something(store: Store) -> None:
    assert devices(store) == ["Desk Pro"]
    say(store, "2026-11-21", REAL, None)
    assert devices(store) == []
    assert list(store.check()) == []


def test_nothing_of_an_older_day_changes_nothing(store: Store) -> None:
    say(store, "2026-11-19", REAL, None)
    assert devices(store) == ["Desk Pro"]


def test_a_merged_customer_that_has_nothing_is_the_one_it_was_merged_into(store: Store) -> None:
    with store.unit() as unit:
        unit.begin("change", "ana", AT, "merge")
        unit.merge_customers(LOCAL, REAL, "2026-11-20")
        unit.commit()
    say(store, "2026-11-21", LOCAL, None)
    assert devices(store) == []
