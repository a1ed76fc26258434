"""Pages of a list: the header that leads on, the filters that it loses, and circles."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import Unavailable
from partnerctl.remote import paging
from partnerctl.remote.paging import next_target, with_filters
from tests.remote.fakes import (
    BASE,
    TOKEN,
    AnsweringTransport,
    Reply,
    ScriptedTransport,
    client_for,
    json_answer,
)

NEXT = "https://webexapis.com/v1/people?cursor=2"


@pytest.mark.parametrize(
    "header",
    [
        f'<{NEXT}>; rel="next"',
        f"<{NEXT}>; rel=next",
        f'<{NEXT}>;rel="NEXT"',
        f'<{NEXT}> ; REL = "next"',
        f'<<{NEXT}>>; rel="next"',
        f'<<<{NEXT}>>>;rel="next"',
        f'< {NEXT} >; rel="next"',
        f'<{BASE}/people>; rel="first", <{NEXT}>; rel="next"',
        f'<{NEXT}>; rel="next", <{BASE}/people>; rel="prev"',
        f'<{NEXT}>; title="a, <b>; rel=prev"; rel="next"',
        f'<{NEXT}>; rel="last next"',
        f'<{NEXT}>; type="x"; rel="next"; rel="prev"',
        f', ,<{NEXT}>; rel="next",',
        f'garbage <{NEXT}>; rel="next"; garbage',
    ],
)
def test_the_next_link_is_found(header: str) -> None:
    assert next_target(header) == NEXT


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"<{NEXT}>",
        f'<{NEXT}>; rel="prev"',
        f'<{NEXT}>; rel="prev"; rel="next"',
        f'<{NEXT}>; rel="nextish"',
        f'<{NEXT}>; title="rel=next"',
        f'{NEXT}; rel="next"',
        '<>; rel="next"',
        "<" * 100_000,
        "<a" * 50_000,
        '<a>;"' * 20_000,
    ],
)
def test_where_there_is_no_next_link_there_is_none(header: str) -> None:
    assert next_target(header) is None


def test_commas_belong_to_the_url() -> None:
    url = "/v1/cdr_feed?locations=Porto,Lisboa&sort=a;b"
    assert next_target(f'</v1?a=1,2>; rel="first",<{url}>; rel="next"') == url


@given(st.text())
def test_any_header_gives_a_link_or_none(header: str) -> None:
    found = next_target(header)
    assert found is None or found in header


_URLS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="<>"), min_size=1)
_RELS = st.sampled_from(["first", "prev", "last", "self", "nextish"])


@given(st.lists(st.tuples(_URLS, _RELS)), _URLS, st.lists(st.tuples(_URLS, _RELS)), st.booleans())
def test_the_next_link_is_found_among_others(
    before: list[tuple[str, str]], url: str, after: list[tuple[str, str]], quoted: bool
) -> None:
    links = [*before, (url, "next"), *after]
    form = '<{}>; rel="{}"' if quoted else "<{}>;rel={}"

    assert next_target(", ".join(form.format(*link) for link in links)) == url


def test_filters_that_a_link_lost_are_added_and_others_left_alone() -> None:
    params = (("orgId", "Y2lz+1"), ("max", "100"), ("start", "0"), ("tag", "a b"))

    assert with_filters(NEXT, params) == f"{NEXT}&orgId=Y2lz%2B1&max=100&tag=a+b"
    assert with_filters(f"{NEXT}&orgid=other&MAX=5&tag=", params) == f"{NEXT}&orgid=other&MAX=5&tag="
    assert with_filters("/v1/people", (("max", "5"),)) == "/v1/people?max=5"
    assert with_filters("/v1/people?", (("max", "5"),)) == "/v1/people?max=5"
    assert with_filters(NEXT, ()) == NEXT


def _page(number: int, link: str | None = None) -> Reply:
    return json_answer({"items": [number]}, link=f'<{link}>; rel="next"' if link else "")


def _pages(*script: tuple[str, Reply], base: str = BASE, **params: str) -> list[Any]:
    with ScriptedTransport(*script) as webex:
        return list(client_for(webex, base=base).pages("/people", tuple(params.items())))


def _refused(*script: tuple[str, Reply], base: str = BASE) -> str:
    with pytest.raises(Unavailable) as caught:
        _pages(*script, base=base)
    assert caught.value.hint
    return caught.value.reason


def test_pages_follow_each_other_with_the_token_and_the_filters() -> None:
    with ScriptedTransport(
        ("GET /v1/people?orgId=o&max=2", _page(1, NEXT)),
        ("GET /v1/people?cursor=2&orgId=o&max=2", _page(2, "?cursor=3&orgId=o&max=1")),
        ("GET /v1/people?cursor=3&orgId=o&max=1", _page(3)),
    ) as webex:
        pages = list(client_for(webex).pages("/people", (("orgId", "o"), ("max", "2"))))

    assert pages == [{"items": [1]}, {"items": [2]}, {"items": [3]}]
    assert {request.headers["authorization"] for request in webex.requests} == {f"Bearer {TOKEN}"}


def test_a_page_is_asked_for_when_it_is_wanted() -> None:
    webex = ScriptedTransport(("GET /v1/people", _page(1, NEXT)))

    assert next(client_for(webex).pages("/people")) == {"items": [1]}


def test_a_page_may_be_at_another_host_of_the_family() -> None:
    with ScriptedTransport(
        ("GET /v1/people", _page(1, "https://people-eu.webexapis.com/v1/people?cursor=2")),
        ("GET /v1/people?cursor=2", _page(2)),
    ) as webex:
        assert len(list(client_for(webex).pages("/people"))) == 2

    assert webex.requests[1].url == "https://people-eu.webexapis.com/v1/people?cursor=2"


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ("https://evil.example/v1/people?cursor=2", "evil.example"),
        ("http://webexapis.com/v1/people?cursor=2", "webexapis.com"),
        ("https://webexapis.com@evil.example/", "an address that is no sound URL"),
    ],
)
def test_nothing_is_asked_of_a_host_that_must_not_have_the_token(link: str, named: str) -> None:
    reason = _refused(("GET /v1/people", _page(1, link)))

    assert reason == f"Webex: the next page of /v1/people is at {named}, which is none of its hosts"


def test_a_sandbox_pages_on_its_own_port() -> None:
    base = "http://127.0.0.1:8790/v1"
    own, other = "http://127.0.0.1:8790/v1/people?p=2", "http://127.0.0.1:8791/v1/people?p=2"

    assert len(_pages(("GET /v1/people", _page(1, own)), ("GET /v1/people?p=2", _page(2)), base=base)) == 2
    assert "127.0.0.1" in _refused(("GET /v1/people", _page(1, other)), base=base)


def test_a_circle_is_no_endless_list() -> None:
    reason = _refused(
        ("GET /v1/people", _page(1, NEXT)), ("GET /v1/people?cursor=2", _page(2, f"{BASE}/people"))
    )

    assert reason == "Webex: the pages of /v1/people lead round in a circle"


def test_the_same_page_under_another_url_is_no_endless_list() -> None:
    reason = _refused(
        ("GET /v1/people", _page(1, NEXT)),
        ("GET /v1/people?cursor=2", _page(1, f"{BASE}/people?cursor=3")),
    )

    assert reason == "Webex: /v1/people gives the same page again and again"


def test_a_filter_may_leave_pages_empty() -> None:
    empty = {"items": [], "count": {"total": 3}}
    pages = _pages(
        ("GET /v1/people", json_answer(empty, link=f'<{NEXT}>; rel="next"')),
        ("GET /v1/people?cursor=2", json_answer(empty, link=f'<{BASE}/people?cursor=3>; rel="next"')),
        ("GET /v1/people?cursor=3", _page(3)),
    )

    assert pages[-1] == {"items": [3]}


def _endless(items: bool) -> AnsweringTransport:
    def reply(request: Any) -> Any:
        number = int((re.findall(r"\d+$", request.url) or ["0"])[0]) + 1
        return _page(number, f"?p={number}") if items else json_answer([], link=f"<?p={number}>; rel=next")

    return AnsweringTransport(reply)


def test_empty_pages_come_to_an_end() -> None:
    webex = _endless(items=False)

    with pytest.raises(Unavailable, match="the same page again and again"):
        list(client_for(webex).pages("/people"))
    assert len(webex.requests) == paging.MOST_EMPTY + 1


def test_so_many_pages_are_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 20)
    webex = _endless(items=True)

    with pytest.raises(Unavailable, match="/v1/people has more than 20 pages"):
        list(client_for(webex).pages("/people"))
    assert len(webex.requests) == 20
