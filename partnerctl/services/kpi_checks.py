"""Checks of KPIs for cron and monitoring: conditions that must hold (``kpis check``; ``kpis.md``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.domain.records import FailedCondition
from partnerctl.errors import UsageError
from partnerctl.services.kpis import overview, section, section_rule

if TYPE_CHECKING:
    from partnerctl.services.kpis import Choice
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

FORMS = "near_expiry<=10, over_limit=0 or expiring.assigned_pct>=60"
"""The forms of a condition, for help and hints."""

OVERVIEW_KPIS = ("total_customers", "near_expiry", "near_renewal", "low_assignment", "over_limit")
"""The KPIs of the overview, in its order."""

_NUMBER = r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?"
_CONDITION = re.compile(rf"\s*([a-z][a-z0-9_.-]*)\s*(<=|>=|!=|==|=|<|>)\s*({_NUMBER})\s*%?\s*", re.IGNORECASE)


_NOTHING_LISTED = ("there is nothing to work it out from",)


class Condition(NamedTuple):
    """One condition: the section (None for the overview), its KPI, the comparison and the number."""

    text: str
    section: str | None
    kpi: str
    comparison: str
    number: Decimal

    @property
    def figure(self) -> str:
        """The figure as it is written: ``near_expiry``, ``expiring.assigned_pct``."""
        return self.kpi if self.section is None else f"{self.section}.{self.kpi}"

    def holds(self, value: int | float) -> bool:
        """Tell whether a known value meets the condition, as the exact decimal that is printed."""
        exact, number = Fraction(str(value)), Fraction(self.number)
        return {
            "<": exact < number,
            "<=": exact <= number,
            ">": exact > number,
            ">=": exact >= number,
            "!=": exact != number,
        }.get(self.comparison, exact == number)


class Checked(NamedTuple):
    """What a check found: the conditions that do not hold, how many were tried, and what is to be said."""

    failed: tuple[FailedCondition, ...]
    tried: int
    notes: tuple[str, ...]


def check(store: Store, texts: tuple[str, ...], asked: Asked, choice: Choice) -> Checked:
    """Return the conditions that do not hold; an unknown figure does not hold.

    Raises UsageError for a bad condition, before anything is read; StaleData by age.
    """
    conditions = [read_condition(text) for text in texts]
    found = {name: _figures(store, name, asked, choice) for name in {one.section for one in conditions}}
    notes = dict.fromkeys(note for one in conditions for note in found[one.section].notes)
    return Checked(tuple(_failed(conditions, found)), len(conditions), tuple(notes))


class _Figures(NamedTuple):
    """The KPIs of the overview or of a section, and what is said about them; `why` some are unknown."""

    kpis: object
    notes: tuple[str, ...]
    why: tuple[str, ...] = ()


def _figures(store: Store, name: str | None, asked: Asked, choice: Choice) -> _Figures:
    if name is None:
        page = overview(store, asked, choice)
        return _Figures(page.record, page.notes)
    if not section_rule(name).has_horizon:
        choice = choice._replace(days=None)
    found = section(store, name, asked, choice)
    return _Figures(found.record.kpis, found.notes, found.unknown)


def _failed(conditions: list[Condition], found: Mapping[str | None, _Figures]) -> Iterator[FailedCondition]:
    for condition in conditions:
        figures = found[condition.section]
        value = getattr(figures.kpis, condition.kpi)
        if value is None:
            reason = "; ".join((f"{condition.figure} is unknown", *(figures.why or _NOTHING_LISTED)))
            yield FailedCondition(condition.text, condition.figure, None, reason)
        elif not condition.holds(value):
            yield FailedCondition(condition.text, condition.figure, value, f"{condition.figure} is {value}")


def read_condition(text: str) -> Condition:
    """Return the condition that a text means; raises UsageError that says what is wrong with it."""
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} is not a condition", f"write it as {FORMS}")
    name, comparison, number = match.groups()
    place, dot, kpi = name.lower().rpartition(".")
    if not dot:
        _check_kpi(text, kpi, OVERVIEW_KPIS)
        return Condition(text.strip(), None, kpi, comparison, Decimal(number))
    place = place.replace("_", "-")
    rule = section_rule(place)
    _check_kpi(text, kpi, tuple(f.name for f in fields(rule.kpi_type)))
    return Condition(text.strip(), place, kpi, comparison, Decimal(number))


def _check_kpi(text: str, kpi: str, known: tuple[str, ...]) -> None:
    if kpi in known:
        return
    from partnerctl.domain.folding import did_you_mean

    hint = did_you_mean(kpi, known, f"choose from: {', '.join(known)}")
    raise UsageError(f"{text!r}: there is no KPI {kpi!r}", hint)
