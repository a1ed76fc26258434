"""A store of the first schema gains the log of changes, filled with what its versions changed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerctl.domain.members import address_members
from partnerctl.stores import migrate
from partnerctl.stores.opening import open_store
from partnerctl.stores.replacing import inspect_file, replace_store
from partnerctl.stores.sqlite import SqliteStore
from partnerctl.stores.tables import TABLES
from partnerctl.stores.terms import ChangeSpan, Question
from tests.stores.heard import log_of
from tests.stores.said import AT, Said, forget, memory, tell, told
from tests.stores.strategies import files, orders

FIRST = Path(migrate.__file__).with_name("migrations") / "m001_first.sql"
FILES = [
    Said(
        "2026-11-01",
        {
            "customers": {("o1",): {"name": "Acme"}, ("o2",): {"name": "Beta"}},
            "subscriptions": {
                ("S1",): {"org_id": "o1", "kind": "subscription", "status": "active"},
                ("S2",): {"org_id": "o2", "kind": "trial", "status": "active"},
            },
            "licenses": {("S1", "meetings"): {"total": 10, "assigned": 5, "used_7d": 2, "ended": 0}},
            "assignment_sets": {("o1",): {"members": address_members(["ana@acme.example"])}},
        },
        tags={"o1": ("vip", "gold"), "o2": ()},
    ),
    Said(
        "2026-11-08",
        {
            "subscriptions": {("S1",): {"org_id": "o1", "kind": "subscription", "status": "suspended"}},
            "licenses": {("S1", "meetings"): {"total": 10, "assigned": 7, "used_7d": None, "ended": 0}},
        },
        tags={"o1": ("gold",)},
        complete=True,
    ),
    Said("2026-11-15", {"customers": {("o1",): {"name": 'Acme "GmbH"\n'}}}),
]


def of_first_schema(store: SqliteStore, path: Path | str = ":memory:") -> sqlite3.Connection:
    """Return a database of the first schema that holds what a store holds, but the log."""
    old = sqlite3.connect(path, isolation_level=None)
    old.executescript(FIRST.read_text("utf-8"))
    old.execute("PRAGMA user_version = 1")
    tables = [name for (name,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in set(TABLES).intersection(tables):
        columns = ", ".join(name for (name,) in old.execute(f"SELECT name FROM pragma_table_info('{table}')"))
        rows = store._connection.execute(f"SELECT {columns} FROM {table}").fetchall()
        if rows:
            old.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    old.execute("DELETE FROM facts WHERE name LIKE 'migration:%' AND name != 'migration:m001_first'")
    return old


def standing(store: SqliteStore) -> list[Any]:
    fields = ("noun", "day", "told", "stands", "before", "after")
    rows = [row for row in log_of(store) if row["stands"]]
    return sorted((tuple(r["key"]), *(r[f] for f in fields if f != "told")) for r in rows)


def migrated(old: sqlite3.Connection) -> SqliteStore:
    assert migrate.migrate(old, None, AT) == migrate.MIGRATIONS[1:]
    return SqliteStore(old, None)


@settings(
    max_examples=int(os.environ.get("N", "40")), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(files(moves=True), st.data())
def test_the_log_is_what_it_would_be_had_it_been_written(said: list[Said], data: st.DataObject) -> None:
    store = told(said[i] for i in data.draw(orders(len(said))))

    filled = migrated(of_first_schema(store))

    assert repr(standing(filled)) == repr(standing(store))
    assert [problem for problem in filled.check() if "log" in problem] == []
    assert all(row["told"] == row["stands"] for row in log_of(filled))


def test_the_runs_and_the_order_are_those_of_learning() -> None:
    store = memory()
    for said in (FILES[1], FILES[0], FILES[2]):  # the first is heard second
        tell(store, said)

    filled = migrated(of_first_schema(store))

    runs = [(row["run_id"], row["noun"], *row["key"], row["day"]) for row in log_of(filled)]
    assert runs == [
        (1, "subscriptions", "S1", "2026-11-08"),
        (1, "subscriptions", "S2", "2026-11-08"),
        (1, "licenses", "S1", "meetings", "2026-11-08"),
        (1, "tags", "o1", None, "2026-11-08"),
        (1, "presence", "o2", None, "2026-11-08"),
        (2, "customers", "o1", "2026-11-01"),
        (2, "customers", "o2", "2026-11-01"),
        (2, "subscriptions", "S1", "2026-11-01"),
        (2, "subscriptions", "S2", "2026-11-01"),
        (2, "licenses", "S1", "meetings", "2026-11-01"),
        (2, "tags", "o1", None, "2026-11-01"),
        (2, "admins", "o1", None, "2026-11-01"),
        (3, "customers", "o1", "2026-11-15"),
    ]


def test_the_feed_goes_on_where_the_fill_ended() -> None:
    store = migrated(of_first_schema(told(FILES[:2])))
    newest = store.newest_change()

    run_id = tell(store, FILES[2])
    forget(store, run_id)

    span = ChangeSpan(after=newest, newest=store.newest_change())
    found = [(c.kind, c.before, c.after) for c in store.changes(Question(date(2026, 11, 23)), span).records]
    assert found == [
        ("customer_changed", "Acme", 'Acme "GmbH"\n'),
        ("customer_changed", 'Acme "GmbH"\n', "Acme"),
    ]
    assert list(store.check()) == []


def test_a_store_on_disk_is_copied_first_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    of_first_schema(told(FILES), path).close()

    store = open_store(str(path), wait=0, create=False, at=AT)

    assert store.schema() == len(migrate.MIGRATIONS)
    assert store.newest_change() > 0
    kept = tmp_path / "store.db.before-m002_changes"
    assert kept.stat().st_mode & 0o777 == 0o600
    store.close()


def test_a_fill_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    of_first_schema(told(FILES), path).close()
    broken = migrate._statements("m002_changes")
    broken[-1] += " AND"
    monkeypatch.setattr(migrate, "_statements", lambda _: broken)

    with pytest.raises(sqlite3.OperationalError):
        open_store(str(path), wait=0, create=True, at=AT)

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'changes'").fetchall()
    connection.close()


def test_a_backup_of_the_first_schema_is_restored_with_its_log(tmp_path: Path) -> None:
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    of_first_schema(told(FILES), backup).close()
    present = open_store(str(path), wait=0, create=True, at=AT)
    tell(present, Said("2026-11-20", {"customers": {("o9",): {"name": "Other"}}}))
    present.close()
    assert inspect_file(backup).schema == 1

    replace_store(path, backup, wait=0, at=AT)

    restored = open_store(str(path), wait=0, create=False)
    assert list(restored.check()) == []
    assert repr(standing(restored)) == repr(standing(told(FILES)))
    restored.close()
