"""The meaning of files of sets: tags and assignments replace the sets of the customers they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from partnerctl.domain.entities import TAGS, Entity
from partnerctl.domain.folding import fold
from partnerctl.domain.tags import check_tags
from partnerctl.ingest.plans import Days, Observed, Target
from partnerctl.tabular.cells import Value as Typed

SetText = Callable[[list[tuple[str, str]]], str]
"""Writes the members of a set as the store keeps them: pairs of subscription id or "", and member."""

Problems = dict[int, tuple[str | None, str]]
"""Lines that cannot be taken in, each with its column and the reason."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    day: str
    org_id: str
    subscription_id: str
    member: str | None


class SetPlan:
    """Rows that are members of sets: gathered per customer and day, and observed whole at the end."""

    def __init__(self, entity: Entity, keys: Sequence[str], days: Days, text: SetText) -> None:
        self._days = days
        self._text = text
        self._tags = entity is TAGS
        self._org_at = list(keys).index("org_id")
        self._member_at = list(keys).index("tag" if self._tags else "email")
        self._subscription_at = list(keys).index("subscription_id") if "subscription_id" in keys else None
        self._rows: list[_Row] = []
        self._sets: dict[tuple[str, str], list[_Row]] = {}
        self.targets = (Target("tag_sets" if self._tags else "assignment_sets", ("org_id", "members")),)

    def observe(self, line: int, values: Sequence[Typed]) -> Iterator[Observed]:
        """Gather the row's member; nothing is known before the last row."""
        member = values[self._member_at]
        subscription = values[self._subscription_at] if self._subscription_at is not None else None
        self._rows.append(
            _Row(
                line,
                self._days.of(values),
                str(values[self._org_at]),
                str(subscription or ""),
                None if member is None else str(member),
            )
        )
        return iter(())

    def settle(
        self, customer: Callable[[str], str | None], knows_subscription: Callable[[str], bool]
    ) -> Problems:
        """Gather the rows into sets, and return those that belong into none.

        `customer` gives the id that an organization goes by today, or None for one that is not known.
        """
        bad: Problems = {}
        for row in self._rows:
            org_id = customer(row.org_id)
            if org_id is None:
                bad[row.line] = ("org_id", f"{row.org_id} is not known to the store")
            elif row.subscription_id and not knows_subscription(row.subscription_id):
                bad[row.line] = ("subscription_id", f"{row.subscription_id} is not known to the store")
            else:
                rows = self._sets.setdefault((org_id, row.day), [])
                problem = self._problem(rows, row) if self._tags else None
                if problem is None:
                    rows.append(replace(row, org_id=org_id))
                else:
                    bad[row.line] = ("tag", problem)
        self._sets = {key: rows for key, rows in self._sets.items() if rows}
        self._rows.clear()
        return bad

    def finish(self) -> Iterator[tuple[int, Observed]]:
        """Yield one whole set per customer and day, with the line that speaks of it first."""
        for (org_id, day), rows in self._sets.items():
            distinct: dict[tuple[str, str], tuple[str, str]] = {}
            for row in rows:
                if row.member is not None:
                    key = (row.subscription_id, fold(row.member))
                    distinct.setdefault(key, (row.subscription_id, row.member))
            yield rows[0].line, (0, day, (org_id, self._text(list(distinct.values()))))

    def sizes(self) -> dict[int, int]:
        """Return how many rows make up each set, by the line that speaks of it first."""
        return {rows[0].line: len(rows) for rows in self._sets.values()}

    @staticmethod
    def _problem(rows: list[_Row], new: _Row) -> str | None:
        if new.member is None:
            return None
        return check_tags(
            [
                row.member
                for row in (*rows, new)
                if row.subscription_id == new.subscription_id and row.member is not None
            ]
        )
