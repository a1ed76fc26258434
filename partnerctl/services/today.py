"""Today: the customers that need a person now, the most urgent first, each with its reasons in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from partnerctl.domain.figures import tenths
from partnerctl.domain.low_assignment import Share, is_low, low_threshold, typical_share
from partnerctl.domain.records import Urgent
from partnerctl.domain.statuses import StatusRules
from partnerctl.domain.units import days_from, families_of
from partnerctl.domain.urgency import Counted, Ending, Low, Need
from partnerctl.domain.urgency_rules import UrgencyRules
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.services.questions import left_out_note, look_at, question_for
from partnerctl.services.rights import RUN_REPORTS, require

if TYPE_CHECKING:
    from decimal import Decimal

    from partnerctl.domain.records import Customer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.analytics.urgent import Pressing, UnitState
    from partnerctl.stores.contract import Store
    from partnerctl.stores.terms import Question


def list_urgent(
    store: Store, asked: Asked, rules: UrgencyRules, low_factor: Decimal, *, only_new: bool = False
) -> Answer[Urgent]:
    """Return the customers that need a person on the day that is asked for, the most urgent first.

    Shares of assigned licenses are compared with those of all customers, whatever the query. `only_new`:
    those that were not listed the day before, by what was known then. Raises UsageError, StaleData.
    """
    require(store, asked.me, RUN_REPORTS)
    known = look_at(store, asked)
    rows, notes = _urgent(store, asked, rules, low_factor)
    if only_new:
        day_before = days_from(asked.as_of or asked.today, -1)
        before, _ = _urgent(store, replace(asked, as_of=day_before), rules, low_factor)
        listed = {one.org_id for one in before}
        rows = [one for one in rows if one.org_id not in listed]
    return arranged(Urgent, rows, asked.sort, asked.limit, (*known.notes, *notes), known.newest)


def _urgent(
    store: Store, asked: Asked, rules: UrgencyRules, low_factor: Decimal
) -> tuple[list[Urgent], list[str]]:
    statuses = StatusRules(rules.ending_days, asked.rules.inactive_after_days)
    everybody = replace(asked, sort=(), limit=None, rules=statuses)
    question = question_for(store, "customers", everybody)
    found = store.customers(question)
    customers = {one.org_id: one for one in found.records}
    needs = _Needs(store, question_for(store, "customers", _without_query(everybody)), rules, low_factor)
    made = ((one, needs.of(one)) for one in customers.values())
    scored = [(need.score(rules), one, need) for one, need in made if need.since is not None]
    scored.sort(key=lambda item: (-item[0], item[1].name is None, item[1].name or "", item[1].org_id))
    notes = [left_out_note(found.left_out, question.where.unknown_fields)] if found.left_out else []
    return [
        Urgent(one.org_id, one.name, tenths(score), need.reasons(), need.since) for score, one, need in scored
    ], notes


def _without_query(asked: Asked) -> Asked:
    return replace(asked, where=None, also=(), region=(), options=(), name_part=None)


class _Needs:
    """Gathers what every customer needs, in a few statements for all of them."""

    def __init__(self, store: Store, question: Question, rules: UrgencyRules, low_factor: Decimal) -> None:
        self.today = question.today
        self.rules = rules
        self.inactive_after = question.rules.inactive_after_days
        self.pressing: dict[str, list[Pressing]] = {}
        for one in store.pressing(question):
            self.pressing.setdefault(one.org_id, []).append(one)
        self.low: dict[str, list[Low]] = {}
        self.unassigned: dict[str, list[Counted]] = {}
        self._compare(store, question, low_factor)

    def _compare(self, store: Store, question: Question, low_factor: Decimal) -> None:
        families = families_of("all")
        units = [unit for unit in store.briefs(question, families, self.today).records if unit.running]
        typical = {f: typical_share(unit for unit in units if unit.product == f) for f in families}
        low = {family: low_threshold(share, low_factor) for family, share in typical.items()}
        listed = [unit for unit in units if is_low(unit, low[unit.product]) or _unassigned(unit)]
        histories = store.unit_histories((unit.subscription_id for unit in listed), self.today)
        for unit in listed:
            states = histories.get((unit.subscription_id, unit.product), [])
            if _unassigned(unit):
                since = self._since(states, _unassigned)
                self.unassigned.setdefault(unit.org_id, []).append(Counted(unit.total or 0, since))
            threshold, share = low[unit.product], typical[unit.product]
            if threshold is not None and share is not None and is_low(unit, threshold):
                since = self._since(states, partial(is_low, threshold=threshold))
                made = Low(unit.product, unit.total or 0, unit.assigned or 0, threshold, share, since)
                self.low.setdefault(unit.org_id, []).append(made)

    def _since(self, states: list[UnitState], holds: Callable[[UnitState], bool]) -> date:
        """Return the first day of the unbroken run of states, up to now, in which something holds."""
        since = self.today
        for state in reversed(states):
            if not holds(state):
                break
            since = state.day
        return since

    def of(self, customer: Customer) -> Need:
        """Return what one customer needs."""
        mine = self.pressing.get(customer.org_id, [])
        idle = None if customer.last_admin_login is None else (self.today - customer.last_admin_login).days
        return Need(
            suspended=[Counted(1, one.since) for one in mine if one.status == "suspended"],
            ending=[self._ending(one, one.end_date) for one in mine if one.ends and one.end_date is not None],
            over_limit=[Counted(one.over, one.over_since or one.since) for one in mine if one.over],
            low=self.low.get(customer.org_id, ()),
            unassigned=self.unassigned.get(customer.org_id, ()),
            order_setup=[Counted(1, one.since) for one in mine if one.status == "pending_setup"],
            idle_days=idle if idle is not None and idle > self.inactive_after else None,
            idle_after=self.inactive_after,
            today=self.today,
        )

    def _ending(self, one: Pressing, end: date) -> Ending:
        since = max(days_from(end, -self.rules.ending_days), one.first_seen)
        return Ending(one.kind, (end - self.today).days, one.assigned, since)


def _unassigned(unit: Share) -> bool:
    return bool(unit.total) and unit.assigned == 0
