"""``auth`` at the command line, against the sandbox: in, out, who, and what is refused."""

from __future__ import annotations

import json
import os
import stat
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from partnerctl import app
from partnerctl.remote.transport import Request, Response
from partnerctl.sandbox.grants import CLIENT_ID, CLIENT_SECRET
from partnerctl.sandbox.world import World
from partnerctl.services.webex import side as remote_side
from tests.conftest import NOW, Cli
from tests.delivery.keyrings import MemoryKeyring
from tests.loopback import open_loopback
from tests.remote.browser import Browser, free_port
from tests.remote.fakes import AnsweringTransport, answer, json_answer
from tests.sandbox.in_process import API_URL, FakeTime, SandboxTransport

INES = "ines.castrovel@partner.example"
PERSON = {"id": "1", "emails": [INES], "displayName": "Inês", "orgId": "o", "roles": []}


class Webex:
    """The sandbox that the program speaks to, and the time by which both go."""

    def __init__(self) -> None:
        self.time = FakeTime(NOW)
        self.world = World(7, 3, as_of=NOW.date(), clock=self.time)
        self.inner = SandboxTransport(self.world, self.time)
        self.transport = AnsweringTransport(self.inner.send)


@pytest.fixture
def webex(monkeypatch: pytest.MonkeyPatch) -> Webex:
    made = Webex()
    monkeypatch.setattr(remote_side, "default_transport", made.transport)
    monkeypatch.setattr(remote_side, "default_stopwatch", made.time)
    monkeypatch.setattr(app, "default_clock", made.time)
    monkeypatch.setenv("PARTNERCTL_API_URL", API_URL)
    monkeypatch.setenv("PARTNERCTL_CLIENT_SECRET", CLIENT_SECRET)
    return made


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """Return the keyring of this machine, which is empty."""
    made = MemoryKeyring()
    monkeypatch.setattr("keyring.core._keyring_backend", made)
    return made


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    return tmp_path / "secret" / "credentials.json"


def by_device(cli: Cli, credentials: Path | None = None) -> str:
    """Sign in from another screen, and return what was said."""
    place = ("--storage", f"file:{credentials}") if credentials else ()
    result = cli("auth", "login", "--device", "--client-id", CLIENT_ID, *place)
    assert result.stdout == ""
    return result.stderr


def profile(home: Path) -> dict[str, object]:
    """Return the profile that the configuration file holds."""
    document = tomllib.loads((home / "config" / "config.toml").read_text())
    found: dict[str, object] = document["profiles"]["default"]
    return found


