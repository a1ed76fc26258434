"""Reporting a failure: one line on stderr, or a JSON envelope; a bug leaves its traceback in a log file."""

from __future__ import annotations

import errno
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from partnerctl import __version__
from partnerctl.errors import ExitCode, MachineFault, PartnerctlError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

_OF_THE_MACHINE = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
    }
)


def wants_json(words: Sequence[str]) -> bool:
    """Tell whether a command line asks for JSON, even one that could not be parsed; the last word wins."""
    asked = ""
    for at, word in enumerate(words):
        if word == "--":
            break
        if word == "--json":
            asked = "json"
        elif word in {"-o", "--output"}:
            asked = words[at + 1] if at + 1 < len(words) else asked
        elif word.startswith("--output="):
            asked = word.removeprefix("--output=")
        elif word.startswith("-o") and len(word) > 2:
            asked = word[2:].removeprefix("=")
    return asked in {"json", "jsonl"}


def report(failure: PartnerctlError, words: Sequence[str]) -> int:
    """Write a failure to stderr in the form that the command line asks for, and return its exit code."""
    return _write(failure.code, failure.reason, failure.hint, words, failure.exit_code)


def report_unexpected(fault: Exception, words: Sequence[str], state: Path, now: datetime) -> int:
    """Write what nobody expected to stderr, and return its exit code.

    A refusal of the machine (disk full, no permission) is told as one; anything else is a bug, whose
    traceback goes to a file in the folder `state`.
    """
    if isinstance(fault, OSError) and fault.errno in _OF_THE_MACHINE:
        where = f": {fault.filename}" if fault.filename else ""
        hint = "check the permissions and the free space"
        return report(MachineFault(f"{fault.strerror or fault}{where}", hint), words)
    try:
        place = f"the details are in {_log(fault, words, state, now)}"
    except OSError as trouble:
        place = f"the details could not be written to {state}: {trouble.strerror or trouble}"
    reason = f"this is a bug in partnerctl ({type(fault).__name__}); {place}"
    return _write("bug", reason, None, words, ExitCode.BUG)


def _log(fault: Exception, words: Sequence[str], state: Path, now: datetime) -> Path:
    import platform
    import re
    from traceback import format_exception

    # a store's URL may hold a password
    line = re.sub(r"://[^/\s@]*@", "://***@", " ".join(words))
    head = f"partnerctl {__version__}, Python {platform.python_version()}, {platform.platform()}\n{line}\n\n"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state / f"bug-{now:%Y%m%dT%H%M%SZ}.log"
    path.touch(mode=0o600)
    path.write_text(head + "".join(format_exception(fault)), encoding="utf-8", errors="backslashreplace")
    return path


def _write(code: str, reason: str, hint: str | None, words: Sequence[str], exit_code: int) -> int:
    if wants_json(words):
        import json

        envelope = {"error": {"code": code, "message": reason, "hint": hint}}
        with suppress(OSError):  # the exit code tells it too
            sys.stderr.write(json.dumps(envelope, ensure_ascii=False) + "\n")
        return exit_code
    from partnerctl.output.terminal import tell

    lines = [f"error: {reason}", f"hint: {hint}"] if hint else [f"error: {reason}"]
    tell("\n".join(lines))
    return exit_code
