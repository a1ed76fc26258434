"""QUERY as words of a command line (``cli.md``, QUERY)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

_NEGATED = re.compile(r"-[A-Za-z_][A-Za-z_0-9]*(:|!=).*", re.DOTALL)
_SHIELD = "\x00"


class QueryWords(click.ParamType[str]):
    """One word of a query, which may start with a dash."""

    name = "query"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word without its shield."""
        return str(value).removeprefix(_SHIELD)


def shield(args: list[str]) -> list[str]:
    """Return the words with each negated term marked, so that the parser takes it for no option."""
    end = args.index("--") if "--" in args else len(args)
    marked = [_SHIELD + word if _NEGATED.fullmatch(word) else word for word in args[:end]]
    return marked + args[end:]


def query_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument QUERY: the words joined by spaces, or None; the parameter is named ``query``."""

    def join(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> str | None:
        return " ".join(value) or None

    return click.argument("query", nargs=-1, type=QueryWords(), callback=join, metavar="[QUERY]...")(function)
