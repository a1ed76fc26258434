"""Options of commands that can change many things at once (``cli.md``, Changes)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from partnerctl.errors import UsageError
from partnerctl.options.classes import Decorator, with_options
from partnerctl.options.values import ANY_REGION, NamedPath

DEFAULT_MAX = 50
"""Changes that one command makes at most, unless ``--max-changes`` says otherwise."""

INPUT = NamedPath(path_type=Path, allow_dash=True)
"""The type of ``--input``: a file, or ``-`` for standard input."""


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """Which things are changed, where they are not named one by one, and how far that may go."""

    where: str | None = None
    region: tuple[str, ...] = ()
    input: Path | None = None
    max_changes: int = DEFAULT_MAX
    atomic: bool = False
    allow_empty: bool = False
    dry_run: bool = False
    yes: bool = False

    @property
    def many(self) -> bool:
        """Tell whether a query, a region or a file says what is changed."""
        return self.where is not None or bool(self.region) or self.input is not None

    def refuse_named(self, named: str | None, what: str) -> None:
        """Raise UsageError where a thing is named beside the query or the file that says what is changed."""
        if named is not None:
            raise UsageError(f"{what} and --where or --input both say what is changed", "give one of them")

    def named(self, named: str | None, what: str) -> str:
        """Return what is named; raises UsageError where nothing is."""
        if named is None:
            hint = f"name it, or give --where or --input instead of {what}"
            raise UsageError(f"{what} is missing", hint)
        return named

    def check(self) -> None:
        """Raise UsageError where a query and a file are given, or limits without either."""
        if self.input is not None and (self.where is not None or self.region):
            raise UsageError("--input and --where (or --region) both say what is changed", "give one of them")
        if not self.many and (self.atomic or self.allow_empty):
            raise UsageError("--atomic and --allow-empty go with --where or --input", "leave them out")


_REGION: Decorator = click.option(
    "--region", type=ANY_REGION, multiple=True, help="Change all of this region; repeatable."
)
_OPTIONS: tuple[Decorator, ...] = (
    click.option("--where", metavar="QUERY", help="Change all that match; see `partnerctl help queries`."),
    _REGION,
    click.option(
        "--input", "input_", type=INPUT, metavar="FILE|-", help="Change what a file names: JSON or CSV."
    ),
    click.option(
        "--max-changes",
        type=click.IntRange(min=0),
        default=DEFAULT_MAX,
        metavar="N",
        help=f"Refuse to make more changes; default: {DEFAULT_MAX}.",
    ),
    click.option("--atomic", is_flag=True, help="All of them, or none."),
    click.option("--allow-empty", is_flag=True, help="Nothing to change is no error."),
    click.option("-n", "--dry-run", is_flag=True, help="Print what would change, change nothing."),
    click.option("-y", "--yes", is_flag=True, help="Answer every confirmation with yes."),
)


def bulk_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of changes of many; the function gets them as ``bulk: BulkOptions``."""
    return _decorated(function, _OPTIONS)


def bulk_options_without_region(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same options but ``--region``: for a change of the region itself."""
    return _decorated(function, tuple(option for option in _OPTIONS if option is not _REGION))


def _decorated(function: Callable[..., Any], options: tuple[Decorator, ...]) -> Callable[..., Any]:
    names = ["where", "max_changes", "atomic", "allow_empty", "dry_run", "yes"]
    names += ["region"] if _REGION in options else []

    @functools.wraps(function)
    def run(*args: Any, input_: Path | None, **kwargs: Any) -> Any:
        bulk = BulkOptions(input=input_, **{name: kwargs.pop(name) for name in names})
        bulk.check()
        return function(*args, bulk=bulk, **kwargs)

    return with_options(run, options)


def subject_and_words(
    words: tuple[str, ...], bulk: BulkOptions, what: str
) -> tuple[str | None, tuple[str, ...]]:
    """Return the subject and the other words of a command line; with a query or a file there is no subject.

    Raises UsageError where the subject, `what`, is missing.
    """
    if bulk.many:
        return None, words
    return bulk.named(words[0] if words else None, what), words[1:]
