"""Where the password of the mail server comes from, and that nobody sees it."""

import os
import sys
import traceback
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from partnerctl.config.credentials import (
    FILE_VARIABLE,
    VARIABLE,
    find_mail_password,
    forget_mail_password,
    store_mail_password,
)
from partnerctl.errors import InvalidData, MachineFault, NotAllowed, PartnerctlError, TimedOut, UsageError
from tests.delivery.keyrings import (
    ChainedKeyrings,
    ForgetfulKeyring,
    LockedKeyring,
    MemoryKeyring,
    PlainKeyring,
    TalkativeKeyring,
)
from tests.guards.house import ROOT, run_python

ACCOUNT = "ana@smtp.acme.example"
SECRET = "s3cret-pässword"
ELSEWHERE = (
    "put the password into PARTNERCTL_MAIL_PASSWORD, or into a file:"
    " `partnerctl config set mail.password file:/PATH`"
)

NO_KEYRING = NoKeyring()  # type: ignore[no-untyped-call]


def use(monkeypatch: pytest.MonkeyPatch, keyring: KeyringBackend) -> None:
    """Make that the keyring of this machine."""
    monkeypatch.setattr("keyring.core._keyring_backend", keyring)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """Return the keyring of this machine, which is empty."""
    made = MemoryKeyring()
    use(monkeypatch, made)
    return made


def secret_file(folder: Path, text: str | bytes = f"{SECRET}\n", mode: int = 0o600) -> Path:
    """Return a file for the owner alone."""
    path = folder / "password"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return path


def test_the_keyring_keeps_it_by_user_and_server(keyring: MemoryKeyring) -> None:
    store_mail_password(ACCOUNT, SECRET)

    assert keyring.kept == {("partnerctl mail", ACCOUNT): SECRET}
    assert find_mail_password("keyring", ACCOUNT, {}) == SECRET
    with pytest.raises(NotAllowed) as caught:
        find_mail_password("keyring", "ana@another.example", {})
    assert caught.value.reason == "the keyring holds no password of ana@another.example"


def test_it_can_be_forgotten(keyring: MemoryKeyring) -> None:
    store_mail_password(ACCOUNT, SECRET)

    assert forget_mail_password(ACCOUNT) is True
    assert keyring.kept == {}
    assert forget_mail_password(ACCOUNT) is False


def test_the_environment_wins_over_the_profile(keyring: MemoryKeyring, tmp_path: Path) -> None:
    store_mail_password(ACCOUNT, "of the keyring")
    file = secret_file(tmp_path, "of the file\n")
    environ = {VARIABLE: "of the variable", FILE_VARIABLE: str(file)}

    assert find_mail_password("keyring", ACCOUNT, environ) == "of the variable"
    assert find_mail_password("keyring", ACCOUNT, {FILE_VARIABLE: str(file)}) == "of the file"
    assert find_mail_password("keyring", ACCOUNT, {VARIABLE: ""}) == "of the keyring"
    assert find_mail_password("environment", ACCOUNT, environ) == "of the variable"


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("environment", f"there is no password of {ACCOUNT}: PARTNERCTL_MAIL_PASSWORD is not set"),
        (None, f"nothing says where the password of {ACCOUNT} is"),
    ],
)
def test_where_there_is_none(place: str | None, reason: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        find_mail_password(place, ACCOUNT, {})

    assert caught.value.reason == reason
    assert caught.value.hint is not None
    assert "partnerctl mail password" in caught.value.hint


@pytest.mark.parametrize(
    "text", [SECRET, f"{SECRET}\n", f"{SECRET}\r\nmore\n", f"\ufeff{SECRET}\n", f"{SECRET}\n\xff"]
)
def test_a_file_holds_it_on_its_first_line(tmp_path: Path, text: str) -> None:
    path = secret_file(tmp_path, text)

    assert find_mail_password(f"file:{path}", ACCOUNT, {}) == SECRET


def test_a_file_in_the_home_of_the_user(tmp_path: Path) -> None:
    home = Path(os.environ["HOME"])
    home.mkdir()
    secret_file(home)

    assert find_mail_password("file:~/password", ACCOUNT, {}) == SECRET


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path, mode=mode)

    with pytest.raises(InvalidData) as caught:
        find_mail_password(f"file:{path}", ACCOUNT, {})

    assert caught.value.reason == f"{path}: others may read the password"
    assert caught.value.hint == f"give it to yourself alone: chmod 600 {path}"


