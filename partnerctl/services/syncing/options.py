"""What a sync is asked to fetch, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.clock import Clock, Stopwatch
from partnerctl.services.syncing.parts import read_parts

if TYPE_CHECKING:
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What is to be fetched, and how. `region` narrows customers and reports; `parts` is of `read_parts`.

    `full` begins anew whatever was fetched before; `resume` goes on with it, whatever its age.
    """

    profile: str
    state: Path
    actor: str
    clock: Clock
    stopwatch: Stopwatch
    parts: tuple[str, ...]
    region: str | None = None
    full: bool = False
    resume: bool = False
    connections: int = 8
    license_names: Mapping[str, str] = field(default_factory=dict)


def sync_options(
    settings: Settings,
    folders: Folders,
    actor: str,
    clock: Clock,
    stopwatch: Stopwatch,
    parts: Sequence[str],
    **chosen: Any,
) -> SyncOptions:
    """Return the options of a sync with what the settings say of every one; `chosen` is the rest.

    Raises UsageError for a part that there is not.
    """
    return SyncOptions(
        settings.profile,
        folders.state,
        actor,
        clock,
        stopwatch,
        read_parts(parts),
        connections=settings.connections,
        license_names=settings.license_names,
        **chosen,
    )
