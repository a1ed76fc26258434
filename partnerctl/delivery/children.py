"""Programs that we start: no shell, no secrets of ours, an end within a time limit whatever they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import IO

_SECRETS = ("PASSWORD", "SECRET", "TOKEN")
_KEPT = 2000  # bytes of what was printed; at least 500 characters
_LAST_WORDS = 0.5  # seconds for output that is still on its way when the program has ended, or was killed


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How a program ended: its exit code, below 0 for a signal, None where the time limit ended it.

    `words` is the end of what it printed, on one line, at most 500 characters.
    """

    code: int | None
    words: str


def run_child(words: Sequence[str], given: bytes, limit: float, environ: Mapping[str, str]) -> ChildEnd:
    """Start a program with its arguments, give it bytes on standard input, and return how it ended.

    After `limit` seconds it is killed, with every process that it started and that did not leave its
    process group. What a program leaves running when it ends by itself is left alone, and not waited for.
    Raises OSError where it cannot be started, ValueError for words that no program can be given.
    """
    child = subprocess.Popen(
        list(words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        env=without_secrets(environ),
        start_new_session=sys.platform != "win32",  # a process group of its own, and no terminal
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    assert child.stdin is not None
    assert child.stdout is not None
    tail = _Tail(child.stdout)
    reader = _in_background(tail.read)
    _in_background(partial(_feed, child.stdin, given))
    code: int | None = None
    try:
        code = child.wait(limit)
    except subprocess.TimeoutExpired:
        pass
    finally:
        if code is None:
            _kill(child)
    reader.join(_LAST_WORDS)
    return ChildEnd(code, tail.words)


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without our secrets; a variable that names a file with one is no secret."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith("PARTNERCTL_")
        or name.endswith("_FILE")
        or not any(secret in name for secret in _SECRETS)
    }


class _Tail:
    """Reads what a program prints, however much it is, and keeps the end of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""

    def read(self) -> None:
        with self._stream:
            while chunk := self._stream.read(65536):
                self._kept = (self._kept + chunk)[-_KEPT:]

    @property
    def words(self) -> str:
        """The end of it as harmless text on one line."""
        text = self._kept.decode("utf-8", "replace")
        shown = "".join(character if character.isprintable() else " " for character in text)
        return " ".join(shown.split())[-500:]


def _in_background(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _feed(stdin: IO[bytes], given: bytes) -> None:
    """Write everything, and close; a program need not read it."""
    rest = memoryview(given)
    try:
        with stdin:
            while rest:
                rest = rest[stdin.write(rest) :]
    except OSError:
        return


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, and what it started; one that became another user's is let go."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":  # pragma: no cover - Windows alone
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(child.pid)], capture_output=True, check=False)
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)  # it was not waited for yet: the number is still its own
    with suppress(subprocess.TimeoutExpired):
        child.wait(_LAST_WORDS)
