"""The call records of a sync: every window once, progress that is kept, and where the next sync goes on."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from partnerctl.errors import InvalidData, Locked, MachineFault, PartlyDone, TimedOut, Unavailable, UsageError
from partnerctl.remote.client import Client
from partnerctl.remote.transport import Request, Response, Transport
from partnerctl.services.syncing import call_files
from partnerctl.services.syncing.call_files import Taken
from partnerctl.services.syncing.sync import Heard, Synced
from partnerctl.services.syncing.telling import sync_status
from partnerctl.stores.contract import Store
from tests.sandbox.in_process import API_URL
from tests.services.syncing_world import FixedToken, Partner, Watch, faults, refuse, statuses

WEBEX = "https://webexapis.com/v1"
MINUTE = 61
THREE_DAYS = date(2026, 11, 20)  # to the 23rd at noon: 8 windows


class Shelf:
    """Takes files in as `import` would: each record once, by its id."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.records: dict[str, dict[str, Any]] = {}
        self.names: list[str] = []
        self.modes: set[int] = set()
        self.waiting: set[int] = set()
        self.fault: Exception | None = None

    def take_in(self, path: Path, name: str) -> Taken:
        """Read a file; raises what the test wants raised."""
        if self.fault is not None:
            raise self.fault
        self.modes.add(stat.S_IMODE(path.stat().st_mode))
        self.waiting.add(len(list(path.parent.glob("calls_*"))))
        read = [json.loads(line) for line in path.read_bytes().splitlines()]
        self.records.update((one["Report ID"], one) for one in read)
        self.names.append(name)
        with self.store.unit() as unit:
            unit.begin("import", "ines@partner.example", "2026-11-23T12:00:00Z", name)
            unit.commit()
            return Taken(unit.run_id, (f"{name}: {len(read)} read",))


class Calling(Partner):
    """A partner whose call records are fetched, and what the feed is asked for."""

    def __init__(self, folder: Path, base: str = API_URL, **world: Any) -> None:
        super().__init__(folder, customers=3, **world)
        self.base = base
        self.shelf = Shelf(self.store)
        self.requests: list[Request] = []
        self.times: list[float] = []
        self.answer: Watch = lambda request: None
        self.watch = self._see

    def client(self, budget: float = 7200.0, transport: Transport | None = None) -> Client:
        """Return a client of this Webex at its base."""
        return super().client(budget, transport).at(self.base)

    def _see(self, request: Request) -> Response | None:
        if "/cdr_feed" in request.url:
            self.requests.append(request)
            self.times.append(self.time.elapsed())
            since, until = self.windows[-1]
            assert since >= self.time.now() - timedelta(days=30)
            assert until <= self.time.now() - timedelta(minutes=5)
        return self.answer(request)

    @property
    def windows(self) -> list[tuple[datetime, datetime]]:
        """The windows that were asked for, in their order."""
        queries = (parse_qs(urlsplit(request.url).query) for request in self.requests)
        return [(_instant(query["startTime"][0]), _instant(query["endTime"][0])) for query in queries]

    def forget(self) -> None:
        """Forget what was asked for until now."""
        self.requests.clear()
        self.times.clear()

    def made(self, since: datetime, until: datetime) -> set[str]:
        """Return the ids of all the records that this Webex has of a time."""
        other = Calling(self.folder.parent / "other")
        found: set[str] = set()
        while since < until:
            end = min(since + timedelta(hours=12), until)
            params = (("startTime", _written(since)), ("endTime", _written(end)))
            for page in other.client().pages("/cdr_feed", params):
                found |= {one["Report ID"] for one in page["items"]}
            other.time.wait(60)
            since = end
        return found


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _written(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def nothing(request: Request) -> Response | None:
    """Answer that nobody called."""
    return Response(200, {}, b'{"items": []}', request.url) if "/cdr_feed" in request.url else None


def failing_at(partner: Calling, number: int, status: int = 403) -> Watch:
    """Return what refuses the request of that number, counted from 1, and lets the others pass."""

    def watch(request: Request) -> Response | None:
        if "/cdr_feed" in request.url and len(partner.requests) == number:
            return Response(status, {"trackingid": "T1"}, b"{}", request.url)
        return None

    return watch


@pytest.fixture
def partner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calling:
    partner = Calling(tmp_path / "partner")
    monkeypatch.setattr(call_files, "taking_in", lambda store, options: partner.shelf.take_in)
    return partner


def test_every_record_comes_in(partner: Calling) -> None:
    done = partner.sync("calls", since=THREE_DAYS)
    done.raise_failure()
    part = done.parts[0]
    assert (part.part, part.status, part.day, part.run_id) == ("calls", "done", date(2026, 11, 23), 8)
    assert (part.customers, part.failed, part.region, part.error) == (None, None, None, None)
    first, last = partner.windows[0][0], partner.windows[-1][1]
    assert (first, last) == (datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 23, 11, 50, tzinfo=UTC))
    assert partner.shelf.records.keys() == partner.made(first, last)
    assert part.rows > len(partner.shelf.records)  # what windows share came twice


