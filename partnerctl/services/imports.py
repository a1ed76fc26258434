"""Import report files and canonical files (``files.md``): each file one run, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from partnerctl.clock import timestamp
from partnerctl.domain.folding import fold_header
from partnerctl.domain.records import ImportedFile
from partnerctl.domain.stepping import Step, unheard
from partnerctl.errors import InvalidData, PartlyDone, PartnerctlError, UsageError
from partnerctl.ingest.calling_rows import Given
from partnerctl.ingest.calling_tables import open_calling
from partnerctl.ingest.sources import Source, open_sources
from partnerctl.ingest.typed import ReadOptions, delimited_once, open_table
from partnerctl.services.finding import find_customer
from partnerctl.services.import_notes import Said, gathered
from partnerctl.services.import_plans import (
    COMPLETED,
    Planned,
    in_reading_order,
    layouts,
    layouts_of_calls,
    plan_file,
    refuse_written_list,
)
from partnerctl.services.import_run import Confirm, FileDone, ImportOptions, import_file
from partnerctl.services.rights import require_import
from partnerctl.tabular.headers import MissingColumn
from partnerctl.tabular.recognition import Unrecognised

if TYPE_CHECKING:
    from partnerctl.services.calling.intake import PlannedCalls
    from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the files of one command: records of those taken in, notes, and failures by file.

    `stopped` is what kept the rest from being tried: a lock, the machine, a refused confirmation.
    """

    records: tuple[ImportedFile, ...]
    notes: tuple[str, ...]
    failures: tuple[PartnerctlError, ...]
    stopped: PartnerctlError | None = None

    def raise_failure(self) -> None:
        """Raise what the command ends with: PartlyDone where some files, or some rows, were taken in."""
        if self.stopped is not None:
            raise self.stopped
        rejected = sum(record.rejected for record in self.records)
        if self.failures and not self.records:
            raise self.failures[0]
        if self.failures:
            failed, total = len(self.failures), len(self.failures) + len(self.records)
            raise PartlyDone(
                f"{failed} of {total} files could not be imported", "correct them and import again"
            )
        if rejected:
            words = "1 row was" if rejected == 1 else f"{rejected} rows were"
            raise PartlyDone(f"{words} rejected", "correct the .rejected.csv file and import it")


def import_paths(
    store: Store,
    paths: Sequence[str | Path],
    read: ReadOptions,
    options: ImportOptions,
    confirm: Confirm,
    *,
    as_of: date | None = None,
    stdin: BinaryIO | None = None,
    step: Step = unheard,
) -> Imported:
    """Import files, folders, zips or standard input (``-``), in the order of what refers to what.

    One file that cannot be taken in does not stop the others; a lock, a full disk or a refused
    confirmation does. In a folder, files that are not recognised are passed over with a note. With
    ``--dry-run`` a copy of the store takes the files in. Raises UsageError where a path is not there or
    there is nothing to import, NotAllowed for tags or administrators that the role may not change,
    MachineFault.
    """
    if not paths:
        raise UsageError("nothing to import", "name files, folders, or - for standard input")
    with open_sources(paths, stdin) as sources, _target(store, options) as target:
        notes = list(sources.notes)
        files = [replace(one, name=options.called or one.name) for one in sources.files]
        planned, failures = _plan_all(_Plans(target, read, options, as_of), files, notes)
        if not planned and not failures:
            raise UsageError("there is nothing to import", notes[-1] if notes else None)
        for one in planned:  # before the first is taken in
            require_import(store, options.me, one.entity)
        records: list[ImportedFile] = []
        said: list[Said] = []
        stopped: PartnerctlError | None = None
        for one in in_reading_order(planned):
            try:
                done = _import(target, one, options, confirm, step)
            except InvalidData as failure:
                failures.append(failure)
                continue
            except PartnerctlError as failure:
                stopped = failure
                break
            records.append(done.record)
            said.extend(Said(done.record.file, note) for note in done.notes)
        if options.complete and not any(r.entity in COMPLETED for r in records) and not failures:
            notes.append("--complete had nothing to close: no file lists subscriptions")
    return Imported(tuple(records), (*notes, *gathered(said)), tuple(failures), stopped)


