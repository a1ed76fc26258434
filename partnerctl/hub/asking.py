"""What the lists of the hub are asked: the options of the command line, as keywords."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypedDict, TypeVar

from partnerctl.domain.statuses import StatusRules
from partnerctl.services.answers import Answer
from partnerctl.services.questions import Asked

R = TypeVar("R")
Words = str | Iterable[str]
"""One word, or several of which any will do."""


class Narrow(TypedDict, total=False):
    """What narrows and orders a list, as the options of the command line do.

    `where` is QUERY text; `region` codes or ``unknown``; `sort` field names, ``-`` for descending; `as_of`
    asks for what was known of that day; `max_age` raises StaleData where the newest data is older.
    """

    where: str | None
    region: Words
    sort: Words
    limit: int | None
    as_of: date | None
    max_age: timedelta | None


class Asker:
    """Asks for one day, by the rules of one profile."""

    def __init__(self, today: date, rules: StatusRules, me: str | None = None) -> None:
        self.today = today
        self._rules = rules
        self._me = me

    def __call__(
        self,
        *,
        where: str | None = None,
        region: Words = (),
        sort: Words = (),
        limit: int | None = None,
        as_of: date | None = None,
        max_age: timedelta | None = None,
    ) -> Asked:
        """Return what a list is asked, from the options of `Narrow`."""
        regions = tuple(code if code == "unknown" else code.upper() for code in words(region))
        return Asked(
            self.today,
            where=where,
            region=regions,
            sort=words(sort),
            limit=limit,
            as_of=as_of,
            max_age=max_age,
            rules=self._rules,
            me=self._me,
        )


def words(of: Words) -> tuple[str, ...]:
    """Return one word, or several, as a tuple."""
    return (of,) if isinstance(of, str) else tuple(of)


def held(found: Answer[R]) -> Answer[R]:
    """Return an answer whose records are at hand, so that they can be gone through more than once."""
    return replace(found, records=tuple(found.records))
