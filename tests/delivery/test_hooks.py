"""Hooks: whatever the program does, the report goes on."""

import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from partnerctl.delivery.children import without_secrets
from partnerctl.delivery.hooks import HookEnd, run_hook

RECORD = b'{"run_id": 42, "status": "done"}'
SH = "/bin/sh"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs here are scripts of a Unix shell")


def shell(script: str, *words: str, record: bytes = RECORD, limit: float = 30) -> HookEnd:
    """Run a hook that is a script of the shell."""
    return run_hook((SH, "-c", script, "hook", *words), record, limit)


def test_a_hook_gets_the_record_and_its_words_as_they_are(tmp_path: Path) -> None:
    end = shell('cat > "$1/record"; printf "%s\\n" "$@" > "$1/words"', str(tmp_path), "$HOME; *", "")

    assert end == HookEnd(True, "")
    assert (tmp_path / "record").read_bytes() == RECORD
    assert (tmp_path / "words").read_text().splitlines() == [str(tmp_path), "$HOME; *", ""]


def test_a_hook_keeps_its_environment_but_our_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("PARTNERCTL_MAIL_PASSWORD", "PARTNERCTL_TOKEN", "PARTNERCTL_WEBEX_TOKEN_2", "OTHER_TOKEN"):
        monkeypatch.setenv(name, "value")
    monkeypatch.setenv("PARTNERCTL_MAIL_PASSWORD_FILE", "/run/secret")

    shell('env > "$1/environment"', str(tmp_path))

    lines = (tmp_path / "environment").read_text().splitlines()
    seen: dict[str, str] = {name: value for name, _, value in (line.partition("=") for line in lines)}
    ours = {name: value for name, value in seen.items() if name.startswith("PARTNERCTL_") or "TOKEN" in name}
    assert ours == {
        "OTHER_TOKEN": "value",
        "PARTNERCTL_HOME": os.environ["PARTNERCTL_HOME"],
        "PARTNERCTL_MAIL_PASSWORD_FILE": "/run/secret",
    }


def test_what_a_secret_is() -> None:
    names = ("PARTNERCTL_CLIENT_SECRET", "PARTNERCTL_STORE", "PATH", "PASSWORD")

    assert list(without_secrets(dict.fromkeys(names, ""))) == ["PARTNERCTL_STORE", "PATH", "PASSWORD"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 3", "'/bin/sh' exited with 3"),
        ("echo one; echo two >&2; exit 1", "'/bin/sh' exited with 1: one two"),
        ("printf 'red \\033[31m\\377'; exit 1", "'/bin/sh' exited with 1: red [31m\ufffd"),
        ("kill -SEGV $$", "'/bin/sh' was killed by SIGSEGV"),
        ("kill -35 $$", "'/bin/sh' was killed by signal 35"),
        ("kill -9 $$", "'/bin/sh' was killed by SIGKILL"),
        ("no-such-program-anywhere 2>/dev/null", "'/bin/sh' exited with 127"),
    ],
)
def test_a_hook_that_fails_says_how(script: str, reason: str) -> None:
    assert shell(script) == HookEnd(False, reason)


def test_what_a_hook_prints_is_thrown_away_but_for_its_end() -> None:
    script = "yes 0123456789 | head -c 5000000; echo; echo the end; exit 1"

    end = shell(script)

    assert end.reason.endswith(" 0123456789 0123456789 01234 the end")
    assert len(end.reason) == len("'/bin/sh' exited with 1: ") + 500
    assert shell("yes | head -c 5000000") == HookEnd(True, "")


@pytest.mark.parametrize("script", ["exit 0", "exec <&-", "head -c 10 > /dev/null"])
def test_a_hook_need_not_read_the_record(script: str) -> None:
    assert shell(script, record=b"x" * 1_000_000) == HookEnd(True, "")


def test_a_large_record_arrives_whole(tmp_path: Path) -> None:
    record = bytes(range(256)) * 4000

    assert shell('cat > "$1/record"', str(tmp_path), record=record).ok
    assert (tmp_path / "record").read_bytes() == record


def test_a_hook_that_never_ends_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    # both hold the pipe open for as long as they live, and neither listens to a polite request
    script = 'trap "" TERM; exec 3>"$1"; echo up >&3; (trap "" TERM; sleep 60; sleep 60) & echo waiting; wait'

    end = shell(script, str(pipe), limit=1)

    assert end == HookEnd(False, "'/bin/sh' did not end within 1 seconds and was stopped: waiting")
    assert read_to_end(reader) == b"up\n"


def read_to_end(reader: int) -> bytes:
    """Return what comes out of a pipe until nobody holds its other end any more; 10 seconds at most."""
    text = b""
    while select.select([reader], [], [], 10)[0]:
        chunk = os.read(reader, 100)
        if not chunk:
            os.close(reader)
            return text
        text += chunk
    raise AssertionError("somebody still lives")


def test_what_a_hook_leaves_running_is_neither_waited_for_nor_killed(tmp_path: Path) -> None:
    alive, go = tmp_path / "alive", tmp_path / "go"
    os.mkfifo(alive)
    os.mkfifo(go)
    reader = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)

    end = shell('exec 3>"$1"; (read line < "$2"; echo "$line" >&3) & exit 0', str(alive), str(go))

    assert end == HookEnd(True, "")
    go.write_text("later\n")
    assert read_to_end(reader) == b"later\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "names no program"),
        (("no-such-program-anywhere",), "there is no program 'no-such-program-anywhere'"),
        (("{folder}/plain",), "'{folder}/plain' is not a program that may be run"),
        (("{folder}",), "'{folder}' is not a program that may be run"),
        (("{folder}/lost",), "'{folder}/lost': its first line names no program"),
        (
            ("{folder}/mute",),
            "'{folder}/mute' is not a program: a script starts with a line such as #!/bin/sh",
        ),
        (("{folder}/mute", "a\0b"), "'{folder}/mute' cannot be started: embedded null byte"),
        (("/bin/sh", "x" * 3_000_000), "'/bin/sh' cannot be started: Argument list too long"),
    ],
)
def test_a_hook_that_cannot_start_says_why(tmp_path: Path, words: tuple[str, ...], reason: str) -> None:
    for name, text, mode in (
        ("plain", "", 0o644),
        ("lost", "#!/no/where\n", 0o755),
        ("mute", "hello\n", 0o755),
    ):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(mode)

    end = run_hook([word.format(folder=tmp_path) for word in words], RECORD)

    assert end == HookEnd(False, reason.format(folder=tmp_path))


def test_an_interruption_ends_the_hook_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    wait = subprocess.Popen.wait
    calls: list[Any] = []

    def interrupted(child: Any, timeout: float | None = None) -> int:
        calls.append(timeout)
        if len(calls) == 1:
            assert select.select([reader], [], [], 10)[0]
            raise KeyboardInterrupt
        return wait(child, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)

    with pytest.raises(KeyboardInterrupt):
        shell('exec 3>"$1"; echo up >&3; sleep 60', str(pipe))

    assert read_to_end(reader) == b"up\n"


def test_python_itself_can_be_a_hook(tmp_path: Path) -> None:
    code = "import json, sys; sys.exit(json.load(sys.stdin)['run_id'])"

    assert run_hook((sys.executable, "-c", code), RECORD).reason == f"{sys.executable!r} exited with 42"
