"""The remote side of a profile: whether it has one, and the client that speaks to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from partnerctl.errors import Conflict, UsageError

if TYPE_CHECKING:
    from partnerctl.clock import Clock, Stopwatch
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.remote.client import Client
    from partnerctl.remote.sending import Sender
    from partnerctl.remote.transport import Transport
    from partnerctl.stores.contract import Store

default_transport: Transport | None = None
"""What every client sends through instead of the network; tests put one here that answers from memory."""

default_stopwatch: Stopwatch | None = None
"""What every client waits by instead of the real time; tests put one here that does not wait."""

_OFFLINE = (5.0, 60.0)
"""Seconds for which a command tries to reach Webex at all, one that somebody waits for, and a long one."""

_SHORT_BUDGET = 60.0
"""Seconds that a command may take for Webex in all, unless it says otherwise: somebody waits for it."""


def usual_stopwatch() -> Stopwatch:
    """Return what a command waits by: the real time that passes, unless a test says otherwise."""
    from partnerctl.clock import SystemStopwatch

    return default_stopwatch or SystemStopwatch()


def has_remote(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Tell whether the profile has a remote side: it says so, or there is a token in the environment."""
    if settings.remote is not None:
        return settings.remote == "webex"
    from partnerctl.services.signing.tokens import has_token_variable

    return has_token_variable(environ)


def open_sender(
    settings: Settings,
    stopwatch: Stopwatch,
    trace: Callable[[str], None] | None = None,
    budget: float = _SHORT_BUDGET,
) -> Sender:
    """Return what sends requests, patiently and not too fast; `budget` is in seconds, for all of them."""
    from partnerctl.remote.pacing import Pace
    from partnerctl.remote.sending import Patience, Sender

    transport = default_transport or _network(settings.connections)
    patience = Patience(budget=budget, offline=_OFFLINE[budget > _SHORT_BUDGET])
    return Sender(transport, stopwatch, Pace(stopwatch, settings.rate), patience, trace)


def open_client(
    settings: Settings,
    environ: Mapping[str, str],
    folders: Folders,
    clock: Clock,
    stopwatch: Stopwatch,
    trace: Callable[[str], None] | None = None,
    budget: float = _SHORT_BUDGET,
    warn: Callable[[str], None] | None = None,
) -> Client:
    """Return the client of the profile's remote side; nothing is asked before it is used.

    `warn` hears of renewed tokens that could not be stored. Raises UsageError where the profile has no
    remote side, NotAllowed where nobody has signed in.
    """
    if not has_remote(settings, environ):
        raise UsageError(
            f"the profile {settings.profile} has no remote side",
            "sign in with: partnerctl auth login",
        )
    from partnerctl.remote.client import Client
    from partnerctl.services.signing.tokens import token_source

    sender = open_sender(settings, stopwatch, trace, budget)
    return Client(sender, token_source(settings, environ, folders, sender, clock, warn), settings.api_url)


def refuse_made_data(store: Store, settings: Settings) -> None:
    """Raise Conflict where the store holds the demo's made data, which no Webex knows of."""
    from partnerctl.services.demo_store import FACT

    if store.fact(FACT) is not None:
        raise Conflict(
            "this store holds the demo's data, which has nothing to do with Webex",
            f"use another profile than {settings.profile}, or set PARTNERCTL_REMOTE=none",
        )


@cache
def _network(connections: int) -> Transport:
    """Return the transport of this process: its connections are shared, and end with it."""
    from partnerctl.remote.http import HttpTransport

    return HttpTransport(connections)
