"""Merging: a customer that was made locally turns out to be a known organization.

Nothing is rewritten: the run of the merge says, for every day on which something was said of the local
customer, the same of the real one. On one day the later run wins; forgetting the run takes it all back.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from partnerctl.domain.members import address_members, members_of, tag_members
from partnerctl.stores.tables import HISTORY_TABLES

if TYPE_CHECKING:
    from partnerctl.stores.unit import Unit

_OWNED = ("subscriptions", "users", "locations")
"""Tables whose rows belong to a customer by a value, so that another value moves them."""


def merge_customers(connection: sqlite3.Connection, unit: Unit, local: str, real: str, day: str) -> None:
    """Let what belongs to `local` belong to `real`: things always, sets from `day` on; hide `local`."""
    for table in _OWNED:
        _move(unit, table, local, real)
    _unite(connection, unit, "tag_sets", (local, real), day)
    _unite(connection, unit, "assignment_sets", (local, real), day)
    _hide(unit, local, real)


def _move(unit: Unit, name: str, local: str, real: str) -> None:
    """Say again what was said to be of `local`, where no later run of that day said otherwise."""
    table = HISTORY_TABLES[name]
    (key,) = table.keys
    bit = table.mask(("org_id",))
    staged = unit.stage(name, (key, "org_id"))
    staged.fill(
        f"SELECT 0, o.day, o.{key}, :real FROM {table.observed} o"
        f" WHERE o.org_id = :local AND o.spoken & {bit} AND NOT EXISTS ("
        f"  SELECT 1 FROM {table.observed} l WHERE l.{key} = o.{key} AND l.day = o.day"
        f"  AND l.run_id > o.run_id AND l.spoken & {bit})",
        {"local": local, "real": real},
    )
    staged.index()
    unit.absorb(staged)


def _unite(connection: sqlite3.Connection, unit: Unit, name: str, pair: tuple[str, str], day: str) -> None:
    """Give the members of both sets to the second customer, none to the first."""
    local, real = pair
    found = dict(
        connection.execute(
            f"SELECT org_id, members FROM {name} WHERE org_id IN (:local, :real)",
            {"local": local, "real": real},
        ).fetchall()
    )
    if not members_of(found.get(local)):
        return
    # the real customer's own spelling of a tag stands
    members = {
        _identity(member): member for org_id in (local, real) for member in members_of(found.get(org_id))
    }
    whole = [(real, _text(name, list(members.values()))), (local, _text(name, []))]
    unit.observe(name, ("org_id", "members"), ((day, one) for one in whole))


def _identity(member: tuple[str, ...]) -> tuple[str, ...]:
    return (member[0], member[2]) if len(member) > 1 else member


def _text(name: str, members: list[tuple[str, ...]]) -> str:
    if name == "tag_sets":
        return tag_members((member[0], member[1]) for member in members)
    return address_members(member[0] for member in members)


def _hide(unit: Unit, local: str, real: str) -> None:
    """Say of `local`, and of all that were merged into it, since their first day: it is `real`."""
    staged = unit.stage("customers", ("org_id", "merged_into"))
    staged.fill(
        "SELECT 0, c.first_seen, c.org_id, :real FROM customers c"
        " WHERE c.org_id = :local OR c.merged_into = :local",
        {"local": local, "real": real},
    )
    staged.index()
    unit.absorb(staged)
