"""Taking one run back: an import as if its file had never come, a change, or an undo itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from partnerctl.clock import timestamp
from partnerctl.errors import Conflict, NotFound
from partnerctl.services.rights import require, right_of

if TYPE_CHECKING:
    from partnerctl.services.acting import Acting
    from partnerctl.stores.contract import Store, Unit
    from partnerctl.stores.retracing import LaterWord
    from partnerctl.stores.terms import RunHead

_SHOWN = 3
_REFUSED = {
    "report": "it wrote a report file, and changed nothing in the store",
    "demo": "it made the demo data; `partnerctl demo` makes it anew",
    "calls": "it put records into the folder of calling records, which keeps no older state",
    "login": "it recorded who signed in",
    "remote": "it changed Webex first, and undo would change this store alone; make the opposite change",
}
_THINGS = {"tag_sets": "the tags of", "assignment_sets": "the administrators of"}


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did, or would do: `run_id` is its own run (None with ``--dry-run``), `undone` the other.

    `started`, `actor` and `subject` are those of the run taken back, `observations` what it had said; of an
    undo, what it had taken back.
    """

    run_id: int | None
    undone: int
    kind: str
    subject: str | None
    actor: str
    started: datetime
    observations: int


def undo_run(store: Store, run_id: int, acting: Acting) -> Undone:
    """Take back what one run said, audited; of an undo, put back what it took.

    Raises NotFound for an unknown run; NotAllowed; Conflict where it is none that can be undone, was taken
    back before, or where a later run has spoken of the same fields.
    """
    if acting.dry_run:
        return _undone(store, _undoable(store, run_id, acting), None)
    at = timestamp(acting.at)
    _undoable(store, run_id, acting)
    with store.unit() as unit:
        own = unit.begin("undo", acting.actor, at, f"run {run_id}", takes_back=run_id)
        head = _undoable(store, run_id, acting)  # again, now that nobody else can write
        undone = _undone(store, head, own)
        _take_back(store, unit, head, own)
        before = {"kind": head.kind, "subject": head.subject, "observations": undone.observations}
        unit.audit(at, acting.actor, "undo", f"run {run_id}", json.dumps(before, ensure_ascii=False), None)
        unit.commit()
    return undone


def _take_back(store: Store, unit: Unit, head: RunHead, by: int) -> None:
    """Let a run no longer hold: what it said goes, or what it took back comes again."""
    if head.kind == "undo":
        _put_back(store, unit, _taken_by(store, head), by)
    else:
        unit.withdraw(head.run_id)
    unit.mark_undone(head.run_id, by)


def _put_back(store: Store, unit: Unit, head: RunHead, by: int) -> None:
    """Let a run hold again that was taken back."""
    if head.kind == "undo":
        _take_back(store, unit, _taken_by(store, head), by)
    else:
        unit.reinstate(head.run_id)
    unit.mark_undone(head.run_id, None)


def _taken_by(store: Store, head: RunHead) -> RunHead:
    taken = None if head.takes_back is None else store.run(head.takes_back)
    if taken is None:
        raise Conflict(f"run {head.run_id} cannot be undone: nobody knows any more what it took back")
    return taken


def _root(store: Store, head: RunHead) -> RunHead:
    """Return the import or change that a chain of undos is about."""
    while head.kind == "undo":
        head = _taken_by(store, head)
    return head


def _undone(store: Store, head: RunHead, own: int | None) -> Undone:
    return Undone(
        own,
        head.run_id,
        head.kind,
        head.subject,
        head.actor,
        datetime.fromisoformat(head.started),
        store.observations(_root(store, head).run_id),
    )


def _undoable(store: Store, run_id: int, acting: Acting) -> RunHead:
    head = store.run(run_id)
    if head is None:
        raise NotFound(f"there is no run {run_id}", "`partnerctl audit list` shows what was changed, by run")
    if head.undone_by is not None:
        raise Conflict(
            f"run {run_id} was taken back already, by run {head.undone_by}",
            f"put it back with: partnerctl undo {head.undone_by}",
        )
    if head.kind not in ("import", "sync", "change", "undo"):
        why = _REFUSED.get(head.kind, f"its kind is {head.kind}")
        raise Conflict(f"run {run_id} cannot be undone: {why}")
    root = _root(store, head)
    require(store, acting.me, right_of(root.kind, root.subject))
    if root.kind == "change":
        if store.observations(root.run_id) == 0:
            raise _without_history(root)
        _refuse_later_words(head, store.later_words(root.run_id, since=head.run_id))
    return head


def _without_history(head: RunHead) -> Conflict:
    return Conflict(
        f"run {head.run_id} cannot be undone: it changed {head.subject}, which has no history",
        f"`partnerctl audit list` shows what it was before run {head.run_id}",
    )


def _refuse_later_words(head: RunHead, words: Iterable[LaterWord]) -> None:
    """Raise Conflict where a later run spoke of the same."""
    found = []
    for word in words:
        what = _THINGS.get(word.table) or f"{', '.join(word.fields)} of"
        found.append(f"run {word.run_id}: {what} {word.key}")
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise Conflict(
            f"run {head.run_id} cannot be undone: changed since by {'; '.join(found[:_SHOWN])}{more}",
            "undo the later runs first, or make a new change",
        )
