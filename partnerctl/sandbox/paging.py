"""Lists that come in pages, each with the address of the next in its Link header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from partnerctl.sandbox.exchange import BASE, Reply, json_reply
from partnerctl.sandbox.state import Ask

AGAIN = "again"
"""The parameter of a page that begins within the one before it, so that the next one does not."""


def paged(
    ask: Ask,
    items: Sequence[Any],
    *,
    default: int,
    most: int,
    key: str = "items",
    position: str = "start",
    render: Callable[[Any], Any] = lambda item: item,
    told: Callable[[Sequence[Any]], dict[str, Any]] = lambda _: {},
) -> Reply:
    """Return one page of `items` under `key`: as many as ``max`` says, from ``start`` on.

    `position` is what the parameter is called; `render` returns what is told of one item, and `told` what
    else the answer holds. The last page has no next one. Raises Refused (400) for what is no number.
    """
    call = ask.call
    size = call.number("max", default, 1, most)
    start = call.number(position, 0, 0, 10**9)
    headers = {}
    following = start + size
    repeated = len(items[start:following]) // 2
    again = "dup-page" in ask.drawn and call.param(AGAIN) is None and repeated > 0
    if again:  # as though things had moved while somebody leafed through them
        following = min(following, len(items)) - repeated
    if following < len(items):
        kept = () if "lost-filter" in ask.drawn else call.query
        query = [(name, value) for name, value in kept if name not in {position, AGAIN}]
        if "lost-filter" in ask.drawn and size != default:
            query.append(("max", str(size)))
        query.append((position, str(following)))
        query += [(AGAIN, "1")] if again else []
        headers["link"] = link(ask, query)
    shown = [render(item) for item in items[start : start + size]]
    return json_reply({key: shown, **told(items)}, headers=headers)


def link(ask: Ask, query: Sequence[tuple[str, str]]) -> str:
    """Return the Link header for the next page of the same operation."""
    path = quote(ask.call.path, safe="/%")
    return f'<{ask.call.root}{BASE}{path}?{urlencode(query)}>; rel="next"'
