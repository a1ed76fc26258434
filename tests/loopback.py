"""Lets a test connect to this machine, and to nothing else."""

from __future__ import annotations

import socket
from typing import Any

import pytest

_CONNECT = socket.socket.connect


def open_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the guard against the network away for 127.0.0.1."""

    def connect(line: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1", f"a test opened a connection to {address}"
        _CONNECT(line, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
