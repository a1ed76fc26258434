"""Where calling records are kept, and by what rules they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from partnerctl.domain.calling.endpoints import ROOM_MODELS


@dataclass(frozen=True, slots=True)
class CallingPlace:
    """The folder of calling records, one folder of each kind in it; `wait` seconds for another writer."""

    path: Path
    room_models: tuple[str, ...] = ROOM_MODELS
    wait: float = 30.0
