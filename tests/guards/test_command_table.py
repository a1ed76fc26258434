"""The table of commands is the folder of commands: help and completion read the table alone."""

import click
import pytest

from tests.guards.house import ROOT


@pytest.fixture
def root() -> click.Group:
    """Return the root group."""
    from partnerctl import cli

    (group,) = [value for value in vars(cli).values() if isinstance(value, click.Group)]
    return group


@pytest.fixture
def table() -> dict[str, tuple[str, str]]:
    """Return the table of commands: name to module and help."""
    from partnerctl.cli import COMMANDS

    return {name: (entry.module, entry.help) for name, entry in COMMANDS.items()}


def test_the_table_names_every_file_of_commands(table: dict[str, tuple[str, str]]) -> None:
    files = {path.stem for path in (ROOT / "commands").glob("*.py") if not path.stem.startswith("_")}

    assert {module for module, _ in table.values()} == {f"partnerctl.commands.{name}" for name in files}


def test_the_root_lists_what_the_table_names(root: click.Group, table: dict[str, tuple[str, str]]) -> None:
    assert sorted(root.list_commands(click.Context(root))) == sorted(table)


def test_the_help_in_the_table_is_the_help_of_the_command(
    root: click.Group, table: dict[str, tuple[str, str]]
) -> None:
    commands = {name: root.get_command(click.Context(root), name) for name in table}

    shown = {
        name: (command.name, command.get_short_help_str(limit=1000).rstrip("."))
        for name, command in commands.items()
        if command is not None
    }

    assert shown == {name: (name, text.rstrip(".")) for name, (_, text) in table.items()}
