"""Sets that customers carry, read and written whole: their tags, and the administrators who manage them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.domain.members import members_of

if TYPE_CHECKING:
    from partnerctl.services.bulk import Step
    from partnerctl.stores.contract import Store, Unit

Member = tuple[str, ...]


class MemberSet(NamedTuple):
    """The members of one customer's set, and the newest day on which a file or a change spoke of it."""

    members: tuple[Member, ...]
    last_seen: date | None


class NewSet(NamedTuple):
    """What a customer's set is to be, as the store keeps it, and from which day on."""

    text: str
    day: date


def read_sets(store: Store, table: str, org_ids: Iterable[str]) -> dict[str, MemberSet]:
    """Return the present sets of customers; one that was never spoken of is empty."""
    found = store.member_sets(table, tuple(org_ids))
    return {
        org_id: MemberSet(tuple(members_of(text)), last_seen) for org_id, (text, last_seen) in found.items()
    }


def set_of(sets: dict[str, MemberSet], org_id: str) -> MemberSet:
    """Return the set of one customer, empty where it was never spoken of."""
    return sets.get(org_id, MemberSet((), None))


def new_set(text: str, before: MemberSet, today: date) -> NewSet:
    """Return the set to write: after a file of the future, which would have the last word otherwise."""
    return NewSet(text, max(today, before.last_seen or today))


def stage_sets(unit: Unit, table: str, steps: Sequence[Step]) -> None:
    """Let the unit observe the new sets of the steps' customers; the detail of each step is a `NewSet`."""
    made: list[tuple[str | None, NewSet]] = [(step.subject.org_id, step.detail) for step in steps]
    rows = ((new.day.isoformat(), (org_id, new.text)) for org_id, new in made)
    unit.observe(table, ("org_id", "members"), rows)
