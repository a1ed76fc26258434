"""Manage Webex partner customers from files and the command line."""

from __future__ import annotations

TYPE_CHECKING = False  # the module `typing` costs time that --version need not spend
if TYPE_CHECKING:
    from partnerctl.hub import Hub, open_hub

__version__ = "0.1.0"
__all__ = ["Hub", "__version__", "open_hub"]


def __getattr__(name: str) -> object:
    if name in ("Hub", "open_hub"):
        from partnerctl import hub

        return getattr(hub, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
