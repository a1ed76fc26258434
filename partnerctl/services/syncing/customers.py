"""Fetching what each customer has: several customers at a time, each a line of the spool when it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.domain.stepping import Step
from partnerctl.errors import Conflict, NotAllowed, NotFound
from partnerctl.remote.faults import Elsewhere, SignedOut, Unexpected
from partnerctl.services.syncing.parts import BY_CUSTOMER, Outcome, asked_with
from partnerctl.services.syncing.rows import Row, device_rows, license_rows, location_rows, number_rows
from partnerctl.services.syncing.side_by_side import side_by_side

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.remote.client import Client
    from partnerctl.remote.organizations import Organization
    from partnerctl.services.syncing.spool import Spool

HOPELESS = 20
"""Customers, none before them, of whom a part is refused: then it is refused for all."""

_REFUSALS = (NotAllowed, NotFound, Conflict, Unexpected, Elsewhere)
"""What concerns one customer and one part; anything else ends the sync, to be gone on with."""


class Fetched(NamedTuple):
    """What was fetched of one customer: the rows of each part, and why others could not be."""

    org_id: str
    day: str
    parts: dict[str, list[Row]]
    failed: dict[str, str]


@dataclass(frozen=True, slots=True)
class Asking:
    """How customers are asked about: through which client, by which clock, for which parts."""

    client: Client
    clock: Clock
    parts: tuple[str, ...]
    connections: int
    license_names: Mapping[str, str] = field(default_factory=dict)


class Fetcher:
    """Fetches customers, some at a time, and keeps what becomes of each part."""

    def __init__(self, asking: Asking, spool: Spool) -> None:
        self.outcomes = {part: Outcome() for part in BY_CUSTOMER if part in asking.parts}
        self._asking = asking
        self._spool = spool
        self._parts = tuple(self.outcomes)
        self._lock = threading.Lock()

    def fetch(self, organizations: Sequence[Organization], step: Step) -> None:
        """Fetch all that is not in the spool yet; `step` hears of customers, those there before included.

        Raises Unavailable, TimedOut or MachineFault where it cannot go on: what was fetched is kept.
        """
        missing = self._missing()
        left = [one for one in organizations if missing.get(one.org_id, self._parts)]
        step(len(organizations) - len(left))
        jobs = ((one, missing.get(one.org_id, self._parts)) for one in left)
        for fetched in side_by_side(self._fetch, jobs, self._asking.connections):
            self._spool.add([fetched.org_id, fetched.day, fetched.parts, fetched.failed])
            step(1)

    def _missing(self) -> dict[str, tuple[str, ...]]:
        """Return the parts that each customer of the spool still lacks, after counting what is there."""
        found: dict[str, tuple[str, ...]] = {}
        for fetched in in_spool(self._spool):
            self._count(fetched._replace(failed={}))
            before = found.get(fetched.org_id, self._parts)
            found[fetched.org_id] = tuple(part for part in before if part not in fetched.parts)
        return found

    def _fetch(self, job: tuple[Organization, tuple[str, ...]]) -> Fetched:
        """Ask all that there is to ask about one customer."""
        one, parts = job
        answers: dict[str, list[Any]] = {}
        failed: dict[str, str] = {}
        for part in asked_with(parts):
            outcome = self.outcomes.get(part)
            if outcome is not None and outcome.off:
                failed[part] = outcome.error or "refused"
                continue
            try:
                answers[part] = _ask(self._asking.client, part, one.id)
            except SignedOut:
                raise
            except _REFUSALS as fault:
                failed[part] = fault.reason
        for part in parts:  # half a device would look like one that changed
            lacking = next((need for need in asked_with((part,)) if need in failed), None)
            if lacking is not None:
                failed[part] = failed[lacking]
        good = {part: self._rows(part, one.org_id, answers) for part in parts if part not in failed}
        day = self._asking.clock.now().date().isoformat()
        fetched = Fetched(one.org_id, day, good, {part: failed[part] for part in parts if part in failed})
        with self._lock:
            self._count(fetched)  # here, where the next customer's parts depend on it
        return fetched

    def _rows(self, part: str, org_id: str, answers: dict[str, list[Any]]) -> list[Row]:
        answer = answers[part]
        match part:
            case "licenses":
                return license_rows(answer, self._asking.license_names)
            case "admins":
                return [(one.email, one.name) for one in answer]
            case "locations":
                return location_rows(org_id, answer)
            case "devices":
                return device_rows(org_id, answer, answers["locations"], answers["numbers"])
            case _:
                return number_rows(org_id, answer, answers["locations"])

    def _count(self, fetched: Fetched) -> None:
        for part, rows in fetched.parts.items():
            self.outcomes[part].customers += 1
            self.outcomes[part].rows += len(rows)
        for part, reason in fetched.failed.items():
            outcome = self.outcomes[part]
            outcome.failed += 1
            outcome.error = outcome.error or reason
            outcome.off = outcome.off or (outcome.failed >= HOPELESS and not outcome.customers)


def in_spool(spool: Spool) -> Iterator[Fetched]:
    """Yield the customers of the spool; one that was tried again comes again, with what it lacked."""
    for org_id, day, parts, failed in spool.lines():
        yield Fetched(
            org_id, day, {part: [tuple(row) for row in rows] for part, rows in parts.items()}, failed
        )


def _ask(client: Client, part: str, org: str) -> list[Any]:
    from partnerctl.remote import admins, inventories, organizations

    asked: dict[str, Callable[[Client, str], list[Any]]] = {
        "licenses": organizations.licenses,
        "admins": admins.admins_of,
        "locations": inventories.locations,
        "devices": inventories.devices,
        "numbers": inventories.numbers,
    }
    return asked[part](client, org)
