"""Sending through the program ``sendmail``, which every mail system for Unix brings along."""

from __future__ import annotations

import os
import shutil

from partnerctl.delivery.children import ChildEnd, run_child
from partnerctl.delivery.composing import compose
from partnerctl.delivery.message import Mail
from partnerctl.delivery.transport import Program
from partnerctl.errors import MachineFault, NotAllowed, PartnerctlError, TimedOut, Unavailable

SENDMAIL_LIMIT = 300.0
"""Seconds that the program may take: some talk to the server themselves while we wait."""

_FOLDERS = ("/usr/sbin", "/usr/lib")  # where it is, though no PATH of a person names them
# sysexits.h, as every sendmail answers
_LATER = frozenset({69, 75})  # a service is unavailable, a passing failure
_REFUSED = frozenset({67, 68, 77})  # unknown user, unknown host, no permission


def send_by_program(mail: Mail, program: Program, limit: float = SENDMAIL_LIMIT) -> None:
    """Hand a mail over to the program; what becomes of it is the mail system's affair.

    Raises MachineFault where there is no such program or it fails, Unavailable where it says that it may
    work later, NotAllowed where it refuses, TimedOut after `limit` seconds.
    """
    path = _find(program)
    given = compose(mail, line_end="\n")
    # -i: a line with a dot alone is text like any other. Addresses do not start with -, and -- says so too
    words = (path, "-i", "-f", mail.sender, "--", *mail.to)
    try:
        end = run_child(words, given, limit, os.environ)
    except OSError as fault:
        raise _missing(f"{path} cannot be started: {fault.strerror or fault}") from fault
    if end.code != 0:
        raise _failed(path, end, limit)


def _find(program: Program) -> str:
    if program.path is not None:
        return os.path.expanduser(program.path)  # noqa: PTH111 - a word of a command line
    search = os.pathsep.join((os.environ.get("PATH", os.defpath), *_FOLDERS))
    found = shutil.which("sendmail", path=search)
    if found is None:
        raise _missing("there is no program sendmail on this machine")
    return found


def _missing(reason: str) -> MachineFault:
    hint = "name a mail server: `partnerctl config set mail.transport smtp://USER@HOST`"
    return MachineFault(reason, hint)


def _failed(path: str, end: ChildEnd, limit: float) -> PartnerctlError:
    said = f": {end.words[-200:]}" if end.words else ""
    if end.code is None:
        return TimedOut(f"{path} did not end within {limit:g} seconds{said}", "look at its queue and its log")
    if end.code in _LATER:
        return Unavailable(f"{path} cannot send mail now{said}", "try again later, or look at its log")
    if end.code in _REFUSED:
        return NotAllowed(f"{path} refused the mail{said}", "check the addresses, and mail.from")
    how = f"exited with {end.code}" if end.code > 0 else f"was killed by signal {-end.code}"
    return MachineFault(f"{path} {how}{said}", "look at its log")
