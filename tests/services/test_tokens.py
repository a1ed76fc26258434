"""Where commands get their tokens, and how those of a sign-in are renewed: once for all, and never lost."""

import os
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from partnerctl.config.folders import Folders, find_folders
from partnerctl.config.loading import load_settings
from partnerctl.config.settings import Settings
from partnerctl.config.stored_tokens import StoredTokens
from partnerctl.config.token_files import FilePlace
from partnerctl.errors import InvalidData, MachineFault, NotAllowed, Unavailable
from partnerctl.remote.pacing import Pace
from partnerctl.remote.sending import Patience, Sender
from partnerctl.remote.tokens import TokenSource
from partnerctl.remote.transport import NetworkFault, Request, Response
from partnerctl.sandbox.grants import CLIENT_ID, CLIENT_SECRET
from partnerctl.sandbox.world import World
from partnerctl.services.signing.renewing import NotStored, SignedIn
from partnerctl.services.signing.tokens import has_token_variable, token_source
from tests.conftest import NOW
from tests.remote.fakes import AnsweringTransport, answer, json_answer
from tests.sandbox.in_process import API_URL, FakeTime, SandboxTransport

DEAD = "sandbox-refresh-dead0000dead0000"
OTHER = "sandbox-access-0000beef0000beef"


class Desk:
    """A profile that signed in to a sandbox, whose tokens are in a file; time passes as the test says."""

    def __init__(self, folder: Path, *, refresh_once: bool = True) -> None:
        self.time = FakeTime(NOW)
        self.world = World(
            7, 2, as_of=NOW.date(), clock=self.time, refresh_once=refresh_once, token_life=3600.0
        )
        self.transport: AnsweringTransport = AnsweringTransport(SandboxTransport(self.world).send)
        self.folders: Folders = find_folders({"PARTNERCTL_HOME": str(folder)})
        self.place = FilePlace(folder / "credentials.json")
        self.environ = {"PARTNERCTL_API_URL": API_URL, "PARTNERCTL_CREDENTIALS_FILE": str(self.place.path)}
        self.warned: list[str] = []
        self.place.check()
        grant = self.world.issue_grant()
        self.stored = StoredTokens(
            grant.access,
            grant.access_expires,
            grant.refresh,
            grant.refresh_expires,
            CLIENT_ID,
            CLIENT_SECRET,
            ("spark:people_read",),
            API_URL,
        )
        self.place.write(self.stored)

    @property
    def settings(self) -> Settings:
        return load_settings({}, self.environ, self.folders)

    @property
    def kept(self) -> StoredTokens:
        """What is stored now."""
        found = self.place.read()
        assert found is not None
        return found

    def sender(self) -> Sender:
        return Sender(self.transport, self.time, Pace(self.time, 1000), Patience(budget=60))

    def source(self, *, warned: bool = False) -> TokenSource:
        """Return the source that a run of its own has."""
        warn = self.warned.append if warned else None
        return token_source(self.settings, self.environ, self.folders, self.sender(), self.time, warn)

    def answer_with(self, reply: Callable[[Request], Response | NetworkFault]) -> None:
        self.transport = AnsweringTransport(reply)

    def good(self, access: str) -> bool:
        """Tell whether the sandbox takes an access token."""
        request = Request("GET", f"{API_URL}/people/me", {"authorization": f"Bearer {access}"})
        return SandboxTransport(self.world).send(request).status == 200


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_token_that_is_good_for_long_is_used_as_it_is(desk: Desk) -> None:
    desk.time.wait(3600 - 301)

    assert desk.source().access() == desk.stored.access
    assert desk.transport.asked == []


