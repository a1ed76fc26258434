"""The network: requests go out by httpx2, here and nowhere else."""

from __future__ import annotations

from contextlib import closing
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, BinaryIO

import partnerctl
from partnerctl.errors import InvalidData
from partnerctl.remote.hosts import host_of
from partnerctl.remote.opening import Opening
from partnerctl.remote.saying import plain
from partnerctl.remote.transport import NetworkFault, Response

if TYPE_CHECKING:
    import httpx2

    from partnerctl.clock import Stopwatch
    from partnerctl.remote.transport import Request

MAX_BODY = 64 * 1024 * 1024
"""Bytes of an answer that is kept in memory; reports go into a file."""

SLOWEST = 1000
"""Bytes a second that an answer must come in with, once its time limit is over: a drip never ends."""

_TO_BEGIN = 3  # time limits: for a connection, for the request, for the headers of the answer

_LASTING = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNSUPPORTED_PROTOCOL", "HTTP_REQUEST")
"""Reasons of OpenSSL by which the other side does not speak TLS at all, or none that we do."""

_KEEP = 30.0  # seconds for which an idle connection is kept


class HttpTransport:
    """Sends requests over the network, by at most `connections` at once, which are kept and used again.

    Proxies and certificates are those of the environment and the system. No cookies, no redirects. An answer
    of more than `max_body` bytes is a NetworkFault, unless it goes into a sink.
    """

    def __init__(
        self, connections: int, max_body: int = MAX_BODY, stopwatch: Stopwatch | None = None
    ) -> None:
        import httpx2

        from partnerctl.clock import SystemStopwatch

        self._max_body = max_body
        self._stopwatch = stopwatch or SystemStopwatch()
        try:
            self._client = httpx2.Client(
                headers={"user-agent": f"partnerctl/{partnerctl.__version__}"},
                limits=httpx2.Limits(
                    max_connections=connections,
                    max_keepalive_connections=connections,
                    keepalive_expiry=_KEEP,
                ),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
                trust_env=True,
            )
        except (ValueError, ImportError, httpx2.InvalidURL):  # a text of theirs may repeat a password
            raise InvalidData(
                "a proxy of the environment cannot be used",
                "check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY: an address such as http://proxy:8080",
            ) from None

    def send(self, request: Request, sink: BinaryIO | None = None, /) -> Response:
        """Return the answer; a body of status 200 goes into `sink`. Raises NetworkFault."""
        import httpx2

        headers = {"accept-encoding": "identity" if sink is not None else "gzip, deflate", **request.headers}
        try:
            sent = self._client.build_request(
                request.method,
                request.url,
                headers=headers,
                content=request.body or None,
                timeout=request.timeout,
            )
            opening = Opening(lambda: self._client.send(sent, stream=True), lambda late: late.close())
            answer = opening.within(_TO_BEGIN * request.timeout, host_of(request.url))
            with closing(answer):
                body = self._body(answer, request, sink if answer.status_code == 200 else None)
                found = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status_code, found, body, request.url)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError) as fault:
            raise _network_fault(fault, request) from None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _body(self, answer: httpx2.Response, request: Request, sink: BinaryIO | None) -> bytes:
        """Return the body, or write it into the sink and return nothing."""
        host, started = host_of(request.url), self._stopwatch.elapsed()
        pieces: list[bytes] = []
        size = 0
        for piece in answer.iter_bytes():
            size += len(piece)
            if self._stopwatch.elapsed() - started > request.timeout + size / SLOWEST:
                raise NetworkFault(f"{host} sends its answer too slowly", timed_out=True)
            if sink is not None:
                sink.write(piece)
            elif size > self._max_body:
                raise NetworkFault(f"{host} sends an answer of more than {self._max_body} bytes")
            else:
                pieces.append(piece)
        return b"".join(pieces)


def _network_fault(fault: Exception, request: Request) -> NetworkFault:
    """Return what a fault of httpx2 means, in words that hold nothing of the request but its host."""
    import httpx2

    host, limit = host_of(request.url), f"{request.timeout:g} s"
    match fault:
        case httpx2.PoolTimeout():
            return NetworkFault(f"all connections were busy for {limit}", sent=False, timed_out=True)
        case httpx2.ConnectTimeout():
            return NetworkFault(f"no connection to {host} within {limit}", sent=False, timed_out=True)
        case httpx2.ConnectError():
            refused = _is_about_tls(fault)
            return NetworkFault(f"no connection to {host}: {plain(str(fault))}", sent=False, lasting=refused)
        case httpx2.ProxyError():
            return NetworkFault(f"the proxy refused a connection to {host}: {plain(str(fault))}", sent=False)
        case httpx2.TimeoutException():
            return NetworkFault(f"no answer from {host} within {limit}", timed_out=True)
        case httpx2.DecodingError() | httpx2.RemoteProtocolError():
            return NetworkFault(f"the answer of {host} broke off, or is no HTTP")
        case httpx2.NetworkError():
            return NetworkFault(f"the connection to {host} broke")
        case _:
            return NetworkFault(f"the request to {host} cannot be written", sent=False)


def _is_about_tls(fault: BaseException) -> bool:
    """Tell whether a connection failed on its encryption: a certificate that is refused stays so."""
    import ssl

    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or getattr(seen, "reason", "") in _LASTING:
            return True
        seen = seen.__cause__ or seen.__context__
    return False
