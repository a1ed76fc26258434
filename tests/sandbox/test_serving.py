"""The sandbox over real sockets of this machine."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from partnerctl.errors import MachineFault
from partnerctl.sandbox.serving import listen, make_server, root_of
from partnerctl.sandbox.world import World
from tests.loopback import open_loopback
from tests.sandbox.asking import make_world


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    open_loopback(monkeypatch)


@contextmanager
def served(world: World) -> Iterator[http.client.HTTPConnection]:
    """Serve a world for as long as the block lasts, and give a connection to it."""
    with listen(0) as listener:
        server = make_server(world)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        connection = http.client.HTTPConnection(root_of(listener).removeprefix("http://"), timeout=20)
        try:
            yield connection
        finally:
            connection.close()
            server.should_exit = True
            thread.join(20)
    assert not thread.is_alive()


def get(connection: http.client.HTTPConnection, world: World, path: str) -> http.client.HTTPResponse:
    connection.request("GET", path, headers={"Authorization": f"Bearer {world.issue_token()}"})
    return connection.getresponse()


def test_it_answers_as_in_process() -> None:
    world = make_world()
    with served(world) as connection:
        response = get(connection, world, "/v1/people?max=2")
        body = json.loads(response.read())
        port = connection.port
        again = get(connection, world, "/v1/people/me")  # over the same connection

        assert (response.status, len(body["items"])) == (200, 2)
        assert response.headers["Link"] == f'<http://127.0.0.1:{port}/v1/people?max=2&cursor=2>; rel="next"'
        assert response.headers["TrackingID"] == "SANDBOX_7_00000001"
        assert json.loads(again.read())["displayName"] == "Inês Castrovel"


def test_a_change_is_carried_out() -> None:
    world = make_world()
    with served(world) as connection:
        org = json.loads(get(connection, world, "/v1/organizations").read())["items"][0]["id"]
        path = f"/v1/partner/tags/organizations/{org}"
        headers = {"Authorization": f"Bearer {world.issue_token()}"}
        connection.request("POST", f"{path}/assignTags", b'{"tags": [{"name": "new"}]}', headers)
        assert connection.getresponse().read() == b'[{"name": "new"}]'
        assert json.loads(get(connection, world, path).read())["tags"] == ["new"]
        connection.request("DELETE", "/v1/authorizations", headers=headers)
        assert (answer := connection.getresponse()).status == 204
        assert answer.read() == b""


def test_a_cut_answer_ends_before_its_length() -> None:
    world = make_world(faults="truncate:1")
    with served(world) as connection:
        response = get(connection, world, "/v1/organizations")
        length = int(response.headers["Content-Length"])

        with pytest.raises(http.client.IncompleteRead) as caught:
            response.read()

    assert len(caught.value.partial) == length // 2


def test_a_dropped_connection_gives_no_answer() -> None:
    world = make_world(faults="drop:1")
    with served(world) as connection, pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        get(connection, world, "/v1/roles")


def test_a_slow_answer_comes_late() -> None:
    world = make_world(latency=0.05)
    with served(world) as connection:
        assert get(connection, world, "/v1/roles").status == 200


@pytest.mark.parametrize("path", ["/people/me", "/", "/v1", "/v1x/roles", "/v1/%zz"])
def test_what_is_not_below_the_base_is_not_found(path: str) -> None:
    world = make_world()
    with served(world) as connection:
        assert get(connection, world, path).status == 404


def test_another_name_for_this_machine_is_not_answered() -> None:
    world = make_world()
    with served(world) as connection:
        connection.request("GET", "/v1/roles", headers={"Host": "acme.example"})
        assert connection.getresponse().status == 421
    assert world.calls == []


def test_a_body_without_end_is_refused() -> None:
    world = make_world()
    with served(world) as connection:
        connection.request("POST", "/v1/partner/reports", b" " * 1_000_001)
        assert connection.getresponse().status == 413


def test_a_port_that_is_taken_is_told() -> None:
    with listen(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(MachineFault) as caught:
            listen(port)

    assert caught.value.reason == f"port {port} of 127.0.0.1 is in use"
    assert "--port 0" in (caught.value.hint or "")
