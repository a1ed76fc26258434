"""Downloads: the token goes to hosts of Webex alone, and what comes is measured."""

import io

import pytest

from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError, Unavailable
from partnerctl.remote.client import Download
from partnerctl.remote.transport import Request
from tests.remote.fakes import NEXT_TOKEN, TOKEN, Reply, ScriptedTransport, answer, client_for

REFUSED = answer(401)
FILE = "https://downloadservicebts.webex.com/api/file?id=1"
SIGNED = "https://bucket.acme.example/file?Expires=1&Signature=sandbox-secret-00000001"
ZIP = answer(200, b"PK\x03\x04rest", content_type="application/zip", content_length="8")


def _download(*script: tuple[str, Reply], url: str = FILE) -> tuple[Download, bytes, list[Request]]:
    sink = io.BytesIO()
    with ScriptedTransport(*script) as webex:
        found = client_for(webex, TOKEN, NEXT_TOKEN).download(url, sink)
    return found, sink.getvalue(), webex.requests


def _tokens(requests: list[Request]) -> list[str | None]:
    return [request.headers.get("authorization") for request in requests]


def test_a_download_at_webex_gets_the_token() -> None:
    found, body, requests = _download(("GET /api/file?id=1", ZIP))

    assert found == Download(8, "application/zip", True)
    assert body == b"PK\x03\x04rest"
    assert _tokens(requests) == [f"Bearer {TOKEN}"]


def test_a_signed_download_goes_without_the_token() -> None:
    found, _, requests = _download(("GET /file?" + SIGNED.partition("?")[2], ZIP), url=SIGNED)

    assert found.size == 8
    assert _tokens(requests) == [None]


@pytest.mark.parametrize(
    "url",
    [
        "https://evilwebex.com/file",
        "https://webex.com.evil.example/file",
        "https://webex.com@evil.example/file",
        "https://webex.com:8443/file",
        "http://webex.com/file",
        "http://bucket.acme.example/file?Signature=sandbox-secret-00000001",
        "file:///etc/hosts",
        "",
    ],
)
def test_a_download_anywhere_else_is_refused(url: str) -> None:
    with (
        ScriptedTransport() as webex,
        pytest.raises(Unavailable, match="which is no host of Webex, and its URL is not signed") as caught,
    ):
        client_for(webex).download(url, io.BytesIO())
    assert "sandbox-secret-" not in str(caught.value)


def test_each_redirect_of_a_download_is_judged_anew() -> None:
    found, _, requests = _download(
        ("GET /api/file?id=1", answer(302, b"moved", location="https://files.wbx2.com/1")),
        ("GET /1", answer(307, location=SIGNED)),
        ("GET /file?" + SIGNED.partition("?")[2], answer(303, location="/other?Signature=x")),
        ("GET /other?Signature=x", ZIP),
    )

    assert found.size == 8
    assert _tokens(requests) == [f"Bearer {TOKEN}", f"Bearer {TOKEN}", None, None]


def test_a_redirect_to_anywhere_else_is_refused() -> None:
    with pytest.raises(Unavailable, match=r"the download is at evil\.example, which is no host of Webex"):
        _download(("GET /api/file?id=1", answer(302, location="https://evil.example/")))


def test_a_download_is_redirected_three_times_at_most() -> None:
    on = answer(302, location=FILE)
    with pytest.raises(
        Unavailable, match=r"the download: 302 Found: leads to downloadservicebts\.webex\.com"
    ):
        _download(*[("GET /api/file?id=1", on)] * 4)


def test_a_download_whose_token_is_refused_is_tried_with_another() -> None:
    found, body, requests = _download(("GET /api/file?id=1", REFUSED), ("GET /api/file?id=1", ZIP))

    assert (found.size, len(body)) == (8, 8)
    assert _tokens(requests) == [f"Bearer {TOKEN}", f"Bearer {NEXT_TOKEN}"]


@pytest.mark.parametrize(
    ("status", "kind"), [(403, NotAllowed), (404, NotFound), (410, Conflict), (204, Unavailable)]
)
def test_a_download_that_is_refused_leaves_nothing(status: int, kind: type[PartnerctlError]) -> None:
    sink = io.BytesIO()
    with (
        ScriptedTransport(("GET /api/file?id=1", answer(status, b"no"))) as webex,
        pytest.raises(kind, match="the download"),
    ):
        client_for(webex).download(FILE, sink)
    assert sink.getvalue() == b""


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({"content_length": "3"}, True),
        ({"content_length": "4"}, False),
        ({}, None),
        ({"content_length": "soon"}, None),
        ({"content_length": "3", "content_encoding": "gzip"}, None),
    ],
)
def test_a_download_tells_whether_it_is_whole(headers: dict[str, str], whole: bool | None) -> None:
    found, _, _ = _download(("GET /api/file?id=1", answer(200, b"csv", **headers)))

    assert found == Download(3, "", whole)


def test_a_download_begins_where_the_sink_stands() -> None:
    sink = io.BytesIO()
    sink.write(b"before:")
    with ScriptedTransport(("GET /api/file?id=1", answer(503)), ("GET /api/file?id=1", ZIP)) as webex:
        assert client_for(webex).download(FILE, sink).size == 8
    assert sink.getvalue() == b"before:PK\x03\x04rest"


def test_a_sandbox_serves_its_own_downloads() -> None:
    base = "http://127.0.0.1:8790/v1"
    with ScriptedTransport(("GET /download/1", ZIP)) as webex:
        client_for(webex, base=base).download("http://127.0.0.1:8790/download/1", io.BytesIO())
    assert _tokens(webex.requests) == [f"Bearer {TOKEN}"]

    with ScriptedTransport() as webex, pytest.raises(Unavailable):
        client_for(webex, base=base).download("http://127.0.0.1:8791/download/1", io.BytesIO())
