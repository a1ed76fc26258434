"""The standard streams of the program as a process: closed, full, read by nobody; words that are no text."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from partnerctl.errors import ExitCode
from partnerctl.streams import flushed, prepare_streams
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


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # what stands in for a closed stream lasts for good
def test_in_the_place_of_closed_streams_stand_some_that_read_empty_and_take_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)

    prepare_streams()

    assert sys.stdin.read() == ""
    assert sys.stdout.write("Ação\n") == sys.stderr.write("Ação\n") == 5
    assert flushed(0) == 0


def test_streams_are_utf_8_with_plain_line_ends_and_others_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    out, err = io.TextIOWrapper(raw, encoding="ascii", newline="\r\n"), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)

    prepare_streams()
    sys.stdout.write("Ação \ud800\n")
    sys.stderr.write("note\n")

    assert flushed(5) == 5
    assert raw.getvalue() == "Ação \\ud800\n".encode()
    assert (sys.stderr, err.getvalue()) == (err, "note\n")


class Stuck(io.StringIO):
    """A stream that cannot be written out."""

    def __init__(self, fault: OSError) -> None:
        super().__init__()
        self._fault = fault

    def flush(self) -> None:
        raise self._fault


@needs_full
@pytest.mark.parametrize(("code", "ends"), [(0, ExitCode.MACHINE), (5, 5)])
def test_output_that_finds_no_room_at_the_end_is_the_machine_unless_something_failed_before(
    monkeypatch: pytest.MonkeyPatch, code: int, ends: int
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        full.write("held back")

        assert flushed(code) == ends
        full.flush()  # the interpreter does so once more: now there is room


@pytest.mark.parametrize(
    ("stream", "fault"), [("stdout", BrokenPipeError()), ("stderr", OSError("there is no room"))]
)
def test_a_reader_that_went_away_and_a_note_without_room_change_nothing(
    monkeypatch: pytest.MonkeyPatch, stream: str, fault: OSError
) -> None:
    monkeypatch.setattr(sys, stream, Stuck(fault))

    assert (flushed(0), flushed(10)) == (0, 10)
