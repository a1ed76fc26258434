"""The comparison of ``benchmarks/sync_speed.py``, with few customers: what it counts, and what it claims."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.serving import sandbox
from benchmarks.sync_speed import INVENTORY, Speed, time_sync
from partnerctl.sandbox.clientele import Clientele
from tests.loopback import open_loopback

DAY = date(2026, 11, 23)


@pytest.mark.slow
def test_the_requests_of_a_sync_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_loopback(monkeypatch)
    with sandbox(tmp_path / "server", 20, "--as-of", f"{DAY}", "--latency", "5ms") as server:
        found = time_sync(
            server, tmp_path / "client", "few", "--only", INVENTORY, latency=0.005, connections=4
        )
        again = server.count()

    customers = len(Clientele(7, 20, DAY).plans)
    # each customer's five parts; and once: who asks, the customers, the roles, the partner's people
    assert found.requests == 5 * customers + 4
    assert again == found.requests + 4  # three that count, and the one that found the sandbox awake
    assert found.ratio > 1  # nothing can be quicker: where it is, the count or the limit is wrong
    assert server.cpu > 0
    assert found.cpu > 0


def test_the_least_is_what_the_connections_wait() -> None:
    speed = Speed("any", 10_000, 0.05, 8, wall=75.0, cpu=20.0, server_cpu=10.0, memory=90.0)

    assert (speed.least, speed.ratio) == (62.5, 1.2)
