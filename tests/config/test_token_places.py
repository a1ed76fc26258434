"""Where the tokens of a sign-in are kept: the keyring and files, whole, for their owner alone."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from partnerctl.config import credentials
from partnerctl.config.stored_tokens import StoredTokens
from partnerctl.config.token_files import FilePlace
from partnerctl.config.token_places import KeyringPlace, TokenPlace, token_place
from partnerctl.config.token_variables import CREDENTIALS_FILE
from partnerctl.errors import InvalidData, Locked, MachineFault
from tests.delivery.keyrings import ForgetfulKeyring, MemoryKeyring, PlainKeyring

ACCESS = "sandbox-access-0123456789abcdef"
REFRESH = "sandbox-refresh-0123456789abcdef"
SECRET = "sandbox-secret-0123456789abcdef"
WHOLE = StoredTokens(
    ACCESS,
    datetime(2026, 12, 7, 12, 0, tzinfo=UTC),
    REFRESH,
    datetime(2027, 2, 21, 12, 0, tzinfo=UTC),
    "C0123",
    SECRET,
    ("spark:people_read",),
    "https://webexapis.com/v1",
)
PASTED = StoredTokens(ACCESS)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """Return the keyring of this machine, which is empty."""
    made = MemoryKeyring()
    monkeypatch.setattr("keyring.core._keyring_backend", made)
    return made


@pytest.fixture(params=["keyring", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path, keyring: MemoryKeyring) -> TokenPlace:
    """Return each place where tokens can be kept, which is empty."""
    if request.param == "keyring":
        return KeyringPlace("default", tmp_path / "state")
    return FilePlace(tmp_path / "state" / "credentials.json")


def test_what_is_written_is_read(place: TokenPlace) -> None:
    place.check()
    assert place.read() is None

    for stored in (WHOLE, PASTED, WHOLE):
        with place.locked(0):
            place.write(stored)
        assert place.read() == stored


def test_what_is_cleared_is_gone(place: TokenPlace, keyring: MemoryKeyring, tmp_path: Path) -> None:
    place.check()
    place.write(WHOLE)

    assert [place.clear(), place.clear()] == [True, False]
    assert place.read() is None
    assert keyring.kept == {}
    assert list(tmp_path.rglob("*.json")) == []


def test_no_file_is_for_others_and_no_text_shows_a_secret(place: TokenPlace, tmp_path: Path) -> None:
    place.check()
    with place.locked(0):
        place.write(WHOLE)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    if sys.platform != "win32":
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    shown = f"{WHOLE!r} {WHOLE} {place!r}"
    assert not any(secret in shown for secret in (ACCESS, REFRESH, SECRET))


def test_the_lock_lets_one_in(place: TokenPlace) -> None:
    place.check()
    with place.locked(0):
        with pytest.raises(Locked) as caught, place.locked(0):
            pass
        assert caught.value.reason == "another run is renewing the token"
    with place.locked(0):
        pass


def test_the_keyring_has_an_entry_for_each_secret_and_the_file_none(
    keyring: MemoryKeyring, tmp_path: Path
) -> None:
    KeyringPlace("default", tmp_path).write(WHOLE)

    assert [(service, account.split(".")[-1]) for service, account in keyring.kept] == [
        ("partnerctl webex", "client_secret"),
        ("partnerctl webex", "refresh"),  # before the access token: who is cut off here can still renew
        ("partnerctl webex", "access"),
    ]
    assert json.loads((tmp_path / "auth" / "default.json").read_text()) == {
        "format": "partnerctl credentials 1",
        "expires": "2026-12-07T12:00:00Z",
        "refresh_expires": "2027-02-21T12:00:00Z",
        "api_url": "https://webexapis.com/v1",
        "client_id": "C0123",
        "scopes": ["spark:people_read"],
    }


def test_profiles_and_homes_have_entries_of_their_own(keyring: MemoryKeyring, tmp_path: Path) -> None:
    places = [
        KeyringPlace("default", tmp_path / "a"),
        KeyringPlace("brasil", tmp_path / "a"),
        KeyringPlace("default", tmp_path / "b"),
    ]
    places[0].write(WHOLE)

    assert [place.read() for place in places] == [WHOLE, None, None]


def test_a_pasted_token_takes_the_place_of_an_integration(keyring: MemoryKeyring, tmp_path: Path) -> None:
    place = KeyringPlace("default", tmp_path)
    place.write(WHOLE)
    place.write(PASTED)

    assert list(keyring.kept.values()) == [ACCESS]


def test_a_lost_file_beside_the_keyring_loses_no_token(keyring: MemoryKeyring, tmp_path: Path) -> None:
    place = KeyringPlace("default", tmp_path)
    place.write(WHOLE)
    (tmp_path / "auth" / "default.json").write_text("{")

    assert place.read() == StoredTokens(ACCESS, refresh=REFRESH, client_secret=SECRET)


@pytest.mark.parametrize(
    "keyring_of_machine",
    [NoKeyring(), PlainKeyring()],  # type: ignore[no-untyped-call]
    ids=["none", "plain text"],
)
def test_without_a_keyring_a_file_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring_of_machine: MemoryKeyring
) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", keyring_of_machine)

    with pytest.raises(MachineFault) as caught:
        KeyringPlace("default", tmp_path).check()

    assert caught.value.reason == "this machine has no keyring that could keep a token"
    assert caught.value.hint == ("keep tokens in a file instead: partnerctl auth login --storage file:/PATH")


def test_a_keyring_that_forgets_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", ForgetfulKeyring())

    with pytest.raises(MachineFault, match="the keyring did not keep the token"):
        KeyringPlace("default", tmp_path).write(WHOLE)


def test_a_token_that_windows_cannot_hold_is_refused_before_anything_is_written(
    keyring: MemoryKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "LONGEST_ENTRY", 2560)
    place = KeyringPlace("default", tmp_path)
    place.write(StoredTokens("x" * 1280))  # two bytes each
    keyring.kept.clear()

    with pytest.raises(MachineFault) as caught:
        place.write(StoredTokens("x" * 1281, refresh=REFRESH))

    assert caught.value.reason == "the token is longer than an entry of this keyring can be"
    assert "--storage file:" in str(caught.value.hint)
    assert keyring.kept == {}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620])
def test_a_file_that_others_may_touch_is_refused_but_can_be_cleared(tmp_path: Path, mode: int) -> None:
    place = FilePlace(tmp_path / "credentials.json")
    place.write(WHOLE)
    place.path.chmod(mode)

    for use in (place.read, place.check):
        with pytest.raises(InvalidData) as caught:
            use()
        assert caught.value.reason == f"{place.path}: others may read the tokens"
        assert caught.value.hint == f"give it to yourself alone: chmod 600 {place.path}"
    assert place.clear()
    assert not place.path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "no JSON",
        "\x00" * 10,
        '{"format": "partnerctl credentials 1", "access": 5}',
        '{"format": "partnerctl credentials 1", "access": "a", "expires": "soon"}',
    ],
)
def test_a_file_that_is_none_of_ours_is_neither_read_nor_replaced_nor_removed(
    tmp_path: Path, text: str
) -> None:
    place = FilePlace(tmp_path / "mine-credentials.json")
    place.path.write_text(text)
    place.path.chmod(0o600)

    for use in (place.read, place.check, place.clear):
        with pytest.raises(InvalidData) as caught:
            use()
        assert caught.value.reason == f"{place.path}: is no credentials file of partnerctl"
    place.path.chmod(0o644)
    with pytest.raises(InvalidData):
        place.clear()
    assert place.path.read_text() == text


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_found_out_before(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(MachineFault, match="cannot write"):
            FilePlace(tmp_path / "credentials.json").check()
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_that_is_a_file_is_found_out_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(MachineFault):
        FilePlace(tmp_path / "file" / "credentials.json").check()


def test_a_link_stays_one_and_its_lock_lies_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "credentials.json"
    link.symlink_to(tmp_path / "real" / "tokens.json")
    place = FilePlace(link)
    with place.locked(0):
        place.write(WHOLE)

    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["credentials.json", "real"]
    assert place.read() == FilePlace(tmp_path / "real" / "tokens.json").read() == WHOLE


def test_the_variable_wins_over_the_setting_and_nothing_else_is_looked_for(tmp_path: Path) -> None:
    environ = {CREDENTIALS_FILE: str(tmp_path / "c.json")}

    assert token_place("keyring", "default", tmp_path, environ) == FilePlace(tmp_path / "c.json")
    assert token_place(f"file:{tmp_path}/d.json", "default", tmp_path, {}) == FilePlace(tmp_path / "d.json")
    assert token_place("keyring", "default", tmp_path, {}) == KeyringPlace("default", tmp_path)
    assert token_place(None, "default", tmp_path, {}) is None
    assert token_place(None, "default", tmp_path, {CREDENTIALS_FILE: ""}) is None
