"""The meaning of files of sets: tags and assignments replace the sets of the customers they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from partnerctl.domain.entities import TAGS, Entity
from partnerctl.domain.folding import fold
from partnerctl.domain.tags import check_tags
from partnerctl.errors import InvalidData
from partnerctl.ingest.plans import Days, Observed, Target
from partnerctl.tabular.cells import Value as Typed

SetText = Callable[[list[tuple[str, str]]], str]
"""Writes the members of a set as the store keeps them: pairs of subscription id or "", and member."""


class SetPlan:
    """Rows that are members of sets: gathered per customer and day, and observed whole at the end."""

    def __init__(self, entity: Entity, keys: Sequence[str], days: Days, file: str, text: SetText) -> None:
        self._days = days
        self._file = file
        self._text = text
        self._org_at = list(keys).index("org_id")
        self._member_at = list(keys).index("tag" if entity is TAGS else "email")
        self._subscription_at = list(keys).index("subscription_id") if "subscription_id" in keys else None
        self._tags = entity is TAGS
        self._sets: dict[tuple[str, str], tuple[int, list[tuple[str, str]]]] = {}
        self._seen: set[tuple[str, str, str, str]] = set()
        self.subscriptions: dict[str, int] = {}
        self.targets = (Target("tag_sets" if self._tags else "assignment_sets", ("org_id", "members")),)

    def observe(self, line: int, values: Sequence[Typed]) -> Iterator[Observed]:
        """Gather the row's member; nothing is known before the last row."""
        day, org_id = self._days.of(values), str(values[self._org_at])
        _, members = self._sets.setdefault((org_id, day), (line, []))
        member = values[self._member_at]
        subscription = values[self._subscription_at] if self._subscription_at is not None else None
        if member is not None:
            again = (org_id, day, str(subscription or ""), fold(str(member)))
            if again not in self._seen:
                self._seen.add(again)
                members.append((str(subscription or ""), str(member)))
                if self._tags:
                    self._check(line, members, str(subscription or ""))
        if subscription is not None:
            self.subscriptions.setdefault(str(subscription), line)
        return iter(())

    def finish(self) -> Iterator[tuple[int, Observed]]:
        """Yield one whole set per customer and day."""
        for (org_id, day), (line, members) in self._sets.items():
            yield line, (0, day, (org_id, self._text(members)))

    def _check(self, line: int, members: list[tuple[str, str]], subscription: str) -> None:
        problem = check_tags([tag for s, tag in members if s == subscription])
        if problem is not None:
            raise InvalidData.at(self._file, line, "tag", problem, "correct the file")
