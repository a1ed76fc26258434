"""Changes of one thing or of many: one plan first, then all of it as one run (``cli.md``, Changes)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from partnerctl.clock import timestamp
from partnerctl.domain.records import Planned
from partnerctl.domain.stepping import Step as Counter
from partnerctl.domain.stepping import unheard
from partnerctl.errors import Conflict, PartlyDone, PartnerctlError, UsageError
from partnerctl.services.rights import Right, hidden, not_assigned, require

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.services.acting import Acting
    from partnerctl.stores.contract import Store, Unit

MAX_CHANGES = 50
"""Changes that one command makes at most, unless ``--max-changes`` says otherwise."""

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be changed: a customer, or a subscription of it; `fault` where it could not be found.

    `given` is how it was named.
    """

    given: str
    org_id: str | None = None
    subscription_id: str | None = None
    fault: PartnerctlError | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One planned change. `before` and `after` are words; `fault` says why it cannot be made.

    `detail` is what the change itself needs to make it.
    """

    subject: Subject
    object: str
    before: tuple[str, ...] | None = None
    after: tuple[str, ...] | None = None
    fault: PartnerctlError | None = None
    detail: Any = None

    @property
    def changes(self) -> bool:
        """Tell whether the step changes anything."""
        return self.fault is None and self.before != self.after


class Change(Protocol):
    """A kind of change: how it is planned, and how a plan becomes observations of a day."""

    @property
    def action(self) -> str:
        """The action, as the audit names it: ``tags add``."""

    @property
    def right(self) -> Right:
        """The right that it takes."""

    def plan(self, store: Store, subjects: Sequence[Subject], today: date, /) -> list[Step]:
        """Return a step per subject, by what the store holds now."""

    def stage(self, unit: Unit, steps: Sequence[Step], today: date, /) -> None:
        """Let the unit observe what the steps say."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a change of many may go. `many`: there may be several subjects, each with its own fault."""

    many: bool = False
    max_changes: int = MAX_CHANGES
    atomic: bool = False
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a change: its run (None where nothing was written) and its steps.

    `in_webex`: it was made in Webex before it was stored.
    """

    action: str
    steps: tuple[Step, ...]
    run_id: int | None = None
    in_webex: bool = False

    @property
    def changed(self) -> tuple[Step, ...]:
        """The steps that changed something, or would."""
        return tuple(step for step in self.steps if step.changes)

    @property
    def failed(self) -> tuple[Step, ...]:
        """The steps that could not be made."""
        return tuple(step for step in self.steps if step.fault is not None)

    def planned(self, *, with_problems: bool) -> tuple[Planned, ...]:
        """Return the steps as records; without problems, those alone that can be made, or were."""
        return tuple(
            Planned(self.action, s.object, s.before, s.after, None if s.fault is None else s.fault.reason)
            for s in self.steps
            if with_problems or s.fault is None
        )

    def raise_failure(self) -> None:
        """Raise PartlyDone where some of the steps failed."""
        if self.failed:
            count = f"{len(self.failed)} of {len(self.steps)}"
            raise PartlyDone(f"{count} could not be changed", "the lines above say why; the others are done")


def carry_out(
    store: Store,
    change: Change,
    subjects: Sequence[Subject],
    acting: Acting,
    limits: Limits | None = None,
    step_done: Counter = unheard,
) -> Done:
    """Plan a change of the subjects, and make it as one audited run; with ``dry_run``, plan alone.

    Raises NotAllowed, UsageError without subjects, Conflict beyond the limits; for one subject alone what
    stands in its way, else that is in the steps.
    """
    planned = Planning(store, change, subjects, acting, limits or Limits())
    steps = planned.steps()
    if acting.dry_run or not any(step.changes for step in steps):
        return Done(change.action, steps)
    with store.unit() as unit:
        run_id = unit.begin("change", acting.actor, timestamp(acting.at), _subject(change, steps))
        steps = planned.steps()  # again, now that nobody else can write
        changing = [step for step in steps if step.changes]
        if not changing:
            return Done(change.action, steps)
        _write(unit, change, changing, acting)
        step_done(len(changing))
        unit.commit()
    return Done(change.action, steps, run_id)


def carry_out_where_due(
    store: Store,
    change: Change,
    subjects: Sequence[Subject],
    acting: Acting,
    limits: Limits,
    client: Callable[[], Client] | None,
    step_done: Counter = unheard,
    *,
    recording: bool,
) -> Done:
    """Make a change in Webex first, where there is a remote side and the change concerns it; else here alone.

    `client` is None without a remote side; `recording` keeps here what Webex publishes no way to do. Raises
    as `carry_out` and `carry_out_remotely`, and Conflict for what cannot be done there.
    """
    if client is None:
        return carry_out(store, change, subjects, acting, limits, step_done)
    from partnerctl.services.webex.changes import remote_form
    from partnerctl.services.webex.write_through import carry_out_remotely

    remote = remote_form(change, store, client, recording=recording)
    if remote is None:
        return carry_out(store, change, subjects, acting, limits, step_done)
    return carry_out_remotely(store, remote, subjects, acting, limits, step_done)


def record(store: Store, kind: str, change: Change, steps: Sequence[Step], acting: Acting) -> int:
    """Store the steps of a change as they are, as one audited run of that kind; return its id.

    Raises Locked, MachineFault.
    """
    with store.unit() as unit:
        run_id = unit.begin(kind, acting.actor, timestamp(acting.at), _subject(change, steps))
        _write(unit, change, steps, acting)
        unit.commit()
    return run_id


def _write(unit: Unit, change: Change, steps: Sequence[Step], acting: Acting) -> None:
    at = timestamp(acting.at)
    change.stage(unit, steps, acting.at.date())
    for step in steps:
        before, after = _text(step.before), _text(step.after)
        org_id = step.subject.org_id
        unit.audit(at, acting.actor, change.action, step.object, before, after, org_id=org_id)


@dataclass(frozen=True, slots=True)
class Planning:
    """Plans one change as often as needed, always with the same checks."""

    store: Store
    change: Change
    subjects: Sequence[Subject]
    acting: Acting
    limits: Limits

    def steps(self) -> tuple[Step, ...]:
        """Return the steps; raises what forbids the change as a whole: UsageError, NotAllowed, Conflict."""
        if not self.subjects and not self.limits.allow_empty:
            raise UsageError(
                "there is nothing to change", "widen the query or the input, or give --allow-empty"
            )
        require(self.store, self.acting.me, self.change.right)
        known = [one for one in self.subjects if one.fault is None]
        unseen = hidden(self.store, self.acting.me, (one.org_id for one in known if one.org_id is not None))
        allowed = [one for one in known if one.org_id not in unseen]
        made = iter(self.change.plan(self.store, allowed, self.acting.at.date()))
        steps = tuple(
            _refused(one, one.fault)
            if one.fault is not None
            else _refused(one, not_assigned(self.acting.me, str(one.org_id)))
            if one.org_id in unseen
            else next(made)
            for one in self.subjects
        )
        self._check(steps)
        return steps

    def _check(self, steps: Sequence[Step]) -> None:
        faults = [step for step in steps if step.fault is not None]
        if not self.limits.many:
            for step in faults:
                raise step.fault  # type: ignore[misc] # it has one
        elif faults and self.limits.atomic and not self.acting.dry_run:
            shown = "; ".join(f"{one.object}: {one.fault.reason}" for one in faults[:_SHOWN] if one.fault)
            more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
            raise Conflict(
                f"nothing was changed, because {len(faults)} of {len(steps)} cannot be: {shown}{more}",
                "correct them, or leave --atomic out",
            )
        count = sum(step.changes for step in steps)
        if count > self.limits.max_changes and not self.acting.dry_run:
            raise Conflict(
                f"this would make {count} changes, more than {self.limits.max_changes}; nothing was changed",
                f"look at them with --dry-run, then give --max-changes {count}",
            )


def _refused(subject: Subject, fault: PartnerctlError) -> Step:
    return Step(subject, subject.subscription_id or subject.org_id or subject.given, fault=fault)


def _subject(change: Change, steps: Sequence[Step]) -> str:
    objects = [step.object for step in steps if step.changes]
    return f"{change.action}: {objects[0] if len(objects) == 1 else f'{len(objects)} objects'}"


def _text(words: tuple[str, ...] | None) -> str | None:
    return None if words is None else json.dumps(list(words), ensure_ascii=False)
