"""Syncs as processes of their own: killed, interrupted, two at once, and left alone by Webex.

The rounds are those of ``benchmarks/kill_sync.py``, fewer of them and with fewer customers. All speak to a
sandbox in a thread of the test, which knows what it was asked.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.kill_sync import (
    INSTANT,
    Target,
    differences,
    finished_customers,
    kill_rounds,
    read_store,
    repeated_requests,
    start_sync,
)
from benchmarks.kill_tick import ROOT, command
from benchmarks.serving import in_a_thread, reaching
from partnerctl.clock import FixedClock
from partnerctl.sandbox.clientele import Clientele
from partnerctl.sandbox.world import Asked, World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL and SIGINT are of Unix"),
]

CUSTOMERS = 60
PARTS = ("organizations", "licenses", "admins", "locations", "devices", "numbers")


class Ended(NamedTuple):
    """What a process printed, and its exit code."""

    code: int
    stdout: str
    stderr: str


class Webex(NamedTuple):
    """A sandbox that is served, and how to reach it from a process with a home of its own."""

    target: Target
    home: Path

    @property
    def calls(self) -> list[Asked]:
        return self.target.world.calls

    @property
    def customers(self) -> list[str]:
        return [plan.org_id for plan in Clientele(7, CUSTOMERS, INSTANT.date()).plans]

    def run(self, *words: str, before: tuple[str, ...] = (), **settings: str) -> Ended:
        """Run a command to its end, by way of the words `before` it."""
        _, api_url, token, _ = self.target
        done = subprocess.run(
            [*before, *command(INSTANT.isoformat(), *words)],
            env=reaching(self.home, api_url, token, rate="10000", **settings),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def wait_until_asked(self, count: int, process: subprocess.Popen[bytes]) -> None:
        """Return once so many requests have come from a sync that still runs."""
        while len(self.calls) < count:
            assert process.poll() is None, "the sync ended before it was asked for"
            try:
                process.wait(0.005)
            except subprocess.TimeoutExpired:
                continue


@contextmanager
def webex(home: Path, *, customers: int = CUSTOMERS, latency: float = 0.0) -> Iterator[Webex]:
    """Serve a world for the length of a block."""
    world = World(7, customers, as_of=INSTANT.date(), clock=FixedClock(INSTANT), latency=latency)
    with in_a_thread(world) as api_url:
        yield Webex(Target(world, api_url, world.issue_token(), PARTS), home)


def test_a_sync_that_is_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    rounds = list(kill_rounds(tmp_path, CUSTOMERS, rounds=3, seed=7, parts=PARTS))

    assert [one for one in rounds if not one.sound] == []
    assert any(one.killed and one.finished for one in rounds)


def test_a_request_that_is_repeated_would_be_seen() -> None:
    org_id = "5eb6f5b1-7dda-4eb3-9ed0-ee5f89204001"
    calls = [
        Asked("GET", "/people/me", ()),
        Asked("GET", "/organizations", ()),
        Asked("GET", "/licenses", (("orgId", org_id),)),
        Asked("GET", "/licenses", (("orgId", org_id.replace("5", "6")),)),
        Asked("GET", f"/partner/organizations/{org_id}/partnerAdmins", ()),
    ]

    assert repeated_requests(calls, frozenset(), frozenset()) == ()
    assert repeated_requests(calls, frozenset({org_id}), frozenset({"organizations.json"})) == (
        "GET /organizations",
        f"GET /licenses of {org_id}",
        f"GET /partner/organizations/{org_id}/partnerAdmins of {org_id}",
    )


def test_ctrl_c_ends_a_sync_at_once_and_the_next_goes_on(tmp_path: Path) -> None:
    with webex(tmp_path / "interrupted", latency=0.02) as remote:
        process = start_sync(remote.target, remote.home)
        remote.wait_until_asked(100, process)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=5)[1]
        before = finished_customers(remote.home)
        status = remote.run("sync", "status")
        remote.calls.clear()
        again = remote.run("sync", "--only", ",".join(PARTS))
        repeated = repeated_requests(remote.calls, before, frozenset())
        whole = remote._replace(home=tmp_path / "whole")
        assert whole.run("sync", "--only", ",".join(PARTS)).code == 0

    assert (process.returncode, said.decode().strip()) == (130, "error: interrupted")
    assert "go on with it: partnerctl sync --resume" in status.stderr
    assert again.code == 0, again.stderr
    assert (len(before) > 0, repeated) == (True, ())
    assert differences(remote.home, read_store(whole.home)) == []


def test_of_two_syncs_at_once_one_runs(tmp_path: Path) -> None:
    with webex(tmp_path / "both", latency=0.02) as remote:
        first = start_sync(remote.target, remote.home)
        remote.wait_until_asked(20, first)
        second = remote.run("sync", "--json")
        said = first.communicate(timeout=120)[1]

    assert (second.code, second.stdout) == (9, "")
    assert json.loads(second.stderr)["error"]["code"] == "locked"
    assert first.returncode == 0, said


def test_what_was_fetched_before_webex_went_away_is_kept(tmp_path: Path) -> None:
    budget = {"budget": "3s", "connections": "4"}
    with webex(tmp_path / "left", latency=0.02) as remote:
        process = subprocess.Popen(
            command(INSTANT.isoformat(), "sync", "--only", ",".join(PARTS), "--quiet"),
            env=reaching(remote.home, remote.target.api_url, remote.target.token, **budget, rate="10000"),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        remote.wait_until_asked(80, process)
    said = process.communicate(timeout=60)[1].decode()
    stored = read_store(remote.home)
    before = finished_customers(remote.home)
    with webex(remote.home) as back:
        again = back.run("sync", "--resume")
        repeated = repeated_requests(back.calls, before, frozenset({"organizations.json", "people.json"}))
        whole = back._replace(home=tmp_path / "whole")
        assert whole.run("sync", "--only", ",".join(PARTS)).code == 0

    assert process.returncode in {7, 8}, said
    assert "given up after" in said or "ran out" in said
    assert len(before) > 0
    assert not stored["licenses"].startswith("0 rows")
    assert (again.code, repeated) == (0, ()), again.stderr
    assert differences(remote.home, read_store(whole.home)) == []


def test_a_state_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "state").write_text("a file where a folder has to be", "utf-8")
    with webex(home) as remote:
        done = remote.run("sync")

    assert (done.code, done.stdout) == (13, "")
    assert f"cannot create the folder {home / 'state' / 'sync'}" in done.stderr
    assert remote.calls == []


def test_a_disk_that_is_full_keeps_what_was_fetched(tmp_path: Path) -> None:
    """No file may grow beyond 40 KiB: the list of customers has room, the lines of all of them do not."""
    narrow = (
        "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40960, 40960));"
        " os.execv(sys.argv[1], sys.argv[1:])"
    )
    only = ("sync", "--only", "organizations,numbers")
    with webex(tmp_path / "full") as remote:
        assert remote.run("sync", "--only", "organizations").code == 0  # a new store is larger than that
        full = remote.run(*only, before=(sys.executable, "-c", narrow))
        fetched = finished_customers(remote.home)
        again = remote.run(*only)
        whole = remote._replace(home=tmp_path / "whole")
        assert whole.run(*only).code == 0

    assert full.code == 13, full.stderr
    assert 0 < len(fetched) < len(remote.customers)
    assert again.code == 0, again.stderr
    assert differences(remote.home, read_store(whole.home)) == []
