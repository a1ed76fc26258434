"""What the operations work on, and what one of them is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from partnerctl.clock import Clock
from partnerctl.demo.plans import CustomerPlan
from partnerctl.sandbox.clientele import Clientele, Organization
from partnerctl.sandbox.exchange import Call, Refused, Reply
from partnerctl.sandbox.grants import Grants
from partnerctl.sandbox.report_shelf import ReportShelf
from partnerctl.sandbox.staff import Staff
from partnerctl.sandbox.tag_book import TagBook
from partnerctl.sandbox.tokens import Grant, Tokens

FIRST_PER_MINUTE = 1
PAGES_PER_MINUTE = 10


@dataclass(slots=True)
class State:
    """The whole of the sandbox's memory; whoever works on it holds the world's lock.

    `lapsed` holds the organizations to which the right has lapsed until somebody asks for them.
    """

    seed: int
    clock: Clock
    clientele: Clientele
    staff: Staff
    tokens: Tokens
    grants: Grants
    tags: TagBook
    reports: ReportShelf
    lapsed: set[str] = field(default_factory=set)
    _turns: Counter[str] = field(default_factory=Counter)
    _records: dict[tuple[str, str, bool], list[datetime]] = field(default_factory=dict)

    def turn(self, name: str, of: int) -> int:
        """Return 0 to `of` - 1, each in its turn: for answers whose shape varies from one to the next."""
        self._turns[name] += 1
        return (self.seed + self._turns[name]) % of

    def count_records(self, email: str, path: str, *, first: bool) -> None:
        """Count a request for call records; raises Refused (429) above 1 a minute, 10 for further pages."""
        key = (email, path, first)
        now = self.clock.now()
        recent = [at for at in self._records.get(key, []) if at > now - timedelta(minutes=1)]
        if len(recent) >= (FIRST_PER_MINUTE if first else PAGES_PER_MINUTE):
            raise Refused(429, "Too many requests for call records.", {"retry-after": "60"})
        self._records[key] = [*recent, now]


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of an operation: what its path says, who calls, which faults were drawn for it.

    `grant` is that of nobody where the operation asks for no token.
    """

    state: State
    call: Call
    parts: Mapping[str, str]
    drawn: frozenset[str]
    grant: Grant | None = None

    @property
    def caller(self) -> str:
        """The address of the person whose token came with the call."""
        if self.grant is None:
            raise Refused(401, "The request requires a valid access token.")
        return self.grant.email

    def organization(self, given: str | None) -> Organization:
        """Return an organization that the caller sees, the partner's own for None.

        Raises Refused: 404 where there is none, 403 where it is another's.
        """
        found = self.state.clientele.organization(given)
        if found.plan is not None and not self.state.staff.sees(self.caller, found.plan):
            raise Refused(403, "You are not allowed to access the requested organization.")
        return found

    def customer(self) -> CustomerPlan:
        """Return the customer that the path names; raises Refused where it is none that the caller sees."""
        found = self.organization(self.parts["orgId"])
        if found.plan is None:
            raise Refused(400, "The organization is not managed by this partner.")
        return found.plan


Handler = Callable[[Ask], Reply]
"""Carries out one operation; raises Refused."""
