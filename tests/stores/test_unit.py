"""A unit of work lands whole or not at all; one writer at a time; readers never wait."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from partnerctl.errors import Locked, MachineFault
from partnerctl.stores.opening import open_store
from partnerctl.stores.sqlite import SqliteStore
from tests.stores.said import AT, Said, dump, forget, memory, tell

ACME = Said("2026-11-01", {"customers": {("o1",): {"name": "Acme"}}}, devices={"o1": (("aa", "x"),)})
BETA = Said("2026-11-02", {"customers": {("o2",): {"name": "Beta"}}})


def opened(path: Path, wait: float = 0) -> SqliteStore:
    return open_store(f"sqlite:///{path}", wait=wait, create=True, at=AT)


def test_a_unit_that_is_not_committed_changes_nothing() -> None:
    store = memory()
    before = dump(store)

    with store.unit() as unit:
        unit.begin("import", "ana", AT, "file.csv")
        staged = unit.stage("customers", ("org_id", "name"))
        staged.add(2, "2026-11-01", ("o1", "Acme"))
        staged.index()
        unit.absorb(staged)

    assert dump(store) == before
    assert store.run(1) is None


def test_a_unit_whose_block_fails_changes_nothing() -> None:
    store = memory()
    tell(store, ACME)
    before = dump(store)

    with pytest.raises(ZeroDivisionError), store.unit() as unit:  # noqa: PT012 - a block is what is tested
        run_id = unit.begin("undo", "ana", AT, "1")
        unit.audit(AT, "ana", "undo", "run 1", None, None)
        unit.withdraw(run_id - 1)
        raise ZeroDivisionError

    assert dump(store) == before
    assert list(store.audit_entries(None)) == []


def test_a_unit_that_stops_while_staging_leaves_nothing_behind() -> None:
    store = memory()
    with store.unit() as unit:
        unit.stage("customers", ("org_id", "name")).add(2, "2026-11-01", ("o1", "Acme"))

    tell(store, ACME)

    assert store.customer_exists("o1")


def test_a_change_and_its_audit_row_commit_together(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    with store.unit() as unit:
        run_id = unit.begin("change", "ana@acme.example", AT, "o1")
        unit.audit(AT, "ana@acme.example", "customers set", "o1", '{"region":null}', '{"region":"EU"}')
        unit.commit()
    store.close()

    (entry,) = opened(tmp_path / "store.db").audit_entries(None)

    assert (entry.run_id, entry.actor, entry.action) == (run_id, "ana@acme.example", "customers set")


def test_a_second_writer_is_told_that_another_one_writes(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "store.db"), opened(tmp_path / "store.db")

    with first.unit() as writing:
        writing.begin("import", "ana", AT, "file.csv")
        with pytest.raises(Locked, match="another run is writing"), second.unit() as unit:
            unit.begin("import", "bo", AT, "other.csv")

    tell(second, ACME)
    assert second.customer_exists("o1")


def test_a_writer_that_waits_comes_after_the_other(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "store.db"), opened(tmp_path / "store.db", wait=30)
    begun, go = threading.Event(), threading.Event()

    def write() -> None:
        store = opened(tmp_path / "store.db")
        with store.unit() as unit:
            unit.begin("import", "ana", AT, "file.csv")
            begun.set()
            go.wait(30)
            unit.commit()
        store.close()

    other = threading.Thread(target=write)
    other.start()
    begun.wait(30)
    threading.Timer(0.05, go.set).start()
    run_id = tell(second, BETA)
    other.join()

    assert run_id == 2
    assert first.run(1) is not None


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    writer = opened(tmp_path / "store.db")
    tell(writer, ACME)

    with writer.unit() as unit:
        unit.begin("undo", "ana", AT, "1")
        unit.withdraw(1)
        reader = open_store(f"sqlite:///{tmp_path / 'store.db'}", wait=0, create=False)
        assert reader.customer_exists("o1")
        unit.commit()

    assert not reader.customer_exists("o1")


def test_staging_does_not_keep_others_from_writing(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "store.db"), opened(tmp_path / "store.db")

    with first.unit() as unit:
        unit.stage("customers", ("org_id", "name")).add(2, "2026-11-01", ("o1", "Acme"))
        tell(second, BETA)
        unit.begin("import", "ana", AT, "file.csv")
        unit.commit()

    assert second.customer_exists("o2")


def test_a_run_that_was_undone_says_by_which() -> None:
    store = memory()
    run_id = tell(store, ACME)

    forget(store, run_id)

    head = store.run(run_id)
    assert head is not None
    assert head.undone_by == run_id + 1


def test_two_lines_that_disagree_are_found() -> None:
    with memory().unit() as unit:
        staged = unit.stage("customers", ("org_id", "name"))
        staged.add(2, "2026-11-01", ("o1", "Acme"))
        staged.add(3, "2026-11-01", ("o1", "Acme"))
        staged.add(4, "2026-11-01", ("o1", "Beta"))
        staged.index()

        clash = staged.clash()
        dropped = staged.drop_repeats()

    assert clash is not None
    assert (clash.key, clash.line, clash.other) == (("o1",), 4, 2) or (clash.line, clash.other) == (2, 4)
    assert dropped == 2


def test_lines_that_name_nobody_are_found() -> None:
    store = memory()
    tell(store, ACME)
    with store.unit() as unit:
        staged = unit.stage("users", ("email", "org_id"))
        staged.add(2, "2026-11-01", ("ana@acme.example", "o1"))
        staged.add(3, "2026-11-01", ("bo@acme.example", "o9"))

        unknown = unit.unknown(staged, "org_id")

    assert [(u.line, u.column, u.value) for u in unknown] == [(3, "org_id", "o9")]


def test_a_full_disk_is_told_in_words_and_changes_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    tell(store, ACME)
    before = dump(store)
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    many = {(f"org-{n}",): {"name": f"Customer {n}" * 20} for n in range(500)}

    with pytest.raises(MachineFault, match="the disk is full; nothing was changed"):
        tell(store, Said("2026-11-03", {"customers": {key: dict(cells) for key, cells in many.items()}}))

    assert dump(store) == before
    assert list(store.check()) == []


def test_an_error_of_ours_is_not_taken_for_one_of_the_machine() -> None:
    store = memory()

    with pytest.raises(sqlite3.OperationalError), store.unit() as unit:  # noqa: PT012
        unit.begin("import", "ana", AT, "file.csv")
        store._connection.execute("SELECT nonsense")
