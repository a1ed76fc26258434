"""A slow reading of the log of changes: what somebody believes who heard all of it, and what stands."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from partnerctl.domain.telling import FIRST, GONE, NEW
from partnerctl.stores.sqlite import SqliteStore
from partnerctl.stores.tables import CUSTOMER_TABLE, LICENSE_TABLE, SUBSCRIPTION_TABLE, HistoryTable

Key = tuple[Any, ...]
Row = dict[str, Any]
TABLES: dict[str, HistoryTable] = {t.name: t for t in (CUSTOMER_TABLE, SUBSCRIPTION_TABLE, LICENSE_TABLE)}
NOTHING = {"tags": [], "admins": [], "presence": 0}
ONE_FIELD = tuple(NOTHING)


def log_of(store: SqliteStore) -> list[Row]:
    """Return the rows of the log, in order, with their values read."""
    cursor = store._connection.execute("SELECT * FROM changes ORDER BY seq")
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    for row in rows:
        row["before"], row["after"] = (row[n] and json.loads(row[n]) for n in ("before", "after"))
        keys = TABLES[row["noun"]].keys if row["noun"] in TABLES else ("org_id", "subscription_id")
        row["key"] = tuple(row[k] for k in keys)
    return rows


def versions_of(store: SqliteStore, table: HistoryTable) -> dict[Key, list[tuple[str, list[Any]]]]:
    """Return the versions of every thing, oldest first: the day and the values."""
    found: dict[Key, list[tuple[str, list[Any]]]] = defaultdict(list)
    width = len(table.keys)
    for row in store._connection.execute(
        f"SELECT {', '.join(table.keys)}, valid_from, {', '.join(table.values)} FROM {table.versions}"
        " ORDER BY valid_from"
    ):
        found[row[:width]].append((row[width], list(row[width + 1 :])))
    return found


def on(versions: list[tuple[str, Any]], day: str) -> Any:
    """Return what holds on a day, None before the first."""
    return next((values for since, values in reversed(versions) if since <= day), None)


def tags_on(store: SqliteStore, day: str) -> dict[Key, list[str]]:
    """Return the tags of a day by customer and subscription, without empty ones."""
    found: dict[Key, list[str]] = defaultdict(list)
    for org_id, members in store._connection.execute(
        "SELECT org_id, members FROM tag_sets_versions WHERE valid_from <= ? AND valid_to > ?", (day, day)
    ):
        for subscription_id, tag, _ in json.loads(members):
            found[org_id, subscription_id or None].append(tag)
    return {key: sorted(tags) for key, tags in found.items()}


def gone_on(store: SqliteStore, days: list[str]) -> dict[str, dict[str, int]]:
    """Return by day and customer whether it is gone: all its subscriptions are absent, some was not."""
    rows = list(
        store._connection.execute(
            "SELECT org_id, valid_from, valid_to, status FROM subscriptions_versions WHERE org_id IS NOT NULL"
        )
    )
    state: dict[str, int] = {}
    known: set[str] = set()
    found: dict[str, dict[str, int]] = {}
    for day in days:
        for org_id in {row[0] for row in rows}:
            statuses = [s for org, since, until, s in rows if org == org_id and since <= day < until]
            if any(status != "absent" for status in statuses):
                known.add(org_id)
                state[org_id] = 0
            elif statuses and org_id in known:
                state[org_id] = 1
        found[day] = dict(state)
    return found


class Heard:
    """Beliefs about one thing: field by field, what was told from which day on."""

    def __init__(self) -> None:
        self.first: str | None = None
        self.told: dict[int, dict[str, Any]] = defaultdict(dict)

    def hear(self, row: Row, width: int) -> None:
        """Take in one row of the log; what it tells must be news."""
        if row["told"] & GONE:
            self.first = None
            self.told.clear()
        elif row["told"] & FIRST:
            self._move(row["after"][0])
        elif row["told"]:
            if row["told"] & NEW and row["noun"] != "licenses":
                assert self.first is None, "told twice as new"
                self.first = row["day"]
                self.told.clear()
            for i in range(width):
                value = row["after"] and row["after"][i]
                if row["told"] >> i & 1:
                    assert row["day"] not in self.told[i] or self.told[i][row["day"]] != value, "told twice"
                if row["told"] & (NEW | 1 << i):
                    self.told[i][row["day"]] = value

    def _move(self, first: str) -> None:
        assert self.first is not None
        assert first != self.first
        for i, days in self.told.items():
            value = self.value(i, max(first, self.first))
            self.told[i] = {day: v for day, v in days.items() if day > first} | {first: value}
        self.first = first

    def value(self, field: int, day: str, nothing: Any = None) -> Any:
        """Return the value that is believed to hold on a day."""
        days = [since for since in self.told[field] if since <= day]
        return self.told[field][max(days)] if days else nothing


def believed(rows: list[Row]) -> dict[str, dict[Key, Heard]]:
    """Return what somebody believes who heard these rows, by noun and thing."""
    found: dict[str, dict[Key, Heard]] = defaultdict(lambda: defaultdict(Heard))
    for row in rows:
        width = len(TABLES[row["noun"]].values) if row["noun"] in TABLES else 1
        found[row["noun"]][row["key"]].hear(row, width)
    return found
