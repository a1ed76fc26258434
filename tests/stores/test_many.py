"""Files of more rows than are folded, or compared, at once: nothing is lost where one heap ends."""

from __future__ import annotations

from tests.stores.said import Said, dump, forget, memory, tell

CUSTOMERS = 1203
INVENTORIES = 4001


def test_every_customer_of_a_long_file_is_known_and_has_its_history() -> None:
    store = memory()
    for day, name in (("2026-11-08", "Late"), ("2026-11-01", "Early")):
        tell(store, Said(day, {"customers": {(f"o{n}",): {"name": f"{name} {n}"} for n in range(CUSTOMERS)}}))

    connection = store._connection
    assert store.counts()["customers"] == CUSTOMERS
    assert connection.execute(
        "SELECT COUNT(*), COUNT(DISTINCT org_id) FROM customers_versions"
    ).fetchone() == (
        2 * CUSTOMERS,
        CUSTOMERS,
    )
    assert list(store.check()) == []


def test_every_customer_of_a_long_inventory_has_its_devices_and_they_can_be_taken_back() -> None:
    store = memory()
    before = dump(store)

    run_id = tell(
        store, Said("2026-11-01", devices={f"o{n}": ((f"mac{n}", "x"),) for n in range(INVENTORIES)})
    )

    devices = dump(store)["devices"]
    assert len(devices) == INVENTORIES
    assert all(mac == org_id.replace("o", "mac") for org_id, _, mac, _ in devices)
    assert list(store.check()) == []
    forget(store, run_id)
    assert dump(store) == before
