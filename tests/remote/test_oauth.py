"""The protocol of signing in: what is sent to Webex, and what its answers mean."""

import base64
import hashlib
import traceback
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from partnerctl.errors import Conflict, NotAllowed, PartnerctlError, TimedOut, Unavailable
from partnerctl.remote.device_code import DeviceCode, ask_device_code, wait_for_approval
from partnerctl.remote.oauth import (
    Challenge,
    Granted,
    Integration,
    authorize_url,
    exchange_code,
    new_challenge,
    renew,
)
from partnerctl.remote.transport import NetworkFault, Request, Response
from tests.remote.fakes import (
    BASE,
    AnsweringTransport,
    FakeStopwatch,
    ScriptedTransport,
    answer,
    in_turn,
    json_answer,
    sender_for,
)

CLIENT = "C0123456789abcdef"
SECRET = "sandbox-secret-0123456789abcdef"
REFRESH = "sandbox-refresh-0123456789abcdef"
ACCESS = "sandbox-access-0123456789abcdef"
CODE = "sandbox-secret-c0de0123456789ab"
URI = "http://localhost:8791/callback"
INTEGRATION = Integration(BASE, CLIENT, SECRET)
TOLD = {
    "access_token": ACCESS,
    "expires_in": 1209599,
    "refresh_token": REFRESH,
    "refresh_token_expires_in": 7775999,
    "token_type": "Bearer",
    "scope": "spark:people_read spark-admin:people_read",
}
GRANTED = Granted(ACCESS, 1209599.0, REFRESH, 7775999.0, ("spark:people_read", "spark-admin:people_read"))
WAITING = DeviceCode(CODE, "123456", "https://oauth.acme.example/verify", None, 2.0, 300.0)
PENDING = json_answer({"errors": [{"description": "authorization_pending"}]}, 428)


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of the form that a request sends."""
    return dict(parse_qsl(request.body.decode()))


def refused(word: str, status: int = 400) -> Response:
    """Return an answer that says no with a word of OAuth."""
    return json_answer({"error": word, "message": "No."}, status)


def test_a_person_is_sent_to_an_address_that_shows_no_verifier() -> None:
    challenge = new_challenge()
    url = authorize_url(BASE, CLIENT, URI, ("spark:people_read", "identity:people_read"), challenge)

    assert url.startswith(f"{BASE}/authorize?")
    assert challenge.verifier not in url
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": [CLIENT],
        "redirect_uri": [URI],
        "scope": ["spark:people_read identity:people_read"],
        "state": [challenge.state],
        "code_challenge": [challenge.digest],
        "code_challenge_method": ["S256"],
    }


def test_a_challenge_is_the_hash_of_a_verifier_that_nobody_can_guess() -> None:
    one, other = new_challenge(), new_challenge()
    digest = hashlib.sha256(one.verifier.encode()).digest()

    assert one.digest == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert 43 <= len(one.verifier) <= 128
    assert len({one.verifier, one.state, other.verifier, other.state}) == 4
    assert one.verifier not in repr(one)
    assert one.state not in repr(one)
    # the example of RFC 7636, appendix B
    known = Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "state")
    assert known.digest == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_code_is_exchanged_with_verifier_and_client_secret() -> None:
    with ScriptedTransport(("POST /v1/access_token", json_answer(TOLD))) as transport:
        got = exchange_code(sender_for(transport), INTEGRATION, CODE, URI, Challenge("v" * 43, "s"))

    assert got == GRANTED
    assert form_of(transport.requests[0]) == {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "code": CODE,
        "redirect_uri": URI,
        "code_verifier": "v" * 43,
    }
    assert transport.requests[0].headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_code_is_sent_once_since_it_is_good_once() -> None:
    transport = AnsweringTransport(lambda _: answer(502))

    with pytest.raises(Unavailable) as caught:
        exchange_code(sender_for(transport), INTEGRATION, CODE, URI, new_challenge())

    assert len(transport.requests) == 1
    assert caught.value.hint == "sign in again: partnerctl auth login"


def test_a_refresh_token_is_exchanged() -> None:
    with ScriptedTransport(("POST /v1/access_token", json_answer(TOLD))) as transport:
        assert renew(sender_for(transport), INTEGRATION, REFRESH) == GRANTED

    assert form_of(transport.requests[0]) == {
        "grant_type": "refresh_token",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "refresh_token": REFRESH,
    }


@pytest.mark.parametrize("first", [answer(503), NetworkFault("broke"), answer(200, b"<html>")])
def test_renewing_is_patient_or_not(first: Response | NetworkFault) -> None:
    patient = AnsweringTransport(in_turn([first, json_answer(TOLD)]))
    assert renew(sender_for(patient), INTEGRATION, REFRESH) == GRANTED

    hurried = AnsweringTransport(in_turn([first]))
    with pytest.raises(Unavailable):
        renew(sender_for(hurried), INTEGRATION, REFRESH, patiently=False)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"access_token": ACCESS}, Granted(ACCESS, None, None, None, None)),
        ({"access_token": ACCESS, "expires_in": "3600"}, Granted(ACCESS, 3600.0, None, None, None)),
        (
            {"access_token": ACCESS, "expires_in": -1, "refresh_token": "", "scope": " "},
            Granted(ACCESS, None, None, None, None),
        ),
        (
            {"access_token": ACCESS, "expires_in": 1e300, "refresh_token": "a b", "scope": 5},
            Granted(ACCESS, None, None, None, None),
        ),
    ],
)
def test_what_an_answer_does_not_say_is_unknown(told: dict[str, Any], expected: Granted) -> None:
    transport = AnsweringTransport(lambda _: json_answer(told))

    assert renew(sender_for(transport), INTEGRATION, REFRESH) == expected


@pytest.mark.parametrize("told", [{}, {"access_token": None}, {"access_token": f"{ACCESS}\r\nx: y"}])
def test_an_answer_without_a_token_that_can_be_sent_is_none(told: dict[str, Any]) -> None:
    transport = AnsweringTransport(lambda _: json_answer(told))

    with pytest.raises(Unavailable, match="Webex answered without a token"):
        renew(sender_for(transport), INTEGRATION, REFRESH)


@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        (
            json_answer({"error": "invalid_grant", "message": f"{REFRESH} is dead"}, 400),
            NotAllowed,
            "Webex does not take the refresh token: invalid_grant: *** is dead",
        ),
        (answer(401), NotAllowed, "Webex does not take the refresh token"),
        (
            refused("invalid_client", 401),
            NotAllowed,
            "Webex does not know the integration, or its client secret",
        ),
        (
            json_answer({"errors": [{"description": f"invalid_client {SECRET}"}]}, 400),
            NotAllowed,
            "Webex does not know the integration, or its client secret",
        ),
        (answer(409), Conflict, "Webex refused POST /access_token: 409 Conflict"),
    ],
)
def test_a_refusal_says_why_and_repeats_no_secret(
    reply: Response, kind: type[PartnerctlError], reason: str
) -> None:
    traced: list[str] = []
    sender = sender_for(AnsweringTransport(lambda _: reply), trace=traced.append)

    with pytest.raises(kind) as caught:
        renew(sender, INTEGRATION, REFRESH)

    assert caught.value.reason == reason
    shown = "".join(traceback.format_exception(caught.value)) + "".join(traced)
    assert REFRESH not in shown
    assert SECRET not in shown


def test_no_text_shows_a_secret() -> None:
    shown = f"{INTEGRATION!r} {GRANTED!r} {WAITING!r}"

    assert not any(secret in shown for secret in (SECRET, ACCESS, REFRESH, CODE))


def test_a_code_for_another_screen_is_asked_for() -> None:
    told = {
        "device_code": CODE,
        "user_code": 123456,
        "verification_uri": "https://oauth.acme.example/verify",
        "verification_uri_complete": "https://oauth.acme.example/verify?userCode=123456",
        "expires_in": 300,
        "interval": 2,
    }
    with ScriptedTransport(("POST /v1/device/authorize", json_answer(told))) as transport:
        got = ask_device_code(sender_for(transport), BASE, CLIENT, ("spark:people_read", "x"))

    assert got == DeviceCode(
        CODE,
        "123456",
        "https://oauth.acme.example/verify",
        "https://oauth.acme.example/verify?userCode=123456",
        2.0,
        300.0,
    )
    assert form_of(transport.requests[0]) == {"client_id": CLIENT, "scope": "spark:people_read x"}


def test_a_code_is_asked_about_until_it_is_approved() -> None:
    watch = FakeStopwatch()
    replies = [PENDING, refused("slow_down"), refused("authorization_pending"), json_answer(TOLD)]
    transport = AnsweringTransport(in_turn(replies))

    got = wait_for_approval(sender_for(transport, watch), INTEGRATION, WAITING, watch)

    assert got == GRANTED
    assert watch.waits == [2.0, 2.0, 7.0, 7.0]
    assert form_of(transport.requests[0]) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": CODE,
        "client_id": CLIENT,
    }
    basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    assert transport.requests[0].headers["authorization"] == f"Basic {basic}"


def test_a_poll_that_finds_too_many_requests_or_no_answer_is_no_end() -> None:
    watch = FakeStopwatch()
    replies: list[Response | NetworkFault] = [
        answer(429, retry_after="7"),
        PENDING,
        answer(503),
        NetworkFault("broke"),
        json_answer(TOLD),
    ]
    transport = AnsweringTransport(in_turn(replies))

    assert wait_for_approval(sender_for(transport, watch), INTEGRATION, WAITING, watch) == GRANTED
    assert max(watch.waits) >= 7.0


@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        (refused("access_denied"), NotAllowed, "the sign-in was refused on the other screen"),
        (refused("expired_token"), TimedOut, "the code has expired before somebody approved it"),
        (refused("invalid_grant"), TimedOut, "the code has expired before somebody approved it"),
        (
            refused("tokenlimit_reached"),
            Conflict,
            "Webex gives this person no more tokens of this integration",
        ),
        (
            refused("invalid_client", 401),
            NotAllowed,
            "Webex does not know the integration, or its client secret",
        ),
        (answer(400), NotAllowed, "Webex does not take the code"),
    ],
)
def test_why_no_tokens_come(reply: Response, kind: type[PartnerctlError], reason: str) -> None:
    watch = FakeStopwatch()
    transport = AnsweringTransport(lambda _: reply)

    with pytest.raises(kind) as caught:
        wait_for_approval(sender_for(transport, watch), INTEGRATION, WAITING, watch)

    assert caught.value.reason == reason
    assert len(transport.requests) == 1


@pytest.mark.parametrize(("limit", "polls"), [(None, 150), (10.0, 5)])
def test_nobody_is_waited_for_longer_than_the_code_lives_or_one_wants(
    limit: float | None, polls: int
) -> None:
    watch = FakeStopwatch()
    transport = AnsweringTransport(lambda _: PENDING)

    with pytest.raises(TimedOut) as caught:
        wait_for_approval(sender_for(transport, watch), INTEGRATION, WAITING, watch, limit)

    assert caught.value.reason == f"nobody approved the code within {limit or 300.0:g} seconds"
    assert len(transport.requests) == polls
