"""The transport that asks a world instead of the network."""

from __future__ import annotations

import io

import pytest

from partnerctl.remote.transport import NetworkFault, Request
from partnerctl.sandbox.world import World
from tests.sandbox.asking import make_world
from tests.sandbox.in_process import API_URL, FakeTime, SandboxTransport


def request(world: World, path: str = "/roles", timeout: float = 30.0) -> Request:
    return Request(
        "GET", f"{API_URL}{path}", {"Authorization": f"Bearer {world.issue_token()}"}, b"", timeout
    )


def test_an_answer_comes_as_from_the_network() -> None:
    world = make_world()

    response = SandboxTransport(world).send(request(world, "/people?max=2"))

    assert (response.status, response.headers["trackingid"]) == (200, "SANDBOX_7_00000001")
    assert response.headers["link"] == f'<{API_URL}/people?max=2&cursor=2>; rel="next"'
    assert response.url == f"{API_URL}/people?max=2"
    assert world.calls == [("GET", "/people", (("max", "2"),))]


def test_the_body_of_a_200_goes_into_the_sink() -> None:
    world = make_world()
    transport, sink = SandboxTransport(world), io.BytesIO()

    assert transport.send(request(world), sink).body == b""
    assert sink.getvalue() == transport.send(request(world)).body
    assert b"trackingId" in transport.send(request(world, "/nothing"), sink).body


@pytest.mark.parametrize(
    ("faults", "reason"),
    [("truncate:1", "the answer was cut"), ("drop:1", "the connection was closed without an answer")],
)
def test_a_broken_connection_is_a_fault(faults: str, reason: str) -> None:
    world = make_world(faults=faults)
    sink = io.BytesIO()

    with pytest.raises(NetworkFault, match=reason):
        SandboxTransport(world).send(request(world), sink)

    whole = SandboxTransport(honest := make_world()).send(request(honest)).body
    assert sink.getvalue() == (whole[: len(whole) // 2] if faults == "truncate:1" else b"")


def test_a_slow_answer_lets_time_pass() -> None:
    time = FakeTime()
    world = make_world(time, faults="slow:1")
    transport = SandboxTransport(world, time)

    assert transport.send(request(world)).status == 200
    with pytest.raises(NetworkFault) as caught:
        transport.send(request(world, timeout=1.0))

    assert (time.waits, time.elapsed(), caught.value.timed_out) == ([2.0, 1.0], 3.0, True)
