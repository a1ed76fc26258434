"""Which files there are to import, what each holds, and in which order they are read (``files.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from partnerctl.domain.entities import ADMINS, APP_VERSIONS, ENTITIES, TAGS, Entity
from partnerctl.domain.folding import fold_header
from partnerctl.domain.members import address_members, tag_members
from partnerctl.domain.report_words import LANGUAGES
from partnerctl.errors import InvalidData
from partnerctl.ingest.calling_tables import CALLING_FILES, CallingTable, calling_layouts
from partnerctl.ingest.canonical import EntityPlan
from partnerctl.ingest.plans import Days, Plan
from partnerctl.ingest.report_plans import InventoryReportPlan, SubscriptionDetailsPlan
from partnerctl.ingest.sets import SetPlan, SetText
from partnerctl.ingest.sources import Source
from partnerctl.ingest.typed import ReadOptions, Table
from partnerctl.ingest.warnings import Warnings
from partnerctl.reports.defaults import default_template, imported_templates
from partnerctl.reports.templates import LIST_NAMES
from partnerctl.tabular.columns import Layout, canonical_layout

SUBSCRIPTION_DETAILS = "subscription-details"
COMPLETED = (SUBSCRIPTION_DETAILS, "subscriptions")
"""What ``--complete`` speaks of."""
_REPORTED = {"webex-app-version": APP_VERSIONS}
_INVENTORY_REPORT = "an inventory report"
_ORDER = ("customers", SUBSCRIPTION_DETAILS, _INVENTORY_REPORT, *(e for e in ENTITIES if e != "customers"))


class Ranked(Protocol):
    """A file that has a place in the order of reading."""

    @property
    def rank(self) -> tuple[int, date]:
        """Return where the file comes."""


AnyPlanned = TypeVar("AnyPlanned", bound=Ranked)


def layouts() -> tuple[Layout, ...]:
    """Return every layout that the store takes in: canonical files first, then reports."""
    canonical = tuple(canonical_layout(entity) for entity in ENTITIES.values())
    return canonical + tuple(t.layout for t in imported_templates() if t.name not in CALLING_FILES)


def layouts_of_calls() -> tuple[Layout, ...]:
    """Return the layouts of the files of calling records, which go to their own folder."""
    return (*calling_layouts(), default_template("calling-usage").layout)


@dataclass(frozen=True, slots=True)
class Planned:
    """One recognised file: its table, its plan, the day of rows without a date of their own, and why."""

    source: Source
    table: Table
    plan: Plan
    days: Days
    warnings: Warnings
    day: date
    day_from: str

    @property
    def entity(self) -> str:
        """Return the name of what the file holds, an entity's or a report's."""
        return self.table.layout.name

    @property
    def rank(self) -> tuple[int, date]:
        """Return where the file comes: what others refer to first, then older days.

        So a report comes before canonical files, for it introduces customers and subscriptions.
        """
        if isinstance(self.plan, InventoryReportPlan):
            return _ORDER.index(_INVENTORY_REPORT), self.day
        return _ORDER.index(self.entity), self.day


def plan_file(source: Source, table: Table, options: ReadOptions, as_of: date | None, today: date) -> Planned:
    """Return the plan of an opened file.

    A row's day is its own date, else `as_of`, else the date in the file's name, else `today`.
    """
    if as_of is not None:
        day, day_from = as_of, "--as-of"
    elif source.day is not None:
        day, day_from = source.day, "the file's name"
    else:
        day, day_from = today, "today: neither the file nor its name has a date"
    name = table.layout.name
    days = Days(table.keys, "calculated_date" if name == SUBSCRIPTION_DETAILS else "as_of", day)
    warnings = Warnings(source.name)
    plan = _plan(table, options, days, warnings)
    return Planned(source, table, plan, days, warnings, day, day_from)


def refuse_written_list(table: Table | CallingTable) -> None:
    """Raise InvalidData for a list that `reports run` wrote: read as another file, it would say less.

    Such a file has columns that nothing reads, and no header but those of one list in one language.
    """
    if not table.skips:
        return
    headers = {fold_header(header) for header in table.headers}
    for name in LIST_NAMES:
        template = default_template(name)
        for language in LANGUAGES:
            if headers <= {fold_header(column.header(language)) for column in template.layout.columns}:
                raise InvalidData(
                    f"{table.name}: is a list that partnerctl wrote as a report, and is not read back",
                    "import the files that it was made from",
                )


def _plan(table: Table, options: ReadOptions, days: Days, warnings: Warnings) -> Plan:
    name, keys = table.layout.name, table.keys
    if name == SUBSCRIPTION_DETAILS:
        free = options.available == "free"
        return SubscriptionDetailsPlan(keys, days, warnings, options.region, free)
    entity = _REPORTED.get(name) or ENTITIES[name]
    if entity.inventory and "customer" in keys:
        return InventoryReportPlan(entity, keys, days, options.region)
    if entity.name in ("tags", "assignments"):
        return SetPlan(entity, keys, days, _set_text(entity))
    return EntityPlan(entity, keys, days, warnings, options.region)


def _set_text(entity: Entity) -> SetText:
    if entity is TAGS:
        return tag_members
    return lambda members: address_members(member for _, member in members)


def references(entity: str) -> tuple[str, ...]:
    """Return the columns of an entity that must name something known (``files.md``, Rules)."""
    if entity in ("customers", "tag_sets", "assignment_sets", ADMINS.name):
        return ()  # a plan of sets checks its rows itself, before they are one
    return ("subscription_id",) if entity in ("licenses", "orders") else ("org_id",)


def in_reading_order(planned: Sequence[AnyPlanned]) -> list[AnyPlanned]:
    """Return the files in the order in which they are read."""
    return sorted(planned, key=lambda p: p.rank)