def test_a_token_with_less_than_five_minutes_left_is_renewed_and_stored(desk: Desk) -> None:
    desk.time.wait(3600 - 300)
    source = desk.source()
    token = source.access()

    assert token != desk.stored.access
    assert desk.good(token)
    assert desk.kept == replace(
        desk.stored,
        access=token,
        expires=desk.time.now() + timedelta(seconds=3600),
        refresh=desk.kept.refresh,
        refresh_expires=desk.time.now() + timedelta(seconds=7775999),
    )
    assert desk.kept.refresh != desk.stored.refresh
    assert [source.access(), desk.source().access()] == [token, token]
    assert desk.transport.asked == ["POST /v1/access_token"]


def test_a_token_that_is_refused_is_renewed_once_for_all_threads(desk: Desk) -> None:
    source = desk.source()
    refused = source.access()
    desk.world.forget_token(refused)
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(source.renewed(refused))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert len(got) == 8
    assert len(set(got)) == 1
    assert desk.good(got[0])
    assert desk.transport.asked == ["POST /v1/access_token"]


def test_what_another_run_has_renewed_is_taken(desk: Desk) -> None:
    ours, theirs = desk.source(), desk.source()
    refused = ours.access()
    desk.world.forget_token(refused)
    token = theirs.renewed(refused)

    assert ours.renewed(refused) == token
    assert desk.transport.asked == ["POST /v1/access_token"]


def test_who_waited_for_the_lock_reads_again(desk: Desk) -> None:
    desk.time.wait(3500)
    source = desk.source()
    held, done = threading.Event(), threading.Event()
    newer = replace(desk.stored, access=OTHER, expires=desk.time.now() + timedelta(hours=1))

    def another_run() -> None:
        with desk.place.locked(5):
            held.set()
            done.wait(5)
            desk.place.write(newer)

    thread = threading.Thread(target=another_run)
    thread.start()
    held.wait(5)
    got: list[str] = []
    waiting = threading.Thread(target=lambda: got.append(source.access()))
    waiting.start()
    done.set()
    for one in (thread, waiting):
        one.join(10)

    assert got == [OTHER]
    assert desk.transport.asked == []


def test_a_refresh_token_stays_where_no_other_comes_back(desk: Desk) -> None:
    desk.time.wait(3500)
    desk.answer_with(lambda _: json_answer({"access_token": OTHER, "expires_in": 60}))
    desk.source().access()

    assert desk.kept == replace(desk.stored, access=OTHER, expires=desk.time.now() + timedelta(seconds=60))


def test_a_refresh_token_that_is_refused_says_sign_in_again_and_changes_nothing(desk: Desk) -> None:
    desk.place.write(replace(desk.stored, refresh=DEAD))
    desk.time.wait(4000)
    before = desk.place.path.read_text()

    with pytest.raises(NotAllowed) as caught:
        desk.source().access()

    assert caught.value.reason.startswith("Webex does not take the refresh token: invalid_grant")
    assert caught.value.hint == "sign in again: partnerctl auth login"
    assert DEAD not in "".join(traceback.format_exception(caught.value))
    assert desk.place.path.read_text() == before


def test_a_refresh_token_that_has_lapsed_says_when(desk: Desk) -> None:
    desk.time.wait(91 * 86400)

    with pytest.raises(NotAllowed, match=r"\(it lapsed on 2027-02-21\)$"):
        desk.source().access()


@pytest.mark.parametrize("fault", [answer(503), NetworkFault("broke"), NetworkFault("no", sent=False)])
def test_a_token_that_still_works_is_used_while_webex_cannot_renew_it(
    desk: Desk, fault: Response | NetworkFault
) -> None:
    desk.time.wait(3400)
    desk.answer_with(lambda _: fault)
    source = desk.source()

    assert [source.access(), source.access()] == [desk.stored.access] * 2
    asked = len(desk.transport.requests)
    source.access()
    assert len(desk.transport.requests) == asked  # it is left alone for a while
    assert desk.kept == desk.stored


def test_a_token_that_has_expired_is_not_used_where_webex_cannot_be_reached(desk: Desk) -> None:
    desk.time.wait(3600)
    desk.answer_with(lambda _: answer(503))

    with pytest.raises(Unavailable):
        desk.source().access()
    assert len(desk.transport.requests) > 1  # patiently


