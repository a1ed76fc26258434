"""One file's import: staged, checked as a whole, absorbed, and committed as one run (``files.md``)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.clock import Clock, timestamp
from partnerctl.domain.entities import ENTITIES
from partnerctl.domain.records import ImportedFile
from partnerctl.domain.stepping import Step, counted
from partnerctl.errors import InvalidData
from partnerctl.ingest.plans import Target
from partnerctl.ingest.rejected import RejectedRows
from partnerctl.ingest.sets import Problems, SetPlan
from partnerctl.services.import_plans import SUBSCRIPTION_DETAILS, Planned, references
from partnerctl.tabular.rows import BadRow

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.stores.contract import Inventory, Staged, Store, Unit

MOST_CLOSED_PCT = 10
"""A complete report that closes more than this share of the subscriptions needs a confirmation."""

Confirm = Callable[[str], None]
"""Asks a question; returns where the answer is yes, raises otherwise."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How files are taken in. `complete`: what they do not list is absent; `region` narrows that.

    `me` is the address of the person who acts, None for the owner of the store. `called` is the name of a
    file that comes from Webex itself, today, beside what was asked there one by one: it says more, and need
    not say so. `calling` is where calling records are kept; `customer`, `since` and `until` are what files of
    them do not say themselves.
    """

    actor: str
    clock: Clock
    today: date
    region: str | None = None
    complete: bool = False
    skip_bad_rows: bool = False
    dry_run: bool = False
    me: str | None = None
    called: str | None = None
    calling: CallingPlace | None = None
    customer: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class FileDone:
    """What became of one file: its record, and what is to be said about it."""

    record: ImportedFile
    notes: tuple[str, ...]


def import_file(
    store: Store, planned: Planned, options: ImportOptions, confirm: Confirm, step: Step
) -> FileDone:
    """Import one file, whole or not at all, and return what it did; `step` hears of rows as they are read.

    With ``--dry-run`` the store is a copy that nobody else sees.

    Raises InvalidData for a file that cannot be taken in, Locked, MachineFault.
    """
    rejected_path = planned.source.rejected_path if not options.dry_run else None
    with RejectedRows(rejected_path, planned.table.headers) as rejected, store.unit() as unit:
        run = _Run(unit, planned, options, rejected)
        rows = run.stage(step)
        run.begin()
        run.absorb(confirm)
        record = run.record(rows)
        unit.audit(
            timestamp(options.clock.now()),
            options.actor,
            "import",
            planned.source.name,
            None,
            json.dumps({"entity": record.entity, "rows": record.rows, "inserted": record.inserted}),
        )
        unit.commit()
        return FileDone(record, tuple(run.notes()))


class _Run:
    """The steps of one file's import, over one unit of work."""

    def __init__(self, unit: Unit, planned: Planned, options: ImportOptions, rejected: RejectedRows) -> None:
        self._unit = unit
        self._planned = planned
        self._options = options
        self._rejected = rejected
        self._said: list[str] = []
        self._repeated = 0
        self._history: dict[int, Staged] = {}
        self._inventory: dict[int, Inventory] = {}
        self._totals = [0, 0]  # rows of inventories and sets that are new, that changed
        for i, target in enumerate(planned.plan.targets):
            if target.inventory:
                self._inventory[i] = unit.stage_inventory(ENTITIES[target.name], target.columns)
            else:
                self._history[i] = unit.stage(target.name, target.columns)

    def stage(self, step: Step) -> int:
        """Read the whole file into the stagings; return how many rows it has, bad ones included."""
        plan = self._planned.plan
        on_bad = self._rejected if self._options.skip_bad_rows else None
        count = 0
        for line, values in counted(self._planned.table.rows(on_bad), step):
            for i, day, row in plan.observe(line, values):
                if i in self._history:
                    self._history[i].add(line, day, row)
                else:
                    self._inventory[i].add(line, row, day if self._planned.days.own else None)
            count += 1
        return count + self._rejected.count

    def begin(self) -> None:
        """Take the lock, and settle what only the whole file says, now that nobody else changes the store."""
        now = timestamp(self._options.clock.now())
        plan = self._planned.plan
        self._unit.begin("import", self._options.actor, now, self._planned.source.name)
        if isinstance(plan, SetPlan):
            self._leave_out(plan.settle(self._unit.surviving_customer, self._unit.knows_subscription))
        for line, (i, day, row) in plan.finish():
            self._history[i].add(line, day, row)

    def absorb(self, confirm: Confirm) -> None:
        """Make the rows part of the store, what others refer to first."""
        for i, target in enumerate(self._planned.plan.targets):
            if i in self._history:
                self._absorb_history(self._history[i], target)
            else:
                self._absorb_inventory(self._inventory[i], target)
            if target.name == "subscriptions":
                self._close(self._history[i], confirm)
            if target.name == "licenses":
                self._warn_of_early_figures(self._history[i])
        if self._repeated:
            words = "1 row repeats another and counts once"
            if self._repeated > 1:
                words = f"{self._repeated} rows repeat others and count once"
            self._said.append(f"{self._name}: {words}")

    def _absorb_history(self, staged: Staged, target: Target) -> None:
        if "org_id" in target.columns:
            self._unit.redirect_merged(staged)
        self._check_references(staged, target)
        staged.index()
        self._check_clashes(staged, target)
        repeats = staged.drop_repeats(first=not target.report)
        if not target.report and (target.name != "licenses" or self._planned.entity == "licenses"):
            self._repeated = repeats  # a report's license rows repeat with their subscription
        self._unit.absorb(staged)
        self._say_disagreement(staged)
        plan = self._planned.plan
        if isinstance(plan, SetPlan):
            sizes = plan.sizes()
            for line, new in self._unit.changed_lines(staged):
                self._totals[0 if new else 1] += sizes[line]

    def _check_clashes(self, staged: Staged, target: Target) -> None:
        bad: Problems = {}
        for clash in staged.clashes():
            key = " ".join(str(k) for k in clash.key if k)
            if target.report:
                self._said.append(
                    f"{self._name}, lines {clash.line} and {clash.other}: two values of customer {key};"
                    " the last one counts"
                )
                return
            words = f"says something else of {key} than line {clash.line} does, for the day {clash.day}"
            if not self._options.skip_bad_rows:
                raise InvalidData.at(self._name, clash.other, None, words, "correct the file")
            bad.setdefault(clash.other, (None, words))
        if bad:
            self._reject(bad)

    def _say_disagreement(self, staged: Staged) -> None:
        found = self._unit.disagreement(staged)
        if found is not None:
            key = " ".join(str(k) for k in found.key if k)
            self._said.append(
                f"{self._name}, line {found.line}: another file says something else of {key} for {found.day};"
                " this one counts" + (f" ({found.count} rows in all)" if found.count > 1 else "")
            )

    def _absorb_inventory(self, staged: Inventory, target: Target) -> None:
        self._unit.redirect_merged(staged)
        self._check_references(staged, target)
        day = self._planned.day
        done = self._unit.absorb_inventory(staged, day.isoformat())
        self._totals[0] += done.inserted
        self._totals[1] += done.updated
        self._repeated = done.repeats
        if done.older:
            have = "customer has" if done.older == 1 else "customers have"
            self._said.append(f"{self._name}: {done.older} {have} a newer inventory than {day}; unchanged")
        if done.disagreeing and self._options.called is None:
            customers = "1 customer" if done.disagreeing == 1 else f"{done.disagreeing} customers"
            self._said.append(
                f"{self._name}: another file says something else of {customers} for {day}; this one counts"
            )

    def _check_references(self, staged: Staged | Inventory, target: Target) -> None:
        bad: Problems = {}
        only_first = None if self._options.skip_bad_rows else 1
        for column in references(target.name):
            for found in self._unit.unknown(staged, column, only_first):
                bad.setdefault(found.line, (column, f"{found.value} is not known to the store"))
        self._leave_out(bad)

    def _leave_out(self, bad: Problems) -> None:
        """Reject rows where that is wanted; else raise InvalidData for the first one."""
        if not bad:
            return
        if self._options.skip_bad_rows:
            self._reject(bad)
            return
        line = min(bad)
        hint = "import the file that introduces it first, or together with this one"
        if bad[line][0] not in ("org_id", "subscription_id"):
            hint = "correct the file"
        raise InvalidData.at(self._name, line, *bad[line], hint)

    def _reject(self, bad: Problems) -> None:
        """Take rows out of every staging and write them to the file of rejected rows."""
        waiting: list[Staged | Inventory] = [*self._history.values(), *self._inventory.values()]
        for staged in waiting:
            self._unit.discard(staged, list(bad))
        for line, cells in self._planned.table.cells_of(bad.keys()):
            field, reason = bad[line]
            self._rejected(BadRow(line, cells, field, reason))

    def _close(self, staged: Staged, confirm: Confirm) -> None:
        """Count, or close with ``--complete``, the subscriptions that the file does not list."""
        if self._options.complete:
            self._refuse_incomplete()
        if len(self._planned.days.days) != 1:
            return
        day = next(iter(self._planned.days.days))
        missing, known = self._unit.missing(staged, day, self._options.region)
        if not self._options.complete:
            if missing and self._planned.entity == SUBSCRIPTION_DETAILS and self._unit.is_newest(day):
                self._said.append(
                    f"{self._name}: does not list {missing} of the {known} subscriptions known; they are kept"
                    " (--complete closes them)"
                )
            return
        if missing * 100 > MOST_CLOSED_PCT * known and not self._options.dry_run:
            confirm(f"{self._name} does not list {missing} of {known} subscriptions. Close them?")
        self._unit.declare_complete(day, self._options.region)
        self._said.append(f"{self._name}: {missing} of {known} subscriptions closed as absent from {day}")

    def _refuse_incomplete(self) -> None:
        """Raise InvalidData where a file cannot be the complete list of one day."""
        days = self._planned.days.days
        if self._rejected.count:
            words = "--complete would close what the rejected rows list"
            raise InvalidData.at(self._name, None, None, words, "correct the rows, and import the whole file")
        if not days:
            words = "--complete with an empty file would close everything"
            raise InvalidData.at(self._name, None, None, words, "check that it is the right file")
        if len(days) > 1:
            words = f"--complete needs a file of one day, and this one has {len(days)}"
            raise InvalidData.at(self._name, None, None, words, "give one snapshot at a time")

    def _warn_of_early_figures(self, staged: Staged) -> None:
        count, line = self._unit.figures_before_start(staged)
        if count:
            self._said.append(
                f"{self._name}, line {line}: figures dated before their subscription starts; kept"
                + (f" ({count} rows in all)" if count > 1 else "")
            )

    @property
    def _name(self) -> str:
        return self._planned.source.name

    def record(self, rows: int) -> ImportedFile:
        """Return what the import did, in counts of rows."""
        new, changed = self._unit.counts()
        if self._inventory or isinstance(self._planned.plan, SetPlan):
            new, changed = self._totals
        run_id = None if self._options.dry_run else self._unit.run_id
        unchanged = max(rows - new - changed - self._rejected.count, 0)
        day = max(self._planned.days.days, default=None)
        return ImportedFile(
            run_id,
            self._name,
            self._planned.entity,
            date.fromisoformat(day) if day else self._planned.day,
            rows,
            new,
            changed,
            unchanged,
            self._rejected.count,
        )

    def notes(self) -> list[str]:
        """Return what is to be said about the file."""
        planned, days = self._planned, self._planned.days
        notes = [*planned.table.notes, *planned.warnings.notes(), *self._said]
        if self._options.called is None and not days.own:
            notes.append(f"{self._name}: day {planned.day}, from {planned.day_from}")
        elif self._options.called is None and days.otherwise:
            rows = f"{_rows(days.otherwise)} without a date"
            notes.append(f"{self._name}: day {planned.day}, from {planned.day_from} ({rows})")
        future = [d for d in days.days if date.fromisoformat(d) > self._options.today]
        if future:
            notes.append(f"{self._name}: dated in the future ({max(future)}); kept")
        if self._rejected.count and not self._options.dry_run:
            rejected, path = _rows(self._rejected.count), planned.source.rejected_path
            notes.append(f"{self._name}: {rejected} rejected, see {path}")
        return notes


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
