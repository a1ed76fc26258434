"""The sandbox as an ASGI application: turns requests into calls, and replies into what goes over the line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from partnerctl.config.kinds import is_loopback
from partnerctl.sandbox.exchange import Call, Reply, below_base

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from partnerctl.sandbox.world import World

_MOST_BYTES = 1_000_000
"""Bytes of a request's body at most: a hundred times what any operation takes."""


class SandboxApp:
    """Answers every request of HTTP from a world.

    Starlette's own application stands between this and the server, and could not close a connection in the
    middle of an answer; so only its requests and responses are used.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return
        if body is None:
            await JSONResponse({"message": "The request body is too large."}, 413)(scope, receive, send)
            return
        if not _is_ours(request.headers.get("host", "")):
            # a page of another site that has its name point here would otherwise read the answers
            await JSONResponse({"message": "This is not that host."}, 421)(scope, receive, send)
            return
        reply = self._world.answer(_call(request, body))
        if reply.wait:
            await asyncio.sleep(reply.wait)  # threads that wait would be too few for a slow sandbox
        await _Line(scope, receive, send).give(reply)


class _Line:
    """The connection of one request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send

    async def give(self, reply: Reply) -> None:
        """Send a reply, whole, cut or not at all."""
        if reply.drop:
            await self._hang_up(flush=False)
            return
        response = Response(reply.body, reply.status, dict(reply.headers))
        if reply.cut is None:
            await response(self._scope, self._receive, self._send)
            return
        start = {"type": "http.response.start", "status": reply.status, "headers": response.raw_headers}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": reply.body[: reply.cut], "more_body": True})
        await self._hang_up(flush=True)

    async def _hang_up(self, *, flush: bool) -> None:
        """Close the connection, and return once the server knows: it would send an error otherwise.

        ASGI has no message for this: `send` is a method of uvicorn's, which holds the connection.
        """
        transport: Any = self._send.__self__.transport  # type: ignore[attr-defined]
        if flush:
            transport.close()
        else:
            transport.abort()
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _body(request: Request) -> bytes | None:
    """Return the body of a request; None where it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    return bytes(body)


def _is_ours(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname)
    except ValueError:
        return False


def _call(request: Request, body: bytes) -> Call:
    path = request.scope.get("raw_path", b"").decode("ascii", "replace")
    query = request.scope["query_string"].decode("ascii", "replace")
    return Call(
        request.method,
        below_base(path),
        tuple(parse_qsl(query, keep_blank_values=True)),
        dict(request.headers.items()),
        body,
        f"http://{request.headers['host']}",
    )
