"""The standard streams of the process: there, in UTF-8, and written out at the end."""

from __future__ import annotations

import contextlib
import os
import sys
from io import TextIOWrapper
from typing import TextIO

from partnerctl.errors import ExitCode


def prepare_streams() -> None:
    """Put a stream that takes everything where one is closed, and write UTF-8 with plain line ends.

    A closed descriptor would go to the next file that is opened, such as the store. The locale of the
    machine does not count; a lone surrogate is written as its escape.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # it lives as long as the process
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def flushed(code: int) -> int:
    """Write out what is still held, and return the exit code.

    A reader that went away is no failure, nor is a note that found no room; output that found none is.
    """
    fault = _flush(sys.stdout)
    _flush(sys.stderr)
    if fault is None or isinstance(fault, BrokenPipeError):
        return code
    return code or ExitCode.MACHINE


def _flush(stream: TextIO) -> OSError | None:
    try:
        stream.flush()
    except OSError as fault:
        # the interpreter flushes again at its end: give it a file that takes everything
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return fault
    return None
