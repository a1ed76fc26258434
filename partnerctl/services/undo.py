"""Taking one run back: an import as if its file had never come, or a change of a customer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from partnerctl.clock import timestamp
from partnerctl.errors import Conflict, NotFound
from partnerctl.services.acting import Acting
from partnerctl.stores.contract import Store
from partnerctl.stores.terms import RunHead

_SHOWN = 3
_REFUSED = {
    "report": "it wrote a report file, and changed nothing in the store",
    "undo": "an undo cannot be undone; import the file, or make the change, again",
    "demo": "it made the demo data; `partnerctl demo` makes it anew",
}
_THINGS = {"tag_sets": "the tags of", "assignment_sets": "the administrators of"}


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did, or would do: `run_id` is its own run (None with ``--dry-run``), `undone` the other.

    `started`, `actor` and `subject` are those of the run taken back, `observations` what it had said.
    """

    run_id: int | None
    undone: int
    kind: str
    subject: str | None
    actor: str
    started: datetime
    observations: int


def undo_run(store: Store, run_id: int, acting: Acting) -> Undone:
    """Take back what one run said, audited.

    Raises NotFound for an unknown run; Conflict where it is no import and no change, was taken back before,
    or where a change's fields were spoken of by a later run.
    """
    if acting.dry_run:
        return _undone(store, _undoable(store, run_id), None)
    at = timestamp(acting.at)
    _undoable(store, run_id)
    with store.unit() as unit:
        own = unit.begin("undo", acting.actor, at, f"run {run_id}")
        head = _undoable(store, run_id)  # again, now that nobody else can write
        undone = _undone(store, head, own)
        unit.forget(run_id)
        unit.mark_undone(run_id)
        before = {"kind": head.kind, "subject": head.subject, "observations": undone.observations}
        unit.audit(at, acting.actor, "undo", f"run {run_id}", json.dumps(before, ensure_ascii=False), None)
        unit.commit()
    return undone


def _undone(store: Store, head: RunHead, own: int | None) -> Undone:
    return Undone(
        own,
        head.run_id,
        head.kind,
        head.subject,
        head.actor,
        datetime.fromisoformat(head.started),
        store.observations(head.run_id),
    )


def _undoable(store: Store, run_id: int) -> RunHead:
    head = store.run(run_id)
    if head is None:
        raise NotFound(f"there is no run {run_id}", "`partnerctl audit list` shows what was changed, by run")
    if head.undone_by is not None:
        raise Conflict(f"run {run_id} was taken back already, by run {head.undone_by}")
    if head.kind not in ("import", "change"):
        why = _REFUSED.get(head.kind, f"its kind is {head.kind}")
        raise Conflict(f"run {run_id} cannot be undone: {why}")
    if head.kind == "change":
        _refuse_later_words(store, head)
    return head


def _refuse_later_words(store: Store, head: RunHead) -> None:
    """Raise Conflict where a change said nothing of customers, or a later run spoke of the same."""
    if store.observations(head.run_id) == 0:
        raise Conflict(
            f"run {head.run_id} cannot be undone: it changed {head.subject}, which has no history",
            f"`partnerctl audit list` shows what it was before run {head.run_id}",
        )
    found = []
    for word in store.later_words(head.run_id):
        what = _THINGS.get(word.table) or f"{', '.join(word.fields)} of"
        found.append(f"run {word.run_id}: {what} {word.key}")
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise Conflict(
            f"run {head.run_id} cannot be undone: changed since by {'; '.join(found[:_SHOWN])}{more}",
            "undo the later runs first, or make a new change",
        )
