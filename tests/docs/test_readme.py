"""The README's transcript is what the program prints, word for word."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Cli

README = Path(__file__).parents[2] / "README.md"


def transcript() -> list[tuple[str, str]]:
    """Return each command of the README's transcript and the output shown below it."""
    block = re.search(r"```console\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert block is not None
    parts = re.split(r"^\$ (.*)\n", block[1], flags=re.MULTILINE)[1:]
    return [(command, shown.rstrip("\n")) for command, shown in zip(parts[::2], parts[1::2], strict=True)]


def test_the_transcript_is_what_the_program_prints(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def printed(command: str) -> str:
        result = cli(*shlex.split(command)[1:])
        text = (result.stdout + result.stderr).rstrip("\n")
        return text.replace(str(tmp_path / "home"), "~/partnerctl").replace(str(tmp_path), "~")

    assert [(command, printed(command)) for command, _ in transcript()] == transcript()


def test_every_command_of_the_readme_exists() -> None:
    from partnerctl.cli import COMMANDS

    text = README.read_text("utf-8")
    code = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL) + re.findall(
        r"`(partnerctl [^`]*)`", text
    )
    named = set(re.findall(r"partnerctl (?:--profile \w+ )?([a-z]+)", "\n".join(code)))

    assert named
    assert named <= set(COMMANDS)


def test_the_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    from partnerctl.errors import ExitCode

    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README.read_text("utf-8"), re.MULTILINE)}
    assert listed <= {code.value for code in ExitCode}
