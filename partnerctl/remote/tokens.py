"""Where the client gets its token: asked before each request, and again when Webex refuses one."""

from __future__ import annotations

from typing import Protocol


class TokenSource(Protocol):
    """Gives access tokens; may be asked by several threads at once."""

    def access(self) -> str:
        """Return a token that is good for some minutes more; renews it where it can.

        Raises NotAllowed where there is none, or none that can still be used.
        """

    def renewed(self, refused: str) -> str:
        """Return another token than `refused`, which Webex did not take (401).

        Raises NotAllowed where there is no other.
        """
