"""What a sign-in leaves behind, also where something else goes wrong on the way."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from partnerctl.config.folders import find_folders
from partnerctl.config.loading import load_settings
from partnerctl.config.stored_tokens import StoredTokens
from partnerctl.config.token_files import FilePlace
from partnerctl.config.token_places import KeyringPlace
from partnerctl.errors import MachineFault, Unavailable
from partnerctl.remote.oauth import Granted
from partnerctl.remote.people import Person
from partnerctl.remote.scopes import SCOPES, missing_scopes, wanted_scopes
from partnerctl.services.signing.renewing import with_granted
from partnerctl.services.signing.signed_in import keep, record_person, sign_out
from partnerctl.services.signing.signing_in import Checked, Door, sign_in_by_token
from partnerctl.stores.opening import open_store
from partnerctl.stores.sqlite import SqliteStore
from tests.conftest import NOW
from tests.delivery.keyrings import MemoryKeyring, TalkativeKeyring
from tests.guards.house import ROOT
from tests.remote.fakes import AnsweringTransport, FakeStopwatch, answer, json_answer, sender_for
from tests.sandbox.in_process import FakeTime

ACCESS = "sandbox-access-0123456789abcdef"
REFRESH = "sandbox-refresh-0123456789abcdef"
ANA = Person("1", "ana@partner.example", "Ana", "o")
CHECKED = Checked(StoredTokens(ACCESS, refresh=REFRESH), ANA, "admin")


def opened(folder: Path) -> SqliteStore:
    """Return a new store."""
    return open_store(f"sqlite:///{folder}/s.db", wait=1, create=True, at="2026-11-23T12:00:00Z")


def test_the_store_follows_what_webex_says_also_after_a_later_day(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        assert record_person(store, CHECKED, NOW + timedelta(days=3)) is True
        assert record_person(store, CHECKED, NOW) is False
        assert record_person(store, replace(CHECKED, role="readonly_admin"), NOW) is True
        assert record_person(store, replace(CHECKED, role=None), NOW) is False

        assert store.admin_role(ANA.email) == "readonly_admin"
        assert store.admin_last_seen(ANA.email) == date(2026, 11, 26)
        assert list(store.check()) == []


def test_a_name_that_webex_does_not_tell_stays(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        record_person(store, CHECKED, NOW)
        nameless = replace(CHECKED, person=ANA._replace(name=None), role="full_admin")
        record_person(store, nameless, NOW)

        found = store.administrator(ANA.email)
        assert found is not None
        assert (found.name, found.role) == ("Ana", "full_admin")


def test_an_earlier_place_that_cannot_be_cleared_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stubborn(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError(ACCESS)

    monkeypatch.setattr("keyring.core._keyring_backend", Stubborn())
    folders = find_folders({"PARTNERCTL_HOME": str(tmp_path)})
    settings = load_settings({"auth.storage": "keyring"}, {}, folders)
    place = FilePlace(tmp_path / "credentials.json")

    assert keep(place, CHECKED, settings, {}, folders) == (
        "the tokens of the earlier sign-in are still in keyring: the keyring cannot be used (RuntimeError)",
    )
    assert place.read() == CHECKED.stored


def test_signing_out_removes_what_the_variable_names_and_what_the_profile_names(tmp_path: Path) -> None:
    folders = find_folders({"PARTNERCTL_HOME": str(tmp_path)})
    places = [FilePlace(tmp_path / name) for name in ("one.json", "two.json")]
    for place in places:
        place.write(CHECKED.stored)
    settings = load_settings({"auth.storage": places[1].name}, {}, folders)
    environ = {"PARTNERCTL_CREDENTIALS_FILE": str(places[0].path)}

    assert sign_out(settings, environ, folders).places == (places[0].name, places[1].name)
    assert sign_out(settings, environ, folders).places == ()
    assert [place.path.exists() for place in places] == [False, False]


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ({}, "does not say who you are"),
        ({"id": "1", "emails": ["ana @x"]}, "has an address that is none"),
        ({"id": "1", "emails": ["@x\u202e"]}, "has an address that is none"),
    ],
)
def test_somebody_without_a_sound_address_is_nobody(
    tmp_path: Path, person: dict[str, object], reason: str
) -> None:
    transport = AnsweringTransport(lambda _: json_answer(person))
    settings = load_settings({}, {}, find_folders({"PARTNERCTL_HOME": str(tmp_path)}))
    door = Door(settings, sender_for(transport), FakeStopwatch(), FakeTime())

    with pytest.raises(Unavailable, match=reason):
        sign_in_by_token(door, ACCESS)


def test_a_token_of_which_webex_does_not_tell_the_end_has_none(tmp_path: Path) -> None:
    transport = AnsweringTransport(
        lambda request: (
            json_answer({"id": "1", "emails": [ANA.email], "roles": []})
            if request.url.endswith("/me")
            else answer(404)
        )
    )
    settings = load_settings({}, {}, find_folders({"PARTNERCTL_HOME": str(tmp_path)}))
    door = Door(settings, sender_for(transport), FakeStopwatch(), FakeTime())
    checked = sign_in_by_token(door, f" {ACCESS}\n")

    assert checked.stored == StoredTokens(ACCESS, api_url="https://webexapis.com/v1")
    assert checked.role is None


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (Granted("b", 60.0, "r2", 120.0, ("s",)), (60, "r2", 120, ("s",))),
        (Granted("b", 60.0, None, None, None), (60, "r1", 999, ("old",))),
        (Granted("b", 60.0, None, 120.0, None), (60, "r1", 120, ("old",))),
        (Granted("b", None, "r2", None, None), (None, "r2", None, ("old",))),
    ],
)
def test_what_comes_back_is_kept_and_what_does_not_stays(
    new: Granted, expected: tuple[int | None, str, int | None, tuple[str, ...]]
) -> None:
    asked = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    before = StoredTokens("a", asked, "r1", asked + timedelta(seconds=999), "c", "s", ("old",), "u")
    after = with_granted(before, new, asked)

    def seconds(instant: datetime | None) -> int | None:
        return None if instant is None else int((instant - asked).total_seconds())

    told = (seconds(after.expires), after.refresh, seconds(after.refresh_expires), after.scopes)
    assert told == expected
    assert (after.access, after.client_id, after.client_secret, after.api_url) == ("b", "c", "s", "u")


def test_every_scope_is_asked_for_once_and_says_what_it_is_for() -> None:
    names = [scope.name for scope in SCOPES]

    assert len(names) == len(set(names)) == 13
    assert all(scope.needed_for for scope in SCOPES)
    assert wanted_scopes(None) == tuple(names)
    assert wanted_scopes(" a  b a ") == ("a", "b")
    assert missing_scopes(names) == ()
    assert [scope.name for scope in missing_scopes(names[1:])] == names[:1]


def test_the_page_for_users_has_the_same_scopes() -> None:
    page = (ROOT / "docs" / "signing-in.md").read_text(encoding="utf-8")
    rows = [line.strip(" |").split(" | ") for line in page.splitlines() if line.startswith("   | `")]

    assert [row[0].strip("`") for row in rows] == [scope.name for scope in SCOPES]
    assert [row[1].replace("`", "").split(";")[0] for row in rows] == [
        scope.needed_for.split(";")[0] for scope in SCOPES
    ]


def test_a_keyring_that_talks_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", TalkativeKeyring())
    folders = find_folders({"PARTNERCTL_HOME": str(tmp_path)})
    settings = load_settings({}, {}, folders)
    with pytest.raises(MachineFault) as caught:
        keep(KeyringPlace("default", folders.state), CHECKED, settings, {}, folders)
    assert caught.value.reason == "the keyring cannot be used (RuntimeError)"
    assert not folders.config_file.exists()
