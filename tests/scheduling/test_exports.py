"""Entries for other schedulers: each is read as that scheduler reads it, and comes out as it went in."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import UsageError
from partnerctl.scheduling.exports import (
    LONGEST_COMMAND,
    TickCall,
    Unit,
    cron_line,
    systemd_units,
    windows_task,
)

CALL = TickCall(("/opt/pc/bin/partnerctl", "schedules", "tick", "--quiet"))
HOME = ("PARTNERCTL_HOME", "/srv/partner ctl")

AWKWARD = (
    "two  words",
    "o'neil",
    'a "quote"',
    "50%",
    "%d%%n",
    "$HOME ${HOME} $$ $(id) `id`",
    "\\",
    "\\\\server\\share\\",
    "a\\%b\\\\%c",
    "\\'\\\"",
    "ação ✓ 日本",
    ";",
    "a;b&c|d<e>f#g!h*i?j[k]{l}~m^n=o",
    "",
    " ",
    "-x",
    "@file",
    "a=b",
    "*",
    "100%d\\b",
)
"""Words that some scheduler, or the shell that it starts, takes for something else."""

CRONTAB_RULES = ("classic", "strict", "none")
"""How crons treat a backslash: before ``%`` alone, before itself as well, or not at all (busybox)."""

words = st.lists(
    st.text(st.sampled_from(" '\"\\%$`!&;|<>(){}[]*?~#=-@:^abcé✓"), max_size=8), min_size=1, max_size=4
)


# cron -------------------------------------------------------------------------------------------------


def after_cron(command: str, rule: str) -> str:
    """Return the command that a cron hands to sh: up to a bare ``%``, less the escaping backslashes."""
    if rule == "none":
        return command
    kept: list[str] = []
    escaped = False
    for char in command:
        if escaped:
            if char == "%" or (rule == "strict" and char == "\\"):
                kept.pop()
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "%":
            break
        kept.append(char)
    return "".join(kept)


def split_line(line: str) -> str:
    """Return the command of a crontab line, which must be one line that runs every minute."""
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert line.startswith("* * * * * ")
    return line.removeprefix("* * * * * ").removesuffix("\n")


@pytest.fixture(scope="module")
def shell() -> str:
    """Return the path of sh."""
    found = shutil.which("sh")
    if found is None:
        pytest.skip("no sh on this machine: nothing can read the line as cron would have it read")
    return found


def write_printer(path: Path) -> Path:
    """Write a program that prints its words and a variable, each with a NUL after it."""
    path.parent.mkdir(parents=True)
    path.write_text('#!/bin/sh\nprintf \'%s\\0\' "$0" "$@" "$PARTNERCTL_HOME"\n')
    path.chmod(0o755)
    return path


def run_line(shell: str, line: str, rule: str) -> list[str]:
    done = subprocess.run(
        [shell, "-c", after_cron(split_line(line), rule)],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == b""
    return done.stdout.decode().split("\0")[:-1]


def test_a_crontab_line() -> None:
    assert cron_line(replace(CALL, environment=(HOME,))) == (
        "* * * * * PARTNERCTL_HOME='/srv/partner ctl' /opt/pc/bin/partnerctl schedules tick --quiet\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no cron, and no names such as these")
@pytest.mark.parametrize("rule", CRONTAB_RULES)
def test_a_program_that_cron_starts_gets_its_words_and_its_environment(
    shell: str, tmp_path: Path, rule: str
) -> None:
    program = write_printer(tmp_path / "o'neil 100%d \\\\% $x" / "print it")
    call = TickCall((str(program), *AWKWARD), (("PARTNERCTL_HOME", "/srv/50% \\\\'$x"),))
    assert run_line(shell, cron_line(call), rule) == [str(program), *AWKWARD, "/srv/50% \\\\'$x"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no cron")
@pytest.mark.parametrize("rule", CRONTAB_RULES)
@given(found=words)
def test_whatever_the_words_are_sh_reads_them_back(shell: str, rule: str, found: list[str]) -> None:
    line = cron_line(TickCall(("/bin/sh", "-c", "printf '%s\\0' \"$@\"", "sh", *found)))
    assert run_line(shell, line, rule) == found


def test_the_rule_of_cron_that_the_tests_apply() -> None:
    assert after_cron(r"date +\%d; cat%first%second", "classic") == "date +%d; cat"
    assert after_cron(r"a\\b \x", "classic") == r"a\\b \x"
    assert after_cron(r"a\\b \x", "strict") == r"a\b \x"
    assert after_cron("date +%d", "none") == "date +%d"


def test_a_line_that_cron_would_cut_off_is_refused() -> None:
    room = LONGEST_COMMAND - len("/bin/x ")
    assert len(split_line(cron_line(TickCall(("/bin/x", "é" * (room // 2 - 1)))))) <= LONGEST_COMMAND
    with pytest.raises(UsageError, match="the command for cron has 1008 bytes, and cron takes 998"):
        cron_line(TickCall(("/bin/x", "y" * (room + 10))))


# systemd ----------------------------------------------------------------------------------------------

_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}


def items_of(value: str) -> list[str]:
    """Return the items of a setting as systemd.syntax(7), Quoting, and systemd.unit(5), Specifiers, say.

    What those pages leave open, or this reading does not know, fails.
    """
    items: list[str] = []
    rest = value
    while rest := rest.lstrip(" \t"):
        quote = rest[0] if rest[0] in "\"'" else None
        pattern = (
            rf"{quote}((?:[^{quote}\\]|\\.)*){quote}(?=\s|$)" if quote else r"((?:[^\s\\\"']|\\.)+)(?=\s|$)"
        )
        match = re.match(pattern, rest)
        assert match is not None, f"cannot read {rest!r}"
        assert quote or match[1] != ";", "a bare ; would begin another command"
        items.append(re.sub(r"\\(.)", lambda m: _unescaped(m[1]), match[1]))
        rest = rest[match.end() :]
    for item in items:
        assert not re.search(r"(?<!%)(?:%%)*%(?!%)", item), f"a specifier in {item!r}"
    return [item.replace("%%", "%") for item in items]


def _unescaped(char: str) -> str:
    return char if char in "\\\"'" else _ESCAPES[char]


def words_of(command: str) -> list[str]:
    """Return the words of a command as systemd.service(5) has them, Command Lines: ``$$`` is one ``$``."""
    found = items_of(command)
    assert found[0].startswith("/")
    assert not re.search(r"[\"'\\$]", found[0]), "systemd takes no such program"
    for word in found:
        assert not re.search(r"\$(?:[^$]|$)", word.replace("$$", "")), f"a variable in {word!r}"
    words = [word.replace("$$", "$") for word in found]
    if words[:3] == ["/bin/sh", "-c", 'exec "$0" "$@"']:
        return words[3:]
    return words


def setting(unit: Unit, name: str) -> list[str]:
    """Return the values of a setting, one for each of its lines."""
    return re.findall(rf"^{name}=(.*)$", unit.text, re.M)


def test_the_units_of_systemd() -> None:
    service, timer = systemd_units(replace(CALL, environment=(HOME, ("PARTNERCTL_STORE", "sqlite:///x"))))
    assert service.name == "partnerctl-tick.service"
    settings = [line for line in service.text.splitlines() if line and not line.startswith("#")]
    assert settings == [
        "[Unit]",
        "Description=Run the partnerctl reports that are due",
        "[Service]",
        "Type=oneshot",
        'Environment="PARTNERCTL_HOME=/srv/partner ctl"',
        "Environment=PARTNERCTL_STORE=sqlite:///x",
        "ExecStart=/opt/pc/bin/partnerctl schedules tick --quiet",
        "TimeoutStartSec=1h",
        "Nice=10",
        "LimitCORE=0",
    ]
    assert timer == Unit(
        "partnerctl-tick.timer",
        "# Starts partnerctl-tick.service every minute; after a pause, a tick catches up by itself.\n"
        "\n"
        "[Unit]\n"
        "Description=Start partnerctl-tick.service every minute\n"
        "\n"
        "[Timer]\n"
        "OnCalendar=*-*-* *:*:00\n"
        "AccuracySec=1s\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n",
    )


@pytest.mark.parametrize(
    "folder", ["pc", "partner ctl", "ação 100%d", "o'neil", 'a "b"', "$x ${HOME}", "a\\b"]
)
def test_a_program_that_systemd_starts_gets_its_words_and_its_environment(folder: str) -> None:
    call = TickCall(
        (f"/opt/{folder}/partnerctl", *AWKWARD), (("A", AWKWARD[5]), ("B", 'x "%" \\ y'), ("C", ""))
    )
    service, _ = systemd_units(call)
    (command,) = setting(service, "ExecStart")
    assert words_of(command) == list(call.words)
    assignments = [items_of(value) for value in setting(service, "Environment")]
    assert assignments == [[f"{name}={value}"] for name, value in call.environment]


@given(found=words)
def test_whatever_the_words_are_systemd_reads_them_back(found: list[str]) -> None:
    call = TickCall((f"/opt/x{found[0]}", *found), (("A", found[0]),))
    service, _ = systemd_units(call)
    assert words_of(setting(service, "ExecStart")[0]) == list(call.words)
    assert items_of(setting(service, "Environment")[0]) == [f"A={found[0]}"]


@pytest.mark.parametrize("folder", ["partner ctl", 'o\'neil "100%d" $x ${HOME} \\ é'])
def test_systemd_itself_finds_nothing_wrong(tmp_path: Path, folder: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed: nothing here can check the units as systemd does")
    program = write_printer(tmp_path / folder / "partnerctl")
    call = TickCall((str(program), *AWKWARD), (("PARTNERCTL_HOME", AWKWARD[5]),))
    paths = []
    for unit in systemd_units(call):
        paths.append(tmp_path / unit.name)
        paths[-1].write_text(unit.text, "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", *paths], capture_output=True, text=True, check=False, timeout=120
    )
    assert "partnerctl-tick" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr


def test_the_check_of_systemd_would_find_what_is_wrong(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    service, _ = systemd_units(TickCall((str(tmp_path / "no such" / "partnerctl"),)))
    path = tmp_path / service.name
    path.write_text(service.text, "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", path], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode != 0
    assert "partnerctl-tick" in done.stderr


# Windows ----------------------------------------------------------------------------------------------

_TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
PROGRAM = "C:\\Program Files\\partnerctl\\partnerctl.exe"


def as_argv(line: str) -> list[str]:
    """Return the words of a command line as programs of Windows split it, the program not among them."""
    words: list[str] = []
    rest = line.lstrip(" \t")
    while rest:
        word, quoted, at = "", False, 0
        while at < len(rest) and (quoted or rest[at] not in " \t"):
            slashes = len(rest) - at - len(rest[at:].lstrip("\\"))
            at += slashes
            if at < len(rest) and rest[at] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word += '"'
                else:
                    quoted = not quoted
                at += 1
            elif slashes:
                word += "\\" * slashes
            else:
                word += rest[at]
                at += 1
        words.append(word)
        rest = rest[at:].lstrip(" \t")
    return words


def as_cmd(arguments: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the words and the environment of what cmd.exe starts, for ``/d /v:off /s /c "..."``."""
    assert arguments.startswith('/d /v:off /s /c "')
    assert arguments.endswith('"')
    assert arguments.count("%") < 2
    *sets, command = re.findall(r'((?:"[^"]*"|[^"&])+)(?:&|$)', arguments[len('/d /v:off /s /c "') : -1])
    environment = []
    for one in sets:
        match = re.fullmatch(r'set "(\w+)=(.*)"', one)
        assert match is not None, one
        environment.append((match[1], match[2]))
    assert not re.search(r"[&|<>^()!]", re.sub(r'"[^"]*"', "", command)), "cmd.exe would act on that"
    return as_argv(command), environment


