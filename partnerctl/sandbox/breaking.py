"""What faults do to an answer: before an operation is carried out, and after it."""

from __future__ import annotations

from dataclasses import replace

from partnerctl.sandbox.exchange import Call, Refused, Reply, html_reply
from partnerctl.sandbox.faults import CARRIED_OUT, UNTOLD, Faults

_PAGE = "<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body>Sorry.</body></html>"
_SAID = {
    429: "Too many requests have been sent in a given amount of time.",
    423: "The requested resource is temporarily unavailable.",
    500: "Something went wrong on the server.",
    502: "The server received an invalid response from an upstream server.",
    503: "Server is overloaded with requests. Try again later.",
    504: "An upstream server failed to respond on time.",
}
_MAYBE_DONE = frozenset({"500", "504", "drop"})
SIGNING_IN = frozenset({"429", "500", "502", "503", "504", "slow", "html", UNTOLD})
"""The faults that signing in and renewing tokens meet: none that would lose a token that was given."""


def break_before(call: Call, drawn: frozenset[str], faults: Faults) -> Reply | None:
    """Return the answer of a fault that keeps the operation from being carried out; None without one.

    Raises Refused for those that Webex writes as errors.
    """
    late = call.method != "GET" and CARRIED_OUT in drawn
    for kind in ("429", "423"):
        if kind in drawn:
            told = faults.retry_after is not None and UNTOLD not in drawn
            headers = {"retry-after": str(faults.retry_after)} if told else {}
            raise Refused(int(kind), _SAID[int(kind)], headers)
    if "html" in drawn:
        return html_reply(_PAGE, 200 if UNTOLD in drawn and call.method == "GET" else 502)
    if "drop" in drawn and not late:
        return Reply(0, drop=True)
    for kind in ("500", "502", "503", "504"):
        if kind in drawn and not (late and kind in _MAYBE_DONE):
            raise Refused(int(kind), _SAID[int(kind)])
    return None


def break_after(call: Call, drawn: frozenset[str], reply: Reply) -> Reply:
    """Return what a fault makes of the answer to an operation that was carried out.

    Raises Refused where it hides that a change was carried out.
    """
    if reply.status >= 300:
        return reply
    if call.method != "GET" and CARRIED_OUT in drawn:
        if "drop" in drawn:
            return Reply(0, drop=True)
        for kind in ("500", "504"):
            if kind in drawn:
                raise Refused(int(kind), _SAID[int(kind)])
    if "empty" in drawn and reply.body:
        return replace(reply, status=200, body=b"")
    if "truncate" in drawn and len(reply.body) > 1:
        return replace(reply, cut=len(reply.body) // 2)
    return reply
