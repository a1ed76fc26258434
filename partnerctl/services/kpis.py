"""License analytics: the overview and the sections (PH-K1, PH-K3 to PH-K7), as ``kpis.md`` defines them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.domain.figures import overage
from partnerctl.domain.low_assignment import is_low, low_threshold, typical_share
from partnerctl.domain.records import Overview, Section
from partnerctl.domain.units import Brief, Scope, customers_of, days_from, families_of
from partnerctl.errors import UsageError
from partnerctl.services.kpi_sections import SECTIONS, Facts, SectionRule
from partnerctl.services.questions import left_out_note, look_at, question_for
from partnerctl.services.rights import RUN_REPORTS, require

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from partnerctl.domain.records import UnitRow
    from partnerctl.frames import Frame
    from partnerctl.services.questions import Asked, Known
    from partnerctl.stores.contract import Store
    from partnerctl.stores.terms import Question

HORIZON_DAYS = 90
"""Days within which the KPIs look ahead, or back, unless ``--days`` says otherwise."""


class Choice(NamedTuple):
    """What is chosen of the analytics: the product family or ``all``, the horizon in days, the low factor."""

    product: str = "all"
    days: int | None = None
    low_factor: Decimal = Decimal("0.5")

    @property
    def horizon(self) -> int:
        """The horizon in days."""
        return HORIZON_DAYS if self.days is None else self.days


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The overview, and what is to be said about it."""

    record: Overview
    notes: tuple[str, ...] = ()

    def to_frame(self) -> Frame:
        """Return the overview as a pandas frame of one row."""
        from partnerctl.frames import frame

        return frame(Overview, [self.record])


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section, the type of its rows, all of them whatever ``--limit``, and what is to be said.

    `total` is their number where there is a limit; `unknown`, of the notes, those that say which figures
    leave a KPI unknown.
    """

    record: Section
    row_type: type[UnitRow]
    every_row: tuple[UnitRow, ...]
    total: int | None = None
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def to_frame(self) -> Frame:
        """Return the rows as a pandas frame, one column per field."""
        from partnerctl.frames import frame

        return frame(self.row_type, self.record.subscriptions)


def overview(store: Store, asked: Asked, choice: Choice) -> OverviewPage:
    """Return the KPIs over all customers (PH-K1); raises UsageError for a bad query, StaleData by age."""
    require(store, asked.me, RUN_REPORTS)
    known = look_at(store, asked)
    question = _question(store, asked)
    families = families_of(choice.product)
    found = store.briefs(question, families, days_from(question.today, choice.horizon))
    units = list(found.records)
    low = _thresholds(units, families, choice.low_factor)
    running = [unit for unit in units if unit.running]
    record = Overview(
        as_of=question.today,
        region=_region(asked),
        horizon_days=choice.horizon,
        total_customers=customers_of(units),
        near_expiry=customers_of(unit for unit in units if unit.expiring),
        near_renewal=customers_of(unit for unit in units if unit.renewing),
        low_assignment=customers_of(unit for unit in running if is_low(unit, low[unit.product])),
        over_limit=customers_of(unit for unit in running if overage(unit.total, unit.assigned)),
        low_assignment_factor=float(choice.low_factor),
        data_as_of=known.newest,
    )
    notes = [*known.notes, *_left_out(question, found.left_out)]
    notes += _renewals_passed(store, question, families, known)
    return OverviewPage(record, tuple(notes))


def section(store: Store, name: str, asked: Asked, choice: Choice) -> SectionPage:
    """Return one section: its KPIs over all that it lists, its rows in order and limited as asked.

    Raises UsageError for an unknown section, a horizon where the section has none, a bad query or sort;
    StaleData by age.
    """
    rule = section_rule(name)
    if choice.days is not None and not rule.has_horizon:
        raise UsageError(f"--days: {name} has no horizon", "leave --days out")
    require(store, asked.me, RUN_REPORTS)
    known = look_at(store, asked)
    question = _question(store, asked)
    facts, left_out = _facts(store, rule, question, choice)
    listed = rule.listed(facts)
    if rule.weekly and listed:
        ids = (unit.subscription_id for unit in listed)
        facts = replace(facts, weekly=store.weekly_changes(ids, question.today, question.as_of))
    rows = tuple(rule.row(unit, facts) for unit in rule.in_order(listed, facts))
    unknown = rule.unknown(listed)
    notes = [*known.notes, *_left_out(question, left_out), *unknown]
    if name == "renewing":
        notes += _renewals_passed(store, question, families_of(choice.product), known)
    page = _page(rule, rows, rule.kpis(listed, facts), asked, choice, known.newest)
    return replace(page, notes=tuple(notes), unknown=tuple(unknown))


def section_rule(name: str) -> SectionRule:
    """Return the rule of the section of that name; raises UsageError where there is none."""
    rule = SECTIONS.get(name)
    if rule is None:
        raise UsageError(f"there is no section {name!r}", f"choose from: {', '.join(SECTIONS)}")
    return rule


def _question(store: Store, asked: Asked) -> Question:
    """Return the question without order and limit: they act on the rows alone, not on what is counted."""
    return question_for(store, "units", replace(asked, sort=(), limit=None))


def _facts(store: Store, rule: SectionRule, question: Question, choice: Choice) -> tuple[Facts, int]:
    """Return what the section needs to know, and how many units a condition leaves out as unknown."""
    families = families_of(choice.product)
    scope = rule.scope(families, question.today, choice.horizon)
    low: dict[str, Fraction | None] = {}
    left_out = None
    if rule.compares:
        every = store.briefs(question, families, question.today)
        units = list(every.records)
        low, left_out = _thresholds(units, families, choice.low_factor), every.left_out
        ids = {unit.subscription_id for unit in units if unit.running and is_low(unit, low[unit.product])}
        scope = scope._replace(only=tuple(sorted(ids)))
    found = store.units(question, scope)
    first_day = store.first_day() if rule.adds else None
    facts = Facts(tuple(found.records), question.today, choice.product, choice.horizon, low, first_day)
    return facts, found.left_out if left_out is None else left_out


def _page(
    rule: SectionRule,
    rows: tuple[UnitRow, ...],
    kpis: object,
    asked: Asked,
    choice: Choice,
    newest: date | None,
) -> SectionPage:
    from partnerctl.services.arranging import arranged

    shown = arranged(rule.row_type, rows, asked.sort, asked.limit)
    record = Section(
        section=rule.name,
        product=choice.product,
        as_of=asked.as_of or asked.today,
        region=_region(asked),
        horizon_days=choice.horizon if rule.has_horizon else None,
        data_as_of=newest,
        kpis=kpis,  # type: ignore[arg-type] # the rule's own
        subscriptions=tuple(shown.records),
    )
    return SectionPage(record, rule.row_type, rows, shown.total)


def _thresholds(units: list[Brief], families: tuple[str, ...], factor: Decimal) -> dict[str, Fraction | None]:
    return {
        family: low_threshold(typical_share(u for u in units if u.running and u.product == family), factor)
        for family in families
    }


def _region(asked: Asked) -> str | None:
    return ",".join(asked.region) or None


def _left_out(question: Question, count: int) -> list[str]:
    return [left_out_note(count, question.where.unknown_fields)] if count else []


def _renewals_passed(store: Store, question: Question, families: tuple[str, ...], known: Known) -> list[str]:
    """Return the note on renewal dates that have passed since the newest file: nobody knows the new ones."""
    if known.newest is None or known.newest >= question.today:
        return []
    ends = (days_from(known.newest, 1), days_from(question.today, -1))
    scope = Scope(families, running=False, active=True, renews=True, ends=ends)
    passed = {unit.subscription_id for unit in store.units(question, scope).records}
    if not passed:
        return []
    count = f"{len(passed)} auto-renewing subscription{'s' if len(passed) > 1 else ''}"
    return [f"{count} had a renewal date since the newest file, of {known.newest}: import again"]
