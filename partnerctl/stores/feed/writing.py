"""The log of changes: what each run made the store say otherwise, written in the run's own transaction.

What a file says beyond all that is known of a thing is added as it is absorbed. Whatever is folded again is
noted, and compared with the log once, when the run is settled: however often a run changes its mind on the
way, each thing is told once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from partnerctl.domain.history import Version
from partnerctl.domain.telling import Course, Entry, retell
from partnerctl.stores.feed.courses import Key, Wanted, courses, entries, side_by_side
from partnerctl.stores.feed.nouns import (
    LICENSES,
    LOGGED,
    LOGGED_TABLES,
    PRESENCE,
    SUBSCRIPTIONS,
    LoggedNoun,
)
from partnerctl.stores.feed.rows import INSERT, PLACE, add_staged
from partnerctl.stores.staging import Staging
from partnerctl.stores.tables import ABSENT, FOREVER, HistoryTable

_CHUNK = 2000
_DAYS = ("since", "until")


class ChangeLog:
    """The log of one run; what it needs of temporary tables is gone when it is settled."""

    def __init__(self, connection: sqlite3.Connection, run_id: int) -> None:
        self.run_id = run_id
        self._connection = connection
        self._noted: dict[str, _Noted] = {}

    def hold_back(self, staged: Staging) -> None:
        """Let rows be folded again of whose things something was told, and withdrawn, of a later day.

        Such a day was told to hold what held before it: that may be wrong now.
        """
        noun = LOGGED_TABLES.get(staged.table.name)
        if noun is None or noun.table is None:
            return
        latest = self._connection.execute("SELECT MAX(day) FROM changes WHERE stands = 0").fetchone()[0]
        if latest is None:
            return
        keys = ", ".join(noun.keys)
        self._connection.execute(
            f"UPDATE {staged.name} SET slow = 1 WHERE how != 0 AND NOT slow AND day < :latest"
            f" AND ({keys}) IN (SELECT {keys} FROM changes WHERE stands = 0 AND noun = '{noun.name}'"
            f" AND day > (SELECT MIN(day) FROM {staged.name}))",
            {"latest": latest},
        )

    def add(self, staged: Staging) -> None:
        """Add what is staged and need not be folded again; before the current rows are overwritten."""
        noun = LOGGED_TABLES.get(staged.table.name)
        if noun is None:
            return
        if noun.table is None:
            self._note_all(noun, f"SELECT s.org_id FROM {staged.name} s WHERE s.how != 0 AND NOT s.slow")
            return
        add_staged(self._connection, noun, staged, self.run_id)
        if noun is SUBSCRIPTIONS:
            self._note_customers(staged)

    def note(
        self, table: HistoryTable, key: Key, before: Sequence[Version], after: Sequence[Version]
    ) -> None:
        """Note that a thing has other versions than it had."""
        noun = LOGGED_TABLES.get(table.name)
        if noun is None:
            return
        self._of(noun).add((*key, *_differing(before, after)) if noun is LICENSES else key)
        if noun is SUBSCRIPTIONS:
            for org_id in {version.values[0] for version in (*before, *after)} - {None}:
                self._of(PRESENCE).add((org_id,))

    def settle(self) -> None:
        """Bring the log to what the versions say now; the last step of the run."""
        if not self._noted:
            return
        connection = self._connection
        connection.execute("CREATE TEMP TABLE log_withdrawn (seq INTEGER PRIMARY KEY)")
        connection.execute(
            "CREATE TEMP TABLE log_added (place INTEGER PRIMARY KEY, day, noun, org_id, subscription_id,"
            " product, told, stands, before, after)"
        )
        for noun in LOGGED:
            noted = self._noted.pop(noun.name, None)
            if noted is not None:
                self._compare(noun, noted.wanted())
                noted.drop()
        connection.execute("UPDATE changes SET stands = 0 WHERE seq IN (SELECT seq FROM log_withdrawn)")
        connection.execute(
            f"{INSERT} SELECT :run_id, day, noun, {', '.join(PLACE)}, told, stands, before, after"
            " FROM log_added ORDER BY place",
            {"run_id": self.run_id},
        )
        connection.execute("DROP TABLE log_added")
        connection.execute("DROP TABLE log_withdrawn")

    def _of(self, noun: LoggedNoun) -> _Noted:
        if noun.name not in self._noted:
            self._noted[noun.name] = _Noted(self._connection, noun)
        return self._noted[noun.name]

    def _note_all(self, noun: LoggedNoun, keys: str) -> None:
        """Note what a SELECT yields."""
        if self._connection.execute(f"SELECT 1 FROM ({keys}) LIMIT 1").fetchone():
            self._of(noun).add_all(keys)

    def _note_customers(self, staged: Staging) -> None:
        """Note the customers that gain or lose a subscription, or see one again, where any is absent."""
        absent = f"SELECT 1 FROM subscriptions WHERE status = '{ABSENT}' LIMIT 1"
        if self._connection.execute(absent).fetchone() is None:
            return
        changed = f"FROM {staged.name} s {{}} WHERE s.how != 0 AND NOT s.slow"
        joined = "JOIN subscriptions c ON c.subscription_id = s.subscription_id"
        self._note_all(PRESENCE, f"SELECT c.org_id {changed.format(joined)} AND c.org_id IS NOT NULL")
        if "org_id" in staged.columns:
            self._note_all(PRESENCE, f"SELECT s.org_id {changed.format('')} AND s.org_id IS NOT NULL")

    def _compare(self, noun: LoggedNoun, wanted: Wanted) -> None:
        """Put what is to be withdrawn and to be added into the temporary tables."""
        connection = self._connection
        nothing = Course((), noun.manner.nothing)
        withdrawn: list[tuple[int]] = []
        added: list[tuple[object, ...]] = []

        def write() -> None:
            connection.executemany("INSERT INTO log_withdrawn VALUES (?)", withdrawn)
            connection.executemany(f"INSERT INTO log_added VALUES (NULL{', ?' * 9})", added)
            withdrawn.clear()
            added.clear()

        log = entries(connection, noun, wanted)
        for key, course, told in side_by_side(courses(connection, noun, wanted), log):
            retold = retell(noun.manner, course or nothing, told or ())
            withdrawn.extend((seq,) for seq in retold.withdrawn)
            added.extend(_row(noun, key, entry) for entry in retold.added)
            if len(added) + len(withdrawn) >= _CHUNK:
                write()
        write()


def _row(noun: LoggedNoun, key: Key, entry: Entry) -> tuple[object, ...]:
    at = dict(zip(noun.keys, key, strict=True))
    place = (at.get(column) or None for column in PLACE)  # a customer's own tags are of no subscription
    return (entry.day, noun.name, *place, entry.told, entry.stands, _text(entry.before), _text(entry.after))


def _text(values: tuple[object, ...] | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False, separators=(",", ":"))


class _Noted:
    """The keys of the things of one noun that may have to be told of, in a temporary table."""

    def __init__(self, connection: sqlite3.Connection, noun: LoggedNoun) -> None:
        self._connection = connection
        self._noun = noun
        self._name = f"noted_{noun.name}"
        self._keys: list[Key] = []
        self._columns = (*noun.noted, *(_DAYS if noun is LICENSES else ()))
        connection.execute(
            f"CREATE TEMP TABLE {self._name} ({', '.join(f'{c} NOT NULL' for c in self._columns)},"
            f" PRIMARY KEY ({', '.join(noun.noted)})) WITHOUT ROWID"
        )

    def add(self, key: Key) -> None:
        """Note one key; of license figures, with the first and the last day that count."""
        self._keys.append(key)
        if len(self._keys) >= _CHUNK:
            self._flush()

    def add_all(self, keys: str) -> None:
        """Note what a SELECT yields."""
        self._connection.execute(f"INSERT INTO {self._name} {keys} ON CONFLICT DO NOTHING")

    def wanted(self) -> Wanted:
        """Return the things, and the days, to compare."""
        self._flush()
        if self._noun is not LICENSES:
            return Wanted(self._name)
        days = self._connection.execute(f"SELECT MIN(since), MAX(until) FROM {self._name}").fetchone()
        return Wanted(self._name, *days)

    def drop(self) -> None:
        """Remove the temporary table."""
        self._connection.execute(f"DROP TABLE {self._name}")

    def _flush(self) -> None:
        again = "DO NOTHING"
        if self._noun is LICENSES:  # folded twice in one run: all days of both count
            again = (
                f"({', '.join(self._noun.noted)}) DO UPDATE SET"
                " since = CASE WHEN excluded.since < since THEN excluded.since ELSE since END,"
                " until = CASE WHEN excluded.until > until THEN excluded.until ELSE until END"
            )
        places = ", ".join("?" * len(self._columns))
        self._connection.executemany(
            f"INSERT INTO {self._name} VALUES ({places}) ON CONFLICT {again}", self._keys
        )
        self._keys.clear()


def _differing(before: Sequence[Version], after: Sequence[Version]) -> tuple[str, str]:
    """Return the first day on which two histories differ, and the first from which they no longer do."""
    same = _alike(before, after)
    since = min(version.valid_from for version in (*before[same : same + 1], *after[same : same + 1]))
    last = _alike(before[same:][::-1], after[same:][::-1])
    return since, before[-last].valid_from if last else FOREVER


def _alike(ones: Iterable[Version], others: Iterable[Version]) -> int:
    """Return how many versions at the beginning are the same."""
    count = 0
    for one, other in zip(ones, others, strict=False):
        if one != other:
            break
        count += 1
    return count
