"""Reaching a mail server: its addresses, and a connection to one of them, each within a limit."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from threading import Thread

from partnerctl.delivery.transport import Server
from partnerctl.errors import PartnerctlError, TimedOut, Unavailable

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int, ...] | tuple[int, bytes]]
"""One way to a server, as the system's look-up gives it."""


def looked_up(server: Server, limit: float) -> list[Address]:
    """Return the addresses of a server, at least one.

    The system's look-up knows no limit, so it runs in a thread of its own; after `limit` seconds TimedOut is
    raised. Raises Unavailable where nobody knows the name.
    """
    found: list[Address] = []
    faults: list[Exception] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as fault:
            faults.append(fault)

    thread = Thread(target=look_up, name="look-up", daemon=True)
    thread.start()
    thread.join(limit)
    if thread.is_alive():
        raise TimedOut(f"looking up {server.host} took longer than {limit:g} seconds", "look at the network")
    if faults or not found:
        raise _unknown(server, faults)
    return found


def _unknown(server: Server, faults: list[Exception]) -> PartnerctlError:
    fault = faults[0] if faults else None
    why = f": {fault.strerror}" if isinstance(fault, OSError) and fault.strerror else ""
    return Unavailable(
        f"the mail server {server.host} is not known{why}", "check mail.transport and the network"
    )


def connected(addresses: list[Address], limit: float) -> socket.socket:
    """Return a connection to the first address that answers within `limit` seconds; raises OSError."""
    fault: OSError | None = None
    for family, kind, protocol, _, address in addresses:
        line = socket.socket(family, kind, protocol)
        line.settimeout(limit)
        try:
            line.connect(address)
        except OSError as refused:
            line.close()
            fault = refused
        else:
            return line
    assert fault is not None, "a look-up that finds nothing raises"
    raise fault


def is_this_machine(server: Server, addresses: list[Address]) -> bool:
    """Tell whether a server is this machine by its name and by all its addresses: no one listens there."""
    return _is_local(server.host) and all(ip_address(str(a[4][0])).is_loopback for a in addresses)


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def own_name(line: socket.socket) -> str:
    """Return this machine's address, to call itself by: a name would be looked up (RFC 5321, 4.1.4)."""
    address = str(line.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
