"""Changes that go to Webex first: read there, change, write, read back and verify; then the store.

A failure leaves the store as it was, and says what Webex holds. The store's lock is not held meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from partnerctl.domain.stepping import Step as Counter
from partnerctl.domain.stepping import unheard
from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError
from partnerctl.services.bulk import Change, Done, Limits, Planning, Step, Subject, record

if TYPE_CHECKING:
    from partnerctl.services.acting import Acting
    from partnerctl.stores.contract import Store

REMOTE = "remote"
"""The kind of a run that changed Webex before it changed the store."""


class RemoteChange(Change, Protocol):
    """A change of which the plan rests on what Webex holds, and that is made there first."""

    def differs(self, step: Step, /) -> bool:
        """Tell whether the store has something else than Webex, where nothing is to be changed there."""

    def send(self, step: Step, /) -> Step:
        """Make one step in Webex and verify it; return it as Webex has it then, or with its fault.

        A fault of which nobody knows what it left behind says so in its text.
        """


def carry_out_remotely(
    store: Store,
    change: RemoteChange,
    subjects: Sequence[Subject],
    acting: Acting,
    limits: Limits | None = None,
    step_done: Counter = unheard,
) -> Done:
    """Plan a change by what Webex holds, make it there, then store what was verified as one audited run.

    Raises as `bulk.carry_out`; for one subject alone the fault of its step; Locked or MachineFault, saying
    so, where Webex has the change and the store could not take it.
    """
    limits = limits or Limits()
    steps = Planning(store, change, subjects, acting, limits).steps()
    if acting.dry_run:
        return Done(change.action, steps, in_webex=True)
    follows = [step for step in steps if step.fault is None and not step.changes and change.differs(step)]
    sent = []
    for step in steps:
        sent.append(change.send(step) if step.changes else step)
        step_done(1)
    made = [*(step for step in sent if step.changes), *follows]
    run_id = _recorded(store, change, made, acting) if made else None
    if not limits.many:
        for step in sent:
            if step.fault is not None:
                raise step.fault
    return Done(change.action, tuple(sent), run_id, in_webex=True)


def _recorded(store: Store, change: RemoteChange, made: Sequence[Step], acting: Acting) -> int:
    try:
        return record(store, REMOTE, change, made, acting)
    except PartnerctlError as fault:
        raise type(fault)(
            f"Webex has the change, and this store does not: {fault.reason}",
            "bring the store up to date with: partnerctl sync --only tags,admins",
        ) from fault


def left_behind(fault: PartnerctlError | None) -> str:
    """Return what to say where Webex could not be read again after a change that failed with `fault`."""
    if isinstance(fault, NotAllowed | NotFound | Conflict):
        return "Webex was not changed either"
    return "nobody knows what Webex holds now"


def failed(step: Step, fault: PartnerctlError, holds: str) -> Step:
    """Return a step that could not be made in Webex; `holds` says what Webex holds."""
    words = f"{fault.reason.rstrip('.')}; {holds}; nothing was changed in this store"
    return replace(step, fault=type(fault)(words, fault.hint))
