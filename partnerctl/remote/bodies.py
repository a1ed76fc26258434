"""Answers of Webex, read without trusting them: JSON, lists whose shape varies, and what went wrong."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError, Unavailable
from partnerctl.remote.faults import Elsewhere, SignedOut, Unexpected, Unreadable
from partnerctl.remote.hosts import host_of, pages_into, resolved, takes_token
from partnerctl.remote.saying import said_by, tracking_id

if TYPE_CHECKING:
    from partnerctl.remote.transport import Response

_LATER = "try again later"
_NO_ITEMS = ("errors", "notFoundIds", "schemas")
"""Lists that stand beside what was asked for, and are never it."""

_ADDRESS = re.compile(
    r"https?://[\w.:-]+(?:/[\w./-]*)?|(?<![\w./:@-])[\w-]+(?:\.[\w-]+)+(?:/[\w./-]*)?", re.ASCII
)


def read_json(response: Response) -> Any:
    """Return the JSON of an answer; raises Unreadable for HTML, nothing at all, and JSON that was cut."""
    import orjson

    body = response.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise Unreadable("an empty answer")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        what = "an HTML page" if body.startswith(b"<") else "no JSON, or JSON that was cut"
        raise Unreadable(what) from None


def items_of(page: Any, *names: str) -> list[Any]:
    """Return the list that a page holds: the page itself, its ``items``, one of `names`, or its only list.

    Nothing at all is an empty list. Raises Unavailable where there is no telling which list is meant.
    """
    if page is None or page == {}:
        return []
    if isinstance(page, list):
        return page
    if isinstance(page, dict):
        for name in ("items", *names):
            if name in page:
                return _listed(page[name])
        lists = [value for name, value in page.items() if isinstance(value, list) and name not in _NO_ITEMS]
        if len(lists) == 1:
            return lists[0]
    raise Unexpected("Webex answered with something else than the list that was asked for", _LATER)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def failure_of(response: Response, what: str) -> PartnerctlError:
    """Return the error that an answer means; `what` was asked for, such as ``GET /people``.

    Works for every status and for a body of any shape; secrets of the request are masked before, by whoever
    sends it.
    """
    status = response.status
    told = f"{what}: {_named(status)}{_detail(response)}"
    if status == 401:
        return SignedOut(f"Webex does not take the token: {told}", "sign in again: partnerctl auth login")
    if status == 403:
        hint = "the role or the scopes do not allow it, see: partnerctl auth status"
        return NotAllowed(f"Webex does not allow this: {told}", hint)
    if status == 404:
        hint = "if nothing is ever found, check the setting api_url: partnerctl config show"
        return NotFound(f"Webex does not know this: {told}", hint)
    if status == 451:
        return Elsewhere(f"Webex has this in another region: {told}", None, _endpoint(response))
    if status in {423, 429}:
        return Unavailable(f"Webex wants fewer requests: {told}", _LATER)
    if 400 <= status < 500:
        return Conflict(f"Webex refused {told}")
    if 300 <= status < 400:
        place = host_of(resolved(response.url, response.headers.get("location", "")))
        hint = "check the setting api_url: partnerctl config show"
        return Unavailable(f"Webex: {told}: leads to {place}, which is not followed", hint)
    return Unavailable(f"Webex: {told}", _LATER)


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _detail(response: Response) -> str:
    said, tracking = said_by(response), tracking_id(response)
    return (f": {said}" if said else "") + (f" (tracking id {tracking})" if tracking else "")


def _endpoint(response: Response) -> str | None:
    """Return the first URL in the body that the token may be given to."""
    text = response.body[:65536].decode("utf-8", "replace").replace("\\/", "/")
    for found in _ADDRESS.finditer(text):
        url = found[0].rstrip("./")
        url = url if "://" in url else f"https://{url}"
        if takes_token(response.url, url) or pages_into(response.url, url):
            return url
    return None
