"""Answers of any shape: JSON, lists, and errors, of which each becomes one error of ours."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError, Unavailable
from partnerctl.remote.bodies import failure_of, items_of, read_json
from partnerctl.remote.faults import Elsewhere, SignedOut, Unreadable
from partnerctl.remote.saying import LONGEST, said_by, tracking_id
from partnerctl.remote.transport import Response
from tests.remote.fakes import answer, json_answer


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"items": []}', {"items": []}),
        (b'\xef\xbb\xbf[1, "\xc3\xa3"]\r\n', [1, "ã"]),
        (b"null", None),
        (b" 7 ", 7),
    ],
)
def test_json_is_read(body: bytes, value: Any) -> None:
    assert read_json(answer(200, body)) == value


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "an empty answer"),
        (b" \r\n", "an empty answer"),
        (b"<!doctype html><title>Sign in</title>", "an HTML page"),
        (b'{"items": [{"id": ', "no JSON, or JSON that was cut"),
        (b'{"a": NaN}', "no JSON, or JSON that was cut"),
        (b'{"a": "\xff"}', "no JSON, or JSON that was cut"),
        (b"[" * 100_000, "no JSON, or JSON that was cut"),
        (b"[" * 2000 + b"]" * 2000, "no JSON, or JSON that was cut"),
    ],
)
def test_what_is_no_json_is_said(body: bytes, what: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json(answer(200, body))
    assert str(caught.value) == what


@pytest.mark.parametrize(
    ("page", "items"),
    [
        ([1], [1]),
        ([], []),
        (None, []),
        ({}, []),
        ({"items": [1]}, [1]),
        ({"items": None}, []),
        ({"items": {"Id": "1"}}, [{"Id": "1"}]),
        ({"items": [1], "notFoundIds": [2], "more": [3]}, [1]),
        ({"phoneNumbers": [1], "other": [2]}, [1]),
        ({"phoneNumbers": None, "count": {}}, []),
        ({"subPartners": [1], "total": 1}, [1]),
        ({"subPartners": [1], "errors": []}, [1]),
    ],
)
def test_lists_are_found_whatever_their_shape(page: Any, items: list[Any]) -> None:
    assert items_of(page, "phoneNumbers") == items


@pytest.mark.parametrize(
    "page", ["text", 7, True, {"a": 1}, {"a": [1], "b": [2]}, {"message": "no", "errors": [{}]}]
)
def test_there_is_no_guessing_which_list_is_meant(page: Any) -> None:
    with pytest.raises(Unavailable, match="something else than the list that was asked for"):
        items_of(page)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            {
                "message": "Too many tags.",
                "errors": [
                    {"description": "Five at most.", "errorCode": 7},
                    {"description": "Too many tags."},
                ],
                "trackingId": "ROUTER_1",
            },
            "Too many tags.: Five at most.",
        ),
        ({"code": "GTWY_9", "message": "No route.", "trackingId": "T"}, "GTWY_9: No route."),
        (
            {"error": "invalid_grant", "error_description": "The token is old."},
            "invalid_grant: The token is old.",
        ),
        ({"error": {"code": 403, "message": "No."}}, "No."),
        ({"errors": {"description": "One."}}, "One."),
        ({"errors": ["One.", "Two.", "Three.", "Four."]}, "One.: Two.: Three."),
        ([{"message": "In a list."}], "In a list."),
        ("A bare text.", "A bare text."),
        ({"message": ["a", {"description": "b"}]}, "a: b"),
        ({"message": 7, "errors": None, "code": True}, ""),
        ({"message": "two\nlines\x1b[31m\x00 and \u202emore"}, "two lines[31m and more"),
        ({}, ""),
        ([], ""),
        (None, ""),
        (7, ""),
    ],
)
def test_what_the_server_says_is_found(value: Any, said: str) -> None:
    assert said_by(json_answer(value, 400)) == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ""),
        (b"  upstream\r\nconnect error ", "upstream connect error"),
        (b"<html><head><TITLE>502 Bad\nGateway</title>", "502 Bad Gateway"),
        (b"<html><body>no title", "an HTML page"),
        (b"<title> </title>", "an HTML page"),
        (b"\xff\xfe broken", "�� broken"),
        (b'{"message": "cut', '{"message": "cut'),
    ],
)
def test_what_is_no_json_speaks_too(body: bytes, said: str) -> None:
    assert said_by(answer(502, body)) == said


def test_a_long_text_is_cut() -> None:
    said = said_by(json_answer({"message": "long " * 100_000}, 400))

    assert said == ("long " * 40)[: LONGEST - 1] + "…"
    assert len(said_by(answer(400, b"x" * 10_000_000))) == LONGEST


@pytest.mark.parametrize(
    ("response", "tracking"),
    [
        (answer(400, trackingid="ROUTER_6A-1"), "ROUTER_6A-1"),
        (Response(400, {"TrackingID": "ROUTER_2"}), "ROUTER_2"),
        (json_answer({"trackingId": "ROUTER_3"}, 400), "ROUTER_3"),
        (json_answer({"trackingId": "BODY"}, 400, trackingid="HEADER"), "HEADER"),
        (json_answer({"trackingId": "BODY"}, 400, trackingid="two words"), "BODY"),
        (json_answer({"trackingId": "a\nb"}, 400), None),
        (json_answer({"trackingId": 7}, 400), None),
        (json_answer([], 400), None),
    ],
)
def test_the_tracking_id_is_found(response: Response, tracking: str | None) -> None:
    assert tracking_id(response) == tracking


BODY = {"message": "Because.", "trackingId": "ROUTER_1"}


@pytest.mark.parametrize(
    ("status", "kind", "reason", "hint"),
    [
        (
            401,
            SignedOut,
            "Webex does not take the token: GET /x: 401 Unauthorized: Because. (tracking id ROUTER_1)",
            "sign in again: partnerctl auth login",
        ),
        (
            403,
            NotAllowed,
            "Webex does not allow this: GET /x: 403 Forbidden: Because. (tracking id ROUTER_1)",
            "the role or the scopes do not allow it, see: partnerctl auth status",
        ),
        (
            404,
            NotFound,
            "Webex does not know this: GET /x: 404 Not Found: Because. (tracking id ROUTER_1)",
            "if nothing is ever found, check the setting api_url: partnerctl config show",
        ),
        (409, Conflict, "Webex refused GET /x: 409 Conflict: Because. (tracking id ROUTER_1)", None),
        (410, Conflict, "Webex refused GET /x: 410 Gone: Because. (tracking id ROUTER_1)", None),
        (
            429,
            Unavailable,
            "Webex wants fewer requests: GET /x: 429 Too Many Requests: Because. (tracking id ROUTER_1)",
            "try again later",
        ),
        (
            451,
            Elsewhere,
            (
                "Webex has this in another region: GET /x: 451 Unavailable For Legal Reasons: Because."
                " (tracking id ROUTER_1)"
            ),
            None,
        ),
        (
            503,
            Unavailable,
            "Webex: GET /x: 503 Service Unavailable: Because. (tracking id ROUTER_1)",
            "try again later",
        ),
        (799, Unavailable, "Webex: GET /x: 799: Because. (tracking id ROUTER_1)", "try again later"),
    ],
)
def test_each_status_is_an_error_of_its_kind(
    status: int, kind: type[PartnerctlError], reason: str, hint: str | None
) -> None:
    failure = failure_of(json_answer(BODY, status), "GET /x")

    assert type(failure) is kind
    assert (failure.reason, failure.hint) == (reason, hint)


@pytest.mark.parametrize("status", [400, 402, 405, 408, 415, 418, 422, 428, 499])
def test_other_refusals_are_conflicts(status: int) -> None:
    assert type(failure_of(answer(status), "GET /x")) is Conflict


def test_locked_is_not_available() -> None:
    assert type(failure_of(answer(423), "GET /x")) is Unavailable


def test_a_redirect_names_the_host_alone() -> None:
    failure = failure_of(
        answer(302, location="https://evil.example/a?token=sandbox-secret-00000001"), "GET /x"
    )

    assert type(failure) is Unavailable
    assert failure.reason == "Webex: GET /x: 302 Found: leads to evil.example, which is not followed"


CDR = "https://analytics-calling.webexapis.com/v1/cdr_feed?startTime=1"


@pytest.mark.parametrize(
    ("body", "endpoint"),
    [
        (
            b'{"message": "Use https://analytics-calling-eu.webexapis.com/v1/cdr_feed."}',
            "https://analytics-calling-eu.webexapis.com/v1/cdr_feed",
        ),
        (
            b'{"url": "https:\\/\\/analytics-calling-in.webexapis.com"}',
            "https://analytics-calling-in.webexapis.com",
        ),
        (b"Please use analytics-calling-au.webexapis.com", "https://analytics-calling-au.webexapis.com"),
        (
            b"not https://evil.example/x nor http://webexapis.com but https://webex.com/v1",
            "https://webex.com/v1",
        ),
        (b"https://evil.example/?https://evilwebex.com https://webexapis.com.evil.example/", None),
        (b"me@webexapis.com", None),
        (b'{"message": "elsewhere"}', None),
        (b"", None),
        (b"a-" * 100_000, None),
        (b"a." * 100_000, None),
    ],
)
def test_another_region_names_its_endpoint(body: bytes, endpoint: str | None) -> None:
    failure = failure_of(Response(451, {}, body, CDR), "GET /cdr_feed")

    assert isinstance(failure, Elsewhere)
    assert failure.endpoint == endpoint


def test_a_sandbox_names_itself_as_the_endpoint() -> None:
    body = b"see http://127.0.0.1:8790/eu/v1 or https://webexapis.com/v1"
    failure = failure_of(Response(451, {}, body, "http://127.0.0.1:8790/v1/cdr_feed"), "GET /cdr_feed")

    assert isinstance(failure, Elsewhere)
    assert failure.endpoint == "http://127.0.0.1:8790/eu/v1"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["message", "errors", "trackingId", "code", "error", "description", "items"])
            | st.text(),
            inner,
        )
    ),
    max_leaves=12,
)
_STATUSES = st.integers(100, 999)


def _holds(failure: PartnerctlError) -> None:
    assert type(failure) in {NotAllowed, NotFound, Conflict, Unavailable, Elsewhere}
    assert failure.reason.isprintable()
    assert len(failure.reason) < 500


@given(_JSON, _STATUSES)
def test_any_json_is_one_error(value: Any, status: int) -> None:
    _holds(failure_of(Response(status, {}, json.dumps(value).encode(), CDR), "GET /x"))


@given(st.binary(), _STATUSES, st.dictionaries(st.sampled_from(["location", "trackingid"]), st.text()))
def test_any_bytes_are_one_error(body: bytes, status: int, headers: dict[str, str]) -> None:
    _holds(failure_of(Response(status, headers, body, CDR), "GET /x"))


@given(_JSON)
def test_any_page_is_a_list_or_an_error(page: Any) -> None:
    with suppress(Unavailable):
        assert isinstance(items_of(page, "phoneNumbers"), list)
