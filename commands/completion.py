"""``completion``: the completion script of a shell."""

from __future__ import annotations

import click

from partnerctl.options import Command

SHELLS = ("bash", "zsh", "fish", "powershell")
"""The shells that have a script."""


@click.command(
    "completion",
    cls=Command,
    examples=(
        "partnerctl completion bash > ~/.local/share/bash-completion/completions/partnerctl",
        "partnerctl completion zsh > ~/.zfunc/_partnerctl",
        "partnerctl completion fish > ~/.config/fish/completions/partnerctl.fish",
        "partnerctl completion powershell >> $PROFILE",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    It completes commands, options, and the names of customers from the store.
    """
    from partnerctl.options.shells import script

    click.echo(script(shell), nl=False)
