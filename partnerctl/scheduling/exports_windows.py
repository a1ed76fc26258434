"""The Task Scheduler of Windows: the XML that ``schtasks /Create /XML`` reads.

Form: Microsoft's Task Scheduler schema, version 1.2 (Windows Vista and later).
"""

from __future__ import annotations

from subprocess import list2cmdline
from typing import TYPE_CHECKING

from partnerctl.errors import UsageError
from partnerctl.scheduling.exports_calls import TickCall, check_call, texts_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
"""The namespace of every element."""

LONGEST_PROGRAM = 260
"""Characters of a program's path that the schema allows."""

_LONGEST_FOR_CMD = 8191
# The file is ASCII and names no encoding: so it may be saved, or piped, in any encoding that Windows likes.
_HEAD = """\
<?xml version="1.0"?>
<!-- Does what is due of partnerctl's schedules, every minute, and shows no window. As an administrator:
       schtasks /Create /TN partnerctl-tick /XML partnerctl-tick.xml
     It then runs for that account whether it is signed in or not, without its password, and so without
     folders of other machines and without the Credential Manager. To have those, add: /RU NAME /RP * -->
"""
# A trigger wants its elements in the order of the schema: the start, then the repetition.
_TIME = (("StartBoundary", "2026-01-01T00:00:00"),)
_REPETITION = (("Interval", "PT1M"), ("StopAtDurationEnd", "false"))  # without a duration: for ever
# Signed in or not, no password kept, no window; for whoever registers it, as no user is named.
_PRINCIPAL = (("LogonType", "S4U"), ("RunLevel", "LeastPrivilege"))
_SETTINGS = (
    ("MultipleInstancesPolicy", "Parallel"),
    ("DisallowStartIfOnBatteries", "false"),
    ("StopIfGoingOnBatteries", "false"),
    ("AllowHardTerminate", "true"),
    ("StartWhenAvailable", "true"),
    ("RunOnlyIfNetworkAvailable", "false"),
    ("WakeToRun", "false"),
    ("Enabled", "true"),
    ("Hidden", "false"),  # it would hide the task from its owner, and no window
    ("ExecutionTimeLimit", "PT1H"),
    ("Priority", "7"),
    ("RunOnlyIfIdle", "false"),
)


def windows_task(call: TickCall) -> str:
    """Return the XML of the task, with its declaration.

    The task has no place for an environment, so with one it starts cmd.exe, which sets it. Raises UsageError
    for a text that no XML can hold, and for one that the Task Scheduler or cmd.exe would read differently.
    """
    check_call(call)
    command, arguments = _through_cmd(call) if call.environment else _directly(call)
    if len(command) > LONGEST_PROGRAM:
        raise UsageError(
            f"the path of the program has {len(command)} characters, and a task takes {LONGEST_PROGRAM}",
            "install partnerctl in a folder with a shorter path",
        )
    _check_expansion(f"{command} {arguments}")
    return _HEAD + _xml(command, arguments)


def _directly(call: TickCall) -> tuple[str, str]:
    return call.words[0], list2cmdline(call.words[1:])


def _through_cmd(call: TickCall) -> tuple[str, str]:
    """Return the call of cmd.exe: within its double quotes only ``%`` and ``"`` mean anything.

    ``/d`` runs no AutoRun of the registry, ``/v:off`` leaves ``!`` alone, ``/s`` takes off the outer quotes
    alone. A single ``&`` goes on in any case: setting nothing to nothing counts as a failure.
    """
    for label, text in texts_of(call):
        if '"' in text:
            raise UsageError(f"cmd.exe cannot pass on the quote in {label}", "use a name without quotes")
    sets = [f'set "{name}={value}"' for name, value in call.environment]
    arguments = f'/d /v:off /s /c "{"&".join([*sets, " ".join(map(_quoted, call.words))])}"'
    if len(arguments) > _LONGEST_FOR_CMD - len("cmd.exe "):
        raise UsageError(
            f"the command line has {len(arguments)} characters, more than cmd.exe takes", "use shorter paths"
        )
    return "cmd.exe", arguments


def _quoted(word: str) -> str:
    """Return a word in quotes, as programs of Windows read them: backslashes before a quote are doubled."""
    doubled = "\\" * (len(word) - len(word.rstrip("\\")))
    return f'"{word}{doubled}"'


def _check_expansion(line: str) -> None:
    """Raise UsageError where Windows would put a value in the place of ``%NAME%`` or ``$(NAME)``.

    Neither can be escaped, and which names exist only that machine knows. One ``%`` alone stays as it is.
    """
    if line.count("%") > 1 or "$(" in line:
        raise UsageError(
            "the Task Scheduler would read the % or $( of the command line as variables",
            "use names of files, folders and profiles without them",
        )


def _xml(command: str, arguments: str) -> str:
    import xml.etree.ElementTree as ET

    task = ET.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    _fill(_under(task, "RegistrationInfo"), (("Description", "Runs the partnerctl reports that are due."),))
    trigger = _under(_under(task, "Triggers"), "TimeTrigger")
    _fill(trigger, _TIME)
    _fill(_under(trigger, "Repetition"), _REPETITION)
    principal = _under(_under(task, "Principals"), "Principal")
    principal.set("id", "Author")
    _fill(principal, _PRINCIPAL)
    _fill(_under(task, "Settings"), _SETTINGS)
    actions = _under(task, "Actions")
    actions.set("Context", "Author")
    _fill(_under(actions, "Exec"), (("Command", command), ("Arguments", arguments)))
    ET.indent(task)
    data: bytes = ET.tostring(task, "us-ascii", xml_declaration=False)
    return data.decode("ascii") + "\n"


def _under(parent: Element, tag: str) -> Element:
    from xml.etree.ElementTree import SubElement

    return SubElement(parent, tag)


def _fill(parent: Element, values: tuple[tuple[str, str], ...]) -> None:
    for tag, text in values:
        _under(parent, tag).text = text
