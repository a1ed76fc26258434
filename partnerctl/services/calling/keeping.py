"""What the folder of calling records holds, and deleting what is old (``docs/calling.md``, The folder)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from partnerctl.calling.counting import Held, held
from partnerctl.calling.counting import prune as delete
from partnerctl.clock import timestamp
from partnerctl.domain.records import KeptRecords, PrunedRecords
from partnerctl.services.answers import Answer
from partnerctl.services.calling.intake import RUN
from partnerctl.services.rights import KEEP_STORE, require

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.services.acting import Acting
    from partnerctl.stores.contract import Store


def info(place: CallingPlace) -> Answer[KeptRecords]:
    """Return what the folder holds, a record of each kind; raises UsageError without the extra."""
    found = [
        KeptRecords(
            one.kind.name,
            str(place.path / one.kind.name),
            one.since,
            one.until,
            one.days,
            one.records,
            one.bytes,
        )
        for one in held(place)
    ]
    return Answer(KeptRecords, found)


def prune(
    store: Callable[[], Store],
    place: CallingPlace,
    older_than: timedelta,
    acting: Acting,
    confirm: Callable[[str], None],
) -> Answer[PrunedRecords]:
    """Delete the days that ended longer ago than that, of every kind, and return what was deleted.

    It is audited, and cannot be taken back: `confirm` is asked first. Raises NotAllowed, Locked,
    MachineFault, UsageError without the extra.
    """
    require(store(), acting.me, KEEP_STORE)
    before = (acting.at - older_than).date()
    found = delete(place, before, None)
    days, records = sum(one.days for one in found), sum(one.records for one in found)
    if not acting.dry_run and days:
        confirm(f"{records} records of {days} days before {before} are deleted for good. Go on?")
        found = delete(place, before, lambda pruned: _recording(store(), acting, pruned))
    shown = [PrunedRecords(one.kind.name, before, one.days, one.records, one.bytes) for one in found]
    return Answer(PrunedRecords, shown, () if days else (f"nothing is older than {before}",))


@contextmanager
def _recording(store: Store, acting: Acting, found: tuple[Held, ...]) -> Iterator[None]:
    at = timestamp(acting.at)
    with store.unit() as unit:
        unit.begin(RUN, acting.actor, at, "calls prune")
        said = {one.kind.name: {"days": one.days, "records": one.records} for one in found if one.days}
        unit.audit(at, acting.actor, "calls prune", "calling records", json.dumps(said), None)
        yield
        unit.commit()
