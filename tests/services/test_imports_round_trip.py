"""Export and import: what was written gives the same store; an undone import leaves none (``files.md``)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerctl.clock import FixedClock
from partnerctl.demo.made import make_demo
from partnerctl.domain.records import ImportedFile
from partnerctl.services.demo import write_demo_reports
from partnerctl.services.demo_store import fill_store
from partnerctl.services.exports import export_files
from partnerctl.services.import_run import ImportOptions
from partnerctl.services.imports import import_paths, read_options
from partnerctl.stores.sqlite import SqliteStore
from tests.conftest import NOW
from tests.stores.said import Said, dump, forget, memory, told
from tests.stores.strategies import files

DEMO = make_demo(7, 20, date(2026, 11, 23))
OPTIONS = ImportOptions("ana@acme.example", FixedClock(NOW), NOW.date())
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

HISTORY = ("customers", "subscriptions", "licenses", "tag_sets", "assignment_sets")


def bring(store: SqliteStore, *paths: Path) -> tuple[ImportedFile, ...]:
    """Import with nobody to ask, and return the records."""
    done = import_paths(store, paths, read_options(), OPTIONS, lambda question: None)
    done.raise_failure()
    return done.records


@contextmanager
def exported(store: SqliteStore, history: bool = True) -> Iterator[Path]:
    """Export to a folder that vanishes with the block."""
    with tempfile.TemporaryDirectory() as name:
        export_files(store, Path(name), history=history)
        yield Path(name)


def known(store: SqliteStore, versions: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Return current rows and versions, without what an export cannot say: which cells files spoke of.

    What has no history carries no day in a file, so its days are left out.
    """
    connection = store._connection
    tables: dict[str, list[tuple[object, ...]]] = {}
    for name in (*HISTORY, "users", "admins", "orders", "locations"):
        days = {"first_seen", "last_seen"} if name not in HISTORY or not versions else set()
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        cells = ", ".join(c for c in columns if c not in days | {"spoken"})
        stands = " WHERE NOT ended" if name == "licenses" else ""
        tables[name] = sorted(connection.execute(f"SELECT {cells} FROM {name}{stands}"), key=repr)
        if versions and name in HISTORY:
            rows = connection.execute(f"SELECT * FROM {name}_versions{stands}")
            tables[f"{name}_versions"] = sorted(rows, key=repr)
    for name in ("tags", "assignments"):
        tables[name] = sorted(connection.execute(f"SELECT * FROM {name}"))
    for name in ("devices", "phone-numbers", "app-versions"):
        table = name.replace("-", "_")
        rows = connection.execute(
            f"SELECT i.org_id, r.* FROM inventories i JOIN {table} r USING (content_id) WHERE i.entity = ?",
            (name,),
        )
        tables[name] = sorted(((row[0], *row[2:]) for row in rows), key=repr)
    return tables


@pytest.fixture(scope="module")
def demo() -> SqliteStore:
    store = memory()
    fill_store(store, DEMO, OPTIONS.clock, OPTIONS.actor)
    return store


def test_a_history_gives_the_same_store(demo: SqliteStore) -> None:
    with exported(demo) as folder:
        restored = memory()
        bring(restored, folder)

    assert known(restored) == known(demo)
    assert list(restored.check()) == []


def test_an_export_of_today_gives_the_state_of_today(demo: SqliteStore) -> None:
    with exported(demo, history=False) as folder:
        restored = memory()
        bring(restored, folder)

    assert known(restored, versions=False) == known(demo, versions=False)


@pytest.mark.parametrize("history", [True, False])
def test_an_export_imported_into_its_own_store_changes_nothing(history: bool) -> None:
    store = memory()
    fill_store(store, DEMO, OPTIONS.clock, OPTIONS.actor)
    before = known(store, versions=history)
    with exported(store, history) as folder:
        records = bring(store, folder)

    assert [(r.entity, r.inserted, r.updated) for r in records if r.inserted or r.updated] == []
    assert known(store, versions=history) == before


def test_the_reports_of_the_demo_tell_nothing_new_to_the_demo(tmp_path: Path) -> None:
    store = memory()
    fill_store(store, DEMO, OPTIONS.clock, OPTIONS.actor)
    write_demo_reports(DEMO, tmp_path)
    before = known(store)
    records = bring(store, tmp_path)

    assert [(r.file, r.inserted, r.updated) for r in records if r.inserted or r.updated] == []
    assert known(store) == before


def test_both_languages_tell_the_same(tmp_path: Path) -> None:
    found = []
    for language in ("en", "pt"):
        write_demo_reports(DEMO, tmp_path / language, language)
        store = memory()
        records = bring(store, tmp_path / language)
        tables = known(store)
        del tables["subscriptions"], tables["subscriptions_versions"]  # the type of a trial is in words
        found.append((sorted((r.entity, r.day, r.rows, r.inserted, r.updated) for r in records), tables))

    assert found[0] == found[1]


@few
@given(files())
def test_any_history_gives_the_same_store(said: list[Said]) -> None:
    store = told(as_real(one) for one in said)
    with exported(store) as folder:
        restored = memory()
        bring(restored, folder)

    assert known(restored) == known(store)


@few
@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=3))
def test_weekly_files_in_any_order_give_the_same_store(order: list[int], again: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        written = [w.path for w in write_demo_reports(DEMO, Path(name)) if w.path is not None]
        weeks = [written[i] for i in (0, 7, 14, 25, -1, -2)]
        one, other = memory(), memory()
        bring(one, *weeks)
        for i in (*order, *again):
            bring(other, weeks[i])

    assert dump(one) == dump(other)


@pytest.mark.parametrize("gone", range(4))
def test_an_import_that_is_undone_never_came(tmp_path: Path, gone: int) -> None:
    written = [w.path for w in write_demo_reports(DEMO, tmp_path) if w.path is not None]
    some = [written[i] for i in (0, 12, 25, -1)]
    store, without = memory(), memory()
    runs = [bring(store, one)[0].run_id for one in some]
    for one in some[:gone] + some[gone + 1 :]:
        bring(without, one)
    run = runs[gone]
    assert run is not None
    forget(store, run)

    assert dump(store) == dump(without)
    assert list(store.check()) == []


def as_real(said: Said) -> Said:
    """Return what a made file says, of organizations whose ids are real ones."""
    ids = {f"o{i}": f"{i:08}-0000-4000-8000-000000000000" for i in range(1, 4)}
    tables = {
        name: {
            tuple(ids.get(k, k) for k in key): {
                c: ids.get(v, v) if isinstance(v, str) else v for c, v in cells.items()
            }
            for key, cells in rows.items()
        }
        for name, rows in said.tables.items()
    }
    for cells in tables.get("licenses", {}).values():  # a file can only say so by figures
        cells["ended"] = int(all(v is None for c, v in cells.items() if c != "ended"))
    devices = {ids[org]: rows for org, rows in said.devices.items()}
    tags = {ids[org]: rows for org, rows in said.tags.items()}
    return Said(said.day, tables, devices, tags, said.complete, said.region)
