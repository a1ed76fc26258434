"""Organization ids: a UUID, or Webex's base64 form of it."""

from __future__ import annotations

import base64
import binascii
import re

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WEBEX = re.compile(r"ciscospark://[a-z0-9.-]+/ORGANIZATION/(?P<uuid>.+)")


def parse_org_id(text: str) -> str | None:
    """Return the organization id in `text` as a lower-case UUID, or None where it holds none.

    Accepts a UUID and Webex's base64 form of ``ciscospark://REGION/ORGANIZATION/UUID``, with or
    without padding (``files.md``, Rules; ``cli.md``, a customer argument).
    """
    text = text.strip()
    if _UUID.fullmatch(text):
        return text.lower()
    return _from_base64(text)


def _from_base64(text: str) -> str | None:
    match = _WEBEX.fullmatch(_decoded(text) or "")
    if match and _UUID.fullmatch(match["uuid"]):
        return match["uuid"].lower()
    return None


def bare_id(text: str) -> str:
    """Return what an id of Webex means: what follows its last slash, in lower case, whatever its type.

    A text that is no such id is returned as it is, in lower case: ids come as UUIDs too, and examples show
    some that cannot be decoded.
    """
    decoded = _decoded(text.strip())
    if decoded is None or not decoded.startswith("ciscospark://"):
        return text.strip().lower()
    return decoded.rpartition("/")[2].lower()


def webex_id(org_id: str) -> str:
    """Return Webex's base64 form of an organization's UUID, without padding."""
    return base64.b64encode(f"ciscospark://us/ORGANIZATION/{org_id}".encode()).decode().rstrip("=")


def _decoded(text: str) -> str | None:
    try:
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        return base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
