"""Every run of a report ends as one row of the history, also where it failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from partnerctl.clock import FixedClock
from partnerctl.domain.records import ReportRun
from partnerctl.errors import Locked, MachineFault, StaleData
from partnerctl.services.recording import Journal
from partnerctl.stores.contract import Store
from tests.stores.said import memory

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RUN = ReportRun(
    run_id=None,
    template="devices",
    schedule=None,
    due=None,
    status="done",
    path="/reports/devices.csv",
    rows=None,
    bytes=None,
    sha256=None,
    region=None,
    since=None,
    until=None,
    data_as_of=None,
    started=NOW,
    finished=None,
    error=None,
)


def journal(store: Store) -> Journal:
    return Journal(lambda: store, "ana@acme.example", FixedClock(NOW))


def test_a_run_that_ended_has_an_id_and_an_end() -> None:
    store = memory()

    recorded = journal(store).record(RUN)

    assert recorded == replace(RUN, run_id=1, finished=NOW)
    assert list(store.report_runs(None)) == [recorded]


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (StaleData("the newest data is of 2026-11-01"), "stale", "the newest data is of 2026-11-01"),
        (MachineFault("the disk is full"), "failed", "the disk is full"),
        (KeyboardInterrupt(), "failed", "interrupted"),
        (ZeroDivisionError("division by zero"), "failed", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_run_that_failed_says_why_and_names_no_file(fault: BaseException, status: str, error: str) -> None:
    store = memory()

    journal(store).record_failure(RUN, fault)

    (recorded,) = store.report_runs(None)
    assert (recorded.status, recorded.error, recorded.path) == (status, error, None)


def test_a_reader_that_took_the_first_lines_alone_is_no_failure() -> None:
    store = memory()

    journal(store).record_broken_pipe(RUN)

    (recorded,) = store.report_runs(None)
    assert (recorded.status, recorded.error) == ("done", "the reader closed standard output early")


def test_what_cannot_be_recorded_does_not_hide_the_fault_itself() -> None:
    def locked() -> Store:
        raise Locked("another run is writing")

    busy = Journal(locked, "ana@acme.example", FixedClock(NOW))

    busy.record_failure(RUN, MachineFault("the disk is full"))
    busy.record_broken_pipe(RUN)
    with pytest.raises(Locked):
        busy.record(RUN)
