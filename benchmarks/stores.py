"""The stores that are measured: made data, the same for the same size.

They are made by a process of their own: a child's peak memory begins at that of the process that starts it.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from partnerctl.clock import FixedClock
from partnerctl.demo.made import Demo, make_demo
from partnerctl.domain.batches import Batch
from partnerctl.services.demo_store import fill_store
from partnerctl.stores.opening import open_store

DAY = date(2026, 11, 23)
_CLOCK = FixedClock(datetime(2026, 11, 23, 12, tzinfo=UTC))


class _LastDay:
    """A demo without its past: for stores whose size matters, not their history."""

    def __init__(self, demo: Demo) -> None:
        self.seed, self.customers, self.as_of = demo.seed, demo.customers, demo.as_of
        self.days = demo.days[-1:]
        self._demo = demo

    def batches(self) -> Iterator[Batch]:
        """Return the batches of the last day, and the administrators."""
        return (b for b in self._demo.batches() if b.day == self.as_of or b.entity.name == "admins")


def made_store(home: Path, customers: int, *, weeks: bool, numbers: int = 0) -> Path:
    """Return the file of the default profile's store below `home`, made where it is missing."""
    path = home / "data" / "default.db"
    if not path.exists():
        words = [str(home), str(customers), f"--numbers={numbers}", *(["--weeks"] if weeks else [])]
        subprocess.run([sys.executable, "-m", "benchmarks.stores", *words], check=True)
    return path


def main() -> None:
    """Make one store, as `made_store` asks for it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("customers", type=int)
    parser.add_argument("--numbers", type=int, default=0)
    parser.add_argument("--weeks", action="store_true")
    asked = parser.parse_args()
    _make(asked.home / "data" / "default.db", asked.customers, asked.weeks, asked.numbers)


def _make(path: Path, customers: int, weeks: bool, numbers: int) -> None:
    demo = make_demo(7, customers, DAY)
    making = path.with_name("making.db")
    store = open_store(f"sqlite:///{making}", wait=5, create=True)
    fill_store(store, demo if weeks else _LastDay(demo), _CLOCK, "bench")  # type: ignore[arg-type]
    store.close()
    connection = sqlite3.connect(making, isolation_level=None)
    connection.execute("DELETE FROM facts WHERE name = 'demo'")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    if numbers:
        _add_numbers(making, numbers)
    making.rename(path)


def _add_numbers(path: Path, count: int) -> None:
    """Give the store of `path` `count` phone numbers, spread over its customers."""
    connection = sqlite3.connect(path, isolation_level=None)
    have = connection.execute("SELECT COUNT(*) FROM phone_numbers").fetchone()[0]
    if have < count:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM phone_numbers")
        contents = [
            row[0]
            for row in connection.execute(
                "SELECT content_id FROM inventories WHERE entity = 'phone-numbers' ORDER BY content_id"
            )
        ]
        each = -(-count // len(contents))
        connection.executemany(
            "INSERT INTO phone_numbers"
            " VALUES (?, ?, ?, ?, 'US', ?, ?, 'Cloud Connected PSTN', ?, 'USER', 'Primary', ?, NULL, NULL)",
            (
                (
                    content,
                    i,
                    f"loc-{i % 7}",
                    f"Branch {i % 7}",
                    f"+1555010{i:06d}",
                    str(i % 10000),
                    i % 2,
                    f"user{i}@acme.example",
                )
                for content in contents
                for i in range(each)
            ),
        )
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


if __name__ == "__main__":
    main()
