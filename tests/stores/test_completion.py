"""What a Tab key is offered of the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerctl.stores.completion import complete
from partnerctl.stores.opening import open_store
from tests.stores.said import AT, Said, tell

SAID = Said(
    "2026-11-01",
    {
        "customers": {("o1",): {"name": "Ação"}, ("o2",): {"name": "Acme"}, ("o3",): {"name": "Beta"}},
        "subscriptions": {("Sub1",): {"org_id": "o1"}, ("Sub2",): {"org_id": "o1"}},
    },
    tags={"o1": ("Gold", "gone")},
)


@pytest.mark.parametrize(
    ("what", "typed", "offered"),
    [
        ("customers", "AC", ["Ação", "Acme"]),
        ("customers", "aca", ["Ação"]),
        ("customers", "x", []),
        ("subscriptions", "Sub", ["Sub1", "Sub2"]),
        ("tags", "g", ["Gold", "gone"]),
    ],
)
def test_what_begins_with_what_was_typed_is_offered(
    tmp_path: Path, what: str, typed: str, offered: list[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url, wait=0, create=True, at=AT)
    tell(store, SAID)
    store.close()

    assert sorted(complete(url, what, typed, 10)) == sorted(offered)
    assert len(complete(url, what, typed, 1)) == min(len(offered), 1)


def test_a_store_that_does_not_exist_offers_nothing_and_is_not_made(tmp_path: Path) -> None:
    assert complete(f"sqlite:///{tmp_path / 'store.db'}", "customers", "", 10) == []
    assert complete(":memory:", "customers", "", 10) == []
    assert list(tmp_path.iterdir()) == []
