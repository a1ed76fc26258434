"""Checking the log of changes: its rows that stand are exactly what the versions changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from partnerctl.domain.stepping import Step, counted
from partnerctl.domain.telling import Course, Entry, changed_fields
from partnerctl.stores.feed.courses import Wanted, courses, entries, side_by_side
from partnerctl.stores.feed.nouns import LOGGED, LoggedNoun


def check_log(connection: sqlite3.Connection, step: Step) -> Iterator[str]:
    """Yield a sentence for each noun of which the log tells otherwise than the versions, at its first thing.

    `step` hears of things as they are compared.
    """
    for noun in LOGGED:
        everything = Wanted()
        both = side_by_side(
            courses(connection, noun, everything), entries(connection, noun, everything, standing=True)
        )
        for key, course, log in counted(both, step):
            if not _agree(noun, course or Course(), log or []):
                yield f"the log of changes differs from the {noun.name} at {' '.join(filter(None, key))}"
                break


def _agree(noun: LoggedNoun, course: Course, log: list[Entry]) -> bool:
    standing = sorted(log, key=lambda entry: entry.day)
    return [(entry.day, entry.before, entry.after, entry.stands) for entry in standing] == [
        (day, before, after, changed_fields(noun.manner, before, after))
        for day, before, after in course.steps()
    ]
