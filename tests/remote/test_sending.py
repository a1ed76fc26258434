"""One request until it has an answer: what is sent again, how long that is waited for, what it ends with."""

import io
from collections.abc import Callable
from itertools import repeat
from random import Random
from typing import Any

import pytest

from partnerctl.errors import PartnerctlError, TimedOut, Unavailable
from partnerctl.remote.faults import Unconfirmed
from partnerctl.remote.sending import Patience
from partnerctl.remote.transport import NetworkFault, Request, Response
from tests.remote.fakes import (
    TOKEN,
    AnsweringTransport,
    FakeStopwatch,
    answer,
    in_turn,
    json_answer,
    sender_for,
)

GET = Request("GET", "https://webexapis.com/v1/people?email=ana%40acme.example")
POST = Request("POST", "https://webexapis.com/v1/partner/reports", body=b"{}")

BUSY = answer(429, retry_after="2", trackingid="ROUTER_1")
LOCKED = answer(423, retry_after="3")
BROKEN = json_answer({"message": "Try later."}, 503, trackingid="ROUTER_2")
NOT_SENT = NetworkFault("no connection to webexapis.com", sent=False)
BROKE_OFF = NetworkFault("the answer of webexapis.com broke off, or is no HTTP")
SLOW = NetworkFault("no answer from webexapis.com within 30 s", timed_out=True)
FINE = json_answer({"items": []})


class Sent:
    """What became of one request to which Webex gives these replies."""

    def __init__(
        self,
        *replies: Response | NetworkFault,
        request: Request = GET,
        repeatable: bool = True,
        readable: Callable[[Response], bool] | None = None,
        sink: io.BytesIO | None = None,
        **patience: float,
    ) -> None:
        self.stopwatch = FakeStopwatch()
        self.webex = AnsweringTransport(in_turn(replies))
        self.trace: list[str] = []
        sender = sender_for(
            self.webex, self.stopwatch, patience=Patience(**patience), trace=self.trace.append
        )
        self.response: Response | None = None
        self.failure: PartnerctlError | None = None
        try:
            self.response = sender.send(request, sink, repeatable=repeatable, readable=readable)
        except PartnerctlError as failure:
            self.failure = failure

    @property
    def ending(self) -> tuple[type[PartnerctlError], str]:
        assert self.failure is not None
        return type(self.failure), self.failure.reason


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 409, 428, 451])
@pytest.mark.parametrize("repeatable", [True, False])
def test_other_answers_are_final(status: int, repeatable: bool) -> None:
    sent = Sent(answer(status), repeatable=repeatable)

    assert sent.response is not None
    assert sent.response.status == status
    assert sent.stopwatch.waits == []


@pytest.mark.parametrize("reply", [BUSY, LOCKED, NOT_SENT])
@pytest.mark.parametrize("request_", [GET, POST])
def test_what_was_not_carried_out_is_sent_again_whatever_it_is(
    reply: Response | NetworkFault, request_: Request
) -> None:
    sent = Sent(reply, reply, FINE, request=request_, repeatable=False)

    assert sent.response is not None
    assert sent.response.body == FINE.body
    assert [(one.method, one.url, one.body) for one in sent.webex.requests] == [
        (request_.method, request_.url, request_.body)
    ] * 3


@pytest.mark.parametrize("reply", [BROKEN, BROKE_OFF, SLOW, answer(500), answer(599)])
def test_all_else_is_sent_again_where_that_does_no_harm(reply: Response | NetworkFault) -> None:
    assert Sent(reply, reply, FINE).response is not None


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (BROKEN, "503 Service Unavailable: Try later. (tracking id ROUTER_2)"),
        (BROKE_OFF, "the answer of webexapis.com broke off, or is no HTTP"),
        (SLOW, "no answer from webexapis.com within 30 s"),
    ],
)
def test_nobody_knows_what_became_of_a_change(reply: Response | NetworkFault, said: str) -> None:
    sent = Sent(reply, request=POST, repeatable=False)

    assert sent.ending == (
        Unconfirmed,
        f"Webex: POST /v1/partner/reports: {said}; nobody knows whether it was carried out",
    )
    assert sent.failure is not None
    assert sent.failure.hint == "see whether it was before you do it again"
    assert len(sent.webex.requests) == 1


def test_the_answer_says_how_long_to_wait_and_a_little_more_is_waited() -> None:
    sent = Sent(BUSY, LOCKED, FINE)

    first, second = sent.stopwatch.waits
    assert 2 < first <= 2.2
    assert 3 < second <= 3.3


