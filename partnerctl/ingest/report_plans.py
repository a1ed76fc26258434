"""The meaning of Partner Hub's reports: a row speaks of a customer, and of what the customer has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partnerctl.domain.entities import Entity
from partnerctl.domain.history import Value
from partnerctl.ingest.canonical import check_figures, check_subscription
from partnerctl.ingest.plans import Days, LastSaid, Observed, Target, stored
from partnerctl.ingest.warnings import Warnings
from partnerctl.tabular.cells import Value as Typed
from partnerctl.tabular.words import TRIAL_STATUS, subscription_kind

REPORTED_PRODUCTS = ("meetings", "calling_professional", "calling_standard")
_CUSTOMER_FIELDS = {"customer": "name", "total_users": "total_users", "verified_users": "verified_users"}
_SUBSCRIPTION_FIELDS = {
    "subscription_type": "subscription_type",
    "subscription_status": "status",
    "auto_renew": "auto_renew",
    "end_date": "end_date",
}
_FIGURES = ("total", "assigned", "used_ever", "ended")


class InventoryReportPlan:
    """Devices, Phone numbers and App version reports: the customer, and a row of its inventory."""

    def __init__(self, entity: Entity, keys: Sequence[str], days: Days, region: str | None) -> None:
        at = {key: i for i, key in enumerate(keys)}
        self._days = days
        self._said = LastSaid()
        self._customer_at = (at["org_id"], at["customer"])
        self._region: tuple[Value, ...] = (region,) if region else ()
        given = tuple(k for k in keys if any(f.name == k for f in entity.fields))
        self._inventory_at = tuple(at[k] for k in given)
        more = ("region",) if region else ()
        self.targets = (
            Target("customers", ("org_id", "name", *more), report=True),
            Target(entity.name, given, inventory=True),
        )

    def observe(self, _line: int, values: Sequence[Typed], /) -> Iterator[Observed]:
        """Yield the customer, where the row says something new of it, and the inventory's row."""
        day = self._days.of(values)
        org_id, name = (stored(values[i]) for i in self._customer_at)
        said = (org_id, name, *self._region)
        if self._said.news(org_id, day, said):
            yield 0, day, said
        yield 1, day, tuple([stored(values[i]) for i in self._inventory_at])

    def finish(self) -> Iterator[tuple[int, Observed]]:
        """Yield nothing: every row speaks for itself."""
        return iter(())


class SubscriptionDetailsPlan:
    """The Subscription details report: the customer, the subscription, and up to three license rows."""

    def __init__(
        self, keys: Sequence[str], days: Days, warnings: Warnings, region: str | None, free: bool
    ) -> None:
        self._at = {key: i for i, key in enumerate(keys)}
        self._days = days
        self._warnings = warnings
        self._said = LastSaid()
        self._free = free
        self._region: tuple[Value, ...] = (region,) if region else ()
        self._customer = tuple(k for k in _CUSTOMER_FIELDS if k in self._at)
        self._subscription = tuple(k for k in _SUBSCRIPTION_FIELDS if k in self._at)
        self._typed = "subscription_type" in self._at
        self._products = tuple(
            p
            for p in REPORTED_PRODUCTS
            if any(f"{p}_{m}" in self._at for m in ("available", "assigned", "used"))
        )
        self.targets = (
            Target("customers", self._customer_columns(), report=True),
            Target("subscriptions", self._subscription_columns()),
            Target("licenses", ("subscription_id", "product", *_FIGURES)),
        )

    def _customer_columns(self) -> tuple[str, ...]:
        region = ("region",) if self._region else ()
        return ("org_id", *(_CUSTOMER_FIELDS[k] for k in self._customer), *region)

    def _subscription_columns(self) -> tuple[str, ...]:
        fields = tuple(_SUBSCRIPTION_FIELDS[k] for k in self._subscription)
        return ("subscription_id", "org_id", *fields, *(("kind",) if self._typed else ()))

    def observe(self, line: int, values: Sequence[Typed]) -> Iterator[Observed]:
        """Yield the customer, the subscription where the row names one, and its license rows."""
        day = self._days.of(values)
        org_id = stored(values[self._at["org_id"]])
        customer = (org_id, *[stored(values[self._at[k]]) for k in self._customer], *self._region)
        if self._said.news(org_id, day, customer):
            yield 0, day, customer
        subscription_id = stored(values[self._at["subscription_id"]])
        if subscription_id is None:
            return
        given = [stored(values[self._at[k]]) for k in self._subscription]
        row = dict(zip(self._subscription_columns()[2:], self._with_kind(given), strict=True))
        self._warnings.pending.extend(check_subscription(row))
        yield 1, day, (subscription_id, org_id, *row.values())
        for product in self._products:
            figures = self._figures(product, values)
            self._warnings.pending.extend(check_figures(dict(zip(_FIGURES, figures, strict=True))))
            yield 2, day, (subscription_id, product, *figures)
        self._warnings.settle_pending(line)

    def _with_kind(self, given: list[Value]) -> list[Value]:
        """Tell trials from subscriptions, by the type or by a status that says trial (``reports.md``)."""
        said = dict(zip(self._subscription, given, strict=True))
        trial = said.get("subscription_status") == TRIAL_STATUS
        if trial:
            given[self._subscription.index("subscription_status")] = "active"
        if not self._typed:
            return given
        kind = said["subscription_type"]
        return [*given, "trial" if trial else subscription_kind(kind if isinstance(kind, str) else None)]

    def _figures(self, product: str, values: Sequence[Typed]) -> tuple[Value, ...]:
        """Return total, assigned, used ever, ended: an all-empty triple ends a row that stood."""
        available, assigned, used = (
            self._figure(f"{product}_{m}", values) for m in ("available", "assigned", "used")
        )
        total = available
        if self._free:
            total = None if available is None or assigned is None else available + assigned
        return total, assigned, used, int(available is None and assigned is None and used is None)

    def _figure(self, key: str, values: Sequence[Typed]) -> int | None:
        value = values[self._at[key]] if key in self._at else None
        return value if isinstance(value, int) else None

    def finish(self) -> Iterator[tuple[int, Observed]]:
        """Yield nothing: every row speaks for itself."""
        return iter(())
