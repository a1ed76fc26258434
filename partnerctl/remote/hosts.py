"""Which hosts may be asked, and which may be given the token: URLs come from a server and prove nothing."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urljoin

_FAMILIES = ("webexapis.com", "webex.com")
"""Domains whose subdomains page into one another."""

_TRUSTED = (*_FAMILIES, "wbx2.com", "ciscospark.com")
"""Domains whose hosts may be given the token with a download."""

_URL = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?(?:[/?#][!-~]*)?", re.IGNORECASE)
_PRE_SIGNED = re.compile(r"[?&](?:signature|key-pair-id|x-amz-signature)=[^&]", re.IGNORECASE)
_THIS_MACHINE = re.compile(r"localhost|\[::1\]|127(?:\.[0-9]{1,3}){3}")
_ANY_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


class Place(NamedTuple):
    """Where a URL leads: scheme, host in lower case, port."""

    scheme: str
    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Tell whether it is this machine itself."""
        return _THIS_MACHINE.fullmatch(self.host) is not None

    def below(self, domain: str) -> bool:
        """Tell whether the host is a domain, or a subdomain of it."""
        return self.host == domain or self.host.endswith(f".{domain}")


def place_of(url: str) -> Place | None:
    """Return where a URL leads; None where two programs could read it in two ways, or where it has a user."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scheme, host, port = found[1].lower(), found[2].lower(), found[3]
    return Place(scheme, host, int(port) if port else {"http": 80, "https": 443}[scheme])


def host_of(url: str) -> str:
    """Return the host of a URL for a message: nothing else of it, for the rest may be secret."""
    place = place_of(url)
    return "an address that is no sound URL" if place is None else place.host


def resolved(url: str, target: str) -> str:
    """Return the URL that `target` means in an answer of `url`, without a fragment; not judged yet."""
    try:
        whole = urljoin(url, target.strip())
    except ValueError:  # brackets left open
        whole = target
    return quote(whole.partition("#")[0], safe=_ANY_VISIBLE)


def pages_into(base: str, url: str) -> bool:
    """Tell whether a page of the API at `base` may lead on to `url`: the same host, or one of its family."""
    ours, theirs = place_of(base), place_of(url)
    if ours is None or theirs is None:
        return False
    if ours == theirs:
        return ours.scheme == "https" or ours.loopback
    encrypted = ours.scheme == theirs.scheme == "https" and ours.port == theirs.port == 443
    return encrypted and any(ours.below(domain) and theirs.below(domain) for domain in _FAMILIES)


def takes_token(base: str, url: str) -> bool:
    """Tell whether a download at `url` may be given the token of the API at `base`.

    A base on this machine is a sandbox, whose token goes nowhere else.
    """
    ours, theirs = place_of(base), place_of(url)
    if ours is None or theirs is None:
        return False
    if ours.loopback:
        return theirs.loopback and (ours.scheme, ours.port) == (theirs.scheme, theirs.port)
    known = any(theirs.below(domain) for domain in _TRUSTED)
    return known and theirs.scheme == "https" and theirs.port == 443


def is_pre_signed(url: str) -> bool:
    """Tell whether a URL carries its own proof, so that it works without a token, over https."""
    place = place_of(url)
    return place is not None and place.scheme == "https" and _PRE_SIGNED.search(url) is not None
