"""The SQLite store: one file, opened when it is used; the contract is in `contract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerctl.domain.stepping import unheard
from partnerctl.stores.carrying import Carriers
from partnerctl.stores.connection import translated, translated_rows
from partnerctl.stores.finding import Finder
from partnerctl.stores.journal import Journal
from partnerctl.stores.listing import Lists
from partnerctl.stores.migrate import schema_number
from partnerctl.stores.rows import day

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    from partnerctl.domain.entities import Entity
    from partnerctl.domain.history import Value
    from partnerctl.domain.records import SyncedPart
    from partnerctl.domain.slots import ScheduleState, Slot
    from partnerctl.domain.stepping import Step
    from partnerctl.stores.retracing import LaterWord
    from partnerctl.stores.slots import Slots
    from partnerctl.stores.terms import Question
    from partnerctl.stores.unit import Unit


class SqliteStore(Lists, Finder, Journal, Carriers):
    """A store in one SQLite file, or in memory."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        super().__init__(connection)
        self._connection = connection
        self._path = path

    @property
    def path(self) -> Path | None:
        """The store's file; None for a store in memory."""
        return self._path

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def unit(self) -> Unit:
        """Return a new unit of work."""
        from partnerctl.stores.unit import Unit

        return Unit(self._connection, self._path)

    def slots(self) -> AbstractContextManager[Slots]:
        """Return the slots of schedules for changes, in one transaction."""
        from partnerctl.stores.slots import changing_slots

        return changing_slots(self._connection, self._path)

    def schedule_states(self) -> dict[str, ScheduleState]:
        """Return what is known of every schedule."""
        from partnerctl.stores.slots import schedule_states

        return schedule_states(self._connection)

    def open_slots(self) -> list[Slot]:
        """Return the slots that have not ended."""
        from partnerctl.stores.slots import open_slots

        return open_slots(self._connection)

    def last_runs(self) -> dict[str, int]:
        """Return the id of the newest due time's run of each schedule."""
        from partnerctl.stores.slots import last_runs

        return last_runs(self._connection)

    def synced_parts(self) -> list[SyncedPart]:
        """Return the last outcome of every part of a sync."""
        from partnerctl.stores.syncs import synced_parts

        return synced_parts(self._connection)

    def regions(self) -> dict[str | None, int]:
        """Return how many customers' data lives in each region."""
        return dict(
            self._connection.execute(
                "SELECT region, COUNT(*) FROM customers WHERE merged_into IS NULL GROUP BY region"
            )
        )

    def customer_regions(self) -> dict[str, str | None]:
        """Return the region of every customer, by id."""
        return dict(self._connection.execute("SELECT org_id, region FROM customers"))

    def newest_day(self, entity: str | None, as_of: date | None) -> date | None:
        """Return the day of the newest data, at or before `as_of` where it is given."""
        if entity is not None:
            statement = "SELECT MAX(day) FROM inventories WHERE entity = :entity"
        elif as_of is None:
            statement = "SELECT MAX(last_seen) FROM customers"
        else:
            statement = "SELECT MAX(day) FROM customers_observed WHERE day <= :as_of"
        given = {"entity": entity, "as_of": as_of.isoformat() if as_of else None}
        with translated(self._path):
            return day(self._connection.execute(statement, given).fetchone()[0])

    def inventory_rows(
        self, entity: Entity, columns: tuple[str, ...], question: Question
    ) -> Iterator[tuple[Value, ...]]:
        """Yield an inventory's rows as text for files."""
        from partnerctl.stores import files_out

        return translated_rows(
            self._path, lambda: files_out.inventory_rows(self._connection, entity, columns, question)
        )

    def subscription_report(
        self, columns: tuple[str, ...], question: Question
    ) -> Iterator[tuple[Value, ...]]:
        """Yield the rows of the Subscription details report."""
        from partnerctl.stores import files_out

        return translated_rows(
            self._path, lambda: files_out.subscription_report(self._connection, columns, question)
        )

    def inventory_regions(self, entity: Entity, question: Question) -> dict[str | None, int]:
        """Return how many of an inventory's rows each region has."""
        from partnerctl.stores import files_out

        with translated(self._path):
            return files_out.inventory_regions(self._connection, entity, question)

    def subscription_regions(self, question: Question) -> dict[str | None, int]:
        """Return how many rows of the Subscription details report each region has."""
        from partnerctl.stores import files_out

        with translated(self._path):
            return files_out.subscription_regions(self._connection, question)

    def exported(self, entity: Entity, *, history: bool) -> Iterator[tuple[Value, ...]]:
        """Yield the rows of an entity's canonical file."""
        from partnerctl.stores import files_out

        return translated_rows(
            self._path, lambda: files_out.exported(self._connection, entity, history=history)
        )

    def counts(self) -> dict[str, int]:
        """Return how many rows each entity has."""
        from partnerctl.stores import upkeep

        return upkeep.counts(self._connection)

    def coverage(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield entity, field, how many rows have a value, how many rows there are."""
        from partnerctl.stores import upkeep

        return upkeep.coverage(self._connection)

    def check(self, step: Step = unheard) -> Iterator[str]:
        """Yield a sentence for everything that is wrong."""
        from partnerctl.stores import upkeep

        return translated_rows(self._path, lambda: upkeep.check(self._connection, step))

    def schema(self) -> int:
        """Return the number of the store's schema."""
        return schema_number(self._connection)

    def observations(self, run_id: int) -> int:
        """Return how many observations the store holds of one run."""
        from partnerctl.stores.retracing import observations

        return observations(self._connection, run_id)

    def later_words(self, run_id: int, since: int) -> Iterator[LaterWord]:
        """Yield what runs after `since` said of the same fields of the same things."""
        from partnerctl.stores.retracing import later_words

        return later_words(self._connection, run_id, since)

    def backup_to(self, path: Path) -> None:
        """Copy the store into a new file."""
        from partnerctl.stores import upkeep

        upkeep.backup(self._connection, path)
