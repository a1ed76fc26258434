"""Secrets that a person gives: typed at the terminal, unseen, or on standard input; never arguments."""

from __future__ import annotations

import sys

from partnerctl.errors import Interrupted, UsageError


def typed_secret(what: str, whose: str = "", *, exact: bool = False) -> str:
    """Return what somebody types at the terminal, where nothing of it is shown.

    `exact`: blanks around it belong to it. Raises UsageError where it would be shown, or nothing is typed.
    """
    import getpass
    import warnings

    from partnerctl.output.terminal import harmless

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            prompt = f"{what} of {harmless(whose)}: " if whose else f"{what}: "
            text = getpass.getpass(prompt, sys.stderr)
    except EOFError as fault:
        raise Interrupted("interrupted: nothing was stored") from fault
    except getpass.GetPassWarning as fault:
        raise UsageError(
            f"this terminal would show the {what}", "give it on standard input, as one line"
        ) from fault
    return _given(text, what, exact)


def piped_secret(what: str, *, exact: bool = False) -> str:
    """Return the first line of standard input; raises UsageError where there is none, or no text."""
    try:
        return _given(sys.stdin.readline().rstrip("\r\n"), what, exact)
    except UnicodeDecodeError:
        raise UsageError("what was given is not UTF-8 text", f"give the {what} as one line") from None


def _given(text: str, what: str, exact: bool) -> str:
    found = text if exact else text.strip()
    if not found:
        raise UsageError(f"no {what} was given: nothing was stored", "type it, or give it on standard input")
    return found
