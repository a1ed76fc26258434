"""Sending through a program that takes the words of sendmail."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from partnerctl.delivery.composing import compose
from partnerctl.delivery.delivering import deliver
from partnerctl.delivery.message import Mail
from partnerctl.delivery.sendmail import send_by_program
from partnerctl.delivery.transport import Program
from partnerctl.errors import MachineFault, NotAllowed, PartnerctlError, TimedOut, Unavailable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sendmail is a program of Unix")

MAIL = Mail(
    to=("ana@acme.example", "rui@acme.example"),
    sender="reports@acme.example",
    subject="Devices",
    text="Devices\n.\nafter a dot\n",
    at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    identity="0123456789",
)


def program(folder: Path, script: str, name: str = "sendmail") -> Path:
    """Write a program into a folder, and return its path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\ncd {folder}\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_program_gets_the_addresses_and_the_message(tmp_path: Path) -> None:
    path = program(tmp_path, 'printf "%s\\n" "$@" > words; cat > message')

    assert deliver(MAIL, Program(str(path))) == ()

    words = (tmp_path / "words").read_text().splitlines()
    assert words == ["-i", "-f", "reports@acme.example", "--", "ana@acme.example", "rui@acme.example"]
    assert (tmp_path / "message").read_bytes() == compose(MAIL, line_end="\n")


def test_it_is_looked_for_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "cat > message")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    deliver(MAIL, Program())

    assert b"Subject: Devices\n" in (tmp_path / "message").read_bytes()


def test_it_does_not_see_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_MAIL_PASSWORD", "hush")

    deliver(MAIL, Program(str(program(tmp_path, "env > seen"))))

    assert "hush" not in (tmp_path / "seen").read_text()


def test_where_there_is_none_another_way_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("partnerctl.delivery.sendmail._FOLDERS", ())

    with pytest.raises(MachineFault) as caught:
        deliver(MAIL, Program())

    assert caught.value.reason == "there is no program sendmail on this machine"
    assert caught.value.hint == (
        "name a mail server: `partnerctl config set mail.transport smtp://USER@HOST`"
    )


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MachineFault, match=r"nowhere cannot be started: No such file"):
        deliver(MAIL, Program(str(tmp_path / "nowhere")))


@pytest.mark.parametrize(
    ("script", "kind", "reason"),
    [
        ("echo queue is full >&2; exit 75", Unavailable, "cannot send mail now: queue is full"),
        ("exit 69", Unavailable, "cannot send mail now"),
        ("echo; echo no such user >&2; exit 67", NotAllowed, "refused the mail: no such user"),
        ("exit 77", NotAllowed, "refused the mail"),
        ("printf 'bad \\033[31mline'; exit 64", MachineFault, "exited with 64: bad [31mline"),
        ("kill -9 $$", MachineFault, "was killed by signal 9"),
    ],
)
def test_its_exit_code_decides(tmp_path: Path, script: str, kind: type[PartnerctlError], reason: str) -> None:
    path = program(tmp_path, script)

    with pytest.raises(kind) as caught:
        deliver(MAIL, Program(str(path)))

    assert caught.value.reason == f"{path} {reason}"


def test_one_that_never_ends_is_killed(tmp_path: Path) -> None:
    path = program(tmp_path, "exec sleep 60")

    with pytest.raises(TimedOut, match=r"did not end within 0\.2 seconds"):
        send_by_program(MAIL, Program(str(path)), limit=0.2)
