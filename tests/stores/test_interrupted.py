"""An interrupt, or a full disk, in the middle: what is told is that, not what follows from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from partnerctl.stores.migrate import migrate
from partnerctl.stores.opening import open_store

AT = "2026-11-23T12:00:00Z"


class Interrupting(sqlite3.Connection):
    """Ends its transaction and raises, as an interrupted statement may, at the first table that is made."""

    def execute(self, statement: str, *given: object) -> sqlite3.Cursor:
        if statement.lstrip().startswith("CREATE TABLE"):
            super().execute("ROLLBACK")
            raise KeyboardInterrupt
        return super().execute(statement, *given)  # type: ignore[arg-type]


def test_a_migration_that_is_interrupted_says_so() -> None:
    connection = sqlite3.connect(":memory:", factory=Interrupting, isolation_level=None)
    with pytest.raises(KeyboardInterrupt):
        migrate(connection, None, AT)
    connection.close()


def test_a_unit_that_is_interrupted_says_so(tmp_path: Path) -> None:
    """A statement that is still under way holds its temporary table, which then cannot be dropped."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}", wait=0, create=True, at=AT)
    reading: list[sqlite3.Cursor] = []

    def interrupted() -> None:
        with store.unit() as unit:
            staged = unit.stage("customers", ("org_id", "name"))
            staged.add(1, "2026-11-23", ("a", "Acme"))
            staged.add(2, "2026-11-23", ("b", "Beta"))
            staged.flush()
            unit.begin("import", "ana", AT, "customers.csv")
            reading.append(store._connection.execute(f"SELECT * FROM {staged.name}"))
            next(reading[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    reading.clear()
    assert store.counts()["customers"] == 0
    store.close()
