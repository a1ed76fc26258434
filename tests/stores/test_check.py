"""`store check` finds whatever no longer follows from the observations, and a file that is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerctl.errors import MachineFault
from partnerctl.stores.opening import open_store
from partnerctl.stores.sqlite import SqliteStore
from tests.stores.said import AT, Said, tell, told

FILES = [
    Said(
        "2026-11-01",
        {
            "customers": {
                ("o1",): {"name": "Acme", "region": "US"},
                ("o2",): {"name": "Beta", "region": "CA"},
            },
            "subscriptions": {("s1",): {"org_id": "o1", "kind": "subscription", "status": "active"}},
            "licenses": {("s1", "meetings"): {"total": 10, "assigned": 5, "ended": 0}},
            "users": {("ana@acme.example",): {"org_id": "o1", "name": "Ana"}},
        },
        devices={"o1": (("aa", "x"), ("bb", "y"))},
        tags={"o1": ("gold",)},
    ),
    Said("2026-11-08", {"licenses": {("s1", "meetings"): {"total": 12, "assigned": 5, "ended": 0}}}),
]

TAMPERED = {
    "UPDATE customers SET name = 'Other' WHERE org_id = 'o1'": "table customers differs",
    "UPDATE customers SET name_folded = 'other' WHERE org_id = 'o1'": "table customers differs",
    "UPDATE customers SET last_seen = '2026-12-01'": "table customers differs",
    "DELETE FROM customers WHERE org_id = 'o2'": "table customers differs",
    "DELETE FROM customers_observed WHERE org_id = 'o2'": "table customers holds rows",
    "UPDATE licenses_versions SET assigned = 6 WHERE valid_from = '2026-11-01'": "licenses_versions differs",
    "DELETE FROM licenses_versions WHERE valid_from = '2026-11-01'": "licenses_versions differs",
    "UPDATE subscriptions SET total = 99": "license sums of subscription s1",
    "UPDATE users SET name = 'Bo'": "table users differs",
    "INSERT INTO tags VALUES ('o1', '', 'vip', 'vip')": "table tags differs from its sets at o1",
    "DELETE FROM tags": "table tags differs from its sets at o1",
    "DELETE FROM devices WHERE position = 2": "does not hold the rows it should",
    "DELETE FROM inventories": "devices of customer o1 are missing",
    "UPDATE inventories SET day = '2026-10-01'": "devices of customer o1 are not those of the newest file",
    "PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE run_id = 2": "refers to a row of runs",
    "UPDATE changes SET stands = 0 WHERE noun = 'customers'": "differs from the customers at o1",
    "DELETE FROM changes WHERE noun = 'licenses' AND day = '2026-11-08'": "from the licenses at s1 meetings",
    "UPDATE changes SET after = '[[]]' WHERE noun = 'tags'": "log of changes differs from the tags at o1",
    "UPDATE changes SET stands = 1 WHERE noun = 'subscriptions'": "differs from the subscriptions at s1",
    "UPDATE changes SET noun = 'presence' WHERE noun = 'tags'": "differs from the presence at o1",
}


def test_a_sound_store_has_nothing_to_tell() -> None:
    assert list(told(FILES).check()) == []


@pytest.mark.parametrize(("tampering", "sentence"), TAMPERED.items(), ids=list(TAMPERED))
def test_a_tampered_row_is_found(tampering: str, sentence: str) -> None:
    store = told(FILES)

    store._connection.executescript(tampering)

    assert sentence in "\n".join(store.check())


def filled(path: Path) -> SqliteStore:
    store = open_store(str(path), wait=0, create=True, at=AT)
    for said in FILES:
        tell(store, said)
    return store


def test_a_damaged_page_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    filled(path).close()
    content = bytearray(path.read_bytes())
    for start in range(4096 * 2, len(content), 4096):
        content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)

    assert "damaged" in found_in(path)


def found_in(path: Path) -> str:
    try:
        return "; ".join(open_store(str(path), wait=0, create=False).check())
    except MachineFault as fault:
        return fault.reason


def test_a_backup_is_a_sound_store_of_its_own(tmp_path: Path) -> None:
    store = filled(tmp_path / "store.db")

    store.backup_to(tmp_path / "copy.db")

    copy = open_store(str(tmp_path / "copy.db"), wait=0, create=False)
    assert list(copy.check()) == []
    assert copy.counts() == store.counts()
