"""From page to page of a list, by the header ``Link``: only where the token may go, and never in a circle."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from partnerctl.remote.faults import Unexpected
from partnerctl.remote.hosts import host_of, pages_into, resolved

if TYPE_CHECKING:
    from partnerctl.remote.transport import Response

MOST_PAGES = 10_000
"""Pages of one list; the longest that is known has a few hundred."""

MOST_EMPTY = 100
"""Pages of one list that may hold nothing."""

_TARGET = re.compile(r"<([^<>]+)>+")
_PARAMETER = re.compile(r'\s*;\s*([^\s=;,"<>]*)\s*(?:=\s*("[^"]*"|[^\s;,"<>]*))?')
_POSITIONS = frozenset({"cursor", "next", "offset", "page", "start"})
"""Parameters that say where a page begins: a next link that lacks them says it in another way."""

_REPORT = "report it, with the tracking id of --debug, if it stays so"


def next_target(header: str) -> str | None:
    """Return what the first link of a ``Link`` header with ``rel=next`` points at; None where none does.

    The header may hold several links; a link may be in doubled angle brackets, and hold commas.
    """
    return next((target for target, relations in _links(header) if "next" in relations), None)


def _links(header: str) -> Iterator[tuple[str, list[str]]]:
    position = 0
    while target := _TARGET.search(header, position):
        position = target.end()
        relations: list[str] | None = None
        while parameter := _PARAMETER.match(header, position):
            position = parameter.end()
            if parameter[1].lower() == "rel" and relations is None:
                relations = (parameter[2] or "").strip('"').lower().split()
        yield target[1].strip(), relations or []


def with_filters(url: str, params: Sequence[tuple[str, str]]) -> str:
    """Return a next link with those parameters of the first request that it has lost; else as it is."""
    there = {name.lower() for name, _ in parse_qsl(url.partition("?")[2], keep_blank_values=True)}
    lost = [(name, value) for name, value in params if name.lower() not in there | _POSITIONS]
    if not lost:
        return url
    joint = "?" if "?" not in url else "" if url.endswith(("?", "&")) else "&"
    return f"{url}{joint}{urlencode(lost)}"


class Trail:
    """Where one list has been already; `base` is the API's, `params` those of the first request."""

    def __init__(self, base: str, params: Sequence[tuple[str, str]], url: str) -> None:
        self._base, self._params = base, params
        self._urls = {url}
        self._contents: set[bytes] = set()
        self._empty = 0

    def next_url(self, response: Response, page: Any) -> str | None:
        """Return where the list goes on after a page; None where it ends.

        Raises Unexpected where the link leads to a host that the token must not go to, where pages repeat,
        and where there are too many.
        """
        self._refuse_repeated(response, page)
        target = next_target(response.headers.get("link", ""))
        if target is None:
            return None
        url = with_filters(resolved(response.url, target), self._params)
        if not pages_into(self._base, url):
            raise Unexpected(
                f"Webex: the next page of {_path(response)} is at {host_of(url)}, which is none of its hosts",
                "check the setting api_url: partnerctl config show",
            )
        if url in self._urls:
            raise Unexpected(f"Webex: the pages of {_path(response)} lead round in a circle", _REPORT)
        if len(self._urls) >= MOST_PAGES:
            raise Unexpected(f"Webex: {_path(response)} has more than {MOST_PAGES} pages", _REPORT)
        self._urls.add(url)
        return url

    def _refuse_repeated(self, response: Response, page: Any) -> None:
        """Raise where a page came before; some may be empty, for filters leave pages without anything."""
        content = hashlib.blake2b(response.body, digest_size=16).digest()
        empty = _is_empty(page)
        self._empty += empty
        if self._empty > MOST_EMPTY or (content in self._contents and not empty):
            raise Unexpected(f"Webex: {_path(response)} gives the same page again and again", _REPORT)
        self._contents.add(content)


def _is_empty(page: Any) -> bool:
    lists = [value for value in page.values() if isinstance(value, list)] if isinstance(page, dict) else []
    return not any(lists) if lists else not page


def _path(response: Response) -> str:
    return re.sub(r"^[a-z]+://[^/?]*|\?.*$", "", response.url) or "/"