class FullDisk(FilePlace):
    """A place that refuses what is written once the refresh token is spent, for as long as it is `full`."""

    full = True
    writes = 0

    def write(self, stored: StoredTokens) -> None:
        FullDisk.writes += 1
        if FullDisk.full and FullDisk.writes > 1:
            raise MachineFault("cannot write: No space left on device", "make room")
        super().write(stored)


@contextmanager
def full_disk(desk: Desk) -> Iterator[FullDisk]:
    FullDisk.full, FullDisk.writes = True, 0
    yield FullDisk(desk.place.path)


def test_new_tokens_that_cannot_be_stored_are_used_told_and_stored_later(desk: Desk) -> None:
    desk.time.wait(3500)
    with full_disk(desk) as place:
        source = SignedIn(place, desk.settings, desk.environ, desk.sender(), desk.time, desk.warned.append)
        token = source.access()

        assert desk.good(token)
        assert desk.kept == desk.stored
        assert desk.warned == [
            (
                "Webex gave new tokens, and they could not be stored (cannot write: No space left on device):"
                " make room; the older ones may be dead: sign in again: partnerctl auth login"
            )
        ]
        assert source.access() == token  # still full, and not tried at every request
        assert FullDisk.writes == 2
        FullDisk.full = False
        desk.time.wait(31)
        assert source.access() == token

    assert desk.kept.access == token
    assert desk.source().access() == token


def test_new_tokens_that_cannot_be_stored_do_not_overwrite_a_later_sign_in(desk: Desk) -> None:
    desk.time.wait(3500)
    with full_disk(desk) as place:
        source = SignedIn(place, desk.settings, desk.environ, desk.sender(), desk.time, desk.warned.append)
        source.access()
        later = replace(desk.stored, access=OTHER, expires=desk.time.now() + timedelta(hours=2))
        desk.place.write(later)
        FullDisk.full = False
        desk.time.wait(31)

        assert source.access() == OTHER
    assert desk.kept == later


def test_without_anybody_to_warn_it_is_an_error_that_names_what_is_lost(desk: Desk) -> None:
    desk.time.wait(3500)
    with full_disk(desk) as place:
        source = SignedIn(place, desk.settings, desk.environ, desk.sender(), desk.time)
        with pytest.raises(NotStored):
            source.access()
        assert desk.good(source.access())


def test_a_place_that_cannot_be_written_is_found_out_before_the_refresh_token_is_spent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("partnerctl.config.token_files.write_private", refuse)
    desk.time.wait(3500)
    assert desk.source().access() == desk.stored.access  # it works for some time yet
    desk.time.wait(100)

    with pytest.raises(MachineFault) as caught:
        desk.source().access()
    assert caught.value.reason == f"cannot write {desk.place.path}: Read-only file system"
    assert desk.transport.asked == []


def test_the_client_secret_of_the_environment_wins_over_the_stored_one(desk: Desk, tmp_path: Path) -> None:
    desk.place.write(replace(desk.stored, client_secret="sandbox-secret-00000000"))
    desk.time.wait(4000)
    with pytest.raises(NotAllowed, match="does not know the integration, or its client secret"):
        desk.source().access()

    file = tmp_path / "secret"
    file.write_text(f"{CLIENT_SECRET}\n")
    file.chmod(0o600)
    desk.environ["PARTNERCTL_CLIENT_SECRET_FILE"] = str(file)
    assert desk.good(desk.source().access())


def test_without_a_client_secret_nothing_is_renewed(desk: Desk) -> None:
    desk.place.write(replace(desk.stored, client_secret=None))
    desk.time.wait(4000)

    with pytest.raises(NotAllowed, match="the client secret of the integration is not known"):
        desk.source().access()


