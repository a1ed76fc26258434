"""An answer that never begins is given up, and what comes late is closed."""

from __future__ import annotations

import threading

import pytest

from partnerctl.remote.opening import Opening
from partnerctl.remote.transport import NetworkFault


def test_an_answer_that_begins_in_time() -> None:
    assert Opening(lambda: "answer", lambda _late: None).within(30, "acme.example") == "answer"


def test_what_opening_raises_is_raised() -> None:
    def refuse() -> str:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError, match="refused"):
        Opening(refuse, lambda _late: None).within(30, "acme.example")


def test_one_that_does_not_begin_is_given_up_and_closed_when_it_comes() -> None:
    gate, closed = threading.Event(), threading.Event()
    late: list[str] = []

    def slow() -> str:
        gate.wait(30)
        return "late"

    def close(answer: str) -> None:
        late.append(answer)
        closed.set()

    with pytest.raises(NetworkFault, match=r"acme\.example does not begin to answer within 0 s") as raised:
        Opening(slow, close).within(0, "acme.example")
    assert raised.value.timed_out
    gate.set()
    assert closed.wait(30)
    assert late == ["late"]


def test_one_that_fails_late_is_forgotten() -> None:
    gate, done = threading.Event(), threading.Event()

    def fail() -> str:
        gate.wait(30)
        done.set()
        raise ConnectionError

    with pytest.raises(NetworkFault):
        Opening(fail, lambda _late: None).within(0, "acme.example")
    gate.set()
    assert done.wait(30)
