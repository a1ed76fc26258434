"""The network for real: httpx2 against a server on this machine that behaves well, or does not."""

import gzip
import io
import os
import re
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import partnerctl
from partnerctl.errors import InvalidData
from partnerctl.remote.http import HttpTransport
from partnerctl.remote.transport import NetworkFault, Request, Response
from tests.loopback import open_loopback
from tests.remote.fakes import TOKEN, FakeStopwatch
from tests.remote.http_server import CERTIFICATE, RESET, Heard, Piece, Server, serving, whole


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test connect to this machine, whatever proxy or certificates it has."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL_CERT_"):
            monkeypatch.delenv(name)
    open_loopback(monkeypatch)


@pytest.fixture
def transport() -> Iterator[HttpTransport]:
    """Return a transport with two connections and a small limit."""
    opened = HttpTransport(2, max_body=100_000)
    yield opened
    opened.close()


def asked(
    transport: HttpTransport, server: Server, path: str = "/", sink: io.BytesIO | None = None, **how: float
) -> Response:
    """Return the answer of a server to a request."""
    return transport.send(Request("GET", server.url(path), timeout=how.get("timeout", 20)), sink)


def faulty(
    transport: HttpTransport,
    reply: Callable[[Heard], list[Piece]] | list[Piece],
    sink: io.BytesIO | None = None,
    timeout: float = 20,
) -> NetworkFault:
    """Return the fault that a reply of a server means."""
    with serving(reply) as server, pytest.raises(NetworkFault) as caught:
        asked(transport, server, sink=sink, timeout=timeout)
    return caught.value


