"""The feed of call records: its pace, its pages, and its hosts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from partnerctl.errors import NotAllowed
from partnerctl.remote.call_records import CallFeed, feed_base
from partnerctl.remote.client import Client
from partnerctl.remote.faults import Elsewhere, SignedOut, Unexpected
from partnerctl.remote.transport import NetworkFault, Request, Response
from tests.remote.fakes import (
    BASE,
    AnsweringTransport,
    FakeStopwatch,
    FixedTokens,
    in_turn,
    json_answer,
    sender_for,
)

SINCE, UNTIL = datetime(2026, 11, 23, 0, 0, tzinfo=UTC), datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FEED = "https://analytics-calling.webexapis.com/v1"
EUROPE = "https://analytics-calling-eu.webexapis.com/v1"
SANDBOX = "http://127.0.0.1:8099/v1"


class Timed(AnsweringTransport):
    """A transport that notes when each request goes out, and lets each answer take a second."""

    def __init__(self, reply: Callable[[Request], Response | NetworkFault]) -> None:
        super().__init__(reply)
        self.stopwatch = FakeStopwatch()
        self.times: list[float] = []

    def send(self, request: Request, sink: Any = None, /) -> Response:
        self.times.append(self.stopwatch.elapsed() - 1000.0)
        self.stopwatch.wait(1.0)
        return super().send(request, sink)

    @property
    def hosts(self) -> list[str]:
        """The hosts that were asked, in their order."""
        return [str(urlsplit(request.url).hostname) for request in self.requests]


def feed_of(transport: Timed, base: str = BASE, learnt: str | None = None) -> CallFeed:
    client = Client(sender_for(transport, transport.stopwatch), FixedTokens(), base)
    return CallFeed(client, transport.stopwatch, learnt)


def page(*ids: str, link: str | None = None) -> Response:
    items = {"items": [{"Report ID": one} for one in ids]}
    return json_answer(items) if link is None else json_answer(items, link=f'<<{link}>>; rel="next"')


def elsewhere(text: str) -> Response:
    return json_answer({"message": text, "trackingId": "T1"}, 451)


def ids(feed: CallFeed) -> list[list[str]]:
    return [[one["Report ID"] for one in records] for records in feed.pages(SINCE, UNTIL)]


def test_a_window_is_asked_for_as_webex_reads_it() -> None:
    webex = Timed(in_turn([page("a")]))

    assert ids(feed_of(webex)) == [["a"]]
    url = urlsplit(webex.requests[0].url)
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{FEED}/cdr_feed"
    assert dict(parse_qsl(url.query)) == {
        "startTime": "2026-11-23T00:00:00.000Z",
        "endTime": "2026-11-23T12:00:00.000Z",
        "max": "5000",
    }


def test_one_first_request_a_minute_from_the_answer_on() -> None:
    webex = Timed(lambda _: page())
    feed = feed_of(webex)
    for _ in range(3):
        list(feed.pages(SINCE, UNTIL))

    assert webex.times == pytest.approx([0, 62, 124], abs=0.01)


def test_ten_further_pages_a_minute() -> None:
    links = [f"{FEED}/cdr_feed?startTimeForNextFetch={number}&totalCount=23" for number in range(22)]
    webex = Timed(in_turn([*(page(link, link=link) for link in links), page("last")]))

    assert len(ids(feed_of(webex))) == 23
    for at in webex.times[1:]:
        assert sum(at <= other < at + 60 for other in webex.times[1:]) <= 10
    assert webex.times[-1] < 140  # 22 further pages need little more than two minutes


def test_the_next_page_keeps_the_window() -> None:
    link = f"{FEED}/cdr_feed?startTimeForNextFetch=2&totalCount=3"
    webex = Timed(in_turn([page("a", link=link), page("b")]))

    assert ids(feed_of(webex)) == [["a"], ["b"]]
    assert dict(parse_qsl(urlsplit(webex.requests[1].url).query)) == {
        "startTimeForNextFetch": "2",
        "totalCount": "3",
        "startTime": "2026-11-23T00:00:00.000Z",
        "endTime": "2026-11-23T12:00:00.000Z",
        "max": "5000",
    }


@pytest.mark.parametrize("host", ["webexapis.com", "analytics-calling-eu.webexapis.com"])
def test_the_next_page_is_at_the_same_host(host: str) -> None:
    webex = Timed(in_turn([page("a", link=f"https://{host}/v1/cdr_feed?startTimeForNextFetch=2")]))

    with pytest.raises(Unexpected, match=f"is at {host}, and not at analytics-calling.webexapis.com"):
        ids(feed_of(webex))
    assert len(webex.requests) == 1


def test_too_many_requests_are_waited_for_as_long_as_webex_asks() -> None:
    webex = Timed(in_turn([json_answer({}, 429, retry_after="17"), page("a")]))

    assert ids(feed_of(webex)) == [["a"]]
    assert 18 <= webex.times[1] <= 20


@pytest.mark.parametrize(
    "text",
    [
        "Please use https://analytics-calling-eu.webexapis.com/v1/cdr_feed",
        "The right endpoint: analytics-calling-eu.webexapis.com.",
    ],
)
def test_another_region_is_followed_and_kept(text: str) -> None:
    webex = Timed(in_turn([elsewhere(text), page("a"), page("b")]))
    feed = feed_of(webex)

    assert ids(feed) == [["a"]]
    assert ids(feed) == [["b"]]
    assert feed.base == EUROPE
    assert webex.hosts == ["analytics-calling.webexapis.com", *["analytics-calling-eu.webexapis.com"] * 2]
    assert webex.times == pytest.approx([0, 62, 124], abs=0.01)  # it is the same minute everywhere


@pytest.mark.parametrize(
    "text",
    [
        "Use https://analytics-calling.evil.example/v1/cdr_feed",
        "Use http://analytics-calling-eu.webexapis.com/v1/cdr_feed",
        "Use https://analytics-calling-eu.webexapis.com:8443/v1/cdr_feed",
        "Use https://analytics-calling-eu.webexapis.com.evil.example/v1/cdr_feed",
        "Use https://idbroker.webex.com/cdr_feed",
        "Use https://files.wbx2.com/cdr_feed",
        "Use https://analytics-calling.webexapis.com/v1/cdr_feed",
        "Somewhere else.",
    ],
)
def test_a_foreign_host_gets_nothing(text: str) -> None:
    webex = Timed(in_turn([elsewhere(text)]))

    with pytest.raises(Elsewhere, match=r"names no other host of webexapis\.com"):
        ids(feed_of(webex))
    assert webex.hosts == ["analytics-calling.webexapis.com"]


def test_two_hosts_that_point_at_each_other_are_asked_once_each() -> None:
    webex = Timed(in_turn([elsewhere(f"Use {EUROPE}/cdr_feed"), elsewhere(f"Use {FEED}/cdr_feed")]))

    with pytest.raises(Elsewhere):
        ids(feed_of(webex))
    assert len(webex.requests) == 2


def test_a_sandbox_leads_nowhere_else() -> None:
    webex = Timed(in_turn([elsewhere(f"Use {EUROPE}/cdr_feed")]))

    with pytest.raises(Elsewhere):
        ids(feed_of(webex, SANDBOX))
    assert webex.hosts == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("api_url", "learnt", "base"),
    [
        (BASE, None, FEED),
        (BASE, EUROPE, EUROPE),
        (BASE, "https://evil.example/v1", FEED),
        (BASE, "http://analytics-calling-eu.webexapis.com/v1", FEED),
        (SANDBOX, None, SANDBOX),
        (SANDBOX, EUROPE, SANDBOX),
    ],
)
def test_where_the_feed_of_an_api_is(api_url: str, learnt: str | None, base: str) -> None:
    assert feed_base(api_url, learnt) == base


def test_a_refusal_names_the_scope_and_the_role() -> None:
    webex = Timed(in_turn([json_answer({"message": "No."}, 403)]))

    with pytest.raises(NotAllowed) as raised:
        ids(feed_of(webex))
    assert raised.value.reason == (
        "Webex does not allow this: GET /cdr_feed: 403 Forbidden: No.; call records take the scope"
        " spark-admin:calling_cdr_read and the role 'Webex Calling Detailed Call History API access'"
    )


def test_a_token_that_is_refused_says_so() -> None:
    webex = Timed(lambda _: json_answer({"message": "Old."}, 401))
    client = Client(
        sender_for(webex, webex.stopwatch), FixedTokens("sandbox-access-1", "sandbox-access-2"), BASE
    )

    with pytest.raises(SignedOut):
        ids(CallFeed(client, webex.stopwatch))


def test_what_are_no_records_is_no_empty_list() -> None:
    with pytest.raises(Unexpected, match="lists something else"):
        ids(feed_of(Timed(in_turn([json_answer({"items": ["a", "b"]})]))))
