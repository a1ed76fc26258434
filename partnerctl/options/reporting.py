"""Options of a report: what is written, in which form, and where; by hand or by a schedule."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partnerctl.domain.products import FAMILY_CHOICES
from partnerctl.domain.report_words import FORMATS, LANGUAGES, LONGEST_HORIZON
from partnerctl.errors import UsageError
from partnerctl.options.classes import Decorator, with_options
from partnerctl.options.values import PATH, NamedPath

if TYPE_CHECKING:
    from partnerctl.reports.templates import Template

_OPTIONS: tuple[Decorator, ...] = (
    click.option(
        "--days",
        type=click.IntRange(0, LONGEST_HORIZON),
        metavar="N",
        help="Days ahead or back: expiring, renewing, added; default: 90.",
    ),
    click.option(
        "--product",
        type=click.Choice(FAMILY_CHOICES),
        help="Licenses of this product: reports of license analytics.",
    ),
    click.option("--dir", "folder", type=PATH, help="Folder; default: the current one."),
    click.option(
        "--file",
        type=NamedPath(path_type=str),
        metavar="PATH",
        help="Path of the file; {date} {region} {title} are filled in.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace the file of --file, atomically."),
    click.option(
        "--format", type=click.Choice(FORMATS), default=FORMATS[0], help="Format of the file; default: csv."
    ),
    click.option("--excel", is_flag=True, help="csv for Excel: byte order mark, CRLF, formulas guarded."),
    click.option("--language", type=click.Choice(LANGUAGES), help="Of headers and title; default: en."),
    click.option("--skip-empty", is_flag=True, help="No file where there are no rows."),
)


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a report; the function gets them by the names of ``ReportOrder``."""
    return with_options(function, _OPTIONS)


def check_template(app: Any, template: Template) -> None:
    """Raise UsageError where a custom template's query, region or order make no sense for its source."""
    from partnerctl.output.shape import ListingOptions
    from partnerctl.services.report_orders import check_options, completed, order_by
    from partnerctl.services.report_rows import checked_order

    asked = app.asked(ListingOptions())
    order = completed(order_by(app.settings, app.folders, template.name, asked), template)
    check_options(order, template)
    checked_order(app.store, order, template)


def edited_text(path: Path) -> bytes | None:
    """Return what somebody made of a file in their editor, None where nothing was changed.

    Raises UsageError where no terminal is there, where the editor cannot be started, or left no file.
    """
    import tempfile

    if not sys.stdin.isatty():
        raise UsageError("an editor needs a terminal", f"edit the file itself: {path}")
    before = path.read_bytes()
    with tempfile.TemporaryDirectory(prefix="partnerctl-") as folder:
        copy = Path(folder, path.name)
        copy.write_bytes(before)
        try:
            click.edit(filename=str(copy))
            after = copy.read_bytes()
        except (click.ClickException, ValueError) as fault:
            reason = fault.message if isinstance(fault, click.ClickException) else str(fault)
            hint = f"check EDITOR, or edit the file itself: {path}"
            raise UsageError(f"the editor: {reason}", hint) from fault
        except OSError as fault:
            raise UsageError(
                f"the editor left no file to read ({fault.strerror})", "nothing was changed; try again"
            ) from fault
    return None if after == before else after
