"""Tokens: how they are got, renewed and refused."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from partnerctl.sandbox.exchange import Call
from partnerctl.sandbox.grants import CLIENT_ID, CLIENT_SECRET
from partnerctl.sandbox.world import World
from tests.sandbox.asking import Answer, Talk, form, make_world
from tests.sandbox.in_process import FakeTime

BACK = "http://localhost:8791/callback"
CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def authorize(world: World, accept: str = "*/*", **query: str) -> Answer:
    asked = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": BACK,
        "scope": "a b",
        "state": "s1",
        **query,
    }
    return Answer(world.answer(Call("GET", "/authorize", tuple(asked.items()), {"accept": accept})))


def sent_back(answer: Answer) -> dict[str, str]:
    """Return what the browser is sent back with."""
    assert answer.status == 302
    location = urlsplit(answer.reply.headers["location"])
    assert location._replace(query="").geturl() == BACK
    return dict(parse_qsl(location.query))


def exchange(world: World, code: str, **more: str) -> Answer:
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **CLIENT, **more}
    return form(world, "/access_token", **fields)


def renew(world: World, refresh: str, **more: str) -> Answer:
    return form(
        world, "/access_token", grant_type="refresh_token", refresh_token=refresh, **{**CLIENT, **more}
    )


def test_a_code_is_exchanged_for_tokens_that_work() -> None:
    world = make_world()
    back = sent_back(authorize(world, code_challenge=CHALLENGE, code_challenge_method="S256"))
    answer = exchange(world, back["code"], code_verifier=VERIFIER)

    tokens = answer.json
    assert back == {"code": back["code"], "state": "s1"}
    assert {key: value for key, value in tokens.items() if not key.endswith("_token")} == {
        "expires_in": 1_209_599,
        "refresh_token_expires_in": 7_775_999,
        "token_type": "Bearer",
    }
    assert re.fullmatch(r"sandbox-access-[0-9a-f]{32}", tokens["access_token"])
    assert re.fullmatch(r"sandbox-refresh-[0-9a-f]{32}", tokens["refresh_token"])
    me = Talk(world, tokens["access_token"]).get("/people/me").json
    assert (me["displayName"], me["emails"]) == ("Inês Castrovel", ["ines.castrovel@partner.example"])


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": VERIFIER, "redirect_uri": "http://localhost:8791/other"}, "invalid_grant"),
        ({"code_verifier": VERIFIER, "client_secret": "sandbox-secret-00000000"}, "invalid_client"),
        ({"code_verifier": VERIFIER, "grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_an_exchange_that_does_not_fit_is_refused(more: dict[str, str], word: str) -> None:
    world = make_world()
    code = sent_back(authorize(world, code_challenge=CHALLENGE, code_challenge_method="S256"))["code"]

    assert exchange(world, code, **more).json["error"] == word


def test_a_code_is_good_once_and_not_for_long() -> None:
    time = FakeTime()
    world = make_world(time)
    code = sent_back(authorize(world))["code"]
    assert exchange(world, code).status == 200
    assert exchange(world, code).status == 400

    late = sent_back(authorize(world))["code"]
    time.wait(120)
    assert exchange(world, late).json["errors"] == [{"description": "invalid_grant"}]


def test_a_person_gets_a_page_to_approve_or_deny() -> None:
    world = make_world()
    page = authorize(world, "text/html,application/xhtml+xml").reply.body.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r"href='([^']+)'", page)]

    told = [
        sent_back(authorize(world, "text/html", **dict(parse_qsl(urlsplit(link).query)))) for link in links
    ]

    assert [sorted(one) for one in told] == [["code", "state"], ["error", "state"]]
    assert told[1] == {"error": "access_denied", "state": "s1"}


@pytest.mark.parametrize(
    "query", [{"client_id": "other"}, {"redirect_uri": "https://acme.example/"}, {"redirect_uri": "http://["}]
)
def test_a_browser_is_never_sent_to_a_stranger(query: dict[str, str]) -> None:
    answer = authorize(make_world(), **query)

    assert (answer.status, "location" in answer.reply.headers) == (400, False)


def test_a_request_without_scope_comes_back_with_an_error() -> None:
    assert sent_back(authorize(make_world(), scope="")) == {"error": "invalid_request", "state": "s1"}


def test_an_access_token_expires_by_the_clock() -> None:
    time = FakeTime()
    world = make_world(time, token_life=60)
    talk = Talk(world)
    assert talk.get("/authorizations/tokenExpiry").json == {
        "exp": int(time.now().timestamp() * 1000) + 60_000
    }

    time.wait(60)

    answer = talk.get("/people/me")
    assert answer.status == 401
    assert answer.json["message"].startswith("The request requires a valid access token")
    assert answer.json["trackingId"] == answer.reply.headers["trackingid"]


@pytest.mark.parametrize(
    "header", [{}, {"authorization": "Bearer sandbox-access-00000000"}, {"authorization": "x"}]
)
def test_a_token_that_is_missing_or_unknown_is_refused(header: dict[str, str]) -> None:
    assert make_world().answer(Call("GET", "/people/me", headers=header)).status == 401


@pytest.mark.parametrize(("once", "again"), [(True, 400), (False, 200)])
def test_a_refresh_token_gives_new_ones_and_may_die_by_it(once: bool, again: int) -> None:
    world = make_world(refresh_once=once)
    grant = world.issue_grant()

    renewed = renew(world, grant.refresh).json

    assert renewed["refresh_token"] != grant.refresh
    assert Talk(world, renewed["access_token"]).get("/people/me").status == 200
    assert Talk(world, grant.access).get("/people/me").status == 200
    assert renew(world, grant.refresh).status == again


def test_a_refresh_token_expires_by_the_clock() -> None:
    time = FakeTime()
    world = make_world(time, refresh_life=60)
    grant = world.issue_grant()
    time.wait(60)

    assert renew(world, grant.refresh).json["error"] == "invalid_grant"


def test_tokens_can_be_taken_back() -> None:
    world = make_world()
    talk, grant = Talk(world), world.issue_grant()
    world.forget_token(talk.token)
    assert talk.get("/people/me").status == 401

    assert Talk(world, grant.access).delete("/authorizations").status == 204
    assert Talk(world, grant.access).get("/people/me").status == 401
    assert renew(world, grant.refresh).status == 400


def test_another_screen_is_waited_for() -> None:
    world = make_world(device_polls=2)
    begun = form(world, "/device/authorize", client_id=CLIENT_ID, scope="a").json
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()

    def poll() -> Answer:
        code = begun["device_code"]
        return form(
            world,
            "/device/token",
            basic,
            grant_type=DEVICE,
            device_code=code,
            client_id=CLIENT_ID,
        )

    answers = [poll() for _ in range(4)]

    assert {key: begun[key] for key in ("expires_in", "interval", "verification_uri")} == {
        "expires_in": 300,
        "interval": 2,
        "verification_uri": "http://127.0.0.1:8099/v1/verify",
    }
    assert re.fullmatch(r"\d{6}", begun["user_code"])
    assert [answer.status for answer in answers] == [428, 428, 200, 400]
    assert answers[0].json["error"] == "authorization_pending"


def test_a_person_can_approve_another_screen() -> None:
    world = make_world(device_polls=1000)
    begun = form(world, "/device/authorize", client_id=CLIENT_ID, scope="a").json
    fields = {"grant_type": DEVICE, "device_code": begun["device_code"], **CLIENT}
    assert form(world, "/device/token", **fields).status == 428

    page = world.answer(Call("GET", "/verify", (("userCode", begun["user_code"]),)))

    assert (page.status, b"Approved" in page.body) == (200, True)
    assert form(world, "/device/token", **fields).status == 200
    assert world.answer(Call("GET", "/verify", (("userCode", "x"),))).status == 404
    assert b"<input name='userCode'>" in world.answer(Call("GET", "/verify")).body


def test_the_same_seed_issues_the_same_tokens() -> None:
    assert make_world().issue_grant() == make_world().issue_grant()


@pytest.mark.parametrize("basic", ["!", "/w=="])
def test_a_client_that_cannot_be_read_is_refused(basic: str) -> None:
    answer = form(make_world(), "/access_token", basic, grant_type="refresh_token")

    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def test_a_form_that_is_none_is_refused() -> None:
    answer = Answer(make_world().answer(Call("POST", "/access_token", body=b"\xff")))

    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_a_device_of_a_stranger_is_refused() -> None:
    assert form(make_world(), "/device/authorize", client_id="other", scope="a").status == 400
    assert form(make_world(), "/device/token", grant_type="other", **CLIENT).status == 400
