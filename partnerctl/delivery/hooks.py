"""Hooks: programs that hear of a run when it has ended (``cli.md``, Schedules). They never fail a report."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from partnerctl.delivery.children import ChildEnd, run_child

HOOK_LIMIT = 30.0
"""Seconds that a hook may take, unless the caller says otherwise."""


@dataclass(frozen=True, slots=True)
class HookEnd:
    """How a hook ended; `reason` says in a few words why it is not `ok`, and is empty where it is."""

    ok: bool
    reason: str


def run_hook(words: Sequence[str], record_json: bytes, limit: float = HOOK_LIMIT) -> HookEnd:
    """Run a hook, a program and its arguments, with the record on standard input; nothing raises.

    No shell reads the words. The hook gets the environment without our secrets, and is killed with what it
    started when `limit` seconds are over. What it prints is thrown away, but for its end where it fails.
    """
    if not words:
        return HookEnd(False, "names no program")
    name = words[0]
    try:
        end = run_child(words, record_json, limit, os.environ)
    except OSError as fault:
        return HookEnd(False, _not_started(name, fault))
    except ValueError as fault:  # a NUL character, or text that is no UTF-8
        return HookEnd(False, f"{name!r} cannot be started: {fault}")
    return _told(name, end, limit)


def _not_started(name: str, fault: OSError) -> str:
    if isinstance(fault, FileNotFoundError):
        there = Path(name).exists()
        return f"{name!r}: its first line names no program" if there else f"there is no program {name!r}"
    if isinstance(fault, PermissionError):
        return f"{name!r} is not a program that may be run"
    if fault.errno == errno.ENOEXEC:
        return f"{name!r} is not a program: a script starts with a line such as #!/bin/sh"
    return f"{name!r} cannot be started: {fault.strerror or fault}"


def _told(name: str, end: ChildEnd, limit: float) -> HookEnd:
    if end.code == 0:
        return HookEnd(True, "")
    if end.code is None:
        reason = f"{name!r} did not end within {limit:g} seconds and was stopped"
    elif end.code < 0:
        reason = f"{name!r} was killed by {_signal(-end.code)}"
    else:
        reason = f"{name!r} exited with {end.code}"
    return HookEnd(False, f"{reason}: {end.words}" if end.words else reason)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
