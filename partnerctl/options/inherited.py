"""Global options: understood before and after the verb, the last one wins (``cli.md``, Everywhere)."""

from __future__ import annotations

from typing import Any, Protocol

import click

from partnerctl import __version__


class Receiver(Protocol):
    """What the context carries: it takes the global options, by the names of the settings."""

    flags: dict[str, Any]


class GlobalOption(click.Option):
    """An option that every command understands; only the program's own help lists it."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the lines for the help of the program, None for the help of a command."""
        return super().get_help_record(ctx) if ctx.parent is None else None


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is None or param.name is None:
        return
    flags = ctx.obj.flags if ctx.obj is not None else {}
    if param.name in {"quiet", "verbose"}:
        flags.update(quiet=False, verbose=False)
    flags[param.name] = value


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool | None) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"partnerctl {__version__}")
        ctx.exit()


def _flag(*names: str, help: str) -> GlobalOption:  # noqa: A002 - click's own word
    return GlobalOption(
        names, is_flag=True, flag_value=True, default=None, expose_value=False, callback=_remember, help=help
    )


def _value(name: str, metavar: str, help: str) -> GlobalOption:  # noqa: A002
    return GlobalOption([name], metavar=metavar, expose_value=False, callback=_remember, help=help)


GLOBAL_OPTIONS: tuple[click.Option, ...] = (
    _flag("-q", "--quiet", help="No notes and no progress on stderr."),
    _flag("-v", "--verbose", help="More notes on stderr."),
    _flag("--debug", help="SQL on stderr, secrets masked."),
    _flag("--no-color", help="No colours."),
    _value("--profile", "NAME", "Settings and store to work with."),
    _value("--store", "URL", "Store to work with, such as sqlite:///PATH."),
    _value("--wait", "DURATION", "How long to wait for another writer: 30s, 2m."),
    GlobalOption(
        ["--version"],
        is_flag=True,
        flag_value=True,
        default=None,
        expose_value=False,
        is_eager=True,
        callback=_print_version,
        help="Print the version.",
    ),
)
"""The global options, shared by every command."""

MENTION = "Global options work here too, before or after the verb: partnerctl --help"
"""The line that a command's help has instead of their list."""
