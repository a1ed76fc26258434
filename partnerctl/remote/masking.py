"""Secrets of a request are taken out of whatever is shown of it, and of whatever a server says about it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus, unquote

if TYPE_CHECKING:
    from partnerctl.remote.transport import Request, Response

MASK = "***"
"""What stands in the place of a secret."""

_SECRET_NAME = re.compile(
    r"token|secret|signature|credential|password|assertion|^(?:code|device_code|code_verifier|sig"
    r"|policy|key|api_?key|key-pair-id)$",
    re.IGNORECASE,
)
_JSON_FIELD = re.compile(r'"([^"]*)"\s*:\s*"([^"]*)"')
_SHORTEST = 6  # a shorter value stands in too many words


def secrets_of(request: Request) -> tuple[str, ...]:
    """Return what must not be shown of a request: its credentials, and secret fields of URL and body."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    found = [credentials, *_secret_values(request.url.partition("?")[2])]
    if scheme.lower() == "basic":
        found.extend(_basic(credentials))
    kind, body = request.headers.get("content-type", ""), request.body.decode("utf-8", "replace")
    if "form" in kind:
        found.extend(_secret_values(body))
    elif "json" in kind:
        found.extend(value for name, value in _JSON_FIELD.findall(body) if _secret_name(name))
    return tuple(sorted({one for one in found if len(one) >= _SHORTEST}, key=len, reverse=True))


def masked(text: str, secrets: tuple[str, ...]) -> str:
    """Return a text without the secrets, however it writes them."""
    for secret in secrets:
        for written in _written(secret):
            text = text.replace(written, MASK)
    return text


def masked_answer(response: Response, secrets: tuple[str, ...]) -> Response:
    """Return an answer that does not repeat a secret of its request, in body or headers.

    Where it leads (``Location``) stays as it is: nobody prints it, and a signed URL would not work masked.
    """
    body = response.body
    for secret in secrets:
        for written in _written(secret):
            body = body.replace(written.encode("utf-8", "replace"), MASK.encode())
    headers = {
        name: value if name == "location" else masked(value, secrets)
        for name, value in response.headers.items()
    }
    return replace(response, headers=headers, body=body)


def masked_url(url: str) -> str:
    """Return a URL with the values of its secret parameters masked, and without its user."""
    before, mark, query = url.partition("?")
    before = re.sub(r"//[^/]*@", f"//{MASK}@", before)
    return before + mark + "&".join(_masked_parameter(one) for one in query.split("&"))


def _masked_parameter(parameter: str) -> str:
    name, equals, _ = parameter.partition("=")
    return f"{name}={MASK}" if equals and _secret_name(unquote(name)) else parameter


def _secret_name(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def _secret_values(query: str) -> list[str]:
    return [value for name, value in parse_qsl(query) if _secret_name(name)]


def _basic(credentials: str) -> list[str]:
    """Return the password of Basic credentials (RFC 7617), as it is and as a form writes it."""
    try:
        decoded = base64.b64decode(credentials).decode()
    except (binascii.Error, UnicodeDecodeError):
        return []
    password = decoded.partition(":")[2]
    return [password, unquote(password)]


def _written(secret: str) -> set[str]:
    return {secret, secret.replace("/", "\\/"), quote(secret, safe=""), quote_plus(secret)}