@contextmanager
def _target(store: Store, options: ImportOptions) -> Iterator[Store]:
    """Yield the store that takes the files in: for ``--dry-run`` a copy, where files still meet."""
    if not options.dry_run:
        yield store
        return
    import tempfile

    from partnerctl.stores.opening import open_store

    with tempfile.TemporaryDirectory(prefix="partnerctl-") as folder:
        path = Path(folder) / "rehearsal.db"
        store.backup_to(path)
        rehearsal = open_store(f"sqlite:///{path}", wait=0, create=True, at=timestamp(options.clock.now()))
        try:
            yield rehearsal
        finally:
            rehearsal.close()


def _import(
    store: Store, planned: Planned | PlannedCalls, options: ImportOptions, confirm: Confirm, step: Step
) -> FileDone:
    if isinstance(planned, Planned):
        return import_file(store, planned, options, confirm, step)
    from partnerctl.services.calling.intake import import_calls

    return import_calls(store, planned, options, step)


class _Plans:
    """Makes the plan of each file of one command."""

    def __init__(self, store: Store, read: ReadOptions, options: ImportOptions, as_of: date | None) -> None:
        self._store = store
        self._read = read
        self._options = options
        self._as_of = as_of
        self._known = layouts()
        self._calls = layouts_of_calls()
        self._given: Given | None = None

    @property
    def takes_anything(self) -> bool:
        """Tell whether the files may hold anything, each another thing."""
        return self._read.entity is None

    def plan(self, source: Source) -> Planned | PlannedCalls:
        """Open and recognise a file; raises InvalidData, and UsageError for what is said of it."""
        delimited = delimited_once(source, self._read.encoding)
        calls = open_calling(source, (*self._known, *self._calls), self._read, delimited)
        if calls is not None:
            from partnerctl.services.calling.intake import plan_calls

            refuse_written_list(calls)
            return plan_calls(source, calls, self._what_is_given())
        table = open_table(source, self._known, self._read, delimited)
        refuse_written_list(table)
        return plan_file(source, table, self._read, self._as_of, self._options.today)

    def _what_is_given(self) -> Given:
        """Return what the command says that files of calling records do not."""
        if self._given is None:
            options = self._options
            org_id = find_customer(self._store, options.customer) if options.customer else None
            self._given = Given(options.today, org_id, options.since, options.until)
        return self._given


def _plan_all(
    plans: _Plans, files: Sequence[Source], notes: list[str]
) -> tuple[list[Planned | PlannedCalls], list[PartnerctlError]]:
    """Open and recognise every file; return the plans and the failures, in the order of the command."""
    planned: list[Planned | PlannedCalls] = []
    failures: list[PartnerctlError] = []
    for source in files:
        try:
            planned.append(plans.plan(source))
        except InvalidData as failure:
            if source.in_folder and plans.takes_anything and _is_foreign(source, failure):
                notes.append(f"{source.name}: skipped, not a file that is known here")
            else:
                failures.append(failure)
    return planned, failures


def _is_foreign(source: Source, failure: InvalidData) -> bool:
    """Tell whether a file that stands among others in a folder is none of ours, rather than a broken one."""
    if isinstance(failure, MissingColumn):
        return not failure.certain and not fold_header(source.stem).startswith(fold_header(failure.layout))
    return isinstance(failure, Unrecognised)


def read_options(
    *,
    entity: str | None = None,
    region: str | None = None,
    available: str = "total",
    header_map: tuple[tuple[str, str], ...] = (),
    aliases: tuple[tuple[str, str], ...] = (),
    date_order: str | None = None,
    encoding: str | None = None,
) -> ReadOptions:
    """Return the options of reading from the words of a command line; raises UsageError for another word."""
    from partnerctl.tabular.dates import DateOrder

    try:
        order = DateOrder(date_order) if date_order else None
    except ValueError:
        raise UsageError(f"{date_order!r} is no order of dates", "write dmy, mdy or ymd") from None
    if available not in ("total", "free"):
        raise UsageError(f"{available!r} is not total or free")
    return ReadOptions(
        entity, region, order, encoding, header_map, "free" if available == "free" else "total", aliases
    )
