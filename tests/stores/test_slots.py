"""Slots and states of schedules in the store: one row per schedule and due time, whoever writes it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partnerctl.domain.records import ReportRun
from partnerctl.domain.slots import NewSlot, ScheduleState, Slot
from partnerctl.errors import Locked
from partnerctl.stores.contract import Store
from partnerctl.stores.opening import open_store
from tests.stores.said import memory

NOW = datetime(2026, 11, 23, 7, 0, 20, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 7, tzinfo=UTC)
LEASE = NOW + timedelta(minutes=5)
NEW = NewSlot("daily", "devices", DUE, "waiting")


def added(store: Store, *new: NewSlot) -> None:
    with store.slots() as slots:
        slots.add(new, "ana@acme.example", NOW)


def ended(slot: Slot, status: str) -> ReportRun:
    return ReportRun(
        run_id=slot.run_id,
        template="devices",
        schedule=slot.schedule,
        due=slot.due,
        status=status,
        path="/reports/devices.csv",
        rows=3,
        bytes=99,
        sha256="0" * 64,
        region=None,
        since=None,
        until=None,
        data_as_of=None,
        started=NOW,
        finished=NOW,
        error=None,
    )


def test_a_due_time_has_one_row_whoever_adds_it() -> None:
    store = memory()
    added(store, NEW, replace_status(NEW, "missed"))
    added(store, NEW)

    (slot,) = store.open_slots()
    assert slot == Slot(slot.run_id, "daily", DUE, "waiting", 0, None, None, None, None)
    assert len(list(store.report_runs(None))) == 1


def replace_status(slot: NewSlot, status: str) -> NewSlot:
    return slot._replace(status=status, error="late")


def test_what_is_missed_has_an_end_and_a_reason() -> None:
    store = memory()
    added(store, replace_status(NEW, "missed"))

    (run,) = store.report_runs(None)
    assert (run.status, run.error, run.due, run.started, run.finished) == (
        "missed",
        "late",
        DUE,
        None,
        NOW,
    )
    assert store.open_slots() == []


def test_a_claim_is_a_lease_that_only_its_owner_can_end() -> None:
    store = memory()
    added(store, NEW)
    (slot,) = store.open_slots()
    with store.slots() as slots:
        slots.claim(slot, "one", NOW, LEASE)
    (claimed,) = store.open_slots()

    assert (claimed.status, claimed.attempt, claimed.lease_until) == ("running", 1, LEASE)
    assert claimed.claimed(NOW)
    assert claimed.abandoned(LEASE)
    with store.slots() as slots:
        assert not slots.renew(slot.run_id, "other", LEASE)
        assert not slots.end(ended(slot, "done"), "other")
        assert slots.renew(slot.run_id, "one", LEASE + timedelta(minutes=1), "/reports/devices.csv")
        assert slots.end(ended(slot, "done"), "one")
        assert not slots.end(ended(slot, "failed"), "one")
    assert list(store.report_runs(None)) == [ended(slot, "done")]


def test_a_retry_is_open_until_its_time() -> None:
    store = memory()
    added(store, NEW)
    (slot,) = store.open_slots()
    later = NOW + timedelta(minutes=1)
    with store.slots() as slots:
        slots.claim(slot, "one", NOW, LEASE)
        assert slots.retry(slot.run_id, "one", replace(ended(slot, "failed"), error="no answer"), later)

    (retrying,) = store.open_slots()
    assert (retrying.status, retrying.error, retrying.path) == (
        "retrying",
        "no answer",
        "/reports/devices.csv",
    )
    assert not retrying.startable(NOW)
    assert retrying.startable(later)


def test_a_fault_undoes_the_whole_block() -> None:
    store = memory()

    def half_of_it() -> None:
        with store.slots() as slots:
            slots.add([NEW], "ana", NOW)
            slots.keep_state(ScheduleState("daily", "devices", "@daily", "UTC", NOW, NOW, False))
            raise LookupError

    with pytest.raises(LookupError):
        half_of_it()

    assert store.open_slots() == []
    assert store.schedule_states() == {}


def test_states_are_kept_and_forgotten() -> None:
    store = memory()
    state = ScheduleState("daily", "devices", "@daily", "UTC", NOW, NOW, False)
    with store.slots() as slots:
        slots.keep_state(state)
        slots.keep_state(state._replace(paused=True, handled_until=LEASE))
    assert store.schedule_states() == {"daily": state._replace(paused=True, handled_until=LEASE)}
    with store.slots() as slots:
        slots.forget_state("daily")
    assert store.schedule_states() == {}


def test_the_newest_due_time_of_each_schedule() -> None:
    store = memory()
    day = timedelta(days=1)
    added(store, NEW, NEW._replace(due=DUE + day), NEW._replace(schedule="other", due=DUE - day))

    newest = {name: store.report_run(run_id) for name, run_id in store.last_runs().items()}
    assert {name: run.due for name, run in newest.items() if run} == {"daily": DUE + day, "other": DUE - day}


def test_pruning_leaves_what_has_not_ended() -> None:
    store = memory()
    day = timedelta(days=1)
    added(store, *(replace_status(NEW._replace(due=DUE + day * n), "missed") for n in range(5)))
    added(store, NEW._replace(due=DUE + day * 9))

    with store.slots() as slots:
        assert slots.prune(None, 3, dry_run=True) == 3
        assert slots.prune(None, 3) == 3
        assert slots.prune("2026-11-23T07:00:20Z", None) == 0
        assert slots.prune("2026-11-23T07:00:21Z", None) == 2
    assert [run.status for run in store.report_runs(None)] == ["waiting"]


def test_a_store_that_another_run_holds_is_locked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 's.db'}"
    one, other = open_store(url, wait=0, create=True), open_store(url, wait=0, create=True)

    with one.slots(), pytest.raises(Locked), other.slots():
        raise AssertionError("both hold it")  # pragma: no cover - it is locked
    one.close()
    other.close()


def test_only_one_of_many_claims_a_slot(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 's.db'}"
    first = open_store(url, wait=30, create=True)
    added(first, NEW)
    won: list[str] = []

    def race(name: str) -> None:
        store = open_store(url, wait=30, create=True)
        with store.slots() as slots:
            ready = [slot for slot in slots.open() if slot.startable(NOW)]
            if ready:
                slots.claim(ready[0], name, NOW, LEASE)
                won.append(name)
        store.close()

    threads = [threading.Thread(target=race, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    first.close()
