"""The two sides of the log of changes, thing by thing: its history, and what the log says of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from partnerctl.domain.courses import administrator_course, presence_course, tag_courses
from partnerctl.domain.telling import Course, Entry, State
from partnerctl.stores.feed.nouns import ADMINS, LICENSES, TAGS, LoggedNoun
from partnerctl.stores.tables import ABSENT, ASSIGNMENT_SET_TABLE, TAG_SET_TABLE, HistoryTable

Key = tuple[Any, ...]
Left = TypeVar("Left")
Right = TypeVar("Right")


class Wanted(NamedTuple):
    """The things that are wanted: those whose keys a table holds (None: all).

    `since` and `until` are the days within which anything counts, both included, and the table of keys says
    for each thing which ones do; None: all days count.
    """

    keys: str | None = None
    since: str | None = None
    until: str | None = None

    def source(self, table: str, name: str, columns: tuple[str, ...], *, by_day: bool = False) -> str:
        """Return the FROM of the rows `name` of a table, with a WHERE.

        Each wanted key is looked up in the table; with `by_day` each row of the days in the wanted keys.
        """
        if self.keys is None:
            return f"{table} {name} WHERE 1 = 1"
        same = " AND ".join(f"{name}.{column} = k.{column}" for column in columns)
        both = (f"{table} {name}", f"{self.keys} k")
        # in this order: a CROSS JOIN is not turned round
        return f"{' CROSS JOIN '.join(both if by_day else both[::-1])} WHERE {same}"

    @property
    def days(self) -> dict[str, str | None]:
        """Return the named parameters of the days."""
        return {"since": self.since, "until": self.until}


def courses(connection: sqlite3.Connection, noun: LoggedNoun, wanted: Wanted) -> Iterator[tuple[Key, Course]]:
    """Yield the key and the course of each thing, in the order of keys; a thing without one is left out."""
    if noun.table is not None:
        for key, since, rows in _versions(connection, noun.table, wanted):
            yield key, _course(rows, since)
    elif noun is TAGS:
        for (org_id,), _, rows in _versions(connection, TAG_SET_TABLE, wanted):
            for subscription_id, course in tag_courses(rows).items():
                yield (org_id, subscription_id), course
    elif noun is ADMINS:
        for key, _, rows in _versions(connection, ASSIGNMENT_SET_TABLE, wanted):
            yield key, administrator_course(rows)
    else:
        yield from _presences(connection, wanted)


def _versions(
    connection: sqlite3.Connection, table: HistoryTable, wanted: Wanted
) -> Iterator[tuple[Key, str | None, list[State]]]:
    """Yield the key, the first day that counts, and the versions of each thing, with the one before them."""
    width = len(table.keys)
    keys = ", ".join(f"v.{k}" for k in table.keys)
    values = ", ".join(f"v.{value}" for value in table.values)
    since, days = "NULL", ""
    if wanted.since is not None:
        since, days = "k.since", " AND v.valid_to >= k.since AND v.valid_from <= k.until"
    rows = connection.execute(
        f"SELECT {keys}, {since}, v.valid_from, {values}"
        f" FROM {wanted.source(table.versions, 'v', table.keys)}{days} ORDER BY {keys}, v.valid_from"
    )
    for (*key, first), found in groupby(rows, itemgetter(slice(0, width + 1))):
        yield tuple(key), first, [State(row[width + 1], row[width + 2 :]) for row in found]


def _course(states: list[State], since: str | None) -> Course:
    """Return the course from the day `since` on: what began before it held earlier."""
    earlier = None
    while since is not None and states and states[0].day < since:
        earlier = states.pop(0).values
    return Course(states, earlier)


def _presences(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[tuple[Key, Course]]:
    """Yield whether customers were there; one that never had an absent subscription always was."""
    rows = connection.execute(
        "SELECT v.org_id, v.valid_from, v.valid_to, v.status"
        f" FROM {wanted.source('subscriptions_versions', 'v', ('org_id',))}"
        f" AND v.org_id IN (SELECT a.org_id FROM subscriptions_versions a WHERE a.status = '{ABSENT}')"
        " ORDER BY v.org_id"
    )
    for org_id, found in groupby(rows, itemgetter(0)):
        yield (org_id,), presence_course([(row[1], row[2], row[3] == ABSENT) for row in found])


def entries(
    connection: sqlite3.Connection, noun: LoggedNoun, wanted: Wanted, *, standing: bool = False
) -> Iterator[tuple[Key, list[Entry]]]:
    """Yield the key and the rows of each thing in the log, in the order of keys; `standing` those alone."""
    width = len(noun.keys)
    keys = ", ".join(
        "COALESCE(h.subscription_id, '')" if noun is TAGS and key == "subscription_id" else f"h.{key}"
        for key in noun.keys
    )
    source = wanted.source("changes", "h", noun.noted, by_day=noun is LICENSES)
    days = ""
    if wanted.since is not None:  # the first two are found by the index
        days = " AND h.day >= :since AND h.day <= :until AND h.day >= k.since AND h.day <= k.until"
    stands = " AND h.stands != 0" if standing else ""
    rows = connection.execute(
        f"SELECT {keys}, h.seq, h.day, h.told, h.stands, h.before, h.after"
        f" FROM {source} AND h.noun = '{noun.name}'{days}{stands} ORDER BY {keys}, h.seq",
        wanted.days,
    )
    for key, found in groupby(rows, itemgetter(slice(0, width))):
        yield key, [_entry(*row[width:]) for row in found]


def _entry(seq: int, day: str, told: int, stands: int, before: str | None, after: str | None) -> Entry:
    return Entry(seq, day, told, stands, _values(before), _values(after))


@lru_cache(maxsize=4096)  # what one row ends with, the next one begins with
def _values(text: str | None) -> tuple[Any, ...] | None:
    return None if text is None else tuple(_decode(text)[0])


_decode = json.JSONDecoder().raw_decode  # the store's own text: no space around it to look for


def side_by_side(
    left: Iterable[tuple[Key, Left]], right: Iterable[tuple[Key, Right]]
) -> Iterator[tuple[Key, Left | None, Right | None]]:
    """Yield every key of either side once with what each side has of it; both must come in order."""
    ones, others = iter(left), iter(right)
    one, other = next(ones, None), next(others, None)
    while pairs := [pair for pair in (one, other) if pair is not None]:
        key = min(pair[0] for pair in pairs)
        mine = theirs = None
        if one is not None and one[0] == key:
            mine, one = one[1], next(ones, None)
        if other is not None and other[0] == key:
            theirs, other = other[1], next(others, None)
        yield key, mine, theirs
