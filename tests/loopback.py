"""Lets a test connect to this machine, and to nothing else."""

from __future__ import annotations

import socket
from typing import Any

import pytest

_CONNECT = socket.socket.connect
_LOOK_UP = socket.getaddrinfo
_OURS = ("localhost", "127.0.0.1", "::1")


def open_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the guard against the network away for this machine; all below acme.example is this machine."""

    def connect(line: socket.socket, address: Any) -> None:
        assert address[0] in {"127.0.0.1", "::1"}, f"a test opened a connection to {address}"
        _CONNECT(line, address)

    def look_up(host: str, *where: Any, **how: Any) -> Any:
        if host in _OURS or host.endswith("acme.example"):
            return _LOOK_UP("::1" if host == "::1" else "127.0.0.1", *where, **how)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
