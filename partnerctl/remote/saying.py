"""What a server says when it refuses, whatever the shape of its answer: one short, plain line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partnerctl.remote.transport import Response

LONGEST = 200
"""Characters of a server's text that are shown."""

_LARGEST = 2**20  # bytes of an answer that are looked at: no error takes more to say
_NO_JSON: Any = object()
_TITLE = re.compile(r"<title[^<>]*>([^<]*)<", re.IGNORECASE)
_TRACKING = re.compile(r"[\w:.-]{1,100}", re.ASCII)
_TELLING = ("code", "error", "message", "error_description", "description", "detail", "errors")
_MOST = 3  # of the single errors that one answer lists


def plain(text: str) -> str:
    """Return a text on one line, without control characters, cut to what is shown."""
    words = " ".join(text[: 4 * LONGEST].split())
    shown = "".join(character for character in words if character.isprintable())
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def said_by(response: Response) -> str:
    """Return what an answer says about itself; empty where it says nothing."""
    body = response.body[:_LARGEST]
    parsed = _parsed(body)
    if parsed is not _NO_JSON:
        return plain(": ".join(dict.fromkeys(_texts(parsed))))
    text = body.decode("utf-8", "replace")
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        title = _TITLE.search(text)
        return plain(title[1] if title and title[1].strip() else "an HTML page")
    return plain(text)


def tracking_id(response: Response) -> str | None:
    """Return the id by which Cisco's support finds the request: of the header, else of the body."""
    for name, value in response.headers.items():
        if name.lower() == "trackingid" and _TRACKING.fullmatch(value.strip()):
            return value.strip()
    parsed = _parsed(response.body[:_LARGEST])
    told = parsed.get("trackingId") if isinstance(parsed, dict) else None
    return told if isinstance(told, str) and _TRACKING.fullmatch(told) else None


def _parsed(body: bytes) -> Any:
    import orjson

    try:
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return _NO_JSON


def _texts(parsed: Any, depth: int = 3) -> Iterator[str]:
    """Yield the texts of an error body, the most telling first."""
    if isinstance(parsed, str):
        if text := plain(parsed):
            yield text
    elif depth and isinstance(parsed, list):
        for one in parsed[:_MOST]:
            yield from _texts(one, depth - 1)
    elif depth and isinstance(parsed, dict):
        for name in _TELLING:
            yield from _texts(parsed.get(name), depth - 1)
