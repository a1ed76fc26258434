"""The feed of call detail records: window by window, at the host that has them, no faster than it allows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from partnerctl.errors import NotAllowed
from partnerctl.remote.bodies import items_of
from partnerctl.remote.faults import Elsewhere, SignedOut, Unexpected
from partnerctl.remote.fields import known
from partnerctl.remote.hosts import host_of, place_of
from partnerctl.remote.pacing import Pace

if TYPE_CHECKING:
    from partnerctl.clock import Stopwatch
    from partnerctl.remote.client import Client, Params

PATH = "/cdr_feed"
SCOPE = "spark-admin:calling_cdr_read"
ROLE = "Webex Calling Detailed Call History API access"

MOST_RECORDS = 5000
"""Records of one page; Webex gives no more."""

MINUTE = 61.0
"""Seconds between two first requests, of which Webex allows one a minute; its watch may differ from ours."""

PAGES = 10
"""Requests for further pages in such a minute."""

_WEBEX = "https://webexapis.com/v1"
_FEED = "https://analytics-calling.webexapis.com/v1"
_DOMAIN = "webexapis.com"


def feed_base(api_url: str, learnt: str | None = None) -> str:
    """Return the base of the feed that belongs to an API.

    Webex itself has hosts of its own for it, of which `learnt` may be one; any other API has it beside the
    rest.
    """
    if api_url != _WEBEX:
        return api_url
    return _regional(learnt) or _FEED


class CallFeed:
    """Asks for call records; `base` is where: another one once Webex says that another region has them.

    Not for several threads at once.
    """

    def __init__(
        self, client: Client, stopwatch: Stopwatch, learnt: str | None = None, size: int = MOST_RECORDS
    ) -> None:
        self.base = feed_base(client.base, learnt)
        self._client, self._size = client, size
        self._first, self._further = Pace(stopwatch, 1 / MINUTE), Pace(stopwatch, PAGES / MINUTE)

    def pages(self, since: datetime, until: datetime) -> Iterator[list[dict[str, Any]]]:
        """Yield the records of a window, page by page; the first page waits for its minute.

        Raises NotAllowed, which names the scope, Elsewhere where the records are at no host that may have the
        token, Unexpected for an answer that is none, and all else that `Client.pages` does.
        """
        params = (("startTime", _written(since)), ("endTime", _written(until)), ("max", str(self._size)))
        first, further = self._begun(params)
        for page in chain((first,), further):
            items = items_of(page)
            records = [item for item in items if isinstance(item, dict)]
            known(PATH, items, records)
            yield records

    def _begun(self, params: Params) -> tuple[Any, Iterator[Any]]:
        """Return the first page and the further ones, of whichever host has them."""
        asked = {self.base}
        while True:
            self._first.turn(math.inf)  # the time that all may take is the client's to keep
            pages = self._client.at(self.base).pages(PATH, params, before_next=self._before_next)
            try:
                return next(pages), pages
            except Elsewhere as fault:
                self.base = self._moved(fault, asked)
                asked.add(self.base)
            except SignedOut:
                raise
            except NotAllowed as fault:
                words = f"; call records take the scope {SCOPE} and the role {ROLE!r}"
                raise NotAllowed(f"{fault.reason}{words}", fault.hint) from None
            finally:
                self._first.hold(MINUTE)  # from now on: when it was counted, only Webex knows

    def _moved(self, fault: Elsewhere, asked: set[str]) -> str:
        """Return the base that an answer points at; raises Elsewhere where that is none, or was asked."""
        base = _regional(fault.endpoint) if _regional(self.base) else None
        if base is None or base in asked:
            words = f"{fault.reason}; it names no other host of {_DOMAIN} over https"
            raise Elsewhere(words, "nothing was sent to any other host", fault.endpoint) from None
        return base

    def _before_next(self, url: str) -> None:
        if place_of(url) != place_of(self.base):
            raise Unexpected(
                f"Webex: the next page of {PATH} is at {host_of(url)}, and not at {host_of(self.base)}",
                "report it, with the tracking id of --debug, if it stays so",
            )
        self._further.turn(math.inf)


def _regional(url: str | None) -> str | None:
    """Return the base at a host that the token may go to for call records; None for any other."""
    place = None if url is None else place_of(url)
    if place is None or (place.scheme, place.port) != ("https", 443) or not place.below(_DOMAIN):
        return None
    return f"https://{place.host}/v1"


def _written(instant: datetime) -> str:
    """Write an instant as the feed reads it, milliseconds and all."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
