"""``--chart FILE``: the picture that a command draws beside its table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partnerctl.options.values import PATH

if TYPE_CHECKING:
    from partnerctl.output.chart import Chart


def chart_options(picture: str = "a picture") -> tuple[Callable[[Any], Any], ...]:
    """Return the decorators for ``--chart`` and ``--overwrite``; `picture` says what is drawn."""
    told = f"Also {picture}: FILE.svg, .png or .html."
    return (
        click.option("--chart", type=PATH, metavar="FILE", help=told),
        click.option("--overwrite", is_flag=True, help="Replace the picture where it exists."),
    )


def picture_kind(path: Path | None, overwrite: bool) -> str:
    """Return the kind of picture that is wanted, checked before any work; empty where none is.

    Raises UsageError for another ending or a missing folder, Conflict where the file exists.
    """
    if path is None:
        return ""
    from partnerctl.services.pictures import check_picture

    return check_picture(path, overwrite)


def write_chart(app: Any, chart: Chart | None, path: Path, kind: str, overwrite: bool) -> None:
    """Write a chart to the file that is wanted, and say so; raises UsageError, MachineFault."""
    from partnerctl.services.pictures import write_picture

    if chart is None:
        app.note(f"nothing to draw: {path} was not written")
        return
    write_picture(chart, path, kind, overwrite)
    app.note(f"drawn: {path}")
