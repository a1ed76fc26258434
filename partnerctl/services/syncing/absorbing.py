"""What was fetched becomes observations of the day on which it was, in one run, as files do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.clock import Clock, timestamp
from partnerctl.domain.entities import ENTITIES
from partnerctl.domain.members import address_members, tag_members
from partnerctl.services.syncing.customers import Fetched
from partnerctl.services.syncing.rows import (
    DEVICE_COLUMNS,
    LICENSE_COLUMNS,
    LOCATION_COLUMNS,
    NUMBER_COLUMNS,
    Row,
)

if TYPE_CHECKING:
    from partnerctl.remote.organizations import Organization
    from partnerctl.services.syncing.tags import FetchedTags
    from partnerctl.stores.contract import Inventory, Staged, Store, Unit

SYNC = "sync"
"""The kind of a run that fetched from Webex."""

_COLUMNS: dict[str, tuple[str, ...]] = {
    "customers": ("org_id", "name", "created_date"),
    "admins": ("email", "name", "role"),
    "subscriptions": ("subscription_id", "org_id"),
    "kinds": ("subscription_id", "org_id", "kind"),
    "licenses": (*LICENSE_COLUMNS, "ended"),
    "assignment_sets": ("org_id", "members"),
    "tag_sets": ("org_id", "members"),
    "locations": LOCATION_COLUMNS,
}
_TABLES = {name: "subscriptions" if name == "kinds" else name for name in _COLUMNS}
"""What is observed, in the order in which it is: what others refer to comes first."""

_INVENTORIES = {"devices": ("devices", DEVICE_COLUMNS), "numbers": ("phone-numbers", NUMBER_COLUMNS)}


@dataclass(frozen=True, slots=True)
class Haul:
    """All that a sync fetched, but for reports. `admins`: address, name and role; days are ISO text."""

    organizations: tuple[Organization, ...]
    organizations_day: str
    admins: tuple[tuple[str, str | None, str | None], ...] = ()
    admins_day: str = ""
    tags: FetchedTags | None = None
    tags_day: str = ""
    parts: tuple[str, ...] = ()


def absorb(
    store: Store, haul: Haul, customers: Iterator[Fetched], actor: str, clock: Clock
) -> tuple[int, tuple[int, int]]:
    """Store what was fetched, whole or not at all; return the run's id, and how much is new, and changed.

    Raises Locked, MachineFault.
    """
    at = timestamp(clock.now())
    with store.unit() as unit:
        taking = _Taking(unit, haul)
        taking.stage(customers)
        run_id = unit.begin(SYNC, actor, at, ", ".join(haul.parts))
        taking.absorb(clock.now().date())
        new, changed = unit.counts()
        counts = {"parts": list(haul.parts), "new": new, "changed": changed}
        unit.audit(at, actor, SYNC, "Webex", None, json.dumps(counts))
        unit.commit()
    return run_id, (new, changed)


class _Taking:
    """Stages a haul, then lets a unit absorb it."""

    def __init__(self, unit: Unit, haul: Haul) -> None:
        self._unit = unit
        self._haul = haul
        self._line = 0
        self._history: dict[str, Staged] = {
            name: unit.stage(_TABLES[name], columns) for name, columns in _COLUMNS.items()
        }
        self._inventories: dict[str, Inventory] = {
            part: unit.stage_inventory(ENTITIES[entity], columns)
            for part, (entity, columns) in _INVENTORIES.items()
            if part in haul.parts
        }
        tags = haul.tags
        self._trials = {} if tags is None else {place[1]: trial for place, trial in tags.trials.items()}

    def stage(self, customers: Iterator[Fetched]) -> None:
        """Stage everything; no lock is held."""
        haul = self._haul
        for one in haul.organizations:
            created = None if one.created is None else one.created.isoformat()
            self._add("customers", haul.organizations_day, (one.org_id, one.name, created))
        for admin in haul.admins:
            self._add("admins", haul.admins_day, admin)
        if haul.tags is not None:
            self._stage_tags(haul.tags)
        known = {one.org_id for one in haul.organizations}
        for fetched in customers:
            if fetched.org_id in known:
                self._stage_customer(fetched)

    def _stage_tags(self, tags: FetchedTags) -> None:
        day, known = self._haul.tags_day, {one.org_id for one in self._haul.organizations}
        members: dict[str, list[tuple[str, str]]] = {org_id: [] for org_id in known}
        for (org_id, subscription_id), words in tags.tags.items():
            if org_id in known:
                members[org_id] += ((subscription_id, word) for word in words)
        for org_id, found in members.items():
            self._add("tag_sets", day, (org_id, tag_members(found)))
        for org_id, subscription_id in {*tags.tags, *tags.trials}:
            if subscription_id and org_id in known:
                self._stage_subscription(day, org_id, subscription_id)

    def _stage_customer(self, fetched: Fetched) -> None:
        org_id, day = fetched.org_id, fetched.day
        for subscription_id in dict.fromkeys(str(row[0]) for row in fetched.parts.get("licenses", ())):
            self._stage_subscription(day, org_id, subscription_id)
        for row in fetched.parts.get("licenses", ()):
            self._add("licenses", day, (*row, 0))
        if "admins" in fetched.parts:
            addresses = address_members(str(row[0]) for row in fetched.parts["admins"])
            self._add("assignment_sets", day, (org_id, addresses))
        for row in fetched.parts.get("locations", ()):
            self._add("locations", day, row)
        for part, staged in self._inventories.items():
            rows = fetched.parts.get(part)
            if rows is None:
                continue
            for row in rows:
                self._line += 1
                staged.add(self._line, row, day)
            if not rows:
                staged.add_empty(org_id, day)

    def _stage_subscription(self, day: str, org_id: str, subscription_id: str) -> None:
        trial = self._trials.get(subscription_id)
        if trial is None:
            self._add("subscriptions", day, (subscription_id, org_id))
        else:
            self._add("kinds", day, (subscription_id, org_id, "trial" if trial else "subscription"))

    def _add(self, name: str, day: str, row: Row) -> None:
        self._line += 1
        self._history[name].add(self._line, day, row)

    def absorb(self, today: date) -> None:
        """Make the rows part of the store."""
        for name, staged in self._history.items():
            if "org_id" in _COLUMNS[name]:
                self._unit.redirect_merged(staged)
            staged.index()
            staged.drop_repeats()
            self._unit.absorb(staged)
        for inventory in self._inventories.values():
            self._unit.redirect_merged(inventory)
            self._unit.absorb_inventory(inventory, today.isoformat())
