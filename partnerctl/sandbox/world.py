"""The fake Webex itself: customers, people, tags, reports and tokens, and an answer to every call."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from partnerctl.clock import Clock
from partnerctl.domain.identifiers import bare_id
from partnerctl.sandbox.breaking import SIGNING_IN, break_after, break_before
from partnerctl.sandbox.clientele import Clientele
from partnerctl.sandbox.exchange import Call, Refused, Reply, error_reply
from partnerctl.sandbox.faults import Dice, Faults
from partnerctl.sandbox.grants import Grants
from partnerctl.sandbox.report_shelf import ReportShelf
from partnerctl.sandbox.routes import Found, find, is_known
from partnerctl.sandbox.staff import Staff
from partnerctl.sandbox.state import Ask, State
from partnerctl.sandbox.tag_book import TagBook
from partnerctl.sandbox.tokens import ACCESS_LIFE, REFRESH_LIFE, Grant, Tokens, unauthorized

_MINUTE = timedelta(minutes=1)


class Asked(NamedTuple):
    """One call as the log has it."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]


class World:
    """A whole made-up Webex, as one partner sees it; may be asked by several threads at once.

    `calls` is the log of what was asked. With the same seed, customers and day, the same calls get the same
    answers and meet the same faults.
    """

    def __init__(  # noqa: PLR0913 - what can be chosen
        self,
        seed: int = 7,
        customers: int = 500,
        *,
        as_of: date,
        clock: Clock,
        faults: Faults | None = None,
        report_delay: int = 2,
        failing_regions: Iterable[str] = (),
        rate_limit: int | None = None,
        token_life: float = ACCESS_LIFE,
        refresh_life: float = REFRESH_LIFE,
        refresh_once: bool = True,
        device_polls: int = 2,
        latency: float = 0.0,
    ) -> None:
        """Make a world. `report_delay`: polls before a report is done; `rate_limit`: requests a minute.

        `token_life`, `refresh_life` and `latency` are in seconds; `refresh_once`: a refresh token dies when
        it is used; `device_polls`: polls before a code on another screen is approved by itself.
        """
        self.seed = seed
        self.customers = customers
        self.as_of = as_of
        self.calls: list[Asked] = []
        self._lock = threading.Lock()
        self._faults = faults or Faults()
        self._dice = Dice(seed, self._faults)
        self._rate_limit = rate_limit
        self._latency = latency
        self._recent: defaultdict[str, deque[datetime]] = defaultdict(deque)
        clientele = Clientele(seed, customers, as_of)
        self._state = State(
            seed=seed,
            clock=clock,
            clientele=clientele,
            staff=Staff(seed, clientele),
            tokens=Tokens(seed, clock, token_life, refresh_life, refresh_once),
            grants=Grants(seed, clock, device_polls),
            tags=TagBook(clientele),
            reports=ReportShelf(seed, clock, clientele, report_delay, frozenset(failing_regions)),
        )

    @property
    def org_id(self) -> str:
        """The UUID of the partner's own organization."""
        return self._state.clientele.own.org_id

    def issue_token(self, role: str = "full_admin", life: float | None = None) -> str:
        """Return an access token of the first person with a partner role; `life` is in seconds."""
        return self.issue_grant(role, life).access

    def issue_grant(self, role: str = "full_admin", life: float | None = None) -> Grant:
        """Return an access token and a refresh token, as `issue_token` does."""
        with self._lock:
            return self._state.tokens.issue(self._state.staff.by_role(role).email, life)

    def forget_token(self, access: str) -> None:
        """Refuse an access token from now on, as though somebody had revoked it."""
        with self._lock:
            self._state.tokens.forget(access)

    def answer(self, call: Call) -> Reply:
        """Return the answer to a call, whatever it is."""
        with self._lock:
            self.calls.append(Asked(call.method, call.path, call.query))
            count = len(self.calls)
            tracking = f"SANDBOX_{self._state.seed}_{count:08d}"
            drawn = self._dice.draw(call)
            try:
                reply = self._answer(call, drawn)
            except Refused as refused:
                reply = error_reply(refused, tracking, count)
        wait = self._latency + (self._faults.slow if "slow" in drawn else 0.0)
        return replace(reply, headers={**reply.headers, "trackingid": tracking}, wait=wait)

    def _answer(self, call: Call, drawn: frozenset[str]) -> Reply:
        found = find(call.method, call.path)
        if found is None:
            known = is_known(call.path)
            raise Refused(405 if known else 404, "The requested resource could not be found.")
        if found.route.open:
            ask = Ask(self._state, call, found.parts, drawn & SIGNING_IN)
            changed = replace(call, method="GET")  # nothing may be carried out and then fail
            broken = call.method == "POST" and break_before(changed, ask.drawn, self._faults)
            return broken or found.route.handler(ask)
        grant = self._state.tokens.of(call)
        self._check_rate(grant.email)
        if "401" in drawn:
            raise unauthorized()
        broken = break_before(call, drawn, self._faults)
        if broken:
            return broken
        self._check_rights(found, grant, call, drawn)
        return break_after(
            call, drawn, found.route.handler(Ask(self._state, call, found.parts, drawn, grant))
        )

    def _check_rate(self, email: str) -> None:
        if self._rate_limit is None:
            return
        now, recent = self._state.clock.now(), self._recent[email]
        while recent and recent[0] <= now - _MINUTE:
            recent.popleft()
        if len(recent) >= self._rate_limit:
            seconds = (recent[0] + _MINUTE - now).total_seconds()
            headers = {"retry-after": str(int(seconds) + 1)}
            raise Refused(429, "Too many requests have been sent in a given amount of time.", headers)
        recent.append(now)

    def _check_rights(self, found: Found, grant: Grant, call: Call, drawn: frozenset[str]) -> None:
        role = self._state.staff.role(grant.email)
        if found.route.roles is not None and role not in found.route.roles:
            raise Refused(403, "Your role does not allow this.")
        given = found.parts.get("orgId") or call.param("orgId")
        if given is None or found.route.path == "/organizations/{orgId}":
            return
        org_id = bare_id(given)
        if "403" in drawn and org_id != self.org_id:
            self._state.lapsed.add(org_id)
        if org_id in self._state.lapsed:
            raise Refused(403, "You are not allowed to access the requested organization.")
