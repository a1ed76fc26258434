"""``help``: topics that concern every command."""

from __future__ import annotations

import click

from partnerctl.errors import UsageError
from partnerctl.options import Command

TOPICS = ("environment", "exit-codes", "files", "formatting", "queries", "scheduling")
"""The topics, as ``help`` lists them."""


@click.command(
    "help",
    cls=Command,
    examples=("partnerctl help", "partnerctl help queries", "partnerctl help exit-codes"),
)
@click.argument("topic", required=False, shell_complete=lambda _ctx, _param, text: _starting(text))
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Explain a topic.

    The topics: environment, exit-codes, files, formatting, queries, scheduling. The name of a command works
    too.
    """
    if topic is None:
        click.echo("\n".join(("Topics:", *(f"  partnerctl help {name}" for name in TOPICS))))
    elif topic in TOPICS:
        click.echo(_text(topic).rstrip("\n"))
    else:
        _help_of_command(ctx, topic)


def _help_of_command(ctx: click.Context, name: str) -> None:
    root = ctx.find_root()
    assert isinstance(root.command, click.Group)
    found = root.command.get_command(root, name)
    if found is None:
        from partnerctl.domain.folding import did_you_mean

        known = [*TOPICS, *root.command.list_commands(root)]
        hint = did_you_mean(name, known, f"choose from: {', '.join(TOPICS)}")
        raise UsageError(f"there is no topic {name!r}", hint)
    with click.Context(found, info_name=name, parent=root) as inner:
        click.echo(found.get_help(inner))


def _text(topic: str) -> str:
    from importlib.resources import files

    text = (files("partnerctl.templates") / f"help-{topic}.txt").read_text(encoding="utf-8")
    return text.replace("{table}", _TABLES[topic]()) if topic in _TABLES else text


def _exit_codes() -> str:
    from partnerctl.errors import ExitCode

    return "\n".join(f"  {code.value:>3}  {code.meaning}" for code in ExitCode)


def _environment() -> str:
    from partnerctl.config.settings import TABLE

    rows = [(setting.variable, setting.help) for setting in TABLE if setting.variable]
    rows += [
        ("PARTNERCTL_MAIL_PASSWORD", "the password of the mail server (also PARTNERCTL_MAIL_PASSWORD_FILE)"),
        ("PARTNERCTL_TOKEN", "a token of Webex that somebody else renews (also PARTNERCTL_TOKEN_FILE)"),
        ("PARTNERCTL_CREDENTIALS_FILE", "the file in which `auth login` keeps tokens, on servers"),
        ("PARTNERCTL_CLIENT_SECRET", "for `auth login` (also PARTNERCTL_CLIENT_SECRET_FILE)"),
        ("PARTNERCTL_HOME", "one folder for configuration, data, state and reports"),
        ("NO_COLOR", "no colours, whatever its value"),
        ("TERM=dumb", "no colours"),
    ]
    width = max(len(variable) for variable, _ in rows)
    return "\n".join(f"  {variable:<{width}}  {text}" for variable, text in rows)


_TABLES = {"exit-codes": _exit_codes, "environment": _environment}


def _starting(text: str) -> list[str]:
    return [topic for topic in TOPICS if topic.startswith(text)]
