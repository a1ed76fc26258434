"""Calls with the token of whoever is signed in, and the JSON that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from partnerctl.remote.bodies import read_json
from partnerctl.remote.faults import SignedOut, Unreadable
from partnerctl.remote.transport import Request, Response

if TYPE_CHECKING:
    from partnerctl.remote.sending import Sender
    from partnerctl.remote.tokens import TokenSource


class Call(NamedTuple):
    """One request before it has a token; `empty`: an answer without a body is one, too."""

    method: str
    url: str
    body: bytes = b""
    repeatable: bool = True
    empty: bool = False


class Answer(NamedTuple):
    """An answer, and its JSON; None where it has none, or is an error."""

    response: Response
    json: Any


class Bearer:
    """Sends calls with a token (RFC 6750); may be used by several threads at once."""

    def __init__(self, sender: Sender, tokens: TokenSource) -> None:
        self._sender, self._tokens = sender, tokens

    def send(self, call: Call, sink: BinaryIO | None = None) -> Answer:
        """Return the answer; where the token is refused (401), of the call once more, with another one.

        Raises NotAllowed where there is no token, and as ``Sender.send``.
        """
        token = self._tokens.access()
        answer = self._sent(call, token, sink)
        if answer.response.status == 401:
            answer = self._sent(call, self._tokens.renewed(token), sink)
        return answer

    def _sent(self, call: Call, token: str, sink: BinaryIO | None) -> Answer:
        if not token.isascii() or not token.isprintable() or " " in token:
            raise SignedOut(
                "the token holds characters that no token has",
                "check PARTNERCTL_TOKEN, or sign in again: partnerctl auth login",
            )
        headers = {"authorization": f"Bearer {token}"}
        if call.body:
            headers["content-type"] = "application/json"
        if sink is not None:
            request = Request(call.method, call.url, headers, call.body)
            return Answer(self._sender.send(request, sink, repeatable=call.repeatable), None)
        request = Request(call.method, call.url, {**headers, "accept": "application/json"}, call.body)
        reader = _Reader(call.empty)
        response = self._sender.send(request, repeatable=call.repeatable, readable=reader.reads)
        return Answer(response, reader.json)


class _Reader:
    """Reads the JSON of an answer of 2xx once, to tell whether it can be read, and keeps it."""

    def __init__(self, empty: bool) -> None:
        self._empty = empty
        self.json: Any = None

    def reads(self, response: Response) -> bool:
        try:
            self.json = None if self._empty and not response.body.strip() else read_json(response)
        except Unreadable:
            return False
        return True
