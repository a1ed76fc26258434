"""The classes of commands and groups: examples first, global options everywhere, near misses named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import click

from partnerctl.errors import UsageError
from partnerctl.options.inherited import GLOBAL_OPTIONS, MENTION
from partnerctl.options.querying import QueryWords, shield
from partnerctl.output.terminal import terminal_columns

CONTEXT = {"help_option_names": ["-h", "--help"]}
"""Settings of click's context that every command shares."""

WIDEST = 100
"""Columns of help text at most."""


class _Helped:
    """Help with the purpose first, then examples, then how to call it."""

    examples: tuple[str, ...] = ()

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, the global options, and ``--help`` as the last."""
        own = super().get_params(ctx)  # type: ignore[misc]
        return [*own[:-1], *GLOBAL_OPTIONS, own[-1]]

    def get_help(self, ctx: click.Context) -> str:
        """Return the whole help text, as wide as the terminal."""
        ctx.terminal_width = min(max(terminal_columns() - 2, 50), WIDEST)
        return super().get_help(ctx)  # type: ignore[misc,no-any-return]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the whole help text."""
        self.format_help_text(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)  # type: ignore[attr-defined]
        self.format_options(ctx, formatter)  # type: ignore[attr-defined]
        if ctx.parent is not None:
            formatter.write(f"\n{MENTION}\n")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the purpose at the left margin: it stands first."""
        import inspect

        text = inspect.cleandoc(self.help or "").partition("\f")[0]  # type: ignore[attr-defined]
        formatter.write_text(text)


class Command(_Helped, click.Command):
    """A verb. `examples` are whole command lines, shown first in its help."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        kwargs["context_settings"] = {**CONTEXT, **(kwargs.get("context_settings") or {})}
        super().__init__(*args, **kwargs)
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; where a query is expected, ``-product:messaging`` is one, not an option."""
        if any(isinstance(param.type, QueryWords) for param in self.params):
            args = shield(args)
        return super().parse_args(ctx, args)


class Group(_Helped, click.Group):
    """A noun. Alone it prints its help and exits 0; an unknown verb is answered with the nearest ones."""

    command_class = Command

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        kwargs["context_settings"] = {**CONTEXT, **(kwargs.get("context_settings") or {})}
        kwargs.setdefault("subcommand_metavar", "VERB ...")
        kwargs["invoke_without_command"] = True
        super().__init__(*args, **kwargs)
        self.examples = examples

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which they were defined."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb and its words; raises UsageError that names the nearest ones."""
        command = self.get_command(ctx, args[0])
        if command is None and not ctx.resilient_parsing:
            raise self._no_such(ctx, args[0])
        return (command.name if command else None), command, args[1:]

    def _no_such(self, ctx: click.Context, word: str) -> UsageError:
        from partnerctl.domain.folding import did_you_mean

        if re.match(r"-", word):
            return UsageError(f"no such option: {word}", f"see `{ctx.command_path} --help`")
        hint = did_you_mean(word, self.list_commands(ctx), f"see `{ctx.command_path} --help`")
        return UsageError(f"no such command: {ctx.command_path} {word}", hint)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; without one, print help."""
        result = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())
        return result


class DefaultingGroup(Group):
    """A noun that means one of its verbs where no verb is named: `default` is that verb."""

    def __init__(self, *args: Any, default: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; where none of them is a verb, and no help is asked for, the default is meant."""
        if not {*self.commands, "-h", "--help"} & set(args) and (not args or args[0].startswith("-")):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


def noun(name: str, summary: str, *examples: str) -> Group:
    """Return the group of a noun. `summary` is its help in ``partnerctl.cli.COMMANDS``, word for word."""
    return Group(name, help=summary, examples=examples)


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
"""What shared options are: a decorator of a command's function."""


def with_options(function: Callable[..., Any], options: Iterable[Decorator]) -> Callable[..., Any]:
    """Add shared options to a command's function; its help lists them in their order."""
    for option in reversed(tuple(options)):
        function = option(function)
    return function
