"""The unit of work: one run's changes are staged, checked and absorbed, and land together or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from partnerctl.domain.entities import Entity
from partnerctl.domain.history import Value
from partnerctl.domain.records import Organization, ReportRun, SyncedPart
from partnerctl.stores.absence import close_missing, declare_complete, missing
from partnerctl.stores.absorbing import absorb
from partnerctl.stores.changing import Disagreement, Replaced, UnknownReference
from partnerctl.stores.connection import translated
from partnerctl.stores.disagreeing import disagreement
from partnerctl.stores.feed.writing import ChangeLog
from partnerctl.stores.inventories import (
    InventoryStaging,
    absorb_inventory,
)
from partnerctl.stores.journal import record_report_run, set_fact, set_organization
from partnerctl.stores.sets import spread
from partnerctl.stores.sighting import remember_moved, sight_moved
from partnerctl.stores.staging import Staging
from partnerctl.stores.syncs import record_part
from partnerctl.stores.tables import (
    ABSENT,
    CUSTOMER_TABLE,
    HISTORY_TABLES,
    LICENSE_TABLE,
    SETS,
    SUBSCRIPTION_TABLE,
    TABLES,
)
from partnerctl.stores.withdrawing import reinstate, withdraw


class Unit:
    """One transaction of one run; leaving its block without `commit` undoes everything."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None) -> None:
        self._connection = connection
        self._path = path
        self._stagings: list[Staging | InventoryStaging] = []
        self._log: ChangeLog | None = None
        self._locked = False

    def __enter__(self) -> Self:
        self._connection.execute("BEGIN")  # for the temporary tables; the store is not locked by it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self._path):
            try:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                for staged in self._stagings:
                    staged.drop()
            except sqlite3.Error:
                if error is None:  # else that one is what is told: an interrupted statement may hold a table
                    raise
            finally:
                if isinstance(error, sqlite3.Error):  # what the engine says, in words
                    raise error

    @property
    def run_id(self) -> int:
        """Return the id of the run that this unit records; raises RuntimeError before `begin`."""
        return self._changes.run_id

    @property
    def _changes(self) -> ChangeLog:
        if self._log is None:
            raise RuntimeError("the unit has not begun")
        return self._log

    def stage(self, table: str, columns: tuple[str, ...]) -> Staging:
        """Return a new staging for a history table; `columns` are its keys and the values spoken of."""
        staged = Staging(self._connection, HISTORY_TABLES[table], columns, len(self._stagings))
        self._stagings.append(staged)
        return staged

    def stage_inventory(self, entity: Entity, columns: tuple[str, ...]) -> InventoryStaging:
        """Return a new staging for the rows of an inventory file."""
        staged = InventoryStaging(self._connection, entity, columns, len(self._stagings))
        self._stagings.append(staged)
        return staged

    def begin(self, kind: str, actor: str, at: str, subject: str, takes_back: int | None = None) -> int:
        """Take the store's write lock and record the run; return its id. An undo says what it `takes_back`.

        Raises Locked where another run holds the lock for longer than ``--wait``.
        """
        if not self._locked:
            self._lock()
        with translated(self._path):
            run_id = self._connection.execute(
                "INSERT INTO runs (kind, actor, started, subject, takes_back)"
                " VALUES (:kind, :actor, :at, :subject, :takes_back)",
                {"kind": kind, "actor": actor, "at": at, "subject": subject, "takes_back": takes_back},
            ).lastrowid
        self._log = ChangeLog(self._connection, run_id or 0)
        return self.run_id

    def clear(self) -> None:
        """Empty the store: everything but its schema goes. For made data only; before `begin`."""
        self._lock()
        for table in (*TABLES, "sqlite_sequence"):
            kept = " WHERE name NOT LIKE 'migration:%'" if table == "facts" else ""
            self._connection.execute(f"DELETE FROM {table}{kept}")

    def audit(
        self,
        at: str,
        actor: str,
        action: str,
        thing: str,
        before: str | None,
        after: str | None,
        org_id: str | None = None,
    ) -> None:
        """Record one change of this run; `org_id` is the customer whose it is."""
        self._connection.execute(
            "INSERT INTO audit (at, actor, run_id, action, object, before, after, org_id)"
            " VALUES (:at, :actor, :run_id, :action, :thing, :before, :after, :org_id)",
            {
                "at": at,
                "actor": actor,
                "run_id": self.run_id,
                "action": action,
                "thing": thing,
                "before": before,
                "after": after,
                "org_id": org_id,
            },
        )

    def redirect_merged(self, staged: Staging | InventoryStaging) -> None:
        """Let rows that name a merged customer speak of the one it was merged into."""
        staged.flush()
        self._connection.execute(
            f"UPDATE {staged.name} SET org_id = (SELECT c.merged_into FROM customers c"
            f" WHERE c.org_id = {staged.name}.org_id) WHERE org_id IN"
            " (SELECT org_id FROM customers WHERE merged_into IS NOT NULL)"
        )
        if isinstance(staged, InventoryStaging):
            empty, staged.empty = staged.empty, {}
            for org_id, day in empty.items():
                staged.add_empty(self.surviving_customer(org_id) or org_id, day)

    def unknown(
        self, staged: Staging | InventoryStaging, column: str, limit: int | None = None
    ) -> tuple[UnknownReference, ...]:
        """Return the first lines whose ``org_id`` or ``subscription_id`` names nothing in the store."""
        staged.flush()
        target = {"org_id": "customers", "subscription_id": "subscriptions"}[column]
        rows = self._connection.execute(
            f"SELECT line, {column} FROM {staged.name} s WHERE {column} IS NOT NULL AND {column} != ''"
            f" AND NOT EXISTS (SELECT 1 FROM {target} t WHERE t.{column} = s.{column}) ORDER BY line"
            " LIMIT :most",
            {"most": -1 if limit is None else limit},
        )
        return tuple(UnknownReference(line, column, value) for line, value in rows)

    def knows_subscription(self, subscription_id: str) -> bool:
        """Tell whether a subscription is known, within this unit."""
        found = self._connection.execute(
            "SELECT 1 FROM subscriptions WHERE subscription_id = :id", {"id": subscription_id}
        ).fetchone()
        return found is not None

    def surviving_customer(self, org_id: str) -> str | None:
        """Return the id that a customer goes by, merged or not; None where it is not known."""
        found = self._connection.execute(
            "SELECT COALESCE(merged_into, org_id) FROM customers WHERE org_id = :id", {"id": org_id}
        ).fetchone()
        return None if found is None else str(found[0])

    def disagreement(self, staged: Staging) -> Disagreement | None:
        """Return what absorbed rows say otherwise than another run of the same day, None where nothing."""
        return disagreement(self._connection, staged, self.run_id)

    def changed_lines(self, staged: Staging) -> Iterator[tuple[int, bool]]:
        """Yield the absorbed lines that changed something, and whether their key was new."""
        rows = self._connection.execute(f"SELECT line, how FROM {staged.name} WHERE how != 0")
        return ((line, how == 2) for line, how in rows)

    def is_newest(self, day: str) -> bool:
        """Tell whether no subscription was seen on a later day."""
        newest = self._connection.execute("SELECT MAX(last_seen) FROM subscriptions").fetchone()[0]
        return newest is None or newest <= day

    def figures_before_start(self, staged: Staging) -> tuple[int, int]:
        """Return how many staged license figures precede their subscription's start, and the first line."""
        row = self._connection.execute(
            f"SELECT COUNT(*), COALESCE(MIN(s.line), 0) FROM {staged.name} s JOIN subscriptions b"
            " ON b.subscription_id = s.subscription_id WHERE s.day < b.start_date"
        ).fetchone()
        return row[0], row[1]

    def discard(self, staged: Staging | InventoryStaging, lines: list[int]) -> None:
        """Take lines out of a staging (bad rows that are skipped)."""
        self._connection.execute("CREATE TEMP TABLE discarded (line INTEGER PRIMARY KEY)")
        self._connection.executemany("INSERT INTO discarded VALUES (?)", ((line,) for line in lines))
        self._connection.execute(f"DELETE FROM {staged.name} WHERE line IN (SELECT line FROM discarded)")
        self._connection.execute("DROP TABLE discarded")

    def absorb(self, staged: Staging) -> None:
        """Make the staged observations part of the history, and what they observe besides."""
        absorb(self._connection, staged, self._changes)
        if staged.table is LICENSE_TABLE:
            self._sight_subscriptions(staged)
        if staged.table in (LICENSE_TABLE, SUBSCRIPTION_TABLE):
            self._sight_customers(staged)
        if staged.table is SUBSCRIPTION_TABLE:
            said = f"SELECT subscription_id FROM {staged.name} WHERE how != 0 OR slow"
            remember_moved(self._connection, said, {})
            sight_moved(self._connection, self._changes)
            self._close(f"SELECT subscription_id FROM {staged.name} WHERE how != 0 OR slow")
        if staged.table is CUSTOMER_TABLE and "region" in staged.columns:
            orgs = f"SELECT org_id FROM {staged.name} WHERE how != 0 OR slow"
            self._close(f"SELECT subscription_id FROM subscriptions WHERE org_id IN ({orgs})")
        if staged.table.name in SETS:
            spread(self._connection, staged.table.name, f"SELECT DISTINCT org_id FROM {staged.name}")

    def observe(
        self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[str, tuple[Value, ...]]]
    ) -> Staging:
        """Stage rows, each with the day on which it was so, and absorb them; `columns` as in `stage`."""
        staged = self.stage(table, columns)
        for line, (day, values) in enumerate(rows):
            staged.add(line, day, values)
        staged.index()
        self.absorb(staged)
        return staged

    def absorb_inventory(self, staged: InventoryStaging, day: str) -> Replaced:
        """Replace the inventories of the customers that are staged."""
        return absorb_inventory(self._connection, staged, self.run_id, day)

    def counts(self) -> tuple[int, int]:
        """Return how many lines brought something new, and how many changed something known."""
        # A row that ends what never stood is no news.
        news = "how * (how < 2 OR NOT ended)"
        marked = " UNION ALL ".join(
            f"SELECT line, {news if 'ended' in s.columns else 'how'} AS how FROM {s.name}"
            for s in self._stagings
            if isinstance(s, Staging) and s.columns
        )
        if not marked:
            return 0, 0
        row = self._connection.execute(
            "SELECT COALESCE(SUM(how = 2), 0), COALESCE(SUM(how = 1), 0)"
            f" FROM (SELECT line, MAX(how) AS how FROM ({marked}) GROUP BY line)"
        ).fetchone()
        return row[0], row[1]

    def missing(self, staged: Staging, day: str, region: str | None) -> tuple[int, int]:
        """Return how many subscriptions known on `day` are not staged, and how many are known."""
        return missing(self._connection, staged.name, day, region)

    def declare_complete(self, day: str, region: str | None) -> None:
        """Keep that this run's file lists every subscription of `day`, and close those it does not list."""
        declare_complete(self._connection, self.run_id, day, region)
        everything = "SELECT subscription_id FROM subscriptions"
        close_missing(self._connection, everything, self._changes, self.run_id)

    def withdraw(self, run_id: int) -> None:
        """Take back everything that one run observed, as if it had never come; it is kept aside."""
        withdraw(self._connection, run_id, self._changes)
        self._close("SELECT subscription_id FROM subscriptions")

    def reinstate(self, run_id: int) -> None:
        """Let everything hold again that one run observed, as if it had never been taken back."""
        reinstate(self._connection, run_id, self._changes)
        self._close("SELECT subscription_id FROM subscriptions")

    def merge_customers(self, local: str, real: str, day: str) -> None:
        """Let what belongs to the customer `local` belong to `real`, and show `local` nowhere."""
        from partnerctl.stores.merging import merge_customers

        merge_customers(self._connection, self, local, real, day)

    def mark_undone(self, run_id: int, by: int | None) -> None:
        """Record by which run another one was taken back; None where it holds again."""
        self._connection.execute(
            "UPDATE runs SET undone_by = :by WHERE run_id = :run_id", {"by": by, "run_id": run_id}
        )

    def set_fact(self, name: str, value: str | None) -> None:
        """Set a fact of the store."""
        set_fact(self._connection, name, value)

    def set_organization(self, organization: Organization) -> None:
        """Write the partner's own organization."""
        with translated(self._path):
            set_organization(self._connection, organization)

    def record_report_run(self, run: ReportRun) -> None:
        """Write one run of a report."""
        with translated(self._path):
            record_report_run(self._connection, run)

    def record_synced(self, part: SyncedPart) -> None:
        """Write what came of one part of a sync."""
        with translated(self._path):
            record_part(self._connection, part)

    def commit(self) -> None:
        """Make everything permanent, with what it changed in the log."""
        with translated(self._path):
            if self._log is not None:
                self._log.settle()
            self._connection.execute("COMMIT")

    def _lock(self) -> None:
        """End what concerned the temporary tables alone, and take the store's write lock."""
        self._connection.execute("COMMIT")
        with translated(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
        self._locked = True

    def _sight_subscriptions(self, staged: Staging) -> None:
        seen = self.stage("subscriptions", SUBSCRIPTION_TABLE.keys)
        seen.fill(
            f"SELECT MIN(line), day, subscription_id FROM {staged.name} s WHERE NOT EXISTS ("
            " SELECT 1 FROM subscriptions_observed o WHERE o.subscription_id = s.subscription_id"
            " AND o.day = s.day AND o.run_id = :run_id) GROUP BY day, subscription_id",
            {"run_id": self.run_id},
        )
        seen.index()
        absorb(self._connection, seen, self._changes)
        self._close(f"SELECT subscription_id FROM {seen.name} WHERE how != 0 OR slow")

    def _close(self, subscriptions: str) -> None:
        close_missing(self._connection, subscriptions, self._changes)

    def _sight_customers(self, staged: Staging) -> None:
        org, join = "s.org_id", ""
        if staged.table is LICENSE_TABLE:  # the customer that the subscription belonged to on that day
            org = "b.org_id"
            join = (
                " JOIN subscriptions_versions b ON b.subscription_id = s.subscription_id"
                " AND b.valid_from <= s.day AND b.valid_to > s.day"
            )
        closed = f" AND s.status IS NOT '{ABSENT}'" if "status" in staged.columns else ""
        seen = self.stage("customers", CUSTOMER_TABLE.keys)
        seen.fill(
            f"SELECT MIN(s.line), s.day, {org} FROM {staged.name} s{join} WHERE {org} IS NOT NULL{closed}"
            f" AND NOT EXISTS (SELECT 1 FROM customers_observed o WHERE o.org_id = {org}"
            f" AND o.day = s.day AND o.run_id = :run_id) GROUP BY s.day, {org}",
            {"run_id": self.run_id},
        )
        seen.index()
        absorb(self._connection, seen, self._changes)
