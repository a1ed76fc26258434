"""The seam between the client and the network: one method sends one request and returns its answer.

Retries, tokens, paging and pacing are the client's; a transport knows nothing of them. Tests hand in one
that answers from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

Headers = Mapping[str, str]
"""Headers by their names in lower case."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `url` is whole; `timeout` is in seconds, for each of connecting, sending and reading.

    Its text never shows URL, headers or body: they may hold a secret.
    """

    method: str
    url: str = field(repr=False)
    headers: Headers = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `body` is empty where it went into a sink; `url` is where it came from.

    Its text never shows URL, headers or body.
    """

    status: int
    headers: Headers = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    url: str = field(default="", repr=False)


class NetworkFault(Exception):
    """No whole answer came: no connection, a broken one, a time limit, a body that was cut.

    `reason` is a few words without secrets. `sent` tells whether the request may have reached the server,
    `lasting` that the same request will fail again.
    """

    def __init__(
        self, reason: str, *, sent: bool = True, timed_out: bool = False, lasting: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.timed_out = timed_out
        self.lasting = lasting


class Transport(Protocol):
    """Sends requests; may be called by several threads at once. Never follows a redirect."""

    def send(self, request: Request, sink: BinaryIO | None = None, /) -> Response:
        """Return the answer, whatever its status; a body of status 200 goes into `sink` where one is given.

        Raises NetworkFault where no whole answer came.
        """
