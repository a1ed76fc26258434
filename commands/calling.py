"""``calling``: what is called, how well, on what, with which features, and queues (PH-L1 to PH-L7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import click

from partnerctl.app import App
from partnerctl.options import (
    DAY,
    Command,
    DefaultingGroup,
    ListingOptions,
    chart_options,
    listing_options,
    picture_kind,
    write_chart,
)

command = DefaultingGroup(
    "calling",
    default="usage",
    help="See calling analytics: usage, quality, endpoints, features, queues, week by week.",
    examples=(
        "partnerctl calling",
        "partnerctl calling usage --region EU --sort -calls --limit 20",
        "partnerctl calling quality --by week --chart quality.svg",
        "partnerctl calling endpoints --week 2026-11-16 --json",
        "partnerctl calling queues --by customer -o csv",
    ),
)


class View(NamedTuple):
    """How a verb is asked for and shown.

    `module` holds its service; `by` is what rows may be about; `own` are the columns of what every row is
    about besides. `wide` and `narrow` are the figures of a table, `chart` says what the picture shows.
    """

    module: str
    help: str
    examples: tuple[str, ...]
    by: tuple[str, ...]
    wide: tuple[str, ...]
    narrow: tuple[str, ...]
    own: tuple[str, ...] = ()
    chart: str = ""


VIEWS = {
    "usage": View(
        "usage",
        "See who calls less than before: calls, minutes, users.",
        (
            "partnerctl calling usage",
            "partnerctl calling usage --by week --weeks 26 -o csv",
            "partnerctl calling usage --where tag:gold --sort calls_change --limit 10",
        ),
        ("customer", "week", "endpoint"),
        ("calls", "calls_change", "calls_slope", "legs", "minutes", "active_users"),
        ("calls", "calls_change", "calls_slope", "active_users"),
    ),
    "quality": View(
        "quality",
        "See how well calls were heard: good, poor, unknown legs.",
        (
            "partnerctl calling quality",
            "partnerctl calling quality --by week --weeks 12 --chart quality.svg",
            "partnerctl calling quality --by endpoint --region US --json",
        ),
        ("customer", "week", "endpoint"),
        ("legs", "good", "poor", "unknown", "poor_pct", "excluded"),
        ("legs", "good", "poor", "unknown", "poor_pct"),
        chart="good, poor and unknown legs of 8 weeks",
    ),
    "endpoints": View(
        "quality",
        "See what people call on, and how well that is heard.",
        (
            "partnerctl calling endpoints",
            "partnerctl calling endpoints --by customer --where tag:gold",
            "partnerctl calling endpoints --week -14d --chart endpoints.png",
        ),
        ("customer", "week", "endpoint"),
        ("legs", "legs_pct", "minutes", "active_users", "good", "poor", "unknown", "poor_pct"),
        ("legs", "legs_pct", "minutes", "poor", "poor_pct"),
        own=("endpoint",),
        chart="good, poor and unknown legs by endpoint type",
    ),
    "features": View(
        "features",
        "See which features calls use: queues, transfers, ...",
        (
            "partnerctl calling features",
            "partnerctl calling features --by customer --sort customer,-calls",
            "partnerctl calling features --weeks 4 --chart features.html",
        ),
        ("customer", "week"),
        ("calls", "legs"),
        ("calls", "legs"),
        own=("feature",),
        chart="calls by feature",
    ),
    "queues": View(
        "queues",
        "See who is answered in queues, who gives up, and when.",
        (
            "partnerctl calling queues",
            "partnerctl calling queues --by week",
            "partnerctl calling queues --where 'region:EU' --sort -abandoned_pct --json",
        ),
        ("customer", "week"),
        ("calls", "answered", "abandoned", "abandoned_pct", "answer_seconds", "wait_seconds", "source"),
        ("calls", "answered", "abandoned", "abandoned_pct", "answer_seconds"),
    ),
}
"""The verbs, as the command line asks for them and shows them."""

WEEK = click.option(
    "--week", type=DAY, help="The week, Sunday to Saturday, that holds this day; default: the last full one."
)
WEEKS = click.option(
    "--weeks",
    type=click.IntRange(1, 520),
    metavar="N",
    help="So many weeks, that one the last; default: 1, with --by week 8.",
)


def columns_of(view: View, by: str | None, figures: Sequence[str], *, ids: bool = False) -> tuple[str, ...]:
    """Return the columns of a table: its week, what a row is about, and its figures.

    `ids`: customers have their organization id beside their name.
    """
    columns = ["week"]
    if by == "customer" or (by is None and not view.own):
        columns += ["customer", "org_id"] if ids else ["customer"]
    elif by == "endpoint" and not view.own:
        columns.append("endpoint")
    return (*columns, *view.own, *figures)


def _tables(view: View, by: str | None, rows: Iterable[Any]) -> list[tuple[str, ...]]:
    """Return the columns of the wide and of the narrow table.

    An id takes much room: it is there only where a row has no name, in the narrow one where none has any.
    """
    named = [one.customer is not None for one in rows if one.org_id is not None]
    return [
        columns_of(view, by, view.wide, ids=not all(named)),
        columns_of(view, by, view.narrow, ids=not any(named)),
    ]


def _verb(name: str, view: View) -> None:
    """Define one verb."""

    def run(
        app: App,
        /,
        listing: ListingOptions,
        week: date | None,
        weeks: int | None,
        by: str | None,
        chart: Path | None = None,
        overwrite: bool = False,
    ) -> None:
        from partnerctl.services.calling.asking import Span

        kind = picture_kind(chart, overwrite)
        service = getattr(import_module(f"partnerctl.services.calling.{view.module}"), name)
        asked, span = app.asked(listing), Span(week, weeks, by)
        found = service(app.store, app.calling_place, asked, span)
        rows = tuple(found.records)
        found = replace(found, records=rows)
        above = listing.format == "table" and not listing.fields
        drawn = None
        if view.chart and (chart is not None or above):
            from partnerctl.services.calling.charts import chart_of

            drawn = chart_of(name, service, app.store, app.calling_place, asked, span, found)
        if drawn is not None and above:
            app.draw(drawn)
        app.show(found, listing, *_tables(view, by, rows))
        if chart is not None:
            write_chart(app, drawn, chart, kind, overwrite)

    decorated: Callable[..., Any] = listing_options("as_of")(click.pass_obj(run))
    for option in reversed(_options(view)):
        decorated = option(decorated)
    command.command(name, cls=Command, examples=view.examples, help=view.help)(decorated)


def _options(view: View) -> list[Callable[[Callable[..., Any]], Callable[..., Any]]]:
    by = click.option("--by", type=click.Choice(view.by), help="What a row is about.")
    return [by, WEEK, WEEKS, *(chart_options(f"a picture of {view.chart}") if view.chart else ())]


for _name, _view in VIEWS.items():
    _verb(_name, _view)
