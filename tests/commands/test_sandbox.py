"""``sandbox`` at the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request

import pytest

from partnerctl.sandbox.serving import listen
from tests.conftest import Cli
from tests.loopback import open_loopback


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let no server run, and return what one would have been asked to do."""
    done: list[str] = []

    class NoServer:
        def run(self, sockets: list[object]) -> None:
            done.append(f"served {len(sockets)}")
            raise KeyboardInterrupt

    monkeypatch.setattr("partnerctl.sandbox.serving.make_server", lambda _: NoServer())
    return done


def test_it_tells_the_address_and_how_to_use_it(cli: Cli, server: list[str]) -> None:
    result = cli("sandbox", "--port", "0", "--customers", "3", "--json")
    told = result.json
    url, token = told["api_url"], told["token"]

    assert told == {
        "api_url": url,
        "token": token,
        "client_id": "sandbox-client",
        "customers": 3,
        "seed": 7,
        "as_of": "2026-11-23",
    }
    assert url.startswith("http://127.0.0.1:")
    assert result.stderr.splitlines() == [
        "in another shell:",
        f"  export PARTNERCTL_API_URL={url} PARTNERCTL_TOKEN={token}",
        "  partnerctl --profile sandbox sync",
        "Ctrl-C ends the sandbox",
    ]
    assert server == ["served 1"]


def test_the_notes_can_be_done_without(cli: Cli, server: list[str]) -> None:
    assert cli("sandbox", "--port", "0", "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--faults", "429:0.1,html"), "'html' has no probability from 0 to 1"),
        (("--faults", "trunkate:0.1"), "'trunkate:0.1' names no kind of fault"),
        (("--latency", "long"), "--latency: 'long' is not a duration"),
        (("--token-life", "x"), "--token-life: 'x' is not a duration"),
        (("--region-fails", "XX"), "--region-fails: 'XX' is not a region"),
        (("--port", "65536"), "65536"),
    ],
)
def test_a_bad_word_is_named(cli: Cli, server: list[str], words: tuple[str, ...], message: str) -> None:
    assert message in cli("sandbox", *words, expect=2).stderr
    assert server == []


def test_a_port_that_is_taken_is_told(cli: Cli, server: list[str]) -> None:
    with listen(0) as listener:
        port = listener.getsockname()[1]
        result = cli("sandbox", "--port", str(port), expect=13)

    assert f"port {port} of 127.0.0.1 is in use" in result.stderr
    assert (result.stdout, server) == ("", [])


def test_without_the_extra_it_says_how_to_get_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    result = cli("sandbox", expect=2)

    assert "the sandbox needs an extra package" in result.stderr
    assert "pip install 'partnerctl[sandbox]'" in result.stderr


def test_it_serves_until_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    open_loopback(monkeypatch)
    words = [sys.executable, "-m", "partnerctl", "sandbox", "--port", "0", "--customers", "3", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            told = json.loads(child.stdout.readline())  # it comes at once, although stdout is a pipe
            headers = {"Authorization": f"Bearer {told['token']}"}
            asked = urllib.request.Request(f"{told['api_url']}/organizations", headers=headers)
            with urllib.request.urlopen(asked, timeout=20) as answer:
                assert len(json.load(answer)["items"]) == 3
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=20)
        finally:
            child.kill()

    assert child.returncode == 0
    assert errors.splitlines()[-1] == "Ctrl-C ends the sandbox"
