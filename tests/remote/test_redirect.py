"""The server that a browser comes back to: one good answer, and nothing else moves it."""

import socket

import pytest

from partnerctl.clock import SystemStopwatch
from partnerctl.errors import MachineFault, NotAllowed, TimedOut, UsageError
from partnerctl.remote.redirect import Redirect
from tests.loopback import open_loopback
from tests.remote.browser import Browser, free_port

STATE = "the-state-of-this-sign-in"
CODE = "sandbox-secret-c0de0123456789ab"


@pytest.fixture
def uri(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a redirect URI on a free port, and let the test connect to it."""
    open_loopback(monkeypatch)
    return f"http://localhost:{free_port()}/callback"


def test_the_code_comes_back(uri: str, capfd: pytest.CaptureFixture[str]) -> None:
    with Redirect(uri, STATE) as redirect:
        browser = Browser(f"{uri}?code={CODE}&state={STATE}")
        assert redirect.code(SystemStopwatch(), 10) == CODE
    browser.done()

    ((status, page),) = browser.pages
    assert status == 200
    assert "Go back to the terminal" in page
    assert CODE not in page
    assert browser.headers[0]["content-security-policy"] == "default-src 'none'"
    assert browser.headers[0]["cache-control"] == "no-store"
    assert capfd.readouterr() == ("", "")


def test_what_does_not_belong_to_the_sign_in_does_not_end_it(uri: str) -> None:
    with Redirect(uri, STATE) as redirect:
        silent = socket.create_connection(("127.0.0.1", int(uri.split(":")[2].split("/", maxsplit=1)[0])))
        home = uri.removesuffix("/callback")
        browser = Browser(
            f"{home}/favicon.ico",
            f"{home}/other?code={CODE}&state={STATE}",
            uri,
            f"{uri}?code={CODE}&state=another",
            f"{uri}?error=access_denied&state={STATE}x",
            f"{uri}?code=x&state=%C3%A9",
            f"{uri}?code={CODE}&state={STATE}",
        )
        assert redirect.code(SystemStopwatch(), 10) == CODE
        silent.close()
    browser.done()

    assert [status for status, _ in browser.pages] == [404, 404, 400, 400, 400, 400, 200]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("error=access_denied", "access_denied"),
        (
            "error=invalid_scope&error_description=%1b[31m<b>unknown%20scope",
            "invalid_scope: [31m<b>unknown scope",
        ),
        (f"error=access_denied&code={CODE}", "access_denied"),
        ("code=", "it sent no code"),
    ],
)
def test_a_refusal_ends_it(uri: str, query: str, reason: str) -> None:
    with Redirect(uri, STATE) as redirect:
        browser = Browser(f"{uri}?{query}&state={STATE}")
        with pytest.raises(NotAllowed) as caught:
            redirect.code(SystemStopwatch(), 10)
    browser.done()

    assert caught.value.reason == f"Webex did not let you sign in: {reason}"
    assert "Not signed in" in browser.pages[0][1]
    assert "<b>" not in browser.pages[0][1]


def test_nobody_is_waited_for_longer_than_that(uri: str) -> None:
    with Redirect(uri, STATE) as redirect, pytest.raises(TimedOut) as caught:
        redirect.code(SystemStopwatch(), 0.05)

    assert caught.value.reason == "nobody came back from the browser within 0.05 seconds"


def test_a_port_that_is_taken_is_told(uri: str) -> None:
    with Redirect(uri, STATE), pytest.raises(MachineFault) as caught, Redirect(uri, STATE):
        pass

    assert caught.value.reason == f"cannot wait for the browser at {uri}: Address already in use"
    assert "auth.redirect_uri" in str(caught.value.hint)


def test_the_port_is_free_again_at_once(uri: str) -> None:
    for _ in range(2):
        with Redirect(uri, STATE) as redirect:
            browser = Browser(f"{uri}?code={CODE}&state={STATE}")
            assert redirect.code(SystemStopwatch(), 10) == CODE
        browser.done()


@pytest.mark.parametrize(
    "uri", ["http://webex.acme.example:8791/callback", "http://0.0.0.0:8791/x", "https://localhost:8791/x"]
)
def test_only_this_machine_is_listened_to(uri: str) -> None:
    with pytest.raises(UsageError), Redirect(uri, STATE):
        pass
