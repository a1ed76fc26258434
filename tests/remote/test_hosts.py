"""Where the token may go: next links, downloads, and URLs that pretend."""

import pytest

from partnerctl.remote.hosts import host_of, is_pre_signed, pages_into, place_of, resolved, takes_token

WEBEX = "https://webexapis.com/v1"
SANDBOX = "http://127.0.0.1:8790/v1"

TRICKS = [
    "http://webexapis.com/v1",
    "https://webexapis.com:8443/v1",
    "https://evilwebexapis.com/v1",
    "https://evilwebex.com/v1",
    "https://webexapis.com.evil.example/v1",
    "https://webex.com.evil.example/v1",
    "https://webex.com@evil.example/v1",
    "https://webex.com:443@evil.example/v1",
    "https://evil.example\\.webex.com/v1",
    "https://evil.example\\@webex.com/v1",
    "https://evil.example#.webex.com/v1",
    "https://evil.example?.webex.com/v1",
    "https://evil.example/.webex.com/v1",
    "https://evil.example%2f.webex.com/v1",
    "https://evil.example;.webex.com/v1",
    "https://webex.com%00.evil.example/v1",
    "https://webex。com/v1",
    "https://wébex.com/v1",
    "https://webex.com.",
    "https:webex.com/v1",
    "https:///webex.com/v1",
    "//webex.com/v1",
    "file:///etc/hosts",
    "ftp://webex.com/v1",
    "https://[::1]/v1",
    "http://127.0.0.1/v1",
    "http://localhost:8790/v1",
    "https://web ex.com/v1",
    "https://webex.com/v1\r\nHost: evil.example",
    "",
]


@pytest.mark.parametrize("url", TRICKS)
def test_no_trick_gets_the_token(url: str) -> None:
    assert not pages_into(WEBEX, url)
    assert not takes_token(WEBEX, url)


@pytest.mark.parametrize(
    "url",
    [
        "https://webexapis.com/v1/people?cursor=a,b",
        "https://WebexAPIs.com:443/v1/people",
        "https://analytics-calling-eu.webexapis.com/v1/cdr_feed",
    ],
)
def test_a_page_leads_on_within_its_family(url: str) -> None:
    assert pages_into(WEBEX, url)


def test_a_page_does_not_lead_to_the_other_family() -> None:
    assert not pages_into(WEBEX, "https://analytics-f.webex.com/v1")
    assert pages_into("https://analytics-f.webex.com/v1", "https://analytics.webex.com/v1")


def test_another_base_pages_into_itself_alone() -> None:
    base = "https://gateway.acme.example:8443/webex"

    assert pages_into(base, "https://gateway.acme.example:8443/webex/people?start=2")
    assert not pages_into(base, "https://gateway.acme.example/webex/people")
    assert not pages_into(base, "https://other.acme.example:8443/webex/people")
    assert not pages_into("http://gateway.acme.example/webex", "http://gateway.acme.example/webex/people")


@pytest.mark.parametrize("judge", [pages_into, takes_token])
def test_a_sandbox_stays_on_its_port(judge: object) -> None:
    assert callable(judge)
    assert judge(SANDBOX, "http://127.0.0.1:8790/v1/people")
    assert not judge(SANDBOX, "http://127.0.0.1:8791/v1/people")
    assert not judge(SANDBOX, "https://127.0.0.1:8790/v1/people")
    assert not judge(SANDBOX, "https://webexapis.com/v1/people")
    assert not judge(SANDBOX, "http://127.0.0.1.evil.example:8790/v1/people")


def test_a_download_from_a_sandbox_may_name_this_machine_in_another_way() -> None:
    assert takes_token(SANDBOX, "http://localhost:8790/download/1")
    assert not pages_into(SANDBOX, "http://localhost:8790/v1/people")


@pytest.mark.parametrize(
    "url",
    [
        "https://downloadservicebts.webex.com/api/file?id=1",
        "https://reportdownload-a.webex.com/api",
        "https://webexapis.com/v1/file",
        "https://files.wbx2.com/1",
        "https://ciscospark.com/1",
    ],
)
def test_a_download_at_webex_gets_the_token(url: str) -> None:
    assert takes_token(WEBEX, url)


def test_a_signed_url_needs_no_token() -> None:
    assert is_pre_signed("https://bucket.acme.example/report?Expires=1&Signature=abc&Key-Pair-Id=K")
    assert is_pre_signed("https://bucket.acme.example/report?X-Amz-Signature=abc")
    assert not is_pre_signed("http://bucket.acme.example/report?Signature=abc")
    assert not is_pre_signed("https://bucket.acme.example/report?Signature=")
    assert not is_pre_signed("https://bucket.acme.example/Signature=abc")
    assert not is_pre_signed("https://bucket.acme.example/report?NoSignature=abc")


def test_a_target_is_resolved_and_otherwise_left_as_it_is() -> None:
    url = f"{WEBEX}/people?max=2"

    assert resolved(url, "?start=2") == f"{WEBEX}/people?start=2"
    assert resolved(url, "/v1/people?a=b%2Cc,d%20e") == f"{WEBEX}/people?a=b%2Cc,d%20e"
    assert resolved(url, "/v1/people?name=João Sá#top") == f"{WEBEX}/people?name=Jo%C3%A3o%20S%C3%A1"
    assert resolved(url, "//evil.example/x") == "https://evil.example/x"
    assert place_of(resolved(url, "https://[::1/x")) is None


def test_a_message_names_the_host_alone() -> None:
    assert host_of("https://Evil.Example/path?token=1") == "evil.example"
    assert host_of("https://me:pass@evil.example/") == "an address that is no sound URL"
