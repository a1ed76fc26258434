"""Serving the sandbox on this machine, and on no other."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

from partnerctl.errors import MachineFault, UsageError

if TYPE_CHECKING:
    import uvicorn

    from partnerctl.sandbox.world import World

HOST = "127.0.0.1"
"""Where the sandbox listens: nobody but this machine reaches it."""


def check_extra() -> None:
    """Return where the extra package is there; raises UsageError that says how to get it."""
    try:
        import starlette
        import uvicorn
    except ImportError:
        raise UsageError("the sandbox needs an extra package", "pip install 'partnerctl[sandbox]'") from None
    del starlette, uvicorn


def listen(port: int) -> socket.socket:
    """Return a socket that listens on a port of this machine, on a free one for 0.

    From here on a client may connect, and is answered as soon as the server runs. Raises MachineFault where
    the port is taken or not allowed.
    """
    # by its protocol asyncio knows that it is TCP, and sends small answers at once instead of after 40 ms
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as fault:
        listener.close()
        taken = fault.errno == errno.EADDRINUSE
        reason = f"port {port} of {HOST} is in use" if taken else f"cannot listen on port {port} of {HOST}"
        raise MachineFault(reason, "choose another with --port, or --port 0 for a free one") from fault
    return listener


def root_of(listener: socket.socket) -> str:
    """Return the root of the URLs that reach a socket."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


def make_server(world: World) -> uvicorn.Server:
    """Return the server of a world; its ``run(sockets=[...])`` serves until a signal or ``should_exit``."""
    import uvicorn

    from partnerctl.sandbox.app import SandboxApp

    config = uvicorn.Config(
        SandboxApp(world),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
