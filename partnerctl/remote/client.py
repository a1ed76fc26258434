"""The client of the Webex API: JSON, pages and downloads, with the token where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, urlencode

from partnerctl.errors import Unavailable
from partnerctl.remote.bearer import Answer, Bearer, Call
from partnerctl.remote.bodies import failure_of
from partnerctl.remote.hosts import host_of, is_pre_signed, resolved, takes_token
from partnerctl.remote.paging import Trail
from partnerctl.remote.rights import LapsedRights
from partnerctl.remote.transport import Request

if TYPE_CHECKING:
    from partnerctl.remote.sending import Sender
    from partnerctl.remote.tokens import TokenSource
    from partnerctl.remote.transport import Response

Params = Sequence[tuple[str, str]]
"""The parameters of a request, by name; a name may come several times."""

_MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Download:
    """What was downloaded: bytes, and the type that the server gave it.

    `whole` tells whether these are as many bytes as the server said; None where it said nothing.
    """

    size: int
    content_type: str
    whole: bool | None


def _go_on(_url: str) -> None:
    """Let every page be asked for."""


class Client:
    """Asks the API whose base is `base`; may be used by several threads at once.

    All methods raise NotAllowed (401, 403), NotFound (404), Conflict (other 4xx), Elsewhere (451),
    Unavailable and TimedOut. With `org`, a right to that organization that has lapsed is renewed once.
    """

    def __init__(self, sender: Sender, tokens: TokenSource, base: str) -> None:
        self._sender, self._tokens, self._base = sender, tokens, base.rstrip("/")
        self._bearer, self._rights = Bearer(sender, tokens), LapsedRights()

    @property
    def base(self) -> str:
        """The base of the API, without a slash at its end."""
        return self._base

    def at(self, base: str) -> Client:
        """Return a client with the same token and the same time for another base: the token goes there."""
        return Client(self._sender, self._tokens, base)

    def get(self, path: str, params: Params = (), *, org: str | None = None) -> Any:
        """Return the JSON at a path below the base."""
        return self._answer(Call("GET", self._url(path, params)), org).json

    def pages(
        self,
        path: str,
        params: Params = (),
        *,
        org: str | None = None,
        before_next: Callable[[str], None] = _go_on,
    ) -> Iterator[Any]:
        """Yield the JSON of each page of a list, each asked for when it is wanted.

        `before_next` is told the URL of each page but the first before it is asked for; it may raise.
        """
        url: str | None = self._url(path, params)
        trail = Trail(self._base, params, self._url(path, params))
        while url is not None:
            answer = self._answer(Call("GET", url), org)
            url = trail.next_url(answer.response, answer.json)
            yield answer.json
            if url is not None:
                before_next(url)

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        params: Params = (),
        org: str | None = None,
        repeatable: bool = False,
    ) -> Any:
        """Send `body` as JSON, or nothing; return the JSON of the answer, None where that is empty.

        Raises Unconfirmed, too, where it is not `repeatable` and nobody knows whether it was carried out.
        """
        import orjson

        data = b"" if body is None else orjson.dumps(body)
        return self._answer(Call("POST", self._url(path, params), data, repeatable, empty=True), org).json

    def delete(self, path: str, *, org: str | None = None, repeatable: bool = False) -> None:
        """Delete what is at a path; raises Unconfirmed as `post` does."""
        self._answer(Call("DELETE", self._url(path, ()), repeatable=repeatable, empty=True), org)

    def download(self, url: str, sink: BinaryIO) -> Download:
        """Write what is at `url`, which may be at another host, into `sink` from where it stands.

        The token goes to hosts of Webex alone; other hosts are asked without it, where the URL is signed.
        Raises Unavailable for all others.
        """
        start = sink.tell()
        response = self._downloaded(url, sink)
        for _ in range(_MOST_REDIRECTS):
            if not 300 <= response.status < 400 or "location" not in response.headers:
                break
            url = resolved(url, response.headers["location"])
            response = self._downloaded(url, sink)
        if response.status != 200:
            raise failure_of(response, "the download")
        size = sink.tell() - start
        return Download(size, response.headers.get("content-type", ""), _is_whole(response, size))

    def _downloaded(self, url: str, sink: BinaryIO) -> Response:
        call = Call("GET", url)
        if takes_token(self._base, url):
            return self._bearer.send(call, sink)[0]
        if is_pre_signed(url):
            return self._sender.send(Request("GET", url), sink, repeatable=True)
        raise Unavailable(
            f"Webex: the download is at {host_of(url)}, which is no host of Webex, and its URL is not signed",
            "nothing was sent to it; report it if it should be",
        )

    def _url(self, path: str, params: Params) -> str:
        return f"{self._base}{path}" + (f"?{urlencode(params)}" if params else "")

    def _answer(self, call: Call, org: str | None) -> Answer:
        """Return the answer of a call that went well, after a lapsed right was renewed where need be."""
        known = self._rights.renewed(org)
        response, parsed = self._bearer.send(call)
        if response.status == 403 and org is not None and not known:
            self._rights.renew(org, self._look_at)
            response, parsed = self._bearer.send(call)
        if not 200 <= response.status < 300:
            raise failure_of(response, f"{call.method} {call.url.removeprefix(self._base).partition('?')[0]}")
        return Answer(response, parsed)

    def _look_at(self, org: str) -> None:
        """Ask for an organization, which renews the right to it; what is wrong with it shows in the call."""
        self._bearer.send(Call("GET", self._url(f"/organizations/{quote(org, safe='')}", ())))


def _is_whole(response: Response, size: int) -> bool | None:
    """Tell whether a body is as long as its header said; of a compressed one, nothing is known."""
    told = response.headers.get("content-length", "").strip()
    if "content-encoding" in response.headers or not (told.isascii() and told.isdigit()):
        return None
    return int(told[:18]) == size
