"""What starts ``partnerctl schedules tick`` every minute: cron, systemd, or the Task Scheduler of Windows.

Pure functions that return text (``cli.md``, Schedules). Each form has its own rules of quoting; by each of
them the program gets exactly the words and the environment of the call.
"""

from __future__ import annotations

import re
import shlex

from partnerctl.errors import UsageError
from partnerctl.scheduling.exports_calls import TickCall, Unit, check_call
from partnerctl.scheduling.exports_windows import windows_task

__all__ = ["LONGEST_COMMAND", "TickCall", "Unit", "cron_line", "systemd_units", "windows_task"]

LONGEST_COMMAND = 998
"""Bytes of a command that every cron takes: the classic ones cut off what is longer, without a word."""

# Cron ----------------------------------------------------------------------------------------------


def cron_line(call: TickCall) -> str:
    """Return one line for a crontab, with its line end.

    Raises UsageError for a text that no crontab can hold, and for a line that is too long for cron.
    """
    check_call(call)
    assignments = [f"{name}={_sh_word(value)}" for name, value in call.environment]
    command = " ".join([*assignments, *map(_sh_word, call.words)])
    size = len(command.encode())
    if size > LONGEST_COMMAND:
        raise UsageError(
            f"the command for cron has {size} bytes, and cron takes {LONGEST_COMMAND}",
            "use shorter paths, such as a link to the folder, or --systemd",
        )
    return f"* * * * * {command}\n"


def _sh_word(text: str) -> str:
    r"""Return `text` as one word for sh within a crontab.

    Cron ends the command at a bare ``%`` and makes ``%`` of ``\%``. Outside of quotes so does sh, thus the
    word is right where cron knows no such rule. Two backslashes are kept apart: some crons make one of them.
    """
    quoted = r"\%".join(shlex.quote(part) if part else "" for part in text.split("%")) or "''"
    return re.sub(r"\\(?=\\)", r"\\''", quoted)


# systemd -------------------------------------------------------------------------------------------

_SERVICE = """\
# Does what is due of partnerctl's schedules, and ends; partnerctl-tick.timer starts it every minute.
# To run it for your own account, put both files into ~/.config/systemd/user, and then:
#   systemctl --user daemon-reload
#   systemctl --user enable --now partnerctl-tick.timer
#   loginctl enable-linger        (lets it run while you are not signed in)

[Unit]
Description=Run the partnerctl reports that are due

[Service]
Type=oneshot
{environment}ExecStart={command}
TimeoutStartSec=1h
Nice=10
# No core files: they could hold customers' data. NoNewPrivileges= and whatever implies it is left out, for
# the sendmail of most machines could not deliver mail under it.
LimitCORE=0
"""

_TIMER = """\
# Starts partnerctl-tick.service every minute; after a pause, a tick catches up by itself.

[Unit]
Description=Start partnerctl-tick.service every minute

[Timer]
OnCalendar=*-*-* *:*:00
AccuracySec=1s

[Install]
WantedBy=timers.target
"""

_PLAIN = re.compile(r"[A-Za-z0-9_./:@+,=-]+")
# systemd refuses a program whose path has one of the first three, and may expand the last one in its name
_UNFIT_FOR_PROGRAM = re.compile(r"[\"'\\$]")
_THROUGH_SHELL = ("/bin/sh", "-c", 'exec "$0" "$@"')


def systemd_units(call: TickCall) -> tuple[Unit, ...]:
    """Return the service and the timer, for a user's own systemd or for the system's.

    Raises UsageError for a text that no unit can hold.
    """
    check_call(call)
    words = call.words
    if _UNFIT_FOR_PROGRAM.search(words[0]):
        words = (*_THROUGH_SHELL, *words)
    command = " ".join(_unit_word(word).replace("$", "$$") for word in words)
    environment = "".join(
        f"Environment={_unit_word(f'{name}={value}')}\n" for name, value in call.environment
    )
    return (
        Unit("partnerctl-tick.service", _SERVICE.format(environment=environment, command=command)),
        Unit("partnerctl-tick.timer", _TIMER),
    )


def _unit_word(text: str) -> str:
    """Return `text` as one item of a unit file; a ``$`` means something in a command only."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
