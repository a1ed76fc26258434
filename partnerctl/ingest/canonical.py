"""The meaning of canonical files: one entity a file (``files.md``, Canonical files)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partnerctl.domain.entities import CUSTOMERS, LICENSES, SUBSCRIPTIONS, Entity
from partnerctl.domain.history import Value
from partnerctl.ingest.plans import Days, Observed, Target, stored
from partnerctl.ingest.warnings import Warnings
from partnerctl.tabular.cells import Value as Typed
from partnerctl.tabular.words import TRIAL_STATUS


class EntityPlan:
    """Rows of one entity, each an observation of one thing; an inventory's rows are its whole content."""

    def __init__(
        self, entity: Entity, keys: Sequence[str], days: Days, warnings: Warnings, region: str | None
    ) -> None:
        self._days = days
        self._warnings = warnings
        self._given = tuple(k for k in keys if k != "as_of")
        self._at = tuple(list(keys).index(k) for k in self._given)
        self._ends = entity is LICENSES
        subscriptions = entity is SUBSCRIPTIONS and "status" in self._given
        self._status_at = self._given.index("status") if subscriptions else None
        self._region = region if entity is CUSTOMERS and "region" not in self._given else None
        more = ("ended",) if self._ends else ("region",) if self._region else ()
        self._more: tuple[Value, ...] = (self._region,) if self._region else ()
        self.targets = (Target(entity.name, self._given + more, inventory=entity.inventory),)
        self._check = _CHECKS.get(entity.name)

    def observe(self, line: int, values: Sequence[Typed]) -> Iterator[Observed]:
        """Yield the observation of a row."""
        row = tuple([stored(values[i]) for i in self._at])
        if self._status_at is not None and row[self._status_at] == TRIAL_STATUS:
            row = (*row[: self._status_at], "active", *row[self._status_at + 1 :])
        if self._check is not None:
            for key, example, warning in self._check(dict(zip(self._given, row, strict=True))):
                self._warnings.pending.append((key, example, warning))
            self._warnings.settle_pending(line)
        if self._ends:
            measures = [
                v for k, v in zip(self._given, row, strict=True) if k not in ("subscription_id", "product")
            ]
            yield 0, self._days.of(values), (*row, int(not any(v is not None for v in measures)))
        else:
            yield 0, self._days.of(values), row + self._more

    def finish(self) -> Iterator[tuple[int, Observed]]:
        """Yield nothing: every row speaks for itself."""
        return iter(())


Row = dict[str, Value]
Implausible = Iterator[tuple[str, str, str]]


def check_subscription(row: Row) -> Implausible:
    """Yield what is implausible of a subscription, though readable (``files.md``, Rules)."""
    start, end = row.get("start_date"), row.get("end_date")
    if isinstance(start, str) and isinstance(end, str) and end < start:
        yield "end_date", end, "lies before the start; kept"
    if row.get("kind") == "trial" and row.get("auto_renew") == 1:
        yield "auto_renew", "true", "stands on a trial, and trials never renew; kept"


def check_figures(row: Row) -> Implausible:
    """Yield what is implausible of license figures, though readable."""
    total, assigned = row.get("total"), row.get("assigned")
    if isinstance(total, int) and isinstance(assigned, int) and assigned > total:
        yield "assigned", str(assigned), "is above the total; kept (license overage)"


_CHECKS = {"subscriptions": check_subscription, "licenses": check_figures}
