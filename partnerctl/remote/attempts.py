"""What is known of one request while it is sent again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from partnerctl.errors import PartnerctlError, TimedOut, Unavailable
from partnerctl.remote.masking import masked, masked_url, secrets_of

if TYPE_CHECKING:
    from partnerctl.remote.transport import Request, Response


class Again(Exception):
    """An attempt failed, and another one may not; `line` is what the trace says of it.

    `pause` is what the answer asks for, in seconds; `busy`: nothing else is wrong. `timed_out`: time is.
    """

    def __init__(
        self,
        error: PartnerctlError,
        line: str,
        *,
        pause: float = 0.0,
        busy: bool = False,
        timed_out: bool = False,
    ) -> None:
        super().__init__(error.reason)
        self.error, self.line = error, line
        self.pause, self.busy, self.timed_out = pause, busy, timed_out


@dataclass(slots=True)
class Course:
    """One request on its way: what must not be shown of it, where its sink began, how it failed last."""

    request: Request
    sink: BinaryIO | None
    repeatable: bool
    readable: Callable[[Response], bool] | None
    secrets: tuple[str, ...]
    start: int
    attempts: int = 0
    last: Again | None = None
    offline_since: float | None = None

    @property
    def what(self) -> str:
        """What is asked for, without parameters, which may be secret."""
        return f"{self.request.method} {urlsplit(self.request.url).path}"

    def note_connection(self, failed: float | None) -> None:
        """Remember since when no connection is made; `failed` is when one was tried, None: it was made."""
        self.offline_since = failed if failed is None or self.offline_since is None else self.offline_since

    def rewind(self) -> None:
        """Take away what an earlier attempt wrote."""
        if self.sink is not None:
            self.sink.seek(self.start)
            self.sink.truncate()

    def line(self, took: float, outcome: str, tracking: str | None = None) -> str:
        """Return what the trace says of an attempt that took so many seconds: nothing secret."""
        words = (
            self.request.method,
            masked_url(self.request.url),
            outcome,
            f"{took * 1000:.0f} ms",
            tracking,
        )
        return masked(" ".join(filter(None, words)), self.secrets)

    def given_up(self) -> PartnerctlError:
        """Return the error for the last failure, once there is no time for another attempt."""
        assert self.last is not None
        times = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        reason = f"{self.last.error.reason}; given up after {times}, for the time is over"
        return (TimedOut if self.last.timed_out else Unavailable)(reason, self.last.error.hint)


def course_of(
    request: Request,
    sink: BinaryIO | None,
    repeatable: bool,
    readable: Callable[[Response], bool] | None,
) -> Course:
    """Return the course of a request that was not sent yet."""
    start = 0 if sink is None else sink.tell()
    return Course(request, sink, repeatable, readable, secrets_of(request), start)