def test_a_plain_sync_fetches_no_call_records(partner: Calling) -> None:
    assert "calls" not in statuses(partner.sync())
    assert partner.requests == []


def test_calls_alone_ask_for_nothing_else(partner: Calling) -> None:
    partner.answer = nothing
    partner.sync("calls", since=THREE_DAYS)
    assert set(partner.asked("GET")) == {"/people/me"}


def test_calls_come_after_the_other_parts(partner: Calling) -> None:
    done = partner.sync("calls,licenses", since=THREE_DAYS)
    assert statuses(done) == {"licenses": "done", "calls": "done"}
    assert [one.part for one in done.parts] == ["licenses", "calls"]
    assert "stored as runs 1 to 9" in done.notes[-1]


def test_an_empty_feed_of_thirty_days_takes_as_long_as_the_docs_say(partner: Calling) -> None:
    partner.answer = nothing
    done = partner.sync("calls")
    assert statuses(done) == {"calls": "done"}
    assert len(partner.windows) == 63
    assert partner.time.elapsed() == pytest.approx(62 * MINUTE, abs=0.01)  # 63 minutes
    assert partner.shelf.names == []
    assert done.notes == ("call records of 2026-10-24T12:10Z to 2026-11-23T11:50Z: 63 windows, one a minute",)


def test_files_are_the_owners_alone_and_gone_afterwards(partner: Calling) -> None:
    done = partner.sync("calls", since=THREE_DAYS)
    assert statuses(done) == {"calls": "done"}
    assert partner.shelf.waiting == {1}
    if sys.platform != "win32":
        assert partner.shelf.modes == {0o600}
    left = sorted(path.name for path in (partner.folder / "state" / "sync").rglob("*") if path.is_file())
    assert left == ["default.calls.json", "default.lock"]


