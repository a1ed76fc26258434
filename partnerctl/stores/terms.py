"""The terms of a store's contract: what is asked of a list, what is found, and other small values.

Where they are loaded by every command they are named tuples: a dataclass takes five times as long to define.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from partnerctl.domain.statuses import StatusRules
from partnerctl.queries.condition import EVERYTHING, Condition

if TYPE_CHECKING:
    from datetime import date

    from partnerctl.queries.sorting import SortKey

R = TypeVar("R")


class Question(NamedTuple):
    """What is asked of a list: the day, the condition, the order and how many.

    `today` is the day of all date arithmetic. `as_of` None asks for the newest knowledge; a day, for what
    files dated on or before it say. `customer` asks a list of customers for that one alone, by its id.
    """

    today: date
    as_of: date | None = None
    where: Condition = EVERYTHING
    sort: tuple[SortKey, ...] = ()
    limit: int | None = None
    rules: StatusRules = StatusRules()
    customer: str | None = None


class ChangeSpan(NamedTuple):
    """Which changes are asked for.

    Those of the days from `since` to `until`, both included, as known now; or, where `after` is given, all
    that were learned after that number and not after the number `newest`.
    """

    since: date | None = None
    until: date | None = None
    after: int | None = None
    newest: int | None = None


class Found(NamedTuple, Generic[R]):
    """What a list holds: the records as a stream, and counts that cost a statement only where needed.

    `total` is the number of records before the limit (None without one); `left_out` counts those that the
    condition leaves out only because a value is unknown.
    """

    records: Iterator[R]
    total: int | None
    left_out: int


class RunHead(NamedTuple):
    """One run as the store records it; `undone_by` took it back, `takes_back` is what it took back."""

    run_id: int
    kind: str
    actor: str
    started: str
    subject: str | None
    undone_by: int | None
    takes_back: int | None


class Profile(NamedTuple):
    """The fields of a customer that only its own page shows (PH-C13)."""

    industry: str | None
    planned_users: int | None
    total_users: int | None
    verified_users: int | None
    external_id: str | None


class Sighting(NamedTuple):
    """Where a search found an address: the customer, the address, and what kind of list holds it."""

    org_id: str
    email: str
    matched_in: str
