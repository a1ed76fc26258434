"""Changes of tags that go to Webex first; and those of this store alone, sent there (PH-T1, PH-T2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.domain.folding import fold
from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError
from partnerctl.services.bulk import Step, Subject
from partnerctl.services.member_sets import MemberSet, NewSet, read_sets, set_of
from partnerctl.services.rights import CHANGE_TAGS
from partnerctl.services.tags import TagChange, set_with, too_many
from partnerctl.services.webex.write_through import failed, left_behind

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.services.rights import Right
    from partnerctl.stores.contract import Store, Unit

_TRIES = 3
"""Times that the same tags are written while nobody knows whether they were, and they were not."""


@dataclass(frozen=True, slots=True)
class _Here:
    """What the store says before a change: each customer's set, whose sets Webex itself said, spellings."""

    sets: dict[str, MemberSet]
    told: frozenset[str]
    spelt: dict[str, str]

    def tags(self, subject: Subject) -> tuple[str, ...]:
        """Return the tags that a customer, or a subscription of it, has in the store."""
        place = subject.subscription_id or ""
        members = set_of(self.sets, str(subject.org_id)).members
        return tuple(member[1] for member in members if member[0] == place)


@dataclass(slots=True)
class RemoteTagChange:
    """A change of tags, read, changed and written whole in Webex; descriptions of tags stay."""

    client: Client
    store: Store
    change: TagChange
    right: Right = CHANGE_TAGS
    _described: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @property
    def action(self) -> str:
        """The action, as the audit names it."""
        return self.change.action

    def plan(self, store: Store, subjects: Sequence[Subject], _today: date) -> list[Step]:
        """Return what the tags of each subject are to be, by those that Webex has now.

        The detail of a step is what the store has instead.
        """
        from partnerctl.services.syncing.tags import WEBEX_RUNS

        here = _Here(
            read_sets(store, "tag_sets", (str(one.org_id) for one in subjects)),
            store.sets_said_by("tag_sets", WEBEX_RUNS),
            store.tag_spellings(),
        )
        return [self._planned(here, one) for one in subjects]

    def _planned(self, here: _Here, subject: Subject) -> Step:
        thing = subject.subscription_id or str(subject.org_id)
        try:
            before = self._held(subject)
        except (NotAllowed, NotFound, Conflict) as refused:
            return Step(subject, thing, fault=refused)
        after = self._wanted(here, subject, before)
        fault = self._keeping(here, subject, after) or too_many(thing, before, after)
        return Step(subject, thing, before, after, fault, here.tags(subject))

    def _keeping(self, here: _Here, subject: Subject, after: tuple[str, ...]) -> Conflict | None:
        """Return the error where tags that somebody gave here alone would go unasked, None otherwise."""
        if self.change.mode == "set" or subject.org_id in here.told:
            return None
        gone = {fold(tag) for tag in (*after, *(self.change.tags if self.change.mode == "remove" else ()))}
        lost = [tag for tag in here.tags(subject) if fold(tag) not in gone]
        if not lost:
            return None
        return Conflict(
            f"{subject.given} has tags in this store that Webex lacks: {', '.join(lost)}",
            f"send them first: partnerctl tags push {subject.org_id}; or use: tags set",
        )

    def _wanted(self, here: _Here, subject: Subject, before: tuple[str, ...]) -> tuple[str, ...]:
        spelt = here.spelt | {fold(tag): tag for tag in self._descriptions(subject)}
        return self.change.changed(before, tuple(spelt.get(fold(tag), tag) for tag in self.change.tags))

    def _descriptions(self, subject: Subject) -> dict[str, str | None]:
        from partnerctl.remote.tags import tag_descriptions

        kind = "ORGANIZATION" if subject.subscription_id is None else "SUBSCRIPTION"
        if kind not in self._described:
            self._described[kind] = tag_descriptions(self.client, kind)
        return self._described[kind]

    def differs(self, step: Step) -> bool:
        """Tell whether the store has other tags than Webex, whom nothing is asked of."""
        return not same(step.detail, step.after)

    def send(self, step: Step) -> Step:
        """Write the tags of one subject, read them back, and return the step with what Webex has then."""
        from partnerctl.remote.faults import Unconfirmed

        tries = 0
        while True:
            tries += 1
            fault = self._write(step)
            try:
                held = self._held(step.subject)
            except PartnerctlError as unread:
                return failed(step, fault or unread, left_behind(fault))
            if same(held, step.after):
                return replace(step, after=held)
            again = isinstance(fault, Unconfirmed) and same(held, step.before)
            if not again or tries == _TRIES:
                break
        fault = fault or Conflict(
            "Webex did not keep what was written: somebody else may have changed it", "look, and try again"
        )
        return failed(step, fault, f"Webex holds {', '.join(held) or 'no tags'}")

    def _write(self, step: Step) -> PartnerctlError | None:
        from partnerctl.remote.tags import write_tags

        subject = step.subject
        try:
            descriptions = self._descriptions(subject)
            place = str(subject.org_id), subject.subscription_id
            write_tags(self.client, *place, step.after or (), descriptions)
        except PartnerctlError as fault:
            return fault
        return None

    def _held(self, subject: Subject) -> tuple[str, ...]:
        from partnerctl.remote.tags import tags_of

        return tuple(sorted(tags_of(self.client, str(subject.org_id), subject.subscription_id)))

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe the sets with what Webex has, one per customer."""
        sets = read_sets(self.store, "tag_sets", (str(step.subject.org_id) for step in steps))
        news: dict[str, NewSet] = {}
        for step in steps:
            org_id = str(step.subject.org_id)
            place = step.subject.subscription_id or ""
            news[org_id], sets[org_id] = set_with(set_of(sets, org_id), place, step.after or (), today)
        rows = ((new.day.isoformat(), (org_id, new.text)) for org_id, new in news.items())
        unit.observe("tag_sets", ("org_id", "members"), rows)


@dataclass(slots=True)
class TagPush(RemoteTagChange):
    """Sends the tags of this store to Webex, beside those that are there; takes none away."""

    @property
    def action(self) -> str:
        """The action, as the audit names it."""
        return "tags push"

    def _wanted(self, here: _Here, subject: Subject, before: tuple[str, ...]) -> tuple[str, ...]:
        there = {fold(tag) for tag in before}
        return tuple(sorted((*before, *(t for t in here.tags(subject) if fold(t) not in there))))


def same(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    """Tell whether two sets hold the same tags; nobody says whether case matters to Webex."""
    return {fold(tag) for tag in one or ()} == {fold(tag) for tag in other or ()}


def places_to_push(store: Store, subjects: Sequence[Subject]) -> list[Subject]:
    """Return the customers of `subjects`, and their subscriptions, that carry a tag in this store."""
    found: list[Subject] = []
    sets = read_sets(store, "tag_sets", (str(one.org_id) for one in subjects if one.org_id is not None))
    for one in subjects:
        if one.fault is not None:
            found.append(one)
            continue
        held = set_of(sets, str(one.org_id))
        places = sorted({member[0] for member in held.members})
        found.extend(Subject(one.given, one.org_id, place or None) for place in places)
    return found
