"""Tags of customers and of subscriptions: listed and changed (PH-T1, PH-T2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from partnerctl.domain.folding import fold
from partnerctl.domain.members import tag_members
from partnerctl.domain.records import TagCount, Tagged
from partnerctl.domain.tags import check_tag, check_tags
from partnerctl.errors import Conflict, UsageError
from partnerctl.services.bulk import Step, Subject
from partnerctl.services.member_sets import Member, MemberSet, NewSet, new_set, read_sets, set_of, stage_sets
from partnerctl.services.rights import CHANGE_TAGS

if TYPE_CHECKING:
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.services.rights import Right
    from partnerctl.stores.contract import Store, Unit

Mode = Literal["add", "remove", "set"]
"""Add tags to those that are there, take them away, or put them in the place of all."""


@dataclass(frozen=True, slots=True)
class TagChange:
    """A change of tags: read, changed and written whole. The first spelling of a tag wins."""

    mode: Mode
    tags: tuple[str, ...]
    right: Right = CHANGE_TAGS

    @property
    def action(self) -> str:
        """The action, as the audit names it."""
        return f"tags {self.mode}"

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return what the tags of each subject are to be; Conflict where they would be too many."""
        sets = read_sets(store, "tag_sets", (str(one.org_id) for one in subjects))
        spelt = store.tag_spellings()
        wanted = tuple(spelt.get(fold(tag), tag) for tag in self.tags)
        steps = []
        for one in subjects:
            step, sets[str(one.org_id)] = self._step(one, set_of(sets, str(one.org_id)), wanted, today)
            steps.append(step)
        return steps

    def _step(
        self, subject: Subject, held: MemberSet, wanted: tuple[str, ...], today: date
    ) -> tuple[Step, MemberSet]:
        """Return the step, and the customer's whole set after it, on which a later step may build."""
        place = subject.subscription_id or ""
        before = _tags_at(held.members, place)
        after = self.changed(before, wanted)
        thing = subject.subscription_id or str(subject.org_id)
        fault = too_many(thing, before, after)
        if fault is not None:
            return Step(subject, thing, before, after, fault), held
        new, members = set_with(held, place, after, today)
        return Step(subject, thing, before, after, detail=new), members

    def changed(self, before: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
        """Return the tags after the change of those `before`; `wanted` are spelt as they are to be."""
        names = {fold(tag) for tag in wanted}
        if self.mode == "remove":
            return tuple(tag for tag in before if fold(tag) not in names)
        if self.mode == "set":
            kept = {fold(tag): tag for tag in before}
            return tuple(sorted(kept.get(fold(tag), tag) for tag in wanted))
        have = {fold(tag) for tag in before}
        return tuple(sorted((*before, *(tag for tag in wanted if fold(tag) not in have))))

    def stage(self, unit: Unit, steps: Sequence[Step], _today: date) -> None:
        """Let the unit observe the new sets, one per customer."""
        last = {step.subject.org_id: step for step in steps}  # each builds on the one before
        stage_sets(unit, "tag_sets", list(last.values()))


def too_many(thing: str, before: tuple[str, ...], after: tuple[str, ...]) -> Conflict | None:
    """Return the error for a change to more tags than a thing may have, None where it may have them."""
    problem = check_tags(after) if after != before else None
    if problem is None:
        return None
    return Conflict(f"{thing} would have {problem}", "take some away first, or use: tags set")


def set_with(held: MemberSet, place: str, tags: tuple[str, ...], today: date) -> tuple[NewSet, MemberSet]:
    """Return a customer's set with `tags` in the place of those that it, or a subscription of it, had."""
    others = tuple(member for member in held.members if member[0] != place)
    members = (*others, *((place, tag, fold(tag)) for tag in tags))
    text = tag_members((member[0], member[1]) for member in members)
    return new_set(text, held, today), MemberSet(members, held.last_seen)


def _tags_at(members: Sequence[Member], place: str) -> tuple[str, ...]:
    return tuple(sorted(member[1] for member in members if member[0] == place))


def tag_change(mode: Mode, tags: Sequence[str]) -> TagChange:
    """Return a change of tags, trimmed and each once; raises UsageError for a tag that cannot be one."""
    distinct: dict[str, str] = {}
    for tag in (" ".join(tag.split()) if tag.isprintable() else tag for tag in tags):
        problem = check_tag(tag)
        if problem is not None:
            raise UsageError(problem, "a tag has 1 to 25 characters, no comma and no control character")
        distinct.setdefault(fold(tag), tag)
    if not distinct and mode != "set":
        raise UsageError("no tag is given", f"write partnerctl tags {mode} CUSTOMER TAG")
    return TagChange(mode, tuple(distinct.values()))


def list_tags(store: Store, asked: Asked) -> Answer[TagCount]:
    """Return every tag, and how many customers and subscriptions carry it, by name.

    Raises UsageError for a bad sort, StaleData by age.
    """
    from partnerctl.services.arranging import arranged
    from partnerctl.services.questions import look_at

    known = look_at(store, asked)
    records = store.tag_counts(asked.as_of)
    return arranged(TagCount, records, asked.sort, asked.limit, known.notes, known.newest)


def tags_of(store: Store, subject: Subject) -> Tagged:
    """Return the tags that a customer, or a subscription, carries now."""
    held = set_of(read_sets(store, "tag_sets", (str(subject.org_id),)), str(subject.org_id))
    place = subject.subscription_id or ""
    name = store.customer_name(str(subject.org_id))
    return Tagged(str(subject.org_id), name, subject.subscription_id, _tags_at(held.members, place))
