"""A browser that comes back from a sign-in, and a port for it."""

from __future__ import annotations

import socket
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit


def free_port() -> int:
    """Return a port of this machine that nothing listens at."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


class Browser:
    """Asks for one address after the other, in a thread of its own."""

    def __init__(self, *urls: str) -> None:
        self._urls = urls
        self.pages: list[tuple[int, str]] = []
        self.headers: list[dict[str, str]] = []
        self._thread = threading.Thread(target=self._visit, daemon=True)
        self._thread.start()

    def _visit(self) -> None:
        for url in self._urls:
            place = urlsplit(url)
            line = HTTPConnection("127.0.0.1", place.port or 80, timeout=10)
            line.request("GET", f"{place.path}?{place.query}" if place.query else place.path)
            page = line.getresponse()
            self.pages.append((page.status, page.read().decode()))
            self.headers.append({name.lower(): value for name, value in page.getheaders()})
            line.close()

    def done(self) -> None:
        """Wait until it has seen every page."""
        self._thread.join(10)
        assert not self._thread.is_alive()
