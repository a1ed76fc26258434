"""Output and listing options: declared here once, handed to a command as one frozen value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from partnerctl.errors import UsageError
from partnerctl.options.classes import Decorator, with_options
from partnerctl.options.values import AGE, ANY_REGION, DAY
from partnerctl.output.shape import FORMATS, ListingOptions, OutputOptions

_FORMAT = "partnerctl.format"

_MOST = 2**63 - 1
"""The largest number that a database reads; no list has as many records."""


def _remember_format(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[_FORMAT] = value


def _words(text: str | None, option: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in (text or "").split(","))
    if not all(words):
        raise UsageError(f"{option}: {text!r} is not a list of names", f"write {option} name,org_id")
    return words


def split_words(_ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Return the words between the commas of an option's value, None where it is not given."""
    return None if value is None else _words(value, param.opts[0])


def _storable(_ctx: click.Context, _param: click.Parameter, value: int | None) -> int | None:
    return None if value is None else min(value, _MOST)


_OUTPUT: tuple[Decorator, ...] = (
    click.option(
        "-o",
        "--output",
        type=click.Choice(FORMATS),
        expose_value=False,
        callback=_remember_format,
        help="Format of the output; default: table.",
    ),
    click.option(
        "--json",
        "json_",
        flag_value="json",
        default=None,
        expose_value=False,
        callback=_remember_format,
        help="Same as -o json.",
    ),
    click.option("--fields", metavar="A,B,C", callback=split_words, help="Fields to show, in that order."),
    click.option("--no-header", is_flag=True, help="No header line (table, csv, tsv)."),
)

_LISTING: dict[str, Decorator] = {
    "limit": click.option(
        "--limit", type=click.IntRange(min=0), metavar="N", callback=_storable, help="At most N records."
    ),
    "sort": click.option(
        "--sort",
        metavar="FIELD[,-FIELD]",
        callback=split_words,
        help="Order; - for descending. Default: name, id.",
    ),
    "where": click.option(
        "--where", metavar="QUERY", help="Only what matches; see `partnerctl help queries`."
    ),
    "region": click.option(
        "--region", type=ANY_REGION, multiple=True, help="Only this region, or unknown; repeatable."
    ),
    "as_of": click.option(
        "--as-of", type=DAY, help="What was known of that day: 2026-11-23, yesterday, -30d."
    ),
    "max_age": click.option(
        "--max-age", type=AGE, help="Exit 11 where the newest data is older, such as 8d."
    ),
}


def _format() -> str:
    return str(click.get_current_context().meta.get(_FORMAT, FORMATS[0]))


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the output options; the function gets them as ``output: OutputOptions``."""

    @functools.wraps(function)
    def run(*args: Any, fields: tuple[str, ...] | None, no_header: bool, **kwargs: Any) -> Any:
        return function(*args, output=OutputOptions(_format(), fields, not no_header), **kwargs)

    return with_options(run, _OUTPUT)


def listing_options(*without: str) -> Decorator:
    """Add the options of a list, except those named: the function gets ``listing: ListingOptions``.

    Names are those of ListingOptions: ``limit``, ``sort``, ``where``, ``region``, ``as_of``, ``max_age``.
    """
    offered = [name for name in _LISTING if name not in without]
    if unknown := set(without) - set(_LISTING):
        raise ValueError(f"no listing options: {unknown}")

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, fields: tuple[str, ...] | None, no_header: bool, **kwargs: Any) -> Any:
            chosen = {name: kwargs.pop(name) for name in offered}
            if "sort" in chosen:
                chosen["sort"] = chosen["sort"] or ()
            listing = ListingOptions(format=_format(), fields=fields, header=not no_header, **chosen)
            return function(*args, listing=listing, **kwargs)

        return with_options(run, (*(_LISTING[name] for name in offered), *_OUTPUT))

    return decorate