def written(folder: Path, apart_from: Path | None = None) -> str:
    """Return everything that stands in files below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and path != apart_from)
    return "".join(path.read_bytes().decode("latin-1") for path in files)


def test_signing_in_from_another_screen(
    cli: Cli, webex: Webex, home: Path, credentials: Path, tmp_path: Path
) -> None:
    said = by_device(cli, credentials)

    code = said.split("the code ")[1].split("\n")[0]
    assert said == (
        f"open http://127.0.0.1:8099/v1/verify on any screen and type the code {code}\n"
        f"or open http://127.0.0.1:8099/v1/verify?userCode={code}\n"
        f"signed in as {INES} (full_admin); the tokens are in {credentials}\n"
    )
    assert profile(home) == {
        "remote": "webex",
        "me": INES,
        "auth": {"storage": f"file:{credentials}", "client_id": CLIENT_ID},
    }
    if os.name == "posix":
        assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    # the person has a role in the store at once
    (admin,) = cli("admins", "list", "--json").json
    assert (admin["email"], admin["role"]) == (INES, "full_admin")
    (entry,) = cli("audit", "list", "--json").json
    assert (entry["actor"], entry["action"], entry["object"]) == (INES, "auth login", INES)
    # secrets are in that one file, and nowhere else
    elsewhere = written(tmp_path, apart_from=credentials)
    assert "sandbox-" not in elsewhere.replace(CLIENT_ID, "")
    assert CLIENT_SECRET in credentials.read_text()


def test_the_keyring_keeps_tokens_unless_somebody_says_otherwise(
    cli: Cli, webex: Webex, home: Path, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    assert by_device(cli).endswith(f"signed in as {INES} (full_admin); the tokens are in the keyring\n")

    assert profile(home)["auth"] == {"storage": "keyring", "client_id": CLIENT_ID}
    assert len(keyring.kept) == 3
    assert "sandbox-" not in written(tmp_path).replace(CLIENT_ID, "")
    assert cli("auth", "status", "--json").json["source"] == "keyring"


def test_signing_in_again_writes_nothing_new_but_tokens(cli: Cli, webex: Webex, home: Path) -> None:
    by_device(cli)
    before = (home / "config" / "config.toml").read_text()
    by_device(cli)

    assert (home / "config" / "config.toml").read_text() == before
    assert len(cli("audit", "list", "--json").json) == 1


def test_signing_in_with_a_browser(
    cli: Cli, webex: Webex, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_loopback(monkeypatch)
    uri = f"http://localhost:{free_port()}/callback"
    monkeypatch.setenv("PARTNERCTL_AUTH_REDIRECT_URI", uri)
    browsers: list[Browser] = []
    opened: list[str] = []

    def open_page(url: str) -> bool:
        opened.append(url)
        back = webex.inner.send(Request("GET", url)).headers["location"]
        browsers.append(Browser(back.replace("state=", "state=x"), back))
        return True

    monkeypatch.setattr("webbrowser.open", open_page)
    result = cli("auth", "login", "--client-id", CLIENT_ID)
    browsers[0].done()

    (url,) = opened
    assert result.stdout == ""
    assert result.stderr == (
        "waiting for you in the browser; if none has opened, open this:\n"
        f"{url}\n"
        f"signed in as {INES} (full_admin); the tokens are in the keyring\n"
    )
    assert [status for status, _ in browsers[0].pages] == [400, 200]
    query = parse_qs(urlsplit(url).query)
    assert query["redirect_uri"] == [uri]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["scope"][0].split()) == 13
    assert cli("auth", "status", "--json").json["kind"] == "integration"


def test_no_browser_prints_the_address_alone_and_waits_no_longer_than_asked(
    cli: Cli, webex: Webex, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Passing(FakeTime):
        def elapsed(self) -> float:
            self.wait(1.0)
            return super().elapsed()

    def open_page(url: str) -> bool:
        raise AssertionError("a browser was opened")

    monkeypatch.setattr("webbrowser.open", open_page)
    monkeypatch.setattr(remote_side, "default_stopwatch", Passing(NOW))
    monkeypatch.setenv("PARTNERCTL_AUTH_REDIRECT_URI", f"http://127.0.0.1:{free_port()}/callback")
    monkeypatch.setenv("PARTNERCTL_AUTH_SCOPES", "spark:people_read spark-admin:people_read")
    result = cli("auth", "login", "--client-id", CLIENT_ID, "--no-browser", "--timeout", "3s", expect=8)

    first, url, error, _ = result.stderr.splitlines()
    assert first == "open this in a browser on this machine:"
    assert parse_qs(urlsplit(url).query)["scope"] == ["spark:people_read spark-admin:people_read"]
    assert error == "error: nobody came back from the browser within 3 seconds"
    assert not (home / "config").exists()


def test_signing_in_with_a_token(cli: Cli, webex: Webex, home: Path, credentials: Path) -> None:
    token = webex.world.issue_token("readonly_admin", life=12 * 3600)
    result = cli(
        "auth", "login", "--with-token", "--storage", f"file:{credentials}", input=f"{token}\nmore\n"
    )

    assert result.stdout == ""
    assert "(readonly_admin); the tokens are in" in result.stderr
    shown = cli("auth", "status", "--json").json
    assert (shown["kind"], shown["expires"], shown["refresh_expires"]) == (
        "token",
        "2026-11-24T00:00:00Z",
        None,
    )
    webex.time.wait(12 * 3600)
    late = cli("auth", "status", expect=4)
    assert late.stdout == ""
    assert "a personal token lives for 12 hours, and cannot be renewed" in late.stderr


def test_a_token_is_typed_unseen_at_a_terminal(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def typed(prompt: str, _stream: object) -> str:
        asked.append(prompt)
        return webex.world.issue_token()

    monkeypatch.setattr("getpass.getpass", typed)
    cli("auth", "login", "--with-token", terminal=True)

    assert asked == ["token: "]


def test_a_client_secret_is_typed_once_and_then_known(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARTNERCTL_CLIENT_SECRET")
    asked: list[str] = []

    def typed(prompt: str, _stream: object) -> str:
        asked.append(prompt)
        return CLIENT_SECRET

    monkeypatch.setattr("getpass.getpass", typed)
    cli("auth", "login", "--device", "--client-id", CLIENT_ID, terminal=True)
    cli("auth", "login", "--device")

    assert asked == ["client secret: "]


@pytest.mark.parametrize(
    ("words", "secret", "error"),
    [
        (("--device",), CLIENT_SECRET, "there is no client id of an integration"),
        (
            ("--device", "--client-id", CLIENT_ID),
            "",
            "there is no client secret of the integration, and nobody to ask for it",
        ),
        (("--with-token", "--device"), "", "--with-token is a way of its own"),
        (("--with-token",), "", "no token was given: nothing was stored"),
        (("--device", "--no-browser"), "", "--device opens no browser anyway"),
        (("--storage", "plain"), "", "--storage is keyring or file:PATH"),
        (("--storage", "file:"), "", "--storage is keyring or file:PATH"),
        (("--timeout", "soon"), "", "--timeout: 'soon' is not a duration such as 30s, 2m or 1h"),
        (("--timeout", "0s"), "", "--timeout: '0s' is not between a moment and an hour"),
    ],
)
def test_words_that_do_not_go(
    cli: Cli,
    webex: Webex,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    secret: str,
    error: str,
) -> None:
    monkeypatch.setenv("PARTNERCTL_CLIENT_SECRET", secret)
    result = cli("auth", "login", *words, expect=2)

    assert result.stdout == ""
    assert result.stderr.splitlines()[0] == f"error: {error}"
    assert webex.world.calls == []


def test_a_token_that_webex_refuses_changes_nothing(
    cli: Cli, webex: Webex, home: Path, credentials: Path
) -> None:
    by_device(cli, credentials)
    before = credentials.read_text(), (home / "config" / "config.toml").read_text()
    bad = "sandbox-access-badbadbad0000000"
    result = cli("auth", "login", "--with-token", input=bad, expect=4)

    assert result.stdout == ""
    assert result.stderr == (
        "error: Webex does not take the token that was given\n"
        "hint: nothing was stored: get a new one, copy it whole\n"
    )
    assert (credentials.read_text(), (home / "config" / "config.toml").read_text()) == before
    assert cli("auth", "status", "--json").json["email"] == INES


def test_a_client_secret_that_webex_refuses_changes_nothing(
    cli: Cli, webex: Webex, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "sandbox-secret-00000000bad"
    monkeypatch.setenv("PARTNERCTL_CLIENT_SECRET", wrong)
    result = cli("auth", "login", "--device", "--client-id", CLIENT_ID, "--debug", expect=4)

    assert "error: Webex does not know the integration, or its client secret\n" in result.stderr
    assert wrong not in result.stderr
    assert not (home / "config").exists()


def test_nothing_secret_is_traced(cli: Cli, webex: Webex, credentials: Path) -> None:
    said = by_device(cli, credentials)
    debug = cli("auth", "login", "--device", "--debug").stderr
    debug += cli("auth", "status", "--debug").stderr
    debug += cli("auth", "login", "--with-token", "--debug", input=webex.world.issue_token()).stderr

    assert "POST http://127.0.0.1:8099/v1/device/token 200" in debug
    assert "sandbox-" not in said + debug


def test_without_a_keyring_the_file_is_named_before_anybody_signs_in(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", NoKeyring())  # type: ignore[no-untyped-call]
    result = cli("auth", "login", "--device", "--client-id", CLIENT_ID, expect=13)

    assert result.stderr == (
        "error: this machine has no keyring that could keep a token\n"
        "hint: keep tokens in a file instead: partnerctl auth login --storage file:/PATH\n"
    )
    assert webex.world.calls == []


def test_another_storage_leaves_nothing_in_the_earlier_one(
    cli: Cli, webex: Webex, home: Path, keyring: MemoryKeyring, credentials: Path
) -> None:
    by_device(cli)
    assert keyring.kept
    by_device(cli, credentials)
    assert keyring.kept == {}
    cli("auth", "login", "--device", "--storage", "keyring")

    assert not credentials.exists()
    assert keyring.kept
    assert cli("auth", "status", "--json").json["source"] == "keyring"


def test_a_server_names_the_file_by_a_variable(
    cli: Cli, webex: Webex, home: Path, credentials: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERCTL_CREDENTIALS_FILE", str(credentials))
    by_device(cli)

    assert profile(home) == {"remote": "webex", "me": INES, "auth": {"client_id": CLIENT_ID}}
    assert cli("auth", "status", "--json").json["source"] == "PARTNERCTL_CREDENTIALS_FILE"
    clash = cli("auth", "login", "--device", "--storage", "keyring", expect=2)
    assert clash.stderr.startswith("error: PARTNERCTL_CREDENTIALS_FILE is set, and wins over --storage\n")
    cli("auth", "logout")
    assert not credentials.exists()


def test_a_person_without_a_partner_role_is_told(cli: Cli, webex: Webex, home: Path) -> None:
    def reply(request: Request) -> Response:
        if request.url.endswith("/people/me"):
            return json_answer(PERSON)
        return json_answer({"items": []}) if request.url.endswith("/roles") else answer(404)

    webex.transport = AnsweringTransport(reply)
    remote_side.default_transport = webex.transport
    result = cli("auth", "login", "--with-token", input="sandbox-access-01234567")

    assert result.stderr == (
        f"signed in as {INES} (no partner role); the tokens are in the keyring\n"
        f"warning: {INES} has no partner role that Webex tells: what takes one will be refused\n"
    )
    assert profile(home)["me"] == INES
    assert cli("audit", "list", "--json").json == []


def test_a_role_that_has_changed_is_written_at_the_next_sign_in(cli: Cli, webex: Webex) -> None:
    cli("admins", "grant", INES, "helpdesk_admin", "--name", "Inês")
    by_device(cli)

    (admin,) = cli("admins", "list", "--json").json
    assert admin["role"] == "full_admin"
    actions = [entry["action"] for entry in cli("audit", "list", "--json").json]
    assert actions == ["auth login", "admins grant"]
    refused = cli("undo", "2", expect=6)
    assert "it recorded who signed in" in refused.stderr


def test_made_data_and_webex_do_not_mix(cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_API_URL", "https://webexapis.com/v1")
    cli("demo", "--customers", "3")
    result = cli("--profile", "demo", "auth", "login", "--device", "--client-id", CLIENT_ID, expect=6)

    assert result.stderr.startswith("error: this store holds the demo's data")
    assert webex.world.calls == []


def test_status_says_who_and_until_when(cli: Cli, webex: Webex, credentials: Path) -> None:
    by_device(cli, credentials)
    result = cli("auth", "status", "--json")

    assert result.stderr == ""
    assert result.json == {
        "profile": "default",
        "api_url": API_URL,
        "source": f"file:{credentials}",
        "kind": "integration",
        "email": INES,
        "name": "Inês Castrovel",
        "org_id": webex.world.org_id,
        "roles": ["full_admin", "full administrator"],
        "expires": result.json["expires"],
        "refresh_expires": result.json["refresh_expires"],
        "missing": [],
    }
    assert result.json["expires"].startswith("2026-12-07T12:00")
    assert result.json["refresh_expires"].startswith("2027-02-21T12:00")


def test_status_names_scopes_that_are_missing_and_what_needs_them(
    cli: Cli, webex: Webex, credentials: Path
) -> None:
    by_device(cli, credentials)
    stored = json.loads(credentials.read_text())
    stored["scopes"] = ["spark:people_read", "spark-admin:roles_read", "spark-admin:people_read"]
    credentials.write_text(json.dumps(stored))
    found = cli("auth", "status", "--json").json["missing"]

    assert len(found) == 10
    assert found[1] == {
        "scope": "spark-admin:organizations_write",
        "needed_for": "tags add, remove and set; admins add, remove and revoke",
    }
    lines = [" ".join(line.split()) for line in cli("auth", "status").lines]
    assert "spark-admin:licenses_read sync of licenses" in lines


def test_status_asks_webex_for_scopes_that_nobody_told(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(request: Request) -> Response:
        path = urlsplit(request.url).path
        if path in {"/v1/licenses", "/v1/roles"}:
            return answer(403)
        return answer(500) if path == "/v1/devices" else webex.inner.send(request)

    monkeypatch.setattr(remote_side, "default_transport", AnsweringTransport(reply))
    monkeypatch.setenv("PARTNERCTL_TOKEN", webex.world.issue_token())
    shown = cli("auth", "status", "--json").json

    assert shown["source"] == "PARTNERCTL_TOKEN"
    assert [one["scope"] for one in shown["missing"]] == [
        "spark-admin:licenses_read",
        "spark-admin:roles_read",
    ]
    assert shown["roles"] == ["full_admin", "id_full_admin"]


def test_a_sign_in_that_is_over_soon_is_told(cli: Cli, webex: Webex, credentials: Path) -> None:
    by_device(cli, credentials)
    stored = json.loads(credentials.read_text())
    for day, warned in (("2026-12-08", False), ("2026-12-07", True), ("2026-11-20", True)):
        stored["refresh_expires"] = f"{day}T12:00:00Z"
        credentials.write_text(json.dumps(stored))
        told = cli("auth", "status").stderr

        assert told.startswith(f"warning: the sign-in lapses on {day}") is warned


def test_status_of_nobody(cli: Cli, webex: Webex) -> None:
    result = cli("auth", "status", "--json", expect=4)

    assert result.stdout == ""
    assert json.loads(result.stderr)["error"] == {
        "code": "not_allowed",
        "message": "the profile default is not signed in to Webex",
        "hint": "sign in with: partnerctl auth login",
    }


def test_status_of_a_token_that_webex_refuses(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERCTL_TOKEN", "sandbox-access-badbadbad")
    result = cli("auth", "status", expect=4)

    assert result.stdout == ""
    assert result.stderr == (
        "error: Webex does not take the token of PARTNERCTL_TOKEN\n"
        "hint: it may have expired: put a new one there\n"
    )


def test_signing_out_removes_every_secret_and_leaves_who_you_are(
    cli: Cli, webex: Webex, home: Path, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_device(cli)
    monkeypatch.setenv("PARTNERCTL_TOKEN", "sandbox-access-01234567")
    first, second = (cli("auth", "logout") for _ in range(2))

    still = "warning: PARTNERCTL_TOKEN is still set, and its token is still used\n"
    assert first.stdout == second.stdout == ""
    assert first.stderr == f"the profile default is signed out; removed from keyring\n{still}"
    assert second.stderr == f"the profile default was not signed in\n{still}"
    assert keyring.kept == {}
    assert profile(home)["me"] == INES
    monkeypatch.delenv("PARTNERCTL_TOKEN")
    assert "not signed in" in cli("auth", "status", expect=4).stderr


def test_signing_out_of_nothing_asks_no_keyring(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", NoKeyring())  # type: ignore[no-untyped-call]

    assert cli("auth", "logout").stderr == "the profile default was not signed in\n"


def test_a_sign_in_that_a_variable_overrules_is_told(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERCTL_TOKEN", "sandbox-access-01234567")

    assert "warning: PARTNERCTL_TOKEN is set, and its token is used instead of this sign-in\n" in by_device(
        cli
    )


def test_ctrl_c_while_waiting_stores_nothing(
    cli: Cli, webex: Webex, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting(FakeTime):
        def wait(self, seconds: float) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(remote_side, "default_stopwatch", Interrupting(NOW))
    cli("auth", "login", "--device", "--client-id", CLIENT_ID, expect=130)

    assert not (home / "config").exists()
