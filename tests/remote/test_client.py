"""The client: JSON, tokens that are refused, rights that lapse, downloads, and many threads at once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError, Unavailable
from partnerctl.remote.client import Client
from partnerctl.remote.faults import Elsewhere, Unconfirmed
from partnerctl.remote.sending import Patience
from partnerctl.remote.transport import NetworkFault, Request, Response
from tests.remote.fakes import (
    BASE,
    NEXT_TOKEN,
    TOKEN,
    AnsweringTransport,
    FixedTokens,
    Reply,
    ScriptedTransport,
    answer,
    client_for,
    json_answer,
    sender_for,
)

ME = {"id": "p-1", "displayName": "João Sá"}
REFUSED = json_answer({"message": "The token is old.", "trackingId": "ROUTER_1"}, 401)
FORBIDDEN = json_answer({"message": "No right.", "trackingId": "ROUTER_2"}, 403)
ORG = "Y2lz+/cmk"
LOOK = "GET /v1/organizations/Y2lz%2B%2Fcmk"


def test_get_returns_json() -> None:
    with ScriptedTransport(("GET /v1/people?email=ana%2Bx%40acme.example&max=2", json_answer(ME))) as webex:
        assert client_for(webex).get("/people", (("email", "ana+x@acme.example"), ("max", "2"))) == ME

    assert dict(webex.requests[0].headers) == {
        "authorization": f"Bearer {TOKEN}",
        "accept": "application/json",
    }
    assert webex.requests[0].body == b""


def test_a_slash_at_the_end_of_the_base_is_none_too_many() -> None:
    with ScriptedTransport(("GET /v1/people/me", json_answer(ME))) as webex:
        assert client_for(webex, base=f"{BASE}/").get("/people/me") == ME


@pytest.mark.parametrize(
    "page", [answer(200, b"<html>sign in</html>"), answer(200, b'{"items": ['), answer(200), answer(204)]
)
def test_what_is_no_json_is_asked_for_again(page: Response) -> None:
    with ScriptedTransport(("GET /v1/people/me", page), ("GET /v1/people/me", json_answer(ME))) as webex:
        assert client_for(webex).get("/people/me") == ME


def test_post_sends_json_and_returns_what_comes_back() -> None:
    with ScriptedTransport(("POST /v1/partner/reports?a=1", json_answer({"reportId": "r"}))) as webex:
        client = client_for(webex)
        assert client.post("/partner/reports", {"name": "João"}, params=(("a", "1"),)) == {"reportId": "r"}

    (request,) = webex.requests
    assert json.loads(request.body) == {"name": "João"}
    assert request.headers["content-type"] == "application/json"


def test_nothing_may_be_sent_and_nothing_may_come_back() -> None:
    with ScriptedTransport(
        ("POST /v1/a/assign", answer(200, b"\r\n")),
        ("DELETE /v1/a", answer(204)),
        ("DELETE /v1/b", answer(200)),
    ) as webex:
        client = client_for(webex)
        assert client.post("/a/assign") is None
        client.delete("/a")
        client.delete("/b")

    assert "content-type" not in webex.requests[0].headers


@pytest.mark.parametrize("fault", [answer(502), answer(200, b"<html>"), NetworkFault("broke")])
def test_a_change_is_sent_twice_only_where_that_does_no_harm(fault: Reply) -> None:
    with ScriptedTransport(
        ("POST /v1/a", fault),
        ("POST /v1/a", answer(200)),
        ("DELETE /v1/a", fault),
        ("DELETE /v1/a", answer(204)),
        ("POST /v1/b", fault),
        ("DELETE /v1/b", fault),
    ) as webex:
        client = client_for(webex)
        client.post("/a", repeatable=True)
        client.delete("/a", repeatable=True)
        with pytest.raises(Unconfirmed, match="nobody knows"):
            client.post("/b")
        with pytest.raises(Unconfirmed, match="nobody knows"):
            client.delete("/b")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Conflict), (404, NotFound), (409, Conflict), (302, Unavailable), (451, Elsewhere)],
)
def test_a_refusal_is_an_error_that_names_the_call(status: int, kind: type[PartnerctlError]) -> None:
    reply = answer(
        status, b'{"message": "Because."}', location="https://evil.example/", trackingid="ROUTER_3"
    )
    with (
        ScriptedTransport(("GET /v1/people?email=ana", reply)) as webex,
        pytest.raises(kind, match=r"GET /people: \d+ .*\bBecause\. \(tracking id ROUTER_3\)"),
    ):
        client_for(webex).get("/people", (("email", "ana"),))


def test_a_redirect_is_not_followed() -> None:
    with (
        ScriptedTransport(("GET /v1/x", answer(307, location="//evil.example/v1/x"))) as webex,
        pytest.raises(Unavailable, match=r"leads to evil\.example, which is not followed"),
    ):
        client_for(webex).get("/x")


# a token that is refused


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refused_token_is_renewed_once(method: str) -> None:
    call = f"{method.upper()} /v1/x"
    with ScriptedTransport((call, REFUSED), (call, json_answer(ME))) as webex:
        tokens = FixedTokens(TOKEN, NEXT_TOKEN)
        client = Client(sender_for(webex), tokens, BASE)
        assert getattr(client, method)("/x") == ME

    assert tokens.refused == [TOKEN]
    assert [one.headers["authorization"] for one in webex.requests] == [
        f"Bearer {TOKEN}",
        f"Bearer {NEXT_TOKEN}",
    ]


def test_a_second_refusal_is_the_last_word() -> None:
    with (
        ScriptedTransport(("GET /v1/x", REFUSED), ("GET /v1/x", REFUSED)) as webex,
        pytest.raises(NotAllowed) as caught,
    ):
        client_for(webex, TOKEN, NEXT_TOKEN, "sandbox-access-00000000").get("/x")

    assert caught.value.reason == (
        "Webex does not take the token: GET /x: 401 Unauthorized: The token is old. (tracking id ROUTER_1)"
    )
    assert caught.value.hint == "sign in again: partnerctl auth login"


def test_where_there_is_no_other_token_its_source_says_so() -> None:
    with (
        ScriptedTransport(("GET /v1/x", REFUSED)) as webex,
        pytest.raises(NotAllowed, match="there is no other token"),
    ):
        client_for(webex).get("/x")


@pytest.mark.parametrize("rest", ["\r\nx-evil: 1", " b", "ã", "\x00"])
def test_what_can_be_no_token_is_sent_nowhere(rest: str) -> None:
    with (
        ScriptedTransport() as webex,
        pytest.raises(NotAllowed, match="characters that no token has") as caught,
    ):
        client_for(webex, TOKEN + rest).get("/x")
    assert TOKEN not in str(caught.value)


# rights that have lapsed


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_lapsed_right_is_renewed_by_asking_for_the_organization(method: str) -> None:
    call = f"{method.upper()} /v1/x"
    with ScriptedTransport((call, FORBIDDEN), (LOOK, json_answer({})), (call, json_answer(ME))) as webex:
        assert getattr(client_for(webex), method)("/x", org=ORG) in (ME, None)


def test_a_lapsed_right_is_renewed_in_the_middle_of_pages() -> None:
    with ScriptedTransport(
        ("GET /v1/x", json_answer([1], link='<?p=2>; rel="next"')),
        ("GET /v1/x?p=2", FORBIDDEN),
        (LOOK, json_answer({})),
        ("GET /v1/x?p=2", json_answer([2])),
    ) as webex:
        assert list(client_for(webex).pages("/x", org=ORG)) == [[1], [2]]


@pytest.mark.parametrize("look", [json_answer({}), FORBIDDEN, answer(404)])
def test_a_second_refusal_of_a_right_is_the_last_word(look: Response) -> None:
    with ScriptedTransport(
        ("GET /v1/x", FORBIDDEN), (LOOK, look), ("GET /v1/x", FORBIDDEN), ("GET /v1/y", FORBIDDEN)
    ) as webex:
        client = client_for(webex)
        with pytest.raises(NotAllowed) as caught:
            client.get("/x", org=ORG)
        with pytest.raises(NotAllowed):  # and nobody looks again
            client.get("/y", org=ORG)

    assert caught.value.reason == (
        "Webex does not allow this: GET /x: 403 Forbidden: No right. (tracking id ROUTER_2)"
    )
    assert caught.value.hint == "the role or the scopes do not allow it, see: partnerctl auth status"


def test_without_an_organization_there_is_nothing_to_renew() -> None:
    with ScriptedTransport(("GET /v1/x", FORBIDDEN)) as webex, pytest.raises(NotAllowed):
        client_for(webex).get("/x")


def test_a_storm_of_calls_renews_a_right_once() -> None:
    looked = threading.Event()
    barrier = threading.Barrier(20)

    def reply(request: Request) -> Response:
        if "/organizations/" in request.url:
            looked.set()
            return json_answer({})
        if not looked.is_set():
            barrier.wait(20)  # all are on their way before the first is refused
            return FORBIDDEN
        return json_answer(request.url[-1])

    webex = AnsweringTransport(reply)
    client = client_for(webex)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: client.get("/x", org=ORG), range(20)))

    assert found == ["x"] * 20
    assert webex.asked.count(LOOK) == 1
    assert webex.asked.count("GET /v1/x") == 40


def test_rights_are_renewed_for_each_organization() -> None:
    with ScriptedTransport(
        ("GET /v1/x", FORBIDDEN),
        ("GET /v1/organizations/a", json_answer({})),
        ("GET /v1/x", json_answer(1)),
        ("GET /v1/x", FORBIDDEN),
        ("GET /v1/organizations/b", json_answer({})),
        ("GET /v1/x", json_answer(2)),
    ) as webex:
        client = client_for(webex)
        assert (client.get("/x", org="a"), client.get("/x", org="b")) == (1, 2)


# secrets and threads


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 451, 302])
def test_no_error_repeats_the_token(status: int) -> None:
    def reply(request: Request) -> Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        return json_answer({"message": f"your token {token} is bad", "trackingId": token}, status)

    trace: list[str] = []
    client = client_for(AnsweringTransport(reply), TOKEN, NEXT_TOKEN, trace=trace.append)
    with pytest.raises(PartnerctlError) as caught:
        client.get("/x", org="o")

    told = "\n".join([*trace, caught.value.reason, repr(caught.value)])
    assert "your token *** is bad" in told
    assert "sandbox-access-" not in told


def test_many_threads_may_page_at_once() -> None:
    def reply(request: Request) -> Response | NetworkFault:
        name, _, page = request.url.rpartition("/")[2].partition("?p=")
        number = int(page or 1)
        if len(webex.requests) % 3 == 0:
            return NetworkFault("broke")
        link = f'<?p={number + 1}>; rel="next"' if number < 5 else ""
        return json_answer([f"{name}.{number}"], link=link)

    webex = AnsweringTransport(reply)
    client = Client(sender_for(webex, patience=Patience(budget=1e6)), FixedTokens(), BASE)

    def pages(name: int) -> list[Any]:
        return [page[0] for page in client.pages(f"/{name}")]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(pages, range(40)))

    assert found == [[f"{name}.{number}" for number in range(1, 6)] for name in range(40)]


def test_many_threads_whose_token_is_refused_renew_it_once() -> None:
    def reply(request: Request) -> Response:
        return json_answer(1) if request.headers["authorization"] == f"Bearer {NEXT_TOKEN}" else REFUSED

    client = client_for(AnsweringTransport(reply), TOKEN, NEXT_TOKEN)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: client.get("/x"), range(40))) == [1] * 40
