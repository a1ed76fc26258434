"""Secrets of a request: found in it, and taken out of what is shown."""

import base64

import pytest

from partnerctl.remote.masking import masked, masked_answer, masked_url, secrets_of
from partnerctl.remote.transport import Request
from tests.remote.fakes import TOKEN, answer

SECRET = "sandbox-secret-0123456789abcdef"
REFRESH = "sandbox-refresh-0123456789abcdef"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def _basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"client-1:{password}".encode()).decode()}


@pytest.mark.parametrize(
    ("request_", "secrets"),
    [
        (Request("GET", "https://webexapis.com/v1", {"authorization": f"Bearer {TOKEN}"}), {TOKEN}),
        (
            Request(
                "POST",
                "https://webexapis.com/v1/access_token",
                FORM,
                f"grant_type=refresh_token&client_id=client-1&client_secret={SECRET}&refresh_token={REFRESH}"
                "&code=sandbox-secret-00000001&code_verifier=sandbox-secret-00000002".encode(),
            ),
            {SECRET, REFRESH, "sandbox-secret-00000001", "sandbox-secret-00000002"},
        ),
        (
            Request(
                "POST",
                "https://webexapis.com/v1/applications/a/token",
                {"content-type": "application/json"},
                f'{{"clientId": "client-1", "clientSecret" : "{SECRET}"}}'.encode(),
            ),
            {SECRET},
        ),
        (
            Request("GET", f"https://bucket.acme.example/r?Signature={SECRET}&Expires=1234567890"),
            {SECRET},
        ),
        (Request("POST", "https://webexapis.com/v1", FORM, b"token=short"), set()),
        (Request("GET", "https://webexapis.com/v1", {"authorization": "Basic abcde"}), set()),
        (Request("GET", "https://webexapis.com/v1", {"authorization": "Basic /////w=="}), {"/////w=="}),
    ],
)
def test_the_secrets_of_a_request_are_known(request_: Request, secrets: set[str]) -> None:
    assert set(secrets_of(request_)) == secrets


def test_basic_credentials_are_secret_in_each_of_their_forms() -> None:
    found = secrets_of(Request("POST", "https://webexapis.com/v1", _basic("sandbox%2Dsecret%2D01234567")))

    assert {"sandbox%2Dsecret%2D01234567", "sandbox-secret-01234567"} < set(found)
    assert len(found) == 3


def test_a_secret_is_masked_however_it_is_written() -> None:
    secrets = ("sandbox-secret-01234567/+=",)
    text = r"a sandbox-secret-01234567/+= b sandbox-secret-01234567\/+= c sandbox-secret-01234567%2F%2B%3D d"

    assert masked(text, secrets) == "a *** b *** c *** d"


def test_an_answer_does_not_repeat_a_secret() -> None:
    response = answer(403, f"no {TOKEN}".encode(), trackingid=TOKEN, location=f"https://a.example/{TOKEN}")
    shown = masked_answer(response, (TOKEN,))

    assert shown.body == b"no ***"
    assert dict(shown.headers) == {"trackingid": "***", "location": f"https://a.example/{TOKEN}"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://webexapis.com/v1/people", "https://webexapis.com/v1/people"),
        (
            "https://webexapis.com/v1/people?email=ana%40acme.example&max=100&flag",
            "https://webexapis.com/v1/people?email=ana%40acme.example&max=100&flag",
        ),
        (
            "https://b.example/r?Expires=1&Signature=abc&Key-Pair-Id=K&Policy=p",
            "https://b.example/r?Expires=1&Signature=***&Key-Pair-Id=***&Policy=***",
        ),
        (
            "https://b.example/r?X-Amz-Credential=a&X-Amz-Security-Token=b&X-Amz-Signature=c&X-Amz-Date=d",
            "https://b.example/r?X-Amz-Credential=***&X-Amz-Security-Token=***&X-Amz-Signature=***&X-Amz-Date=d",
        ),
        (
            "https://b.example/r?access%5Ftoken=abc&code=1&apiKey=2",
            "https://b.example/r?access%5Ftoken=***&code=***&apiKey=***",
        ),
        ("https://ana:word@b.example/r", "https://***@b.example/r"),
    ],
)
def test_the_secret_parts_of_a_url_are_masked(url: str, shown: str) -> None:
    assert masked_url(url) == shown
