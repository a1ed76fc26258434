"""What a sync is asked to fetch, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.clock import Clock, Stopwatch
from partnerctl.domain.calling.place import CallingPlace
from partnerctl.errors import UsageError
from partnerctl.services.syncing.parts import CALLS, read_parts

if TYPE_CHECKING:
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What is to be fetched, and how. `region` narrows customers and reports; `parts` is of `read_parts`.

    `full` begins anew whatever was fetched before; `resume` goes on with it, whatever its age. Call records
    go to `calling`, from the day `since` on: without one, from where the last ones ended.
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
    since: date | None = None
    calling: CallingPlace | None = None


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

    Raises UsageError for a part that there is not, and for a day from which Webex gives no call records.
    """
    wanted = read_parts(parts)
    _check_since(chosen.get("since"), wanted, clock.now().date())
    return SyncOptions(
        settings.profile,
        folders.state,
        actor,
        clock,
        stopwatch,
        wanted,
        connections=settings.connections,
        license_names=settings.license_names,
        calling=settings.calling_place,
        **chosen,
    )


def _check_since(since: date | None, parts: Sequence[str], today: date) -> None:
    if since is None:
        return
    if CALLS not in parts:
        raise UsageError("--since is for call records alone", f"add them: --only {CALLS}")
    oldest = today - timedelta(days=30)
    if not oldest <= since <= today:
        raise UsageError(
            f"--since: Webex gives call records of 30 days, and {since} is not among them",
            f"choose a day from {oldest} to {today}; import older ones: Calling Detailed Call History",
        )
