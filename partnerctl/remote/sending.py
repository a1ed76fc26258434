"""One request until it has an answer: sent again while that helps and while there is time.

What was certainly not carried out is sent again whatever it is: no connection, too many requests (429),
locked (423). All else only where the same request twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from partnerctl.errors import TimedOut, Unavailable
from partnerctl.remote.attempts import Again, Course, course_of
from partnerctl.remote.bodies import failure_of
from partnerctl.remote.faults import Unconfirmed
from partnerctl.remote.masking import masked, masked_answer
from partnerctl.remote.saying import tracking_id
from partnerctl.remote.transport import NetworkFault
from partnerctl.remote.waiting import UNSAID, Waits, retry_after

if TYPE_CHECKING:
    from random import Random

    from tenacity import RetryCallState

    from partnerctl.clock import Stopwatch
    from partnerctl.remote.pacing import Pace
    from partnerctl.remote.transport import Request, Response, Transport

_NOT_CARRIED_OUT = frozenset({423, 429})
_SHORTEST = 0.1  # seconds that a call gets even where the budget is over meanwhile
_LATER = "try again later"
_CHECK = "check the setting api_url, the proxy, and the certificates of this machine (SSL_CERT_FILE)"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait; seconds.

    `timeout` is for each call, `budget` for all that one Sender does, from when it was made; `longest_wait`
    caps a wait whatever the answer asks for, `first_wait` is the first of those that double. `offline` is how
    long one request is tried while no connection is made at all: a wrong name or a missing network stays so.
    """

    timeout: float = 30.0
    budget: float = 300.0
    longest_wait: float = 60.0
    first_wait: float = 0.5
    offline: float = 300.0


class Sender:
    """Sends requests within one budget of time; may be used by several threads at once."""

    def __init__(
        self,
        transport: Transport,
        stopwatch: Stopwatch,
        pace: Pace,
        patience: Patience = Patience(),
        trace: Callable[[str], None] | None = None,
        random: Random | None = None,
    ) -> None:
        from random import Random as Chance

        self._transport, self._stopwatch, self._pace = transport, stopwatch, pace
        self._patience, self._deadline = patience, stopwatch.elapsed() + patience.budget
        self._trace, self._trace_lock = trace, Lock()
        self._waits = Waits(patience.first_wait, patience.longest_wait, random or Chance())

    def within(self, seconds: float) -> Sender:
        """Return a sender over the same network that may take so many seconds, from now on."""
        patience = replace(self._patience, budget=min(seconds, self._patience.budget))
        return Sender(self._transport, self._stopwatch, self._pace, patience, self._trace)

    def send(
        self,
        request: Request,
        sink: BinaryIO | None = None,
        *,
        repeatable: bool,
        readable: Callable[[Response], bool] | None = None,
    ) -> Response:
        """Return the final answer, of a status below 500; an error body repeats no secret of the request.

        429 and 423 are waited for and sent again for every request, for they were not carried out, and so is
        what found no connection. Other network faults, 5xx, and answers of 2xx that are not `readable` are
        sent again only where `repeatable`: the same request twice does no harm. The body of status 200 goes
        into `sink`, which is taken back to where it stood before each attempt.

        Raises Unconfirmed where a request that is not repeatable may have been carried out or not;
        Unavailable, or TimedOut where time is what failed, once the budget allows no other attempt.
        """
        from tenacity import Retrying, retry_if_exception_type

        course = course_of(request, sink, repeatable, readable)
        retrying = Retrying(
            sleep=self._stopwatch.wait,
            wait=self._wait_after,
            stop=lambda state: self._is_over(course, state.upcoming_sleep),
            retry=retry_if_exception_type(Again),
            before_sleep=lambda state: self._tell(
                f"{_failed(state).line}, again in {state.upcoming_sleep:.1f} s"
            ),
            retry_error_callback=lambda state: self._give_up(course, _failed(state)),
        )
        return retrying(self._attempt, course)

    def _is_over(self, course: Course, pause: float) -> bool:
        """Tell whether a request is given up rather than sent again after a pause."""
        now = self._stopwatch.elapsed()
        offline = course.offline_since is not None and now - course.offline_since > self._patience.offline
        return offline or now + pause > self._deadline

    def _wait_after(self, state: RetryCallState) -> float:
        failed = _failed(state)
        asked = self._waits.asked(failed.pause)
        if failed.busy:
            return asked
        left = self._deadline - self._stopwatch.elapsed()
        return max(asked, self._waits.back_off(state.attempt_number, left))

    def _attempt(self, course: Course) -> Response:
        try:
            self._pace.turn(self._deadline)
        except TimedOut:
            if course.last is not None:  # it says more than that the time is over
                raise course.given_up() from None
            raise
        course.attempts += 1
        course.rewind()
        started = self._stopwatch.elapsed()
        timeout = min(self._patience.timeout, max(self._deadline - started, _SHORTEST))
        try:
            response = self._transport.send(replace(course.request, timeout=timeout), course.sink)
        except NetworkFault as fault:
            course.note_connection(None if fault.sent else started)
            reason = masked(fault.reason, course.secrets)
            error = Unavailable(f"Webex: {course.what}: {reason}", _CHECK if fault.lasting else _LATER)
            if fault.lasting:
                self._tell(course.line(self._since(started), reason))
                raise error from None
            again = Again(error, course.line(self._since(started), reason), timed_out=fault.timed_out)
            self._fail(course, again, carried_out=fault.sent)
        course.note_connection(None)
        return self._judged(course, response, started)

    def _judged(self, course: Course, response: Response, started: float) -> Response:
        """Return an answer that is final; raises where it may be another one next time."""
        status = response.status
        shown = response if status < 300 else masked_answer(response, course.secrets)
        line = course.line(self._since(started), str(status), tracking_id(response))
        if status in _NOT_CARRIED_OUT or status >= 500:
            busy = status in _NOT_CARRIED_OUT
            pause = retry_after(response, UNSAID if busy else 0.0)
            if status == 429:
                self._pace.hold(min(pause, self._patience.longest_wait))
            again = Again(failure_of(shown, course.what), line, pause=pause, busy=busy)
            self._fail(course, again, carried_out=not busy)
        if 200 <= status < 300 and course.readable is not None and not course.readable(response):
            error = _unreadable(masked_answer(response, course.secrets), course.what)
            self._fail(course, Again(error, f"{line}, not readable"))
        self._tell(line)
        return shown

    def _fail(self, course: Course, again: Again, *, carried_out: bool = True) -> NoReturn:
        """Raise what leads to another attempt; `carried_out`: the request may have been."""
        if carried_out and not course.repeatable:
            self._tell(again.line)
            raise Unconfirmed(
                f"{again.error.reason}; nobody knows whether it was carried out",
                "see whether it was before you do it again",
            )
        course.last = again
        raise again

    def _since(self, started: float) -> float:
        return self._stopwatch.elapsed() - started

    def _give_up(self, course: Course, again: Again) -> NoReturn:
        self._tell(again.line)
        raise course.given_up()

    def _tell(self, line: str) -> None:
        if self._trace is not None:
            with self._trace_lock:
                self._trace(line)


def _failed(state: RetryCallState) -> Again:
    failure = state.outcome.exception() if state.outcome is not None else None
    assert isinstance(failure, Again)
    return failure


def _unreadable(response: Response, what: str) -> Unavailable:
    tracking = tracking_id(response)
    told = f" (tracking id {tracking})" if tracking else ""
    return Unavailable(f"Webex: {what}: {response.status} with an answer that cannot be read{told}", _LATER)
