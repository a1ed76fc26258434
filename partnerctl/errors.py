"""Every failure that partnerctl expects, and the exit code that each one ends with.

    PartnerctlError            1    never raised itself: a bug is any other exception
    ├── UsageError             2    unknown option, bad value, file not there, confirmation impossible
    ├── PartlyDone             3    some items failed; the others are done
    ├── NotAllowed             4    not signed in, or the role does not allow it
    ├── NotFound               5    nothing by that name
    │   └── Ambiguous          5    several by that name
    ├── Conflict               6    a limit, or something that stands in the way
    ├── Unavailable            7    the remote side, after retries
    ├── TimedOut               8
    ├── Locked                 9    another run holds the lock
    ├── CheckFailed           10    a check found something
    ├── StaleData             11    older than --max-age
    ├── InvalidData           12    a configuration or data file: which, where, what; nothing was changed
    ├── MachineFault          13    disk full, no permission, file in use, damaged store
    └── Interrupted          130    Ctrl-C

An error is a reason and what to do next. Whoever raises chooses the words; only ``partnerctl.cli``
catches, prints and exits (``cli.md``, exit codes).
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar, Self


class ExitCode(IntEnum):
    """The exit codes of the command line; scripts rely on them, so they only ever grow (``cli.md``)."""

    DONE = 0
    BUG = 1
    USAGE = 2
    PARTLY_DONE = 3
    NOT_ALLOWED = 4
    NOT_FOUND = 5
    CONFLICT = 6
    UNAVAILABLE = 7
    TIMED_OUT = 8
    LOCKED = 9
    CHECK_FAILED = 10
    STALE_DATA = 11
    INVALID_DATA = 12
    MACHINE = 13
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """Say in a few words what the code means, as ``help exit-codes`` prints it."""
        return _MEANINGS[self]


_MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done (an empty list is done)",
    ExitCode.BUG: "unexpected error (a bug); the message names a log file",
    ExitCode.USAGE: "wrong usage: unknown option, bad value, file not there, confirmation impossible",
    ExitCode.PARTLY_DONE: "partly done: some items failed; stderr says which, stdout holds what worked",
    ExitCode.NOT_ALLOWED: "not signed in, or the role does not allow it",
    ExitCode.NOT_FOUND: "not found, or ambiguous",
    ExitCode.CONFLICT: "conflict or limit",
    ExitCode.UNAVAILABLE: "the remote side is unavailable or rate-limited after retries: try again later",
    ExitCode.TIMED_OUT: "timed out",
    ExitCode.LOCKED: "another run holds the lock",
    ExitCode.CHECK_FAILED: "a check found something (with --exit-code)",
    ExitCode.STALE_DATA: "the data is older than --max-age",
    ExitCode.INVALID_DATA: "a configuration or data file is invalid; nothing was changed",
    ExitCode.MACHINE: "the machine: disk full, no permission, file in use, damaged store",
    ExitCode.INTERRUPTED: "interrupted",
}


class PartnerctlError(Exception):
    """Base of every expected failure: a reason, and a hint that says what to do next."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG
    code: ClassVar[str] = "error"

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class UsageError(PartnerctlError):
    """Wrong usage: the words of the call are off (exit 2)."""

    exit_code = ExitCode.USAGE
    code = "usage"


class PartlyDone(PartnerctlError):
    """Some items failed, the others are done and stay done (exit 3)."""

    exit_code = ExitCode.PARTLY_DONE
    code = "partly_done"


class NotAllowed(PartnerctlError):
    """Not signed in, or the role of the acting person does not allow it (exit 4)."""

    exit_code = ExitCode.NOT_ALLOWED
    code = "not_allowed"


class NotFound(PartnerctlError):
    """There is nothing by that name or id (exit 5)."""

    exit_code = ExitCode.NOT_FOUND
    code = "not_found"


class Ambiguous(NotFound):
    """More than one thing goes by that name (exit 5)."""

    code = "ambiguous"


class Conflict(PartnerctlError):
    """A limit, or something that stands in the way of a change (exit 6)."""

    exit_code = ExitCode.CONFLICT
    code = "conflict"


class Unavailable(PartnerctlError):
    """The remote side did not answer, or rate-limited us, after retries (exit 7)."""

    exit_code = ExitCode.UNAVAILABLE
    code = "unavailable"


class TimedOut(PartnerctlError):
    """A time limit ran out (exit 8)."""

    exit_code = ExitCode.TIMED_OUT
    code = "timed_out"


class Locked(PartnerctlError):
    """Another run is writing and did not end within ``--wait`` (exit 9)."""

    exit_code = ExitCode.LOCKED
    code = "locked"


class CheckFailed(PartnerctlError):
    """A check found what it was asked to look for (exit 10)."""

    exit_code = ExitCode.CHECK_FAILED
    code = "check_failed"


class StaleData(PartnerctlError):
    """The newest data used is older than ``--max-age`` (exit 11)."""

    exit_code = ExitCode.STALE_DATA
    code = "stale_data"


class InvalidData(PartnerctlError):
    """A configuration or data file is invalid; nothing was changed (exit 12)."""

    exit_code = ExitCode.INVALID_DATA
    code = "invalid_data"

    @classmethod
    def at(
        cls, file: str, line: int | None, field: str | None, problem: str, hint: str | None = None
    ) -> Self:
        """Build the error that names the file, the line and the field, as far as each is known."""
        place = file if line is None else f"{file}, line {line}"
        return cls(f"{place}: {field}: {problem}" if field else f"{place}: {problem}", hint)


class MachineFault(PartnerctlError):
    """The machine: disk full, no permission, file in use, damaged store (exit 13)."""

    exit_code = ExitCode.MACHINE
    code = "machine"


class Interrupted(PartnerctlError):
    """Somebody pressed Ctrl-C (exit 130)."""

    exit_code = ExitCode.INTERRUPTED
    code = "interrupted"