def action(text: str) -> tuple[str, str]:
    """Return the command and the arguments of a task."""
    found = ET.fromstring(text).find(f"{_TASK}Actions/{_TASK}Exec")
    assert found is not None
    command, arguments = found
    assert (command.tag, arguments.tag) == (f"{_TASK}Command", f"{_TASK}Arguments")
    return command.text or "", arguments.text or ""


def as_lists(element: ET.Element) -> list[object]:
    """Return an element as nested lists: its name, its text, its children."""
    text = (element.text or "").strip()
    return [element.tag.removeprefix(_TASK), *([text] if text else []), *map(as_lists, element)]


def test_a_task_of_windows() -> None:
    text = windows_task(TickCall((PROGRAM, "schedules", "tick", "--quiet")))
    task = ET.fromstring(text)
    assert task.attrib == {"version": "1.2"}
    assert as_lists(task) == [
        "Task",
        ["RegistrationInfo", ["Description", "Runs the partnerctl reports that are due."]],
        [
            "Triggers",
            [
                "TimeTrigger",
                ["StartBoundary", "2026-01-01T00:00:00"],
                ["Repetition", ["Interval", "PT1M"], ["StopAtDurationEnd", "false"]],
            ],
        ],
        ["Principals", ["Principal", ["LogonType", "S4U"], ["RunLevel", "LeastPrivilege"]]],
        [
            "Settings",
            ["MultipleInstancesPolicy", "Parallel"],
            ["DisallowStartIfOnBatteries", "false"],
            ["StopIfGoingOnBatteries", "false"],
            ["AllowHardTerminate", "true"],
            ["StartWhenAvailable", "true"],
            ["RunOnlyIfNetworkAvailable", "false"],
            ["WakeToRun", "false"],
            ["Enabled", "true"],
            ["Hidden", "false"],
            ["ExecutionTimeLimit", "PT1H"],
            ["Priority", "7"],
            ["RunOnlyIfIdle", "false"],
        ],
        ["Actions", ["Exec", ["Command", PROGRAM], ["Arguments", "schedules tick --quiet"]]],
    ]
    principal, actions = task.find(f".//{_TASK}Principal"), task.find(f"{_TASK}Actions")
    assert principal is not None
    assert actions is not None
    assert principal.attrib["id"] == actions.attrib["Context"]


