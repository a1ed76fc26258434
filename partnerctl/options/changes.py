"""Options of commands that change something (``cli.md``, Changes)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """The options of one change: only say what would change; take every confirmation as given."""

    dry_run: bool = False
    yes: bool = False


def change_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--dry-run`` and ``--yes``; the function gets them as ``change: ChangeOptions``."""

    @functools.wraps(function)
    def run(*args: Any, dry_run: bool, yes: bool, **kwargs: Any) -> Any:
        return function(*args, change=ChangeOptions(dry_run, yes), **kwargs)

    run = click.option("-y", "--yes", is_flag=True, help="Answer every confirmation with yes.")(run)
    return click.option("-n", "--dry-run", is_flag=True, help="Print what would change, change nothing.")(run)
