"""What a sync fetches: customers side by side, what is asked for once, and reports in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from partnerctl.domain.stepping import Step
from partnerctl.errors import NotAllowed, PartnerctlError
from partnerctl.remote.faults import SignedOut, Unexpected
from partnerctl.services.syncing.customers import Asking, Fetcher, in_spool
from partnerctl.services.syncing.parts import BY_CUSTOMER, Outcome

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.remote.organizations import Organization
    from partnerctl.remote.people import Person
    from partnerctl.services.syncing.options import SyncOptions
    from partnerctl.services.syncing.reports import FetchedReport
    from partnerctl.services.syncing.spool import Session, Spool
    from partnerctl.stores.contract import Store

PEOPLE = "people.json"
"""The file of the spool with the partner's administrators, and the day on which they were asked for."""

TAGS = "tags.json"
"""The file of the spool with the tags, and the day on which they were asked for."""


@dataclass(slots=True)
class FetchedParts:
    """What came of fetching; what was fetched itself is in the spool. `stopped` is what ended it early."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    reports: list[FetchedReport] = field(default_factory=list)
    stopped: PartnerctlError | None = None


class Fetching:
    """Fetches the parts of one sync into its spool."""

    def __init__(
        self, client: Client, store: Store, spool: Spool, session: Session, options: SyncOptions
    ) -> None:
        self._client = client
        self._store = store
        self._spool = spool
        self._session = session
        self._options = options
        self._refused: dict[str, str] = {}

    def customers(self, person: Person) -> tuple[Organization, ...]:
        """Return the customers, the partner's own organization left out; they are asked for once."""
        from partnerctl.services.syncing.once import fetch_organizations

        every = fetch_organizations(self._client, self._spool, self._options.clock)
        region = self._session.region
        regions = self._store.customer_regions() if region is not None else {}
        return tuple(
            one
            for one in every
            if one.org_id != person.org_id and (region is None or regions.get(one.org_id) == region)
        )

    def fetch(self, person: Person, customers: tuple[Organization, ...], step: Step) -> FetchedParts:
        """Fetch what is not in the spool yet; what keeps it from going on is in the result.

        Raises MachineFault where the spool cannot be written.
        """
        parts = tuple(part for part in BY_CUSTOMER if part in self._session.parts)
        options = self._options
        asking = Asking(self._client, options.clock, parts, options.connections, options.license_names)
        fetcher = Fetcher(asking, self._spool)
        reports = self._reports_in_the_background()
        found = FetchedParts()
        try:
            self._once("admins", PEOPLE, lambda: self._people(person))
            if parts:
                fetcher.fetch(customers, step)
            self._once("tags", TAGS, lambda: self._tags(customers))
        except PartnerctlError as fault:
            found.stopped = fault
        found.reports = reports()
        found.outcomes = dict(fetcher.outcomes)
        for part, outcome in found.outcomes.items():
            left = len(customers) - outcome.customers - outcome.failed
            if left > 0:  # it was stopped
                words = f"{left} of {len(customers)} customers were not reached"
                found.outcomes[part] = replace(outcome, left=left, error=outcome.error or words)
        for part, reason in self._refused.items():
            found.outcomes[part] = replace(found.outcomes.get(part, Outcome()), error=reason, off=True)
        return found

    def _once(self, part: str, name: str, fetch: Callable[[], object]) -> None:
        """Fetch what is asked for once, unless it is there; where it is refused, the part has failed."""
        if part not in self._session.parts or self._spool.read(name) is not None:
            return
        day = self._options.clock.now().date().isoformat()
        try:
            self._spool.write(name, [day, fetch()])
        except SignedOut:
            raise
        except (NotAllowed, Unexpected) as fault:
            self._refused[part] = fault.reason

    def _people(self, person: Person) -> object:
        from partnerctl.services.syncing.once import fetch_admins

        return fetch_admins(self._client, person, self._store)

    def _tags(self, customers: tuple[Organization, ...]) -> object:
        from partnerctl.services.syncing.tags import as_json, fetch_tags

        org_ids = [one.org_id for one in customers]
        return as_json(fetch_tags(self._client, org_ids, self._subscriptions, self._options.connections))

    def _subscriptions(self) -> Iterable[tuple[str, str]]:
        """Return the subscriptions whose licenses were fetched, each with its customer."""
        found: dict[tuple[str, str], None] = {}
        for fetched in in_spool(self._spool):
            found.update({(fetched.org_id, str(row[0])): None for row in fetched.parts.get("licenses", ())})
        return found

    def _reports_in_the_background(self) -> Callable[[], list[FetchedReport]]:
        """Begin to fetch the reports; return what waits for them."""
        if "reports" not in self._session.parts:
            return list
        from partnerctl.services.syncing.reports import ReportFetcher, report_jobs
        from partnerctl.services.webex.partner_reports import Polling

        options = self._options
        fetcher = ReportFetcher(self._client, self._spool, options.clock, Polling(options.stopwatch))
        found: list[FetchedReport] = []
        faults: list[BaseException] = []

        def fetch() -> None:
            try:
                found.extend(fetcher.fetch(report_jobs(self._session.region)))
                fetcher.clean_up()
            except BaseException as fault:  # noqa: BLE001 - it is raised in the thread that waits
                faults.append(fault)

        thread = threading.Thread(target=fetch, name="reports", daemon=True)  # the program ends without it
        thread.start()

        def wait() -> list[FetchedReport]:
            thread.join()
            if faults:
                raise faults[0]
            return found

        return wait