def test_no_wait_is_longer_than_the_longest() -> None:
    assert Sent(answer(429, retry_after="3600"), FINE, longest_wait=7).stopwatch.waits == [7]


def test_no_time_to_wait_is_no_wait() -> None:
    assert Sent(answer(423, retry_after="0"), FINE).stopwatch.waits == [0]


def test_a_broken_server_that_asks_for_a_pause_gets_it() -> None:
    (wait,) = Sent(answer(503, retry_after="20"), FINE).stopwatch.waits

    assert 20 < wait <= 22


def test_too_many_requests_hold_everybody_and_a_lock_nobody_else() -> None:
    for reply, held in ((BUSY, 2.0), (LOCKED, 0.0)):
        stopwatch = FakeStopwatch()
        webex = AnsweringTransport(in_turn([reply]))
        sender = sender_for(webex, stopwatch, patience=Patience(budget=1))
        with pytest.raises(Unavailable):
            sender.send(GET, repeatable=True)
        # the wait would have been over the budget: only the pace knows of it
        other = stopwatch.elapsed()
        with pytest.raises((TimedOut, StopIteration)) as caught:
            sender.send(POST, repeatable=True)
        assert (caught.type is TimedOut) == (held > 0)
        assert stopwatch.elapsed() == other


def test_waits_double_and_are_jittered() -> None:
    waits, again = (Sent(*repeat(BROKEN, 9), FINE, budget=1e6).stopwatch.waits for _ in range(2))

    assert waits == again, "chance comes from a seed"
    for number, wait in enumerate(waits):
        assert min(0.5 * 2**number, 60) / 2 <= wait <= min(0.5 * 2**number, 60)


def test_it_gets_through_where_most_answers_fail() -> None:
    chance = Random(3)
    faults: list[Response | NetworkFault] = [BROKEN, BROKE_OFF, SLOW, BUSY, NOT_SENT]
    webex = AnsweringTransport(lambda _: chance.choice(faults) if chance.random() < 0.7 else FINE)
    for _ in range(200):
        sender = sender_for(webex, patience=Patience(budget=120))
        assert sender.send(GET, repeatable=True).status == 200

    assert len(webex.requests) > 500


def test_the_budget_is_for_all_that_a_sender_does() -> None:
    stopwatch = FakeStopwatch()
    sender = sender_for(AnsweringTransport(lambda _: FINE), stopwatch, patience=Patience(budget=100))
    stopwatch.wait(99)
    assert sender.send(GET, repeatable=True).status == 200
    stopwatch.wait(2)

    with pytest.raises(TimedOut, match="the time for this ran out before it could be asked"):
        sender.send(GET, repeatable=True)


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (
            BROKEN,
            Unavailable,
            "Webex: GET /v1/people: 503 Service Unavailable: Try later. (tracking id ROUTER_2)",
        ),
        (
            BUSY,
            Unavailable,
            "Webex wants fewer requests: GET /v1/people: 429 Too Many Requests (tracking id ROUTER_1)",
        ),
        (NOT_SENT, Unavailable, "Webex: GET /v1/people: no connection to webexapis.com"),
        (SLOW, TimedOut, "Webex: GET /v1/people: no answer from webexapis.com within 30 s"),
    ],
)
def test_once_the_budget_is_spent_the_last_failure_is_told(
    reply: Response | NetworkFault, kind: type[PartnerctlError], said: str
) -> None:
    sent = Sent(*repeat(reply, 1000), budget=20)

    attempts = len(sent.webex.requests)
    assert sent.ending == (kind, f"{said}; given up after {attempts} attempts, for the time is over")
    assert attempts > 5
    assert 1000 < sent.stopwatch.elapsed() <= 1020
    assert sent.failure is not None
    assert sent.failure.hint == "try again later"


def test_a_wait_beyond_the_budget_is_not_begun() -> None:
    sent = Sent(answer(429, retry_after="30"), budget=20)

    assert sent.ending[1].endswith("given up after 1 attempt, for the time is over")
    assert sent.stopwatch.waits == []


