"""A made-up Webex behind the commands: no network, no waiting, a token in the environment."""

from __future__ import annotations

import pytest

from partnerctl.sandbox.world import World
from partnerctl.services.webex import side as remote_side
from tests.sandbox.in_process import API_URL, FakeTime, SandboxTransport
from tests.services.syncing_world import Watch, WatchedTransport


class Webex:
    """The world that the commands of a test speak to; `watch` may answer in its place."""

    def __init__(self, world: World, time: FakeTime) -> None:
        self.world = world
        self.time = time
        self.watch: Watch | None = None

    def asked(self, method: str) -> list[str]:
        """Return the paths that were asked for with that method."""
        return [one.path for one in self.world.calls if one.method == method]


def made_webex(monkeypatch: pytest.MonkeyPatch, customers: int = 12) -> Webex:
    """Put a made-up Webex behind the commands, and its token into the environment."""
    time = FakeTime()
    world = World(7, customers, as_of=time.now().date(), clock=time)
    webex = Webex(world, time)
    inner = SandboxTransport(world, time)
    transport = WatchedTransport(inner, lambda request: webex.watch(request) if webex.watch else None)
    monkeypatch.setattr(remote_side, "default_transport", transport)
    monkeypatch.setattr(remote_side, "default_stopwatch", time)
    monkeypatch.setenv("PARTNERCTL_API_URL", API_URL)
    monkeypatch.setenv("PARTNERCTL_TOKEN", world.issue_token())
    return webex
