"""The audit: who changed what, when, from what to what (``cli.md``, audit list)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from partnerctl.domain.folding import fold
from partnerctl.domain.records import AuditEntry
from partnerctl.errors import UsageError
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are wanted; None takes any.

    `actor` is compared in any case. `customer` is the organization id of whose changes. `action` is a whole
    action (``tags add``) or its first words. `since` and `until` are days in UTC, both included.
    """

    actor: str | None = None
    customer: str | None = None
    action: str | None = None
    since: date | None = None
    until: date | None = None


def list_audit(
    store: Store, wanted: Wanted, sort: tuple[str, ...] = (), limit: int | None = None
) -> Answer[AuditEntry]:
    """Return the changes, the newest first.

    Raises UsageError for an unknown field in `sort`, and for a period that ends before it begins.
    """
    if wanted.since is not None and wanted.until is not None and wanted.until < wanted.since:
        raise UsageError(
            f"--until: {wanted.until} lies before --since, {wanted.since}", "write the earlier day in --since"
        )
    records = (entry for entry in store.audit_entries(None, wanted.customer) if _matches(entry, wanted))
    return arranged(AuditEntry, records, sort, limit)


def _matches(entry: AuditEntry, wanted: Wanted) -> bool:
    day = entry.at.date()
    if (wanted.since is not None and day < wanted.since) or (wanted.until is not None and day > wanted.until):
        return False
    if wanted.actor is not None and fold(entry.actor) != fold(wanted.actor):
        return False
    return wanted.action is None or f"{entry.action} ".startswith(f"{' '.join(wanted.action.split())} ")
