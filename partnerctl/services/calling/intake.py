"""One file of calling records taken into the folder, as one run of the store (``docs/calling.md``)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.calling.importing import Recording, TakenIn, take_in, take_in_plain
from partnerctl.clock import timestamp
from partnerctl.domain.calling.kinds import CALLS
from partnerctl.domain.records import ImportedFile
from partnerctl.domain.stepping import Step
from partnerctl.errors import UsageError
from partnerctl.ingest.calling_rows import Given, check_given, normalise
from partnerctl.ingest.rejected import RejectedRows
from partnerctl.services.import_run import FileDone

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.ingest.calling_tables import CallingTable
    from partnerctl.ingest.sources import Source
    from partnerctl.services.import_run import ImportOptions
    from partnerctl.stores.contract import Store

RUN = "calls"
"""The kind of a run that changed the folder of calling records, and nothing in the store."""

_OLDEST = date(2000, 1, 1)
_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PlannedCalls:
    """One recognised file of calling records, and what is said about it."""

    source: Source
    table: CallingTable
    given: Given

    @property
    def entity(self) -> str:
        """Return the name of what the file holds."""
        return self.table.layout.name

    @property
    def rank(self) -> tuple[int, date]:
        """Return where the file comes: after everything that the store takes in."""
        return 1000, self.given.since or self.given.today


def plan_calls(source: Source, table: CallingTable, given: Given) -> PlannedCalls:
    """Return the plan of an opened file; raises InvalidData where it does not say enough."""
    check_given(table, given)
    return PlannedCalls(source, table, given)


def import_calls(store: Store, planned: PlannedCalls, options: ImportOptions, step: Step) -> FileDone:
    """Import one file, whole or not at all, and return what it did; with ``--dry-run`` what it would do.

    Raises InvalidData for a file that cannot be taken in, UsageError without a folder for it or without
    the extra, Locked, MachineFault.
    """
    place = options.calling
    if place is None:
        raise UsageError(f"{planned.source.name}: there is no folder for calling records here")
    path = planned.source.rejected_path if not options.dry_run else None
    with (
        RejectedRows(path, planned.table.headers) as rejected,
        tempfile.TemporaryDirectory(prefix="partnerctl-") as folder,
    ):
        if options.dry_run and not place.path.exists():
            place = replace(place, path=Path(folder) / "rehearsal")
        import_ = _Import(store, planned, place, options, rejected)
        return import_.run(Path(folder) / "canonical.csv", step)


class _Import:
    """The steps of one file's import."""

    def __init__(
        self,
        store: Store,
        planned: PlannedCalls,
        place: CallingPlace,
        options: ImportOptions,
        rejected: RejectedRows,
    ) -> None:
        self._store = store
        self._planned = planned
        self._place = place
        self._options = options
        self._rejected = rejected
        self._run_id: int | None = None

    def run(self, canonical: Path, step: Step) -> FileDone:
        """Import the file, by way of `canonical` where it is not plain."""
        table, options = self._planned.table, self._options
        recording: Recording | None = None if options.dry_run else self._recording
        notes = list(table.notes)
        taken = None
        if table.plain and table.kind is CALLS:
            source = self._planned.source.path
            taken = take_in_plain(self._place, table.kind, source, table.columns, recording)
        if taken is None:
            on_bad = self._rejected if options.skip_bad_rows else None
            notes.extend(normalise(table, canonical, self._planned.given, on_bad, step).notes)
            taken = take_in(self._place, table.kind, [canonical], options.clock.now(), recording)
        else:
            notes.extend(self._odd_days(taken))
        return FileDone(self._record(taken), (*notes, *self._rejection()))

    @contextmanager
    def _recording(self, taken: TakenIn) -> Iterator[None]:
        """Record the run of the store around the moment in which the records are put in place."""
        now, options, name = timestamp(self._options.clock.now()), self._options, self._planned.source.name
        with self._store.unit() as unit:
            self._run_id = unit.begin(RUN, options.actor, now, name)
            said = {"entity": self._planned.entity, "rows": taken.rows, "inserted": taken.inserted}
            unit.audit(now, options.actor, "import", name, None, json.dumps(said))
            yield
            unit.commit()

    def _record(self, taken: TakenIn) -> ImportedFile:
        return ImportedFile(
            self._run_id,
            self._planned.source.name,
            self._planned.entity,
            self._planned.given.until or taken.until,
            taken.rows + self._rejected.count,
            taken.inserted,
            taken.updated,
            taken.unchanged,
            self._rejected.count,
        )

    def _odd_days(self, taken: TakenIn) -> list[str]:
        """Return the note on days that hardly can be meant; the strict reader names their lines."""
        name, latest = self._planned.source.name, self._planned.given.today + _AHEAD
        notes = []
        if taken.since is not None and taken.since < _OLDEST:
            notes.append(f"{name}: has records of long ago (from {taken.since}); kept")
        if taken.until is not None and taken.until > latest:
            notes.append(f"{name}: dated in the future ({taken.until}); kept")
        return notes

    def _rejection(self) -> list[str]:
        count = self._rejected.count
        if not count or self._options.dry_run:
            return []
        rows = "1 row" if count == 1 else f"{count} rows"
        return [f"{self._planned.source.name}: {rows} rejected, see {self._planned.source.rejected_path}"]