def test_who_is_held_by_others_until_the_end_tells_his_own_failure() -> None:
    stopwatch = FakeStopwatch()
    webex = AnsweringTransport(in_turn([BROKEN, answer(429, retry_after="50")]))
    sender = sender_for(webex, stopwatch, patience=Patience(budget=20))

    class Meanwhile(FakeStopwatch):
        """While one waits, another is told to wait for longer than there is time."""

        def wait(self, seconds: float) -> None:
            stopwatch_wait(seconds)
            with pytest.raises(Unavailable, match="429"):
                sender.send(POST, repeatable=False)

    stopwatch_wait = stopwatch.wait
    stopwatch.wait = Meanwhile().wait  # type: ignore[method-assign]

    with pytest.raises(Unavailable, match="503 Service Unavailable: Try later"):
        sender.send(GET, repeatable=True)
    assert len(webex.requests) == 2


def test_a_call_gets_no_more_time_than_is_left() -> None:
    sent = Sent(NOT_SENT, FINE, timeout=30, budget=20, first_wait=15)
    timeouts = [request.timeout for request in sent.webex.requests]

    assert timeouts == [20, pytest.approx(20 - sent.stopwatch.waits[0], abs=0.01)]
    assert Sent(FINE).webex.requests[0].timeout == 30


def _readable(response: Response) -> bool:
    return response.body.startswith(b"{")


def test_an_answer_that_is_not_readable_is_none() -> None:
    page = answer(200, b"<html>", trackingid="ROUTER_4")

    assert Sent(page, page, FINE, readable=_readable).response is not None
    assert Sent(answer(404, b"<html>"), readable=_readable).response is not None
    assert Sent(page, request=POST, repeatable=False, readable=_readable).ending == (
        Unconfirmed,
        (
            "Webex: POST /v1/partner/reports: 200 with an answer that cannot be read (tracking id ROUTER_4)"
            "; nobody knows whether it was carried out"
        ),
    )


def test_each_attempt_begins_the_sink_anew() -> None:
    class Cut(AnsweringTransport):
        """Breaks off in the middle of the first answer."""

        def send(self, request: Request, sink: Any = None, /) -> Response:
            if not self.requests:
                sink.write(b"half of a long")
                self.requests.append(request)
                raise BROKE_OFF
            return super().send(request, sink)

    sink = io.BytesIO()
    sink.write(b"before:")
    response = sender_for(Cut(lambda _: answer(200, b"whole"))).send(GET, sink, repeatable=True)

    assert sink.getvalue() == b"before:whole"
    assert response.body == b""


def test_the_trace_has_a_line_for_each_attempt() -> None:
    sent = Sent(BUSY, BROKEN, BROKE_OFF, answer(200, b"<", trackingid="ROUTER_5"), FINE, readable=_readable)

    url = "https://webexapis.com/v1/people?email=ana%40acme.example"
    assert sent.trace == [
        f"GET {url} 429 0 ms ROUTER_1, again in 2.1 s",
        f"GET {url} 503 0 ms ROUTER_2, again in 0.8 s",
        f"GET {url} the answer of webexapis.com broke off, or is no HTTP 0 ms, again in 1.5 s",
        f"GET {url} 200 0 ms ROUTER_5, not readable, again in 2.1 s",
        f"GET {url} 200 0 ms",
    ]


def test_the_trace_ends_where_it_is_given_up() -> None:
    assert Sent(answer(429, retry_after="30"), budget=20).trace == [f"GET {GET.url} 429 0 ms"]
    assert Sent(BROKEN, request=POST, repeatable=False).trace == [f"POST {POST.url} 503 0 ms ROUTER_2"]
    assert Sent(answer(404), request=POST, repeatable=False).trace == [f"POST {POST.url} 404 0 ms"]


@pytest.mark.parametrize("status", [200, 302, 400, 403, 429, 500])
@pytest.mark.parametrize("repeatable", [True, False])
def test_a_token_that_the_server_repeats_is_shown_nowhere(status: int, repeatable: bool) -> None:
    request = Request(
        "GET", f"https://webexapis.com/v1/x?token={TOKEN}&q={TOKEN}", {"authorization": f"Bearer {TOKEN}"}
    )
    reply = json_answer({"message": f"bad {TOKEN}!", "trackingId": TOKEN}, status, trackingid=TOKEN)
    for one in (reply, NetworkFault(f"broke at {TOKEN}")):
        sent = Sent(
            *repeat(one, 100), request=request, repeatable=repeatable, readable=lambda _: False, budget=5
        )

        told = "\n".join([*sent.trace, str(sent.failure), repr(sent.failure)])
        assert TOKEN not in told
        assert "***" in told
        if sent.response is not None:
            assert TOKEN.encode() not in sent.response.body
