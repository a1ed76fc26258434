"""One request to the sandbox and its answer, without a network: what `World.answer` takes and gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BASE = "/v1"
"""What stands between the root and the path of an operation."""

DOWNLOADS = "/download/"
"""What begins the paths of downloads, which stand beside the base."""


def below_base(path: str) -> str:
    """Return the path of an operation from that of a URL; ``/`` where the URL is not one of the sandbox."""
    if path.startswith(f"{BASE}/"):
        return path[len(BASE) :]
    return path if path.startswith(DOWNLOADS) else "/"


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` is below the base and still percent-encoded, such as ``/licenses``.

    `headers` are by their names in lower case; `root` is the scheme and host by which the sandbox was
    reached: addresses in answers start with it. Its text never shows headers or body: they hold secrets.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    root: str = "http://127.0.0.1:8099"

    def param(self, name: str) -> str | None:
        """Return the first value of a query parameter; None where it is absent or empty."""
        return next((value for key, value in self.query if key == name and value), None)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number of the query; raises Refused (400) outside `least` to `most`."""
        text = self.param(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise Refused(400, f"'{name}' must be a whole number from {least} to {most}.")
        return int(text)

    def fields(self) -> Any:
        """Return the body, read as a JSON object; raises Refused (400)."""
        try:
            read = json.loads(self.body)
        except ValueError:
            raise Refused(400, "The request body is not valid JSON.") from None
        if not isinstance(read, dict):
            raise Refused(400, "The request body must be a JSON object.")
        return read


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `headers` are by their names in lower case.

    `cut`: send only so many bytes of the body, although content-length says all. `wait`: seconds to wait
    before answering. `drop`: close the connection without an answer.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    cut: int | None = None
    wait: float = 0.0
    drop: bool = False


class Refused(Exception):
    """What was asked is answered with an error: a status, a sentence, and headers such as Retry-After.

    `word` is the error's name where OAuth gives it one, such as ``invalid_grant``.
    """

    def __init__(
        self, status: int, message: str, headers: Mapping[str, str] | None = None, *, word: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        self.word = word


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an answer whose body is `value` as JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, {"content-type": "application/json;charset=UTF-8", **(headers or {})}, body)


def html_reply(text: str, status: int = 200) -> Reply:
    """Return an answer whose body is a page."""
    return Reply(status, {"content-type": "text/html; charset=utf-8"}, text.encode())


def error_reply(refused: Refused, tracking: str, shape: int) -> Reply:
    """Return an error as Webex writes it; `shape` picks one of the forms that its body takes."""
    told: dict[str, Any] = {"message": refused.message}
    if refused.word is not None:
        told |= {"error": refused.word, "errors": [{"description": refused.word}], "trackingId": tracking}
        return json_reply(told, refused.status, refused.headers)
    match shape % 4:
        case 0:
            told["errors"] = [{"description": refused.message}]
        case 1:
            told["errors"] = [{"description": refused.message, "errorCode": refused.status * 100 + 1}]
        case 2:
            told |= {"errors": [{"description": refused.message}], "errorCode": refused.status * 100 + 2}
        case _:
            told["code"] = f"GTWY_{refused.status}"
    return json_reply({**told, "trackingId": tracking}, refused.status, refused.headers)
