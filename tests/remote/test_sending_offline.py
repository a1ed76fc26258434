"""No network, or a wrong name: that stays so, and nobody waits for it as long as for a busy server."""

from __future__ import annotations

import pytest

from partnerctl.errors import Unavailable
from partnerctl.remote.pacing import Pace
from partnerctl.remote.sending import Patience, Sender
from partnerctl.remote.transport import NetworkFault, Request, Response
from tests.remote.fakes import AnsweringTransport, FakeStopwatch

REQUEST = Request("GET", "https://webexapis.com/v1/people/me")


def sender(answer: object, stopwatch: FakeStopwatch) -> Sender:
    transport = AnsweringTransport(answer)  # type: ignore[arg-type]
    return Sender(transport, stopwatch, Pace(stopwatch, 1000), Patience(budget=3600.0, offline=15.0))


def test_it_gives_up_while_no_connection_is_made() -> None:
    stopwatch = FakeStopwatch()
    begun = stopwatch.elapsed()

    def nowhere(_request: Request) -> Response:
        raise NetworkFault("no such host", sent=False)

    with pytest.raises(Unavailable, match="no such host; given up after"):
        sender(nowhere, stopwatch).send(REQUEST, repeatable=True)
    assert 15 < stopwatch.elapsed() - begun <= 32


def test_a_connection_that_is_made_in_between_counts() -> None:
    """A server that answers with 503 now and then is there: the budget counts, not the shorter time."""
    stopwatch = FakeStopwatch()
    begun = stopwatch.elapsed()
    count = 0

    def now_and_then(request: Request) -> Response:
        nonlocal count
        count += 1
        if stopwatch.elapsed() - begun > 200:
            return Response(200, {}, b"{}", request.url)
        if count % 2:
            raise NetworkFault("no connection", sent=False)
        return Response(503, {}, b"", request.url)

    assert sender(now_and_then, stopwatch).send(REQUEST, repeatable=True).status == 200
    assert stopwatch.elapsed() - begun > 200


def test_a_fault_that_lasts_is_told_at_once() -> None:
    stopwatch = FakeStopwatch()
    begun = stopwatch.elapsed()

    def refused(_request: Request) -> Response:
        raise NetworkFault("certificate verify failed", sent=False, lasting=True)

    with pytest.raises(Unavailable, match="certificate verify failed") as raised:
        sender(refused, stopwatch).send(REQUEST, repeatable=True)
    assert "the certificates of this machine" in (raised.value.hint or "")
    assert stopwatch.elapsed() == begun