@pytest.mark.parametrize("content", [b"", b"\n\nsecret\n", b"\xff\xfe\n"])
def test_a_file_without_a_password_is_refused(tmp_path: Path, content: bytes) -> None:
    path = secret_file(tmp_path, content)

    with pytest.raises(InvalidData) as caught:
        find_mail_password(f"file:{path}", ACCOUNT, {})

    assert caught.value.reason == f"{path}: holds no password"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(MachineFault, match="the password cannot be read"):
            find_mail_password(f"file:{path}", ACCOUNT, {})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)

    with pytest.raises(InvalidData, match="holds no password"):
        find_mail_password(f"file:{tmp_path / 'pipe'}", ACCOUNT, {})


@pytest.mark.parametrize("password", ["a\0b", "a\nb", "a\rb", "a\udcffb"])
def test_what_no_server_takes_is_refused_without_being_shown(password: str, keyring: MemoryKeyring) -> None:
    with pytest.raises(UsageError) as caught:
        store_mail_password(ACCOUNT, password)
    assert caught.value.reason == "what was given: holds characters that no password may have"
    with pytest.raises(UsageError, match=r"^PARTNERCTL_MAIL_PASSWORD: holds characters"):
        find_mail_password(None, ACCOUNT, {VARIABLE: password})

    assert keyring.kept == {}


@pytest.mark.parametrize(
    ("keyring", "kind", "reason"),
    [
        (NO_KEYRING, MachineFault, "this machine has no keyring that could keep a password"),
        (PlainKeyring(), MachineFault, "this machine has no keyring that could keep a password"),
        (
            ChainedKeyrings(PlainKeyring(), NO_KEYRING),
            MachineFault,
            "this machine has no keyring that could keep a password",
        ),
        (ForgetfulKeyring(), MachineFault, "the keyring did not keep the password"),
        (TalkativeKeyring(), MachineFault, "the keyring cannot be used (RuntimeError)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_keyring_that_does_not_keep_it_is_told_with_two_other_ways(
    monkeypatch: pytest.MonkeyPatch, keyring: MemoryKeyring, kind: type[PartnerctlError], reason: str
) -> None:
    use(monkeypatch, keyring)

    with pytest.raises(kind) as caught:
        store_mail_password(ACCOUNT, SECRET)

    assert (caught.value.reason, caught.value.hint) == (reason, ELSEWHERE)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert getattr(keyring, "kept", {}) == {}


def test_in_a_chain_the_first_that_is_recommended_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, safe = PlainKeyring(), MemoryKeyring()
    use(monkeypatch, ChainedKeyrings(plain, safe))

    store_mail_password(ACCOUNT, SECRET)

    assert (plain.kept, safe.kept) == ({}, {("partnerctl mail", ACCOUNT): SECRET})
    assert find_mail_password("keyring", ACCOUNT, {}) == SECRET


def test_a_keyring_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = LockedKeyring()
    use(monkeypatch, keyring)
    try:
        with pytest.raises(TimedOut) as caught:
            find_mail_password("keyring", ACCOUNT, {}, limit=0.1)
    finally:
        keyring.over.set()

    assert caught.value.reason == "the keyring did not answer within 0.1 seconds"
    assert caught.value.hint == f"unlock it, or {ELSEWHERE}"


def test_the_keyring_is_imported_only_where_it_is_asked(tmp_path: Path) -> None:
    path = secret_file(tmp_path)
    code = (
        "import sys\n"
        "from partnerctl.config.credentials import find_mail_password\n"
        f"find_mail_password('file:{path}', 'x', {{}})\n"
        "print('keyring' in sys.modules)"
    )

    assert run_python(code, folder=ROOT) == "False\n"
