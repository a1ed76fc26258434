"""``mail`` at the command line."""

import base64
import getpass
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from tests.conftest import Cli
from tests.delivery.keyrings import MemoryKeyring, TalkativeKeyring
from tests.delivery.smtp_server import CERTIFICATE, Server, serving
from tests.loopback import open_loopback

SECRET = "s3cret-pässword"
USER = "ana@acme.example"
ACCOUNT = f"{USER}@mail.acme.example"
ENTRY = ("partnerctl mail", ACCOUNT)
CODED = (
    base64.b64encode(f"\0{USER}\0{SECRET}".encode()).decode(),
    base64.b64encode(SECRET.encode()).decode(),
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Return a mail server that knows one user, and make it the one that mail is sent to."""
    open_loopback(monkeypatch)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setenv("PARTNERCTL_ME", USER)
    with serving(user=(USER, SECRET)) as one:
        monkeypatch.setenv("PARTNERCTL_MAIL_TRANSPORT", f"smtp://{USER}@mail.acme.example:{one.port}")
        yield one


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """Return the keyring of this machine, which is empty."""
    made = MemoryKeyring()
    monkeypatch.setattr("keyring.core._keyring_backend", made)
    return made


def use_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a server the way that mail goes, without asking it anything."""
    monkeypatch.setenv("PARTNERCTL_MAIL_TRANSPORT", f"smtp://{USER}@mail.acme.example")


def test_a_test_says_how_it_went_out(cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_MAIL_PASSWORD", SECRET)
    result = cli("mail", "test", "--to", "rui@acme.example", "--json")

    assert result.json == {
        "to": ["rui@acme.example"],
        "sender": USER,
        "transport": f"smtp://{USER}@mail.acme.example:{server.port}",
        "sent": "2026-11-23T12:00:00Z",
    }
    assert result.stderr == ""
    assert (server.mail.user, server.mail.encrypted) == ((USER, SECRET), True)
    assert server.mail.message["Subject"] == "partnerctl: test of mail"
    assert "partnerctl can send mail from here" in server.mail.message.get_content()


def test_a_test_goes_to_me_where_nobody_is_named(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERCTL_MAIL_PASSWORD", SECRET)
    result = cli("mail", "test")

    assert [" ".join(line.split()) for line in result.lines] == [
        f"to {USER}",
        f"sender {USER}",
        f"transport smtp://{USER}@mail.acme.example:{server.port}",
        "sent 2026-11-23T12:00:00Z",
    ]
    assert server.mail.to == (USER,)


def test_a_test_through_sendmail(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt":
        pytest.skip("sendmail is a program of Unix")
    program = tmp_path / "sendmail"
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/message\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PARTNERCTL_MAIL_FROM", "reports@acme.example")
    result = cli("mail", "test", "--to", "rui@acme.example", "-o", "csv", "--fields", "sender,transport")

    assert result.stdout == "sender,transport\nreports@acme.example,sendmail\n"
    assert b"\nTo: rui@acme.example\n" in (tmp_path / "message").read_bytes()


def test_who_is_refused_is_named_on_stderr(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    open_loopback(monkeypatch)
    monkeypatch.setenv("PARTNERCTL_ME", USER)
    with serving(replies={"RCPT rui@acme.example": "550 5.1.1 no such user"}) as server:
        monkeypatch.setenv("PARTNERCTL_MAIL_TRANSPORT", f"smtp://localhost:{server.port}")
        result = cli("mail", "test", "--to", USER, "--to", "rui@acme.example", "--json", expect=3)

    assert result.json["to"] == [USER]
    assert json.loads(result.stderr)["error"] == {
        "code": "partly_done",
        "message": "the mail server refused rui@acme.example (550 5.1.1 no such user)",
        "hint": f"the mail went to {USER}",
    }


@pytest.mark.parametrize(
    ("me", "transport", "code", "error", "hint"),
    [
        (
            "",
            "sendmail",
            2,
            "nobody is named to send to",
            "give --to ADDRESS, or `partnerctl config set me ADDRESS`",
        ),
        (
            USER,
            f"smtp://{USER}@mail.acme.example",
            4,
            f"nothing says where the password of {ACCOUNT} is",
            (
                "`partnerctl mail password` puts it into the keyring;"
                " then `partnerctl config set mail.password keyring`"
            ),
        ),
        (
            USER,
            "smtp://mail.nowhere.example",
            7,
            "the mail server mail.nowhere.example is not known: Name or service not known",
            "check mail.transport and the network",
        ),
        (
            USER,
            "sendmail:/no/where/sendmail",
            13,
            "/no/where/sendmail cannot be started: No such file or directory",
            "name a mail server: `partnerctl config set mail.transport smtp://USER@HOST`",
        ),
    ],
)
def test_why_a_test_was_not_sent(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, me: str, transport: str, code: int, error: str, hint: str
) -> None:
    open_loopback(monkeypatch)
    monkeypatch.setenv("PARTNERCTL_ME", me)
    monkeypatch.setenv("PARTNERCTL_MAIL_TRANSPORT", transport)
    result = cli("mail", "test", expect=code)

    assert (result.stdout, result.stderr) == ("", f"error: {error}\nhint: {hint}\n")


def test_the_password_goes_from_standard_input_to_the_keyring_to_the_server(
    cli: Cli, server: Server, keyring: MemoryKeyring
) -> None:
    stored = cli("mail", "password", input=f"{SECRET}\nnot this line\n")
    cli("config", "set", "mail.password", "keyring")
    cli("mail", "test")

    assert stored.stdout == ""
    assert stored.stderr == (
        f"the keyring holds the password of {ACCOUNT}\n"
        "next: `partnerctl config set mail.password keyring`, then `partnerctl mail test`\n"
    )
    assert keyring.kept == {ENTRY: SECRET}
    assert server.mail.user == (USER, SECRET)


def test_the_password_can_be_taken_out_again(
    cli: Cli, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_transport(monkeypatch)
    keyring.kept[ENTRY] = SECRET

    removed = [cli("mail", "password", "--remove").stderr for _ in range(2)]

    assert removed == [
        f"the keyring no longer holds the password of {ACCOUNT}\n",
        f"the keyring held no password of {ACCOUNT}\n",
    ]
    assert keyring.kept == {}


def test_a_password_is_typed_at_a_terminal(
    cli: Cli, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_transport(monkeypatch)
    asked: list[str] = []

    def typed(prompt: str, _stream: object) -> str:
        asked.append(prompt)
        return SECRET

    monkeypatch.setattr("getpass.getpass", typed)
    cli("mail", "password", terminal=True)

    assert asked == [f"password of {ACCOUNT}: "]
    assert keyring.kept == {ENTRY: SECRET}


@pytest.mark.parametrize(
    ("given", "code", "error"),
    [
        ("", 2, "no password was given: nothing was stored"),
        ("\nsecret\n", 2, "no password was given: nothing was stored"),
        ("a\0b\n", 2, "what was given: holds characters that no password may have"),
    ],
)
def test_what_is_no_password_is_not_stored(
    cli: Cli, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, given: str, code: int, error: str
) -> None:
    use_transport(monkeypatch)

    assert cli("mail", "password", input=given, expect=code).stderr.startswith(f"error: {error}\n")
    assert keyring.kept == {}


@pytest.mark.parametrize("transport", ["sendmail", "smtp://localhost:25"])
def test_where_no_password_is_needed_none_is_asked_for(
    cli: Cli, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, transport: str
) -> None:
    monkeypatch.setenv("PARTNERCTL_MAIL_TRANSPORT", transport)
    result = cli("mail", "password", input=f"{SECRET}\n", expect=2)

    assert result.stderr.startswith(f"error: mail.transport is {transport}: no password is needed for it\n")


def test_without_a_keyring_there_are_two_other_ways(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    use_transport(monkeypatch)
    monkeypatch.setattr("keyring.core._keyring_backend", NoKeyring())  # type: ignore[no-untyped-call]
    result = cli("mail", "password", input=f"{SECRET}\n", expect=13)

    assert result.stderr == (
        "error: this machine has no keyring that could keep a password\n"
        "hint: put the password into PARTNERCTL_MAIL_PASSWORD, or into a file:"
        " `partnerctl config set mail.password file:/PATH`\n"
    )


@pytest.mark.parametrize(
    ("fault", "code", "error"),
    [
        (EOFError(), 130, "interrupted: nothing was stored"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (getpass.GetPassWarning("echo"), 2, "this terminal would show the password"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_terminal_where_nothing_is_typed_or_all_is_shown(
    cli: Cli,
    keyring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
    code: int,
    error: str,
) -> None:
    def typed(*_: object) -> str:
        raise fault

    use_transport(monkeypatch)
    monkeypatch.setattr("getpass.getpass", typed)

    told = cli("mail", "password", terminal=True, expect=code).stderr.strip()
    assert told.splitlines()[0] == f"error: {error}"
    assert keyring.kept == {}


@pytest.mark.parametrize("encoding", ["utf-8:strict", "utf-8:surrogateescape"])
def test_bytes_that_are_no_text_are_refused_and_not_shown(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "partnerctl", "mail", "password"],
        input=b"s3cret\xff\n",
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "PYTHONIOENCODING": encoding,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PARTNERCTL_MAIL_TRANSPORT": f"smtp://{USER}@mail.acme.example",
        },
    )

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error: what was given")
    assert b"s3cret" not in done.stderr


def test_what_is_typed_is_not_shown(tmp_path: Path) -> None:
    openpty = getattr(os, "openpty", None)
    if openpty is None:
        pytest.skip("no pseudo-terminals on this system")
    (tmp_path / "filed.py").write_text(
        "import json\n"
        "from keyring.backend import KeyringBackend\n"
        "class Filed(KeyringBackend):\n"
        "    priority = 5\n"
        "    def get_password(self, service, username):\n"
        f"        return json.load(open({str(tmp_path / 'kept')!r}))[username]\n"
        "    def set_password(self, service, username, password):\n"
        f"        json.dump({{username: password}}, open({str(tmp_path / 'kept')!r}, 'w'))\n"
    )
    master, terminal = openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "partnerctl", "mail", "password"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env={
            **os.environ,
            "PYTHONPATH": str(tmp_path),
            "PYTHON_KEYRING_BACKEND": "filed.Filed",
            "PARTNERCTL_MAIL_TRANSPORT": f"smtp://{USER}@mail.acme.example",
        },
    )
    os.close(terminal)
    shown = read_until(master, b": ")  # echo is off before the question is there
    os.write(master, f"{SECRET}\n".encode())
    shown += read_until(master, None)
    os.close(master)

    assert child.wait(30) == 0, shown
    assert shown.decode().replace("\r\n", "\n") == (
        f"password of {ACCOUNT}: \n"
        f"the keyring holds the password of {ACCOUNT}\n"
        "next: `partnerctl config set mail.password keyring`, then `partnerctl mail test`\n"
    )
    assert json.loads((tmp_path / "kept").read_text()) == {ACCOUNT: SECRET}


def read_until(master: int, end: bytes | None) -> bytes:
    """Return what comes from a terminal until that, or until the program has ended; 30 seconds at most."""
    text = b""
    while end is None or not text.endswith(end):
        assert select.select([master], [], [], 30)[0], text
        try:
            chunk = os.read(master, 1000)
        except OSError:  # how Linux says that nobody has the terminal open any more
            break
        if not chunk:
            break
        text += chunk
    return text


def everything_told(cli: Cli, home: Path, *words: str, given: str = "", expect: int = 0) -> str:
    """Run a command plainly and with ``--debug``, and return what it printed, and what it left in files."""
    told = []
    for more in ((), ("--debug", "--verbose")):
        result = cli(*words, *more, input=given, expect=expect)
        told += [result.stdout, result.stderr]
    told += [path.read_text("utf-8", "replace") for path in home.rglob("*") if path.is_file()]
    return "\n".join(told)


def assert_unseen(told: str) -> None:
    assert told.strip()
    for form in (SECRET, ascii(SECRET)[1:-1], *CODED):
        assert form not in told


def test_a_password_that_works_is_seen_nowhere(
    cli: Cli, server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERCTL_MAIL_PASSWORD", SECRET)

    assert_unseen(everything_told(cli, home, "mail", "test"))
    assert_unseen(everything_told(cli, home, "mail", "test", "--json"))
    assert_unseen(everything_told(cli, home, "config", "show", "--origin"))
    assert_unseen(everything_told(cli, home, "doctor"))


def test_a_password_that_is_refused_is_seen_nowhere(
    cli: Cli, server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.user = (USER, "another")  # and the server repeats what it was given
    monkeypatch.setenv("PARTNERCTL_MAIL_PASSWORD", SECRET)

    assert_unseen(everything_told(cli, home, "mail", "test", expect=4))
    assert_unseen(everything_told(cli, home, "mail", "test", "--json", expect=4))


def test_a_password_in_the_wrong_place_is_seen_nowhere(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"smtp://ana:{SECRET}@mail.acme.example"
    assert_unseen(everything_told(cli, home, "config", "set", "mail.transport", url, expect=2))
    assert_unseen(everything_told(cli, home, "config", "set", "mail.password", SECRET, expect=2))
    monkeypatch.setenv("PARTNERCTL_MAIL_TRANSPORT", url)
    assert_unseen(everything_told(cli, home, "mail", "test", expect=2))


def test_a_password_in_the_configuration_is_seen_nowhere_else(cli: Cli, home: Path) -> None:
    path = home / "config" / "config.toml"
    path.parent.mkdir(parents=True)
    for line in (f'password = "{SECRET}"', f'transport = "smtp://ana:{SECRET}@mail.acme.example"'):
        path.write_text(f"[profiles.default.mail]\n{line}\n", encoding="utf-8")
        for words in (("mail", "test"), ("config", "set", "me", USER), ("config", "unset", "me")):
            for more in ((), ("--debug",)):
                result = cli(*words, *more, expect=12)
                assert_unseen(result.stdout + result.stderr)
        assert path.read_text(encoding="utf-8").endswith(f"{line}\n")


def test_a_keyring_that_repeats_the_password_is_not_repeated(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_transport(monkeypatch)
    monkeypatch.setattr("keyring.core._keyring_backend", TalkativeKeyring())

    assert_unseen(everything_told(cli, home, "mail", "password", given=f"{SECRET}\n", expect=13))


def test_a_bug_while_mail_is_sent_logs_no_password(
    cli: Cli, server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setenv("PARTNERCTL_MAIL_PASSWORD", SECRET)
    monkeypatch.setattr("partnerctl.delivery.smtp._hand_over", fail)

    told = everything_told(cli, home, "mail", "test", expect=1)
    assert "ZeroDivisionError: boom" in told
    assert_unseen(told)
