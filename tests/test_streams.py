"""The standard streams of the program as a process: closed, full, read by nobody; words that are no text."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.test_process import COMMAND, environment

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
needs_posix = pytest.mark.skipif(os.name != "posix", reason="words are text on Windows")


def test_help_that_nobody_reads_ends_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        ran = subprocess.run(
            [*COMMAND, "-h"], env=environment(tmp_path), stdout=closed, stderr=subprocess.PIPE, check=False
        )

    assert (ran.returncode, ran.stderr) == (0, b"")


@needs_full
@pytest.mark.parametrize(
    ("words", "code"),
    [(["roles", "list", "--limit", "1"], 0), (["nonsense"], 2), (["nonsense", "--json"], 2)],
)
def test_a_message_that_finds_no_room_changes_no_exit_code(
    tmp_path: Path, words: list[str], code: int
) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*COMMAND, *words],
            env=environment(tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=full,
            check=False,
        )

    assert ran.returncode == code


@needs_posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("words", "code"), [("roles list --limit 1", 0), ("init", 2)])
def test_a_closed_stream_reads_empty_and_takes_everything(
    tmp_path: Path, closed: str, words: str, code: int
) -> None:
    line = f'"$0" -m partnerctl {words} {closed}'
    ran = subprocess.run(
        ["/bin/sh", "-c", line, COMMAND[0]], env=environment(tmp_path), capture_output=True, check=False
    )

    assert ran.returncode == code
    assert b"Traceback" not in ran.stderr


@needs_posix
@pytest.mark.parametrize(
    "words",
    [["customers", "show"], ["subscriptions", "show"], ["customers", "search"], ["config", "set", "me"]],
)
def test_a_word_that_is_not_text_is_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    ran = subprocess.run(
        [*COMMAND, *words, b"\xff@acme.example"], env=environment(tmp_path), capture_output=True, check=False
    )

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.startswith(b"error: ")