def test_a_large_window_comes_in_pages(partner: Calling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerctl.sandbox.call_records._MOST", 500)
    done = partner.sync("calls", since=date(2026, 11, 23))
    assert [len(partner.windows), done.parts[0].rows] == [2, 710]
    assert len(partner.shelf.names) == 1
    assert partner.windows[0] == partner.windows[1]


def test_a_failure_in_the_middle_asks_nothing_twice_but_the_overlap(partner: Calling) -> None:
    partner.answer = failing_at(partner, 4)
    done = partner.sync("calls", since=THREE_DAYS)
    part = done.parts[0]
    assert part.status == "partly"
    assert part.error is not None
    assert "T1" in part.error
    assert "spark-admin:calling_cdr_read" in part.error
    with pytest.raises(PartlyDone):
        done.raise_failure()
    before = partner.windows[:3]
    assert "call records up to 2026-11-21T11:00Z; go on with it" in _status_note(partner)

    partner.forget()
    partner.answer = lambda request: None
    again = partner.sync(resume=True)
    assert statuses(again) == {"calls": "done"}
    assert partner.windows[0][0] == before[-1][1] - timedelta(minutes=30)
    assert len(before) + len(partner.windows) == 8
    assert again.parts[0].rows >= len(partner.shelf.records)
    assert partner.shelf.records.keys() == partner.made(before[0][0], partner.windows[-1][1])


def test_a_sync_that_is_killed_goes_on_by_itself(partner: Calling) -> None:
    def killed(request: Request) -> Response | None:
        if len(partner.requests) == 3:
            raise KeyboardInterrupt
        return nothing(request)

    partner.answer = killed
    with pytest.raises(KeyboardInterrupt):
        partner.sync("calls", since=THREE_DAYS)
    third = partner.windows[2]
    partner.forget()
    partner.answer = nothing
    done = partner.sync("calls", since=THREE_DAYS)
    assert partner.windows[0] == third
    assert "going on with the sync that began at 2026-11-23T12:00:00Z (--full begins anew)" in done.notes


def test_the_end_of_the_budget_keeps_what_came(partner: Calling) -> None:
    partner.answer = nothing
    done = partner.sync("calls", budget=600.0)
    assert done.parts[0].status == "partly"
    assert done.parts[0].error == "53 windows of call records were not reached"
    with pytest.raises(TimedOut) as raised:
        done.raise_failure()
    assert "go on with: partnerctl sync --resume" in (raised.value.hint or "")
    assert len(partner.windows) == 10
    partner.sync("calls").raise_failure()
    assert len(partner.windows) == 63


def test_the_next_sync_goes_on_a_day_before_the_last_one_ended(partner: Calling) -> None:
    """What was not over when its window was asked for may have come late."""
    partner.answer = nothing
    partner.sync("calls")
    end = partner.windows[-1][1]
    partner.forget()
    partner.time.wait(24 * 3600)
    partner.sync("calls").raise_failure()
    assert end - timedelta(hours=25) < partner.windows[0][0] <= end - timedelta(hours=22)
    assert len(partner.windows) == 5


def test_who_was_away_for_longer_than_the_feed_goes_back_is_told(partner: Calling) -> None:
    partner.answer = nothing
    partner.sync("calls", since=date(2026, 11, 23))
    partner.time.wait(40 * 86400)
    partner.token = FixedToken(partner.world.issue_token())  # the first one has lapsed
    done = partner.sync("calls")
    note = "Webex gives no call records of 2026-11-23T11:50Z to 2026-12-03T12:10Z any more; import them: the"
    assert any(one.startswith(note) for one in done.notes)
    partner.forget()
    partner.sync("calls").raise_failure()
    assert len(partner.windows) == 3  # it goes on from there


def test_since_after_the_last_end_leaves_no_gap_for_good(partner: Calling) -> None:
    partner.answer = nothing
    partner.sync("calls", since=date(2026, 11, 23))
    end = partner.windows[-1][1]
    partner.time.wait(10 * 86400)
    partner.sync("calls", since=date(2026, 12, 2)).raise_failure()
    partner.forget()
    partner.sync("calls").raise_failure()
    assert partner.windows[0][0] < end


def test_full_fetches_all_there_is(partner: Calling) -> None:
    partner.answer = nothing
    partner.sync("calls", since=THREE_DAYS)
    partner.forget()
    partner.sync("calls", full=True)
    assert len(partner.windows) == 63


def test_too_many_requests_are_waited_for(partner: Calling) -> None:
    """Another program asks with the same token: the sandbox allows one first request a minute."""
    params = (("startTime", "2026-11-23T09:00:00.000Z"), ("endTime", "2026-11-23T10:00:00.000Z"))
    list(partner.client().pages("/cdr_feed", params))
    partner.forget()
    partner.sync("calls", since=date(2026, 11, 23)).raise_failure()
    assert len(partner.requests) == 2
    assert partner.times[1] - partner.times[0] >= 60


@pytest.mark.parametrize("kind", ["429", "500", "truncate", "html", "drop", "dup-page", "lost-filter"])
def test_faults_on_the_way_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("partnerctl.sandbox.call_records._MOST", 500)
    partner = Calling(tmp_path / "broken", faults=faults(f"{kind}:0.3", retry_after=0))
    monkeypatch.setattr(call_files, "taking_in", lambda store, options: partner.shelf.take_in)
    partner.sync("calls", since=date(2026, 11, 22)).raise_failure()
    first, last = partner.windows[0][0], partner.windows[-1][1]
    assert partner.shelf.records.keys() == partner.made(first, last)


def test_another_region_is_remembered_for_the_next_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = Calling(tmp_path / "europe", base=WEBEX)
    monkeypatch.setattr(call_files, "taking_in", lambda store, options: partner.shelf.take_in)

    def european(request: Request) -> Response | None:
        if "//analytics-calling.webexapis.com" in request.url:
            body = b'{"message": "Use https://analytics-calling-eu.webexapis.com/v1/cdr_feed"}'
            return Response(451, {}, body, request.url)
        return nothing(request)

    partner.answer = european
    partner.sync("calls", since=date(2026, 11, 23)).raise_failure()
    partner.sync("calls", full=True).raise_failure()
    hosts = [urlsplit(request.url).hostname for request in partner.requests]
    assert hosts == ["analytics-calling.webexapis.com", *["analytics-calling-eu.webexapis.com"] * 64]


def test_a_foreign_host_fails_the_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = Calling(tmp_path / "partner", base=WEBEX)
    partner.answer = refuse("GET", "/cdr_feed", 451, b'{"message": "Use https://evil.example/v1/cdr_feed"}')
    done = partner.sync("calls")
    assert statuses(done) == {"calls": "failed"}
    assert "names no other host of webexapis.com" in (done.parts[0].error or "")
    assert {urlsplit(request.url).hostname for request in partner.requests} == {
        "analytics-calling.webexapis.com"
    }


def test_records_that_cannot_be_read_fail_the_part(partner: Calling) -> None:
    partner.shelf.fault = InvalidData("cdr_feed, line 3: no Report ID")
    done = partner.sync("calls", since=THREE_DAYS)
    assert statuses(done) == {"calls": "failed"}
    assert done.parts[0].error == "cdr_feed, line 3: no Report ID"
    partner.shelf.fault = None
    assert statuses(partner.sync(resume=True)) == {"calls": "done"}


@pytest.mark.parametrize("fault", [Locked("the folder is in use"), MachineFault("the disk is full")])
def test_a_folder_that_cannot_be_written_stops_the_sync(partner: Calling, fault: Exception) -> None:
    partner.shelf.fault = fault
    done = partner.sync("calls", "licenses", since=THREE_DAYS)
    assert statuses(done) == {"licenses": "done", "calls": "failed"}
    with pytest.raises(type(fault)) as raised:
        done.raise_failure()
    assert "partnerctl sync --resume" in str(getattr(raised.value, "hint", ""))


def test_where_the_others_stop_calls_are_not_reached(partner: Calling) -> None:
    partner.answer = refuse("GET", "/licenses", 503)
    done = partner.sync("calls", "licenses", budget=30.0)
    assert statuses(done) == {"licenses": "failed", "calls": "failed"}
    assert done.parts[-1].error == "not reached"
    assert isinstance(done.stopped, Unavailable | TimedOut)
    assert partner.requests == []


def test_what_is_done_is_not_fetched_again_with_what_failed(partner: Calling) -> None:
    partner.answer = refuse("GET", "/licenses")
    done = partner.sync("calls", "licenses", since=date(2026, 11, 23))
    assert statuses(done) == {"licenses": "failed", "calls": "done"}
    partner.forget()
    partner.answer = lambda request: None
    again = partner.sync(resume=True)
    assert statuses(again) == {"licenses": "done", "calls": "done"}
    assert again.parts[-1].rows == done.parts[-1].rows > 0
    assert partner.requests == []


def test_windows_are_heard_of(partner: Calling) -> None:
    partner.answer = nothing
    done: list[int] = []
    expected: list[int] = []
    said: list[str] = []
    heard = Heard(tell=said.append, window=done.append, expect_windows=expected.append)
    _sync(partner, heard)
    assert (done, expected) == ([1] * 8, [8])
    assert said == ["call records of 2026-11-20T00:00Z to 2026-11-23T11:50Z: 8 windows, one a minute"]


def test_a_missing_package_is_told_before_anything_is_asked(
    partner: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match="call records need an extra package") as raised:
        partner.sync("calls")
    assert raised.value.hint == "pip install 'partnerctl[calling]'"
    assert partner.world.calls == []


def test_what_is_remembered_is_of_one_partner(partner: Calling) -> None:
    partner.answer = nothing
    partner.sync("calls", since=date(2026, 11, 23))
    kept = partner.folder / "state" / "sync" / "default.calls.json"
    found = json.loads(kept.read_text())
    (theirs,) = found["partners"].values()
    kept.write_text(json.dumps({**found, "partners": {"another": theirs}}))
    partner.forget()
    partner.sync("calls")
    assert len(partner.windows) == 63
    assert set(json.loads(kept.read_text())["partners"]) == {"another", *found["partners"]}


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1, "partners": {"x": 3}}'])
def test_a_file_that_was_not_written_by_us_is_none(partner: Calling, text: str) -> None:
    partner.answer = nothing
    folder = partner.folder / "state" / "sync"
    folder.mkdir(parents=True)
    (folder / "default.calls.json").write_text(text)
    partner.sync("calls").raise_failure()
    assert len(partner.windows) == 63


def _status_note(partner: Calling) -> str:
    return sync_status(partner.store, partner.folder / "state", "default").notes[0]


def _sync(partner: Calling, heard: Heard) -> Synced:
    from partnerctl.services.syncing.options import SyncOptions
    from partnerctl.services.syncing.sync import sync

    state, time = partner.folder / "state", partner.time
    order = SyncOptions("default", state, "ines@partner.example", time, time, ("calls",), since=THREE_DAYS)
    yes: Callable[[str], None] = lambda question: None  # noqa: E731
    return sync(lambda: partner.store, partner.client(), order, yes, heard)
