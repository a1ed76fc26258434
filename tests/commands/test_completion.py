"""``completion``: the scripts, and what they are answered."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from partnerctl.cli import COMMANDS
from partnerctl.commands.completion import SHELLS
from tests.conftest import Cli

FILES = {
    "bash": "partnerctl.bash",
    "zsh": "_partnerctl",
    "fish": "partnerctl.fish",
    "powershell": "partnerctl.ps1",
}
FOLDER = Path(__file__).parents[2] / "completions"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_folder_holds_what_the_program_prints(cli: Cli, shell: str) -> None:
    assert (FOLDER / FILES[shell]).read_text(encoding="utf-8") == cli("completion", shell).stdout


def answered(cli: Cli, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    monkeypatch.setenv("_PARTNERCTL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "\n".join(("partnerctl", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    return [line.removeprefix("plain,") for line in cli().lines]


def test_commands_come_from_the_table(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(cli, monkeypatch, "") == list(COMMANDS)
    assert answered(cli, monkeypatch, "conf") == ["config"]


def test_verbs_options_and_values_complete(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(cli, monkeypatch, "config", "s") == ["show", "set"]
    assert answered(cli, monkeypatch, "config", "show", "--pro") == ["--profile"]
    assert answered(cli, monkeypatch, "config", "show", "-o", "js") == ["json", "jsonl"]
    assert answered(cli, monkeypatch, "config", "set", "lang") == ["language"]
    assert answered(cli, monkeypatch, "help", "ex") == ["exit-codes"]


def test_a_store_that_cannot_answer_offers_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    from partnerctl.app import App
    from partnerctl.options import complete_customer

    app = App()
    app.flags["store"] = "nonsense://"
    command = click.Command("x")
    with click.Context(command, obj=app) as ctx:
        assert complete_customer(ctx, click.Argument(["customer"]), "ac") == []


def test_names_in_the_store_complete(cli: Cli, tmp_path: Path) -> None:
    import click

    from partnerctl.app import App
    from partnerctl.options import complete_customer

    file = tmp_path / "customers.csv"
    acme, bolt = (f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2))
    file.write_text(f"org_id,name\n{acme},Ácme Ltda\n{bolt},Bolt\n", encoding="utf-8")
    cli("import", str(file))

    with click.Context(click.Command("x"), obj=App()) as ctx:
        assert [item.value for item in complete_customer(ctx, click.Argument(["c"]), "ac")] == ["Ácme Ltda"]


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", "Acme\\,\\ Ltda\nD\\'Or\\ \\$1\n"),
        ("'Ac", "Acme, Ltda\nD'\\''Or $1\n"),
        ('"Ac', "Acme, Ltda\nD'Or \\$1\n"),
    ],
)
def test_bash_gets_names_with_spaces_as_one_word(tmp_path: Path, typed: str, offered: str) -> None:
    program = tmp_path / "partnerctl"
    program.write_text("#!/bin/sh\nprintf 'plain,%s\\n' 'Acme, Ltda' \"D'Or \\$1\"\n")
    program.chmod(0o755)
    script = (
        f"source {FOLDER / 'partnerctl.bash'}\n"
        'COMP_WORDS=(partnerctl customers show "$TYPED") COMP_CWORD=3\n'
        '_partnerctl_completion partnerctl "${TYPED#?}" show\n'
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    ran = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "TYPED": typed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout == offered


def test_completing_the_first_word_imports_no_command() -> None:
    probe = (
        "import os, sys\n"
        "os.environ.update(_PARTNERCTL_COMPLETE='bash_complete', COMP_WORDS='partnerctl c', COMP_CWORD='1')\n"
        "from partnerctl.cli import main\n"
        "try: main([])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('partnerctl.commands.')])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe], cwd=FOLDER.parent, capture_output=True, text=True, check=True
    )

    assert ran.stdout.splitlines()[-1] == "[]"
