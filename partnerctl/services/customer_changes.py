"""Changes of customers by hand: fields, and merging two into one (``cli.md``, customers set, merge)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from partnerctl.clock import timestamp
from partnerctl.domain.identifiers import parse_org_id
from partnerctl.errors import Conflict, UsageError
from partnerctl.services.bulk import Step, Subject
from partnerctl.services.customers import show_customer
from partnerctl.services.finding import find_customer
from partnerctl.services.questions import Asked
from partnerctl.services.rights import CHANGE_CUSTOMERS, require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from partnerctl.domain.records import CustomerDetail
    from partnerctl.services.acting import Acting
    from partnerctl.services.rights import Right
    from partnerctl.stores.contract import Store, Unit

LONGEST_TEXT = 200
"""Characters that an industry may have."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer's fields are to be, as written; None leaves one alone, an empty text is unknown."""

    region: str | None = None
    country: str | None = None
    managed_by: str | None = None
    industry: str | None = None
    planned_users: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The customer as it is now, or would be; `fields` are those that differ from before."""

    customer: CustomerDetail
    fields: tuple[str, ...]
    run_id: int | None = None


def set_customer(store: Store, org_id: str, wanted: Wanted, acting: Acting, asked: Asked) -> Changed:
    """Change fields of one customer as an observation of today, audited; what is so already is no change.

    Raises UsageError for a bad value or where nothing is wanted, NotFound.
    """
    require(store, acting.me, CHANGE_CUSTOMERS)
    values = read_wanted(wanted)
    before = show_customer(store, asked, org_id).customer
    differing = _differing(before, values)
    if acting.dry_run or not differing:
        return Changed(replace(before, **values), differing)
    at = timestamp(acting.at)
    with store.unit() as unit:
        run_id = unit.begin("change", acting.actor, at, f"customer {org_id}")
        before = show_customer(store, asked, org_id).customer  # again, now that nobody else can write
        said = (acting.at.date().isoformat(), (org_id, *values.values()))
        unit.observe("customers", ("org_id", *values), [said])
        unit.audit(at, acting.actor, "customers set", org_id, _of(before, values), _json(values), org_id)
        unit.commit()
    return Changed(show_customer(store, asked, org_id).customer, differing, run_id)


def read_wanted(wanted: Wanted) -> dict[str, Any]:
    """Return the fields that are given and their values; raises UsageError for a bad one, or for none."""
    readers: dict[str, Callable[[str], str | int]] = {
        "region": _region,
        "country": _country,
        "managed_by": _managed_by,
        "industry": _industry,
        "planned_users": _planned_users,
    }
    given = {name: getattr(wanted, name) for name in readers}
    values = {
        name: readers[name](text.strip()) if text.strip() else None
        for name, text in given.items()
        if text is not None
    }
    if not values:
        hint = "give --region, --country, --managed-by, --industry or --planned-users"
        raise UsageError("nothing to set", hint)
    return values


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change of fields of many customers, as an observation of today."""

    values: Mapping[str, Any]
    right: Right = CHANGE_CUSTOMERS
    action: str = "customers set"

    def plan(self, store: Store, subjects: Sequence[Subject], _today: date) -> list[Step]:
        """Return, per customer, the fields that differ."""
        names = tuple(self.values)
        held = store.customer_cells((str(one.org_id) for one in subjects), names)
        return [self._step(one, dict(zip(names, held[str(one.org_id)], strict=True))) for one in subjects]

    def _step(self, subject: Subject, held: Mapping[str, Any]) -> Step:
        differing = {name: value for name, value in self.values.items() if held[name] != value}
        before = tuple(f"{name}={_shown(held[name])}" for name in differing)
        after = tuple(f"{name}={_shown(value)}" for name, value in differing.items())
        return Step(subject, str(subject.org_id), before, after)

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe the fields of each customer."""
        values, day = tuple(self.values.values()), today.isoformat()
        rows = ((day, (step.subject.org_id, *values)) for step in steps)
        unit.observe("customers", ("org_id", *self.values), rows)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Merge:
    """Two customers to be one: what belongs to `local` becomes part of `real`."""

    local: CustomerDetail
    real: CustomerDetail


def plan_merge(store: Store, local: str, real: str, asked: Asked) -> Merge:
    """Return the two customers that LOCAL and REAL name.

    Raises NotFound or Ambiguous; Conflict where one was merged already, or both are the same, or where
    together they have more tags than one customer may.
    """
    for text in (local, real):
        org_id = parse_org_id(text)
        target = store.merged_into(org_id) if org_id else None
        if target is not None:
            raise Conflict(f"customer {org_id} was merged into {target} already")
    found = [show_customer(store, asked, find_customer(store, text)).customer for text in (local, real)]
    if found[0].org_id == found[1].org_id:
        raise Conflict(f"{found[0].org_id} cannot be merged into itself", "name two customers")
    _check_tags(found[0], found[1])
    return Merge(*found)


def merge_customers(store: Store, merge: Merge, acting: Acting, asked: Asked) -> CustomerDetail:
    """Merge the two, audited as one run; return the customer as it is then (with `dry_run`, as it is now)."""
    require(store, acting.me, CHANGE_CUSTOMERS)
    if acting.dry_run:
        return merge.real
    at = timestamp(acting.at)
    with store.unit() as unit:
        local, real = merge.local.org_id, merge.real.org_id
        unit.begin("change", acting.actor, at, f"merge of {local} into {real}")
        plan_merge(store, local, real, asked)  # again, now that nobody else can write
        unit.merge_customers(local, real, acting.at.date().isoformat())
        before = {"name": merge.local.name, "subscriptions": list(_subscriptions(merge.local))}
        after = _json({"merged_into": real})
        unit.audit(at, acting.actor, "customers merge", local, _json(before), after, real)
        unit.commit()
    return show_customer(store, asked, real).customer


def _check_tags(local: CustomerDetail, real: CustomerDetail) -> None:
    from partnerctl.domain.tags import check_tags

    problem = check_tags((*real.tags, *local.tags))
    if problem:
        raise Conflict(f"together they would have {problem}", "take tags away from one of them first")


def _subscriptions(customer: CustomerDetail) -> tuple[str, ...]:
    return tuple(one.subscription_id for one in (*customer.subscriptions_detail, *customer.trials_detail))


def _differing(before: CustomerDetail, values: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name, value in values.items() if getattr(before, name) != value)


def _of(customer: CustomerDetail, names: Mapping[str, object]) -> str:
    return _json({name: getattr(customer, name) for name in names})


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _region(text: str) -> str:
    from partnerctl.domain.regions import REGIONS, parse_region

    code = parse_region(text)
    if code is None:
        raise UsageError(f"--region: {text!r} is not a region", f"choose from: {', '.join(REGIONS)}")
    return code


def _country(text: str) -> str:
    from partnerctl.tabular.countries import parse_country

    code = parse_country(text)
    if code is None:
        raise UsageError(f"--country: {text!r} is no country", "write its two letters, such as BR or AE")
    return code


def _managed_by(text: str) -> str:
    value = text.lower()
    if value not in ("partner", "external"):
        raise UsageError(
            f"--managed-by: {text!r} is neither partner nor external", "choose partner or external"
        )
    return value


def _industry(text: str) -> str:
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise UsageError(f"--industry: at most {LONGEST_TEXT} characters, and no control characters")
    return text


def _planned_users(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise UsageError(f"--planned-users: {text!r} is not a number of users", "write a number such as 250")
    return int(text)
