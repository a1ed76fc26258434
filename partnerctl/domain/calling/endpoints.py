"""Endpoint types: what a leg was made on (``docs/calling.md``)."""

from __future__ import annotations

import re
from collections.abc import Sequence

ROOM_MODELS = ("Room", "Board", "Desk", "Codec", "SX", "MX", "DX")
"""What the model of a room device contains, unless the setting ``calling.room_models`` says otherwise."""

ENDPOINTS = (
    *("app", "desk_phone", "room_device", "teams", "sip", "gateway", "analog", "third_party", "unknown"),
)
"""Every endpoint type."""

_BY_CLIENT = {
    "WXC_CLIENT": "app",
    "WXC_THIRD_PARTY": "third_party",
    "WXC_SIP_GW": "gateway",
    "SIP": "sip",
    "CLOUD_AWARE_SIP": "sip",
}
_ANALOG = re.compile(r"(cisco\s+)?(ata|vg)", re.IGNORECASE)


def endpoint_of(client_type: str | None, model: str | None, room_models: Sequence[str] = ROOM_MODELS) -> str:
    """Return the endpoint type of a leg: one of ENDPOINTS, ``unknown`` where nothing tells."""
    client = (client_type or "").strip().upper()
    if client == "WXC_DEVICE":
        return _device((model or "").strip(), room_models)
    if client.startswith("TEAMS_"):
        return "teams"
    return _BY_CLIENT.get(client, "unknown")


def _device(model: str, room_models: Sequence[str]) -> str:
    folded = model.casefold()
    if any(part.casefold() in folded for part in room_models):
        return "room_device"
    return "analog" if _ANALOG.match(model) else "desk_phone"
