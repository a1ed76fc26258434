"""What report is wanted: the order of one run, and the checks that come before any work (PH-R1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from partnerctl.domain.urgency_rules import UrgencyRules
from partnerctl.errors import UsageError
from partnerctl.reports.sources import SOURCES, Source
from partnerctl.reports.templates import Template
from partnerctl.services.questions import Asked

if TYPE_CHECKING:
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.domain.calling.place import CallingPlace


@dataclass(frozen=True, slots=True)
class DueFile:
    """The file of a scheduled run: `seed` picks its ten characters, `due` its day.

    `path` is where an earlier attempt was to write; what stands there is its work, and is replaced.
    """

    seed: bytes
    due: datetime
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """What report is wanted, and where it goes: to `out`, to the path that `file` means, or into `folder`.

    `asked` narrows the customers. `days` is the horizon, `product` the family of licenses, `since` and
    `until` are the period, for reports that have one. `language` None is the template's own, else
    `usual_language`. `file` may hold ``{date}``, ``{region}`` and ``{title}``; `overwrite` is for it alone.
    `zone` names the time zone of the day in the file's name, None for this machine's own. `custom` is the
    folder of custom templates. `guarded` are files and folders that no report may replace. `calling` is where
    calling records are kept, for the reports on them.
    """

    template: str
    asked: Asked
    since: date | None = None
    until: date | None = None
    days: int | None = None
    product: str | None = None
    format: str = "csv"
    language: str | None = None
    usual_language: str = "en"
    excel: bool = False
    skip_empty: bool = False
    folder: Path | None = None
    file: str | None = None
    overwrite: bool = False
    out: BinaryIO | None = None
    zone: str | None = None
    custom: Path | None = None
    guarded: tuple[Path, ...] = ()
    low_factor: Decimal = Decimal("0.5")
    urgency: UrgencyRules = UrgencyRules()  # noqa: RUF009 - a tuple, and it never changes
    due: DueFile | None = None
    calling: CallingPlace | None = None

    @property
    def today(self) -> date:
        """Return the day of all date arithmetic."""
        return self.asked.as_of or self.asked.today


def order_by(settings: Settings, folders: Folders, template: str, asked: Asked, **given: Any) -> ReportOrder:
    """Return the order of a report, with what the settings say of every report; `given` is the rest."""
    return ReportOrder(
        template,
        asked,
        **{"zone": settings.timezone, **given},
        usual_language=settings.language,
        custom=folders.templates,
        guarded=_guarded_files(settings, folders),
        calling=settings.calling_place,
        low_factor=settings.low_factor,
        urgency=settings.urgency,
    )


def _guarded_files(settings: Settings, folders: Folders) -> tuple[Path, ...]:
    """Return the store and the folder of the configuration: no report may take their place."""
    from partnerctl.stores.urls import store_path

    try:
        store = store_path(settings.store)
    except UsageError:  # whoever opens the store says so
        store = None
    return (folders.config,) if store is None else (folders.config, store)


def completed(order: ReportOrder, template: Template) -> ReportOrder:
    """Return the order with what a custom template asks for, where the command line did not say otherwise.

    Its query holds besides the one of the command line.
    """
    preset = template.preset
    asked = order.asked
    also = (*asked.also, preset.where) if preset.where else asked.also
    return replace(
        order,
        asked=replace(asked, also=also, region=asked.region or preset.region),
        days=preset.days if order.days is None else order.days,
        product=order.product or preset.product,
        language=order.language or preset.language or order.usual_language,
    )


def check_options(order: ReportOrder, template: Template) -> None:
    """Raise UsageError for an option that the template has no use for (PH-R6 to PH-R9)."""
    source = SOURCES[template.source]
    if order.days is not None and not source.days:
        raise UsageError(f"--days: {template.name} has no horizon", "leave --days out")
    if order.product is not None and not source.product:
        raise UsageError(f"--product: {template.name} is not of one product", "use --where product:calling")
    if order.excel and order.format != "csv":
        raise UsageError("--excel is for csv", f"leave it out: {order.format} needs none of it")
    _check_days(order, template, source)


def _check_days(order: ReportOrder, template: Template, source: Source) -> None:
    if source.dated:
        if order.asked.as_of is not None:
            raise UsageError(f"--as-of: {template.name} covers a period", "give --since and --until")
        return
    what, hint = {
        "none": ("is an inventory as it is now", None),
        "last-90-days": ("always covers the last 90 days", None),
        "snapshot": ("is a snapshot of one day", "for an earlier day, use --as-of DAY"),
        "horizon": ("looks some days ahead or back", "say how many with --days N"),
    }.get(template.period, ("has a period of its own", None))
    hint = hint or f"leave it out: {template.title} {what}"
    for option, value in (("--since", order.since), ("--until", order.until)):
        if value is not None:
            raise UsageError(f"{option}: {template.name} {what} and has no date range", hint)
    if order.asked.as_of is not None and source.inventory:
        raise UsageError(f"--as-of: {template.name} {what} and has no history", hint)