def test_an_answer_comes_whole(transport: HttpTransport) -> None:
    with serving(
        whole("João".encode(), "201 Created", "TrackingID: ROUTER_1", "Link: <a>", "Link: <b>")
    ) as server:
        response = transport.send(
            Request("POST", server.url("/v1/x?a=b%2Cc,d"), {"authorization": f"Bearer {TOKEN}"}, b"body", 20)
        )

    assert (response.status, response.body) == (201, "João".encode())
    assert response.url == server.url("/v1/x?a=b%2Cc,d")
    assert dict(response.headers) == {"content-length": "5", "trackingid": "ROUTER_1", "link": "<a>, <b>"}
    (heard,) = server.heard
    assert (heard.line, heard.body) == ("POST /v1/x?a=b%2Cc,d HTTP/1.1", b"body")
    assert heard.headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept": "*/*",
        "accept-encoding": "gzip, deflate",
        "connection": "keep-alive",
        "user-agent": f"partnerctl/{partnerctl.__version__}",
        "authorization": f"Bearer {TOKEN}",
        "content-length": "4",
    }


def test_connections_are_kept_and_used_again(transport: HttpTransport) -> None:
    with serving(whole(b"x")) as server:
        for _ in range(5):
            asked(transport, server)

    assert [heard.connection for heard in server.heard] == [1] * 5


def test_there_are_no_more_connections_than_agreed(transport: HttpTransport) -> None:
    both = threading.Barrier(2)
    with serving(lambda _: [lambda: both.wait(20), *whole(b"x")]) as server, ThreadPoolExecutor(6) as pool:
        assert len(list(pool.map(lambda _: asked(transport, server), range(6)))) == 6

    assert server.connections == 2


def test_a_connection_that_is_not_free_in_time_was_not_used(transport: HttpTransport) -> None:
    asking, enough = threading.Semaphore(0), threading.Event()
    with (
        serving(lambda _: [asking.release, lambda: enough.wait(20), *whole()]) as server,
        ThreadPoolExecutor(2) as pool,
    ):
        busy = [pool.submit(asked, transport, server) for _ in range(2)]
        assert asking.acquire(timeout=20)
        assert asking.acquire(timeout=20)
        with pytest.raises(NetworkFault) as caught:
            asked(transport, server, timeout=0.1)
        enough.set()
        assert [one.result().status for one in busy] == [200, 200]

    assert caught.value.reason == "all connections were busy for 0.1 s"
    assert (caught.value.sent, caught.value.timed_out) == (False, True)


def test_cookies_are_not_kept(transport: HttpTransport) -> None:
    with serving(whole(b"x", "200 OK", "Set-Cookie: session=sandbox-secret-00000001; Path=/")) as server:
        for _ in range(2):
            asked(transport, server)

    assert all("cookie" not in heard.headers for heard in server.heard)


def test_a_redirect_is_an_answer_like_others(transport: HttpTransport) -> None:
    with serving(whole(b"moved", "302 Found", "Location: http://127.0.0.1:1/elsewhere")) as server:
        response = asked(transport, server, sink=(sink := io.BytesIO()))

    assert (response.status, response.headers["location"]) == (302, "http://127.0.0.1:1/elsewhere")
    assert (response.body, sink.getvalue()) == (b"moved", b"")
    assert len(server.heard) == 1


@pytest.mark.parametrize(("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_answer_is_unpacked(
    transport: HttpTransport, encoding: str, encode: Callable[[bytes], bytes]
) -> None:
    with serving(whole(encode(b"x" * 5000), "200 OK", f"Content-Encoding: {encoding}")) as server:
        assert asked(transport, server).body == b"x" * 5000


def test_a_body_goes_into_the_sink_whatever_its_size(transport: HttpTransport) -> None:
    sink = io.BytesIO()
    with serving(whole(b"x" * 3_000_000)) as server:
        response = asked(transport, server, sink=sink)

    assert response.body == b""
    assert sink.getvalue() == b"x" * 3_000_000
    assert server.heard[0].headers["accept-encoding"] == "identity"


def test_the_body_of_an_error_does_not_go_into_the_sink(transport: HttpTransport) -> None:
    sink = io.BytesIO()
    with serving(whole(b"gone", "410 Gone")) as server:
        assert asked(transport, server, sink=sink).body == b"gone"
    assert sink.getvalue() == b""


def _chunked(*chunks: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


def test_chunks_are_put_together(transport: HttpTransport) -> None:
    with serving([_chunked(b"one ", b"two", b"")]) as server:
        assert asked(transport, server).body == b"one two"


@pytest.mark.parametrize(
    "reply",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", None],
        [_chunked(b"half"), None],
        [b"HTTP/1.1 200 OK\r\nContent-Le", None],
        [None],
        [b"SSH-2.0-OpenSSH_9.6\r\n", None],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", None],
        [b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n", None],
        [*whole(b"no gzip", "200 OK", "Content-Encoding: gzip")],
    ],
)
def test_an_answer_that_is_cut_or_garbage_is_a_fault(transport: HttpTransport, reply: list[Piece]) -> None:
    for sink in (None, io.BytesIO()):
        fault = faulty(transport, reply, sink)

        assert fault.reason in {
            "the answer of 127.0.0.1 broke off, or is no HTTP",
            "the connection to 127.0.0.1 broke",
        }
        assert (fault.sent, fault.timed_out) == (True, False)


@pytest.mark.parametrize(
    "reply",
    [
        whole(b"x" * 100_001),
        whole(gzip.compress(bytes(50_000_000)), "200 OK", "Content-Encoding: gzip"),
        [_chunked(*([b"x" * 1000] * 101))],
        whole(b"x" * 100_001, "500 Oops"),
    ],
)
def test_an_answer_that_is_too_large_is_not_kept(transport: HttpTransport, reply: list[Piece]) -> None:
    assert faulty(transport, reply).reason == "127.0.0.1 sends an answer of more than 100000 bytes"


def test_an_answer_as_large_as_allowed_is_kept(transport: HttpTransport) -> None:
    with serving(whole(b"x" * 100_000)) as server:
        assert len(asked(transport, server).body) == 100_000


@pytest.mark.parametrize(
    "begun", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_a_server_that_falls_silent_is_not_waited_for(transport: HttpTransport, begun: bytes) -> None:
    over = threading.Event()
    fault = faulty(transport, [begun, lambda: over.wait(1)], timeout=0.2)
    over.set()

    assert fault.reason == "no answer from 127.0.0.1 within 0.2 s"
    assert (fault.sent, fault.timed_out) == (True, True)


@pytest.mark.parametrize("sink", [None, io.BytesIO()])
def test_a_drip_is_no_answer(sink: io.BytesIO | None) -> None:
    class Slow(FakeStopwatch):
        def elapsed(self) -> float:
            self.wait(6)
            return super().elapsed()

    apart = threading.Event()  # so that the pieces come one by one
    drops: list[Piece] = [b"x", lambda: apart.wait(0.02)]
    slow = HttpTransport(1, stopwatch=Slow())
    fault = faulty(slow, [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *(drops * 100)], sink)
    slow.close()

    assert (fault.reason, fault.timed_out) == ("127.0.0.1 sends its answer too slowly", True)


def test_a_connection_that_breaks_is_a_fault(transport: HttpTransport) -> None:
    fault = faulty(transport, [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", RESET])

    assert fault.reason == "the connection to 127.0.0.1 broke"
    assert (fault.sent, fault.timed_out) == (True, False)


def test_a_server_that_takes_no_connection_got_nothing(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", never)
    with pytest.raises(NetworkFault) as caught:
        transport.send(Request("GET", "http://partner.acme.example/v1"))

    assert caught.value.reason == "no connection to partner.acme.example within 30 s"
    assert (caught.value.sent, caught.value.timed_out) == (False, True)


def test_a_port_where_nobody_listens_got_nothing(transport: HttpTransport) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1?token={TOKEN}"
    with pytest.raises(NetworkFault) as caught:
        transport.send(Request("GET", url, {"authorization": f"Bearer {TOKEN}"}))

    assert re.fullmatch(r"no connection to 127\.0\.0\.1: \[.*\d+\] .*refused.*", caught.value.reason)
    assert not caught.value.sent


def test_a_name_that_nobody_knows_got_nothing(transport: HttpTransport) -> None:
    with pytest.raises(NetworkFault, match=r"no connection to nobody\.example: .*not known") as caught:
        transport.send(Request("GET", "https://nobody.example/v1"))
    assert not caught.value.sent


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}\r\nx: y", f"Bearer {TOKEN}ã"])
def test_a_header_that_cannot_be_written_is_not_repeated(transport: HttpTransport, header: str) -> None:
    with serving(whole()) as server, pytest.raises(NetworkFault) as caught:
        transport.send(Request("GET", server.url(), {"authorization": header}))

    fault = caught.value
    assert (fault.reason, fault.sent) == ("the request to 127.0.0.1 cannot be written", False)
    assert fault.__suppress_context__
    assert server.heard == []


def test_a_full_disk_is_no_fault_of_the_network(transport: HttpTransport) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    with serving(whole(b"x" * 1000)) as server, pytest.raises(OSError, match="No space left"):
        asked(transport, server, sink=Full())


def test_an_encrypted_server_must_be_known(monkeypatch: pytest.MonkeyPatch, transport: HttpTransport) -> None:
    with serving(whole(b"x"), tls=True) as server:
        url = server.url("/v1", host="mail.acme.example", scheme="https")
        with pytest.raises(
            NetworkFault, match=r"no connection to mail\.acme\.example: .*CERTIFICATE_VERIFY"
        ) as caught:
            transport.send(Request("GET", url))
        assert not caught.value.sent

        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        trusting = HttpTransport(1)
        assert trusting.send(Request("GET", url)).body == b"x"
        with pytest.raises(NetworkFault, match="CERTIFICATE_VERIFY_FAILED"):
            trusting.send(Request("GET", url.replace("mail.", "other.")))
        trusting.close()


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(whole(b"by proxy")) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://ana:sandbox-secret-00000001@127.0.0.1:{server.port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        proxied = HttpTransport(1)
        assert proxied.send(Request("GET", "http://partner.acme.example/v1")).body == b"by proxy"
        assert asked(proxied, server, "/direct").body == b"by proxy"
        proxied.close()

    assert [heard.line for heard in server.heard] == [
        "GET http://partner.acme.example/v1 HTTP/1.1",
        "GET /direct HTTP/1.1",
    ]
    assert server.heard[0].headers["proxy-authorization"].startswith("Basic ")


def test_a_proxy_that_refuses_got_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(whole(b"", "407 Proxy Authentication Required")) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://ana:sandbox-secret-00000001@127.0.0.1:{server.port}")
        proxied = HttpTransport(1)
        with pytest.raises(NetworkFault) as caught:
            proxied.send(Request("GET", "https://partner.acme.example/v1"))
        proxied.close()

    assert caught.value.reason == (
        "the proxy refused a connection to partner.acme.example: 407 Proxy Authentication Required"
    )
    assert not caught.value.sent
    assert server.heard[0].line == "CONNECT partner.acme.example:443 HTTP/1.1"
    assert "authorization" not in server.heard[0].headers


@pytest.mark.parametrize(
    "proxy", ["gopher://ana:sandbox-secret-00000001@proxy", "http://ana:sandbox-secret-00000001@proxy:port"]
)
def test_a_proxy_that_is_none_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(InvalidData) as caught:
        HttpTransport(1)

    assert caught.value.reason == "a proxy of the environment cannot be used"
    assert caught.value.__suppress_context__


def test_headers_that_come_drop_by_drop_never_begin(transport: HttpTransport) -> None:
    """Each drop keeps to the time limit of a read; the whole of them does not."""
    enough = threading.Event()

    def drip(_heard: Heard) -> list[Piece]:
        drops: list[Piece] = [b"HTTP/1.1 200 OK\r\n"]
        for _ in range(40):
            drops += [lambda: enough.wait(0.05), b"X: y\r\n"]
        return drops

    fault = faulty(transport, drip, timeout=0.2)
    enough.set()
    assert fault.timed_out
    assert fault.reason == "127.0.0.1 does not begin to answer within 0.6 s"


def test_a_certificate_that_is_refused_stays_refused(transport: HttpTransport) -> None:
    with serving(whole(b"{}"), tls=True) as server, pytest.raises(NetworkFault) as caught:
        transport.send(Request("GET", f"https://localhost.acme.example:{server.port}/", timeout=20))
    assert caught.value.lasting