def test_a_task_is_the_same_in_every_encoding_that_windows_may_write_it_in() -> None:
    text = windows_task(TickCall(("C:\\Ação\\partnerctl.exe", "日本 & <b>")))
    assert text.isascii()
    assert text.startswith('<?xml version="1.0"?>\n')
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        root = ET.fromstring(text.encode(encoding))
        assert root.findtext(f".//{_TASK}Command") == "C:\\Ação\\partnerctl.exe"
        assert root.findtext(f".//{_TASK}Arguments") == '"日本 & <b>"'


def test_an_environment_is_set_by_cmd() -> None:
    call = TickCall((PROGRAM, "schedules", "tick"), (("PARTNERCTL_HOME", "D:\\Dados & Cia\\"), ("B", "")))
    assert action(windows_task(call)) == (
        "cmd.exe",
        (
            '/d /v:off /s /c "set "PARTNERCTL_HOME=D:\\Dados & Cia\\"&set "B="&'
            '"C:\\Program Files\\partnerctl\\partnerctl.exe" "schedules" "tick""'
        ),
    )


@given(found=words)
def test_whatever_the_words_are_windows_reads_them_back_or_they_are_refused(found: list[str]) -> None:
    call = TickCall((PROGRAM, *found), (("A", found[0]),))
    plain = replace(call, environment=())
    joined = "".join(found)
    if joined.count("%") < 2 and "$(" not in " ".join(found):
        command, arguments = action(windows_task(plain))
        assert [command, *as_argv(arguments)] == list(plain.words)
    else:
        with pytest.raises(UsageError):
            windows_task(plain)
    if (joined + found[0]).count("%") < 2 and "$(" not in " ".join(found) and '"' not in joined:
        command, arguments = action(windows_task(call))
        assert command == "cmd.exe"
        assert as_cmd(arguments) == (list(call.words), list(call.environment))
    else:
        with pytest.raises(UsageError):
            windows_task(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            TickCall(("C:\\%USERNAME%\\partnerctl.exe",)),
            "the Task Scheduler would read the % or $( of the command line as variables",
        ),
        (
            TickCall((PROGRAM, "$(Arg0)")),
            "the Task Scheduler would read the % or $( of the command line as variables",
        ),
        (TickCall((PROGRAM,), (("A", 'a "secret"'),)), "cmd.exe cannot pass on the quote in A"),
        (
            TickCall((PROGRAM,), (("A", "x" * 8200),)),
            "the command line has 8271 characters, more than cmd.exe takes",
        ),
        (
            TickCall((f"C:\\{'x' * 260}.exe",)),
            "the path of the program has 267 characters, and a task takes 260",
        ),
    ],
)
def test_what_windows_would_read_differently_is_refused(call: TickCall, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        windows_task(call)
    assert caught.value.reason == reason
    assert caught.value.hint


# What no scheduler's file can hold ------------------------------------------------------------------------


@pytest.mark.parametrize("export", [cron_line, systemd_units, windows_task])
@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (TickCall(()), "no program is not the full path of a program"),
        (TickCall(("partnerctl", "schedules")), "'partnerctl' is not the full path of a program"),
        (TickCall(("./partnerctl",)), "'./partnerctl' is not the full path of a program"),
        (
            replace(CALL, words=(*CALL.words, "a\n* * * * * rm")),
            "'a\\n* * * * * rm' has a character that no scheduler's file can hold",
        ),
        (TickCall(("/opt/a\rb",)), "'/opt/a\\rb' has a character that no scheduler's file can hold"),
        (TickCall(("/opt/a\0b",)), "'/opt/a\\x00b' has a character that no scheduler's file can hold"),
        (TickCall(("/opt/a\udce9",)), "'/opt/a\\udce9' has a character that no scheduler's file can hold"),
        (
            replace(CALL, environment=(("PARTNERCTL_STORE", "secret\n"),)),
            "PARTNERCTL_STORE has a character that no scheduler's file can hold",
        ),
        (replace(CALL, environment=(("A B", "c"),)), "'A B' is no name of an environment variable"),
    ],
)
def test_what_no_file_can_hold_is_refused(export: object, call: TickCall, reason: str) -> None:
    assert callable(export)
    with pytest.raises(UsageError) as caught:
        export(call)
    assert caught.value.reason == reason
    assert caught.value.hint