def test_tokens_are_not_shown_at_another_address(desk: Desk) -> None:
    desk.environ["PARTNERCTL_API_URL"] = "https://webex.acme.example/v1"

    with pytest.raises(NotAllowed) as caught:
        desk.source().access()
    assert caught.value.reason == (
        f"the profile default is signed in at {API_URL}, and api_url is https://webex.acme.example/v1"
    )
    assert desk.transport.asked == []


def test_a_pasted_token_cannot_be_renewed_and_says_so(desk: Desk) -> None:
    pasted = StoredTokens(desk.stored.access, desk.stored.expires, api_url=API_URL)
    desk.place.write(pasted)
    source = desk.source()
    desk.time.wait(3599)
    assert source.access() == pasted.access
    reason = (
        "the token that you gave is no longer good (it was good until 2026-11-23T13:00:00Z):"
        " a personal token lives for 12 hours, and cannot be renewed"
    )

    with pytest.raises(NotAllowed) as refused:
        source.renewed(pasted.access)
    desk.time.wait(1)
    with pytest.raises(NotAllowed) as expired:
        source.access()

    assert refused.value.reason == expired.value.reason == reason
    assert expired.value.hint == "sign in again: partnerctl auth login --with-token"
    assert desk.transport.asked == []


def test_nobody_is_signed_in(desk: Desk) -> None:
    desk.place.clear()
    with pytest.raises(NotAllowed) as caught:
        desk.source().access()
    assert caught.value.reason == "the profile default is not signed in to Webex"
    assert caught.value.hint == "sign in with: partnerctl auth login"

    del desk.environ["PARTNERCTL_CREDENTIALS_FILE"]
    with pytest.raises(NotAllowed, match="is not signed in"):
        desk.source()


def test_the_first_place_that_is_there_counts(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("sandbox-access-0f0f0f0f\nmore\n")
    file.chmod(0o600)
    desk.environ |= {"PARTNERCTL_TOKEN": "sandbox-access-abababab", "PARTNERCTL_TOKEN_FILE": str(file)}
    assert desk.source().access() == "sandbox-access-abababab"

    desk.environ["PARTNERCTL_TOKEN"] = ""
    assert desk.source().access() == "sandbox-access-0f0f0f0f"

    desk.environ["PARTNERCTL_TOKEN_FILE"] = ""
    assert desk.source().access() == desk.stored.access


def test_a_token_of_a_variable_that_is_refused_is_told(desk: Desk) -> None:
    desk.environ["PARTNERCTL_TOKEN"] = OTHER

    with pytest.raises(NotAllowed) as caught:
        desk.source().renewed(OTHER)
    assert caught.value.reason == "Webex does not take the token of PARTNERCTL_TOKEN"


def test_a_token_file_is_read_again_where_its_token_is_refused(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("sandbox-access-00000001")
    file.chmod(0o600)
    desk.environ["PARTNERCTL_TOKEN_FILE"] = str(file)
    source = desk.source()
    first = source.access()
    file.write_text("sandbox-access-00000002\n")

    assert source.access() == first
    assert source.renewed(first) == source.access() == "sandbox-access-00000002"
    with pytest.raises(NotAllowed) as caught:
        source.renewed("sandbox-access-00000002")
    assert caught.value.reason == f"Webex does not take the token of {file}"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_a_token_file_that_others_may_read_is_refused(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(OTHER)
    file.chmod(0o644)
    desk.environ["PARTNERCTL_TOKEN_FILE"] = str(file)

    with pytest.raises(InvalidData, match="others may read the token"):
        desk.source().access()


@pytest.mark.parametrize(
    ("environ", "has"),
    [
        ({"PARTNERCTL_TOKEN": OTHER}, True),
        ({"PARTNERCTL_TOKEN_FILE": "/tmp/x"}, True),
        ({"PARTNERCTL_TOKEN": ""}, False),
        ({"PARTNERCTL_CREDENTIALS_FILE": "/tmp/x"}, False),
    ],
)
def test_a_token_variable_makes_a_remote_side(environ: dict[str, str], has: bool) -> None:
    assert has_token_variable(environ) is has
